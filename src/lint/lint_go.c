/* lint_go: what go installs and runs → modules without a version.
 *
 * Invariants
 * 1. Of `go run` the first plain argument is a package; the others go to its program.
 *    (test_lint_table: tables)
 */
#include "lint/lint_args.h"
#include "lint/lint_rules.h"

/* go's options begin with one dash or two. hadolint does not know that they have values. */
static const char values[] =
    " C o p tags ldflags gcflags asmflags gccgoflags mod modfile modcacherw overlay pkgdir "
    "toolexec "
    "installsuffix buildmode compiler covermode coverpkg exec buildvcs pgo asan ";

static bool is_option(struct str s, struct str *name, bool *has_value)
{
    struct str rest;
    if (s.n < 2 || s.p[0] != '-')
        return false;
    *has_value = str_cut(str_from(s, s.p[1] == '-' ? 2 : 1), '=', name, &rest);
    return true;
}

static bool is_local(struct str s)
{
    return s.n && (s.p[0] == '.' || s.p[0] == '/');
}

/* hadolint: any @ but these two. Natively a branch is no version either, and what cannot be
 * downloaded needs none: files, and paths whose first part has no dot, as of the standard library.
 */
static bool is_pinned(const struct lint_context *c, const struct lint_value *v)
{
    struct str name, version, host;
    bool has = str_cut(v->text, '@', &name, &version);
    if (is_local(v->text))
        return true;
    if (c->options->compat)
        return has && !str_ends(v->text, STR("@latest")) && !str_ends(v->text, STR("@none"));
    str_cut(name, '/', &host, &(struct str){0});
    if (!v->known && (!has || str_has(version, STR("$"))))
        return true;
    if (str_find(host, '.') == host.n || str_ends(name, STR(".go")))
        return true;
    return has && !lint_lists(" latest upgrade patch master main HEAD ", version);
}

static void judge(struct lint_context *c, const struct lint_value *v, struct str verb)
{
    if (!is_pinned(c, v))
        lint_add(c, v->place, "go " STR_F " takes " STR_F " in whatever version is newest",
                 STR_A(verb), STR_A(v->text));
}

/* The verb, and where the words behind it begin. */
static struct str verb_of(const struct lint_command *k, size_t *at)
{
    static const struct str verbs[] = {STR_INIT("run"), STR_INIT("install"), STR_INIT("get")};
    size_t i = 1;
    if (i < k->words.n && str_is(k->words.v[i].text, "-C")) /* DIR, the only option before it */
        i += 2;
    for (size_t n = 0; i < k->words.n && n < sizeof verbs / sizeof *verbs; n++)
        if (str_eq(k->words.v[i].text, verbs[n])) {
            *at = i + 1;
            return verbs[n];
        }
    return (struct str){0};
}

static void check_command(struct lint_context *c, const struct lint_command *k)
{
    bool has_value;
    size_t at = 0;
    struct str verb = verb_of(k, &at);
    for (size_t i = at; verb.n && i < k->words.n; i++) {
        const struct lint_value *v = &k->words.v[i];
        struct str name;
        if (is_option(v->text, &name, &has_value)) {
            i += !has_value && lint_lists(values, name);
            continue;
        }
        judge(c, v, verb);
        if (str_is(verb, "run"))
            return;
    }
}

/* ---- as hadolint has it ---- */

/* Any word of the command says what it does, and all but options are packages; with `go run` one of
 * the first two words. */
static bool compat_command(struct lint_context *c, const struct lint_command *k, const char *verbs)
{
    bool run = lint_lists(verbs, STR("run")), any = false;
    struct lint_args args;
    if (!str_is(k->program, "go"))
        return false;
    lint_args_read(c, k, "", &args);
    const struct lint_value *verb = lint_args_does(&args, c->options, verbs);
    for (size_t i = 0; verb && i < args.plain.n && !(run && i > 1); i++) {
        if (lint_lists(run ? " run " : " install get tool ", args.plain.v[i].text))
            continue;
        any = true;
        judge(c, &args.plain.v[i], verb->text);
    }
    return any;
}

/* Where a RUN has `go run` of something, nothing else of it is looked at. */
static void check_compat(struct lint_context *c, const struct lint_step *s)
{
    bool runs = false;
    vec_each (&s->commands, k)
        runs |= compat_command(c, &s->commands.v[k], " run ");
    vec_each (&s->commands, k)
        if (!runs)
            compat_command(c, &s->commands.v[k], " install get ");
}

static void check_pins(struct lint_context *c, const struct lint_step *s)
{
    if (c->options->compat) {
        check_compat(c, s);
        return;
    }
    vec_each (&s->commands, k)
        if (str_is(s->commands.v[k].program, "go"))
            check_command(c, &s->commands.v[k]);
}

static const struct lint_rule pins = {
    .info = {.id = "DL3062",
             .severity = SEVERITY_MEDIUM,
             .title = "Go modules have versions",
             .why =
                 "Each build takes the newest release of the day: what was tested yesterday is not "
                 "what runs tomorrow, and a stolen account of one author reaches the image at the "
                 "next build.",
             .remedy = "Name a version or a commit behind an @.",
             .example = "RUN go install golang.org/x/tools/cmd/stringer@v0.26.0"},
    .kinds = LINT_ON(RUN),
    .step = check_pins,
};

const struct lint_rule *const lint_go[] = {&pins, NULL};
