/* lint_gem: what gem installs → gems without a version.
 *
 * Invariants
 * 1. What is behind -- goes to the gem's own build and names no gem. (test_lint_table: tables)
 */
#include "lint/lint_args.h"
#include "lint/lint_rules.h"

#define VALUES                                                                                     \
    " v version i install-dir n bindir s source platform P trust-policy g file p http-proxy "      \
    "build-root B bulk-threshold config-file without target-rbconfig "

static void judge(struct lint_context *c, const struct lint_value *v)
{
    lint_add(c, v->place, "gem installs " STR_F " without a version", STR_A(v->text));
}

/* hadolint takes the word behind any option for its value, so that --no-document hides a gem. */
static void compat_check(struct lint_context *c, const struct lint_command *k)
{
    const struct lint_values *words = &k->words;
    bool installs = false;
    for (size_t i = 1; i < words->n; i++) {
        struct str s = words->v[i].text;
        installs |= lint_lists(" install i ", s);
        if (lint_lists(" -v --version ", s) || str_starts(s, STR("--version=")))
            return;
    }
    size_t end = 1;
    while (end < words->n && !str_is(words->v[end].text, "--"))
        end++;
    for (size_t i = 1; installs && i < end; i++) {
        struct str s = words->v[i].text;
        if (s.n && s.p[0] == '-')
            i++;
        else if (!lint_lists(" install i ", s) && !str_has(s, STR(":")))
            judge(c, &words->v[i]);
    }
}

/* A file is what it is, and a variable may bring the version. */
static bool is_pinned(const struct lint_value *v)
{
    return str_has(v->text, STR(":")) || str_ends(v->text, STR(".gem")) ||
           str_has(v->text, STR("/")) || !v->known;
}

static void check_pins(struct lint_context *c, const struct lint_command *k)
{
    struct lint_args args;
    struct lint_command own = *k;
    if (c->options->compat) {
        compat_check(c, k);
        return;
    }
    for (size_t i = 1; i < own.words.n; i++)
        if (str_is(own.words.v[i].text, "--"))
            own.words.n = i;
    lint_args_read(c, &own, VALUES, &args);
    if (!lint_args_does(&args, c->options, " install i ") || lint_args_flag(&args, " v version "))
        return;
    for (size_t i = 1; i < args.plain.n; i++)
        if (!is_pinned(&args.plain.v[i]))
            judge(c, &args.plain.v[i]);
}

static const struct lint_rule pins = {
    .info = {.id = "DL3028",
             .severity = SEVERITY_MEDIUM,
             .title = "Gems have versions",
             .why =
                 "Each build takes the newest release of the day: what was tested yesterday is not "
                 "what runs tomorrow, and a stolen account of one author reaches the image at the "
                 "next build.",
             .remedy = "Name a version behind a colon or with --version, or install with bundler "
                       "from a lock file.",
             .example = "RUN gem install bundler:2.5.22"},
    .programs = " gem ",
    .command = check_pins,
};

const struct lint_rule *const lint_gem[] = {&pins, NULL};
