/* lint_node: what npm, yarn and pnpm install → packages without a version, caches left behind.
 *
 * Invariants
 * 1. A word is judged as a package only when it is no option's value. (test_lint_table: tables)
 * 2. A cache that is emptied before the last install is not. (test_lint_table: tables)
 */
#include "lint/lint_args.h"
#include "lint/lint_around.h"
#include "lint/lint_extend.h"
#include "lint/lint_mounts.h"
#include "lint/lint_rules.h"

/* Options that take the next word. */
#define VALUES                                                                                     \
    " loglevel registry prefix C tag omit include cache userconfig globalconfig script-shell "     \
    "workspace w node-options otp auth-type location ca cafile cert key proxy https-proxy "        \
    "noproxy fetch-retries fetch-timeout install-strategy before cpu os libc network-timeout "     \
    "network-concurrency cache-folder modules-folder global-folder mutex cwd dir filter F "        \
    "store-dir reporter "

/* ---- DL3016 ---- */

/* Subcommands that install the packages they are given. hadolint knows `npm install` alone. */
static const struct installer {
    struct str program;
    const char *verbs;
} installers[] = {
    {STR_INIT("npm"), " install i in ins inst insta instal isnt isnta isntal isntall add "},
    {STR_INIT("pnpm"), " add install i "},
    {STR_INIT("yarn"), " add "},
};

static const char *verbs_of(const struct lint_context *c, struct str program)
{
    if (c->options->compat)
        return str_is(program, "npm") ? " install " : "";
    for (size_t i = 0; i < sizeof installers / sizeof *installers; i++)
        if (str_eq(program, installers[i].program))
            return installers[i].verbs;
    return "";
}

/* Where the packages begin among the plain arguments; none: behind the last. */
static size_t packages_begin(const struct lint_context *c, const struct lint_args *args)
{
    size_t at = 0;
    if (str_is(args->command->program, "yarn") && args->plain.n &&
        str_is(args->plain.v[0].text, "global"))
        at++;
    if (at == args->plain.n ||
        !lint_lists(verbs_of(c, args->command->program), args->plain.v[at].text))
        return args->plain.n;
    do /* hadolint passes over the verb said twice */
        at++;
    while (c->options->compat && at < args->plain.n && str_is(args->plain.v[at].text, "install"));
    return at;
}

static bool starts_any(struct str s, const char *const *starts)
{
    for (size_t i = 0; starts[i]; i++)
        if (str_starts(s, str_of(starts[i])))
            return true;
    return false;
}

static bool ends_any(struct str s, const char *const *ends)
{
    for (size_t i = 0; ends[i]; i++)
        if (str_ends(s, str_of(ends[i])))
            return true;
    return false;
}

/* Behind the name, without the @ of a scope: "@1.2.3". */
static struct str version_of(struct str package)
{
    size_t from = package.n && package.p[0] == '@' ? 1 : 0;
    struct str rest = str_from(package, from);
    return str_from(rest, str_find(rest, '@'));
}

/* Tags that move, and nothing at all. */
static bool moves(struct str version)
{
    static const char tags[] =
        " latest next canary beta alpha rc dev nightly experimental stable * x ";
    return version.n < 2 || lint_lists(tags, str_from(version, 1));
}

static bool is_git(struct str s)
{
    static const char *const git[] = {"git://", "git+ssh://", "git+http://", "git+https://", NULL};
    return starts_any(s, git);
}

static bool is_file(struct str s)
{
    static const char *const folders[] = {"/", "./", "../", "~/", NULL};
    static const char *const archives[] = {".tar", ".tar.gz", ".tgz", NULL};
    return starts_any(s, folders) || ends_any(s, archives);
}

static bool compat_pinned(struct str s)
{
    if (is_git(s))
        return str_has(s, STR("#"));
    return is_file(s) || version_of(s).n > 0;
}

/* hadolint takes any @ for a version, @latest too, and asks for one of what is on a code host
 * (user/repository), which takes a # and a commit, of other URLs, of "." and of what an unknown
 * variable brings. */
static bool is_pinned(const struct lint_value *v)
{
    static const char *const hosts[] = {"github:", "gitlab:", "bitbucket:", "gist:", NULL};
    struct str s = v->text, version = version_of(s);
    bool scoped = s.n && s.p[0] == '@';
    if (starts_any(version, (const char *const[]){"@npm:", NULL})) /* ALIAS@npm:PACKAGE@VERSION */
        version = version_of(str_from(version, 5));
    if (is_git(s) || starts_any(s, hosts))
        return str_has(s, STR("#"));
    if (is_file(s) || str_has(s, STR("://")) || str_is(s, ".") ||
        starts_any(s, (const char *const[]){"file:", "link:", "workspace:", NULL}))
        return true;
    if (!scoped && !version.n && str_has(s, STR("/")))
        return str_has(s, STR("#"));
    return v->known ? !moves(version) : version.n > 0 || str_has(s, STR("$"));
}

static void check_pins(struct lint_context *c, const struct lint_command *k)
{
    struct lint_args args;
    lint_args_read(c, k, c->options->compat ? " loglevel registry " : VALUES, &args);
    for (size_t i = packages_begin(c, &args); i < args.plain.n; i++) {
        const struct lint_value *v = &args.plain.v[i];
        if (!(c->options->compat ? compat_pinned(v->text) : is_pinned(v)))
            lint_add(c, v->place, STR_F " installs " STR_F " without a version", STR_A(k->program),
                     STR_A(v->text));
    }
}

static const struct lint_rule pins = {
    .info = {.id = "DL3016",
             .severity = SEVERITY_MEDIUM,
             .title = "Node packages have versions",
             .why = "Each build takes the newest release of the day, and runs its install scripts: "
                    "what was tested yesterday is not what runs tomorrow, and a stolen account of "
                    "one author reaches the image at the next build.",
             .remedy = "Name a version, or install from a lock file with npm ci.",
             .example = "RUN npm install --global typescript@5.6.3"},
    .programs = " npm pnpm yarn ",
    .command = check_pins,
};

/* ---- DL3060 ---- */

static bool has_words(const struct lint_command *k, const char *words)
{
    for (size_t i = 1; i < k->words.n; i++)
        if (lint_lists(words, k->words.v[i].text))
            return true;
    return false;
}

/* yarn without a word installs, too. hadolint knows `yarn install` alone. */
static bool yarn_installs(const struct lint_context *c, const struct lint_command *k)
{
    struct lint_args args;
    if (!str_is(k->program, "yarn"))
        return false;
    if (c->options->compat)
        return has_words(k, " install ");
    lint_args_read(c, k, VALUES, &args);
    if (lint_args_flag(&args, " version v help h "))
        return false;
    size_t at = args.plain.n && str_is(args.plain.v[0].text, "global") ? 1 : 0;
    return at == args.plain.n ? at == 0 : lint_lists(" install add ", args.plain.v[at].text);
}

/* hadolint is content with either word of `yarn cache clean`. */
static bool yarn_cleans(const struct lint_context *c, const struct lint_command *k)
{
    if (str_is(k->program, "yarn"))
        return c->options->compat ? has_words(k, " cache clean ")
                                  : has_words(k, " cache ") && has_words(k, " clean ");
    if (c->options->compat || !str_is(k->program, "rm"))
        return false;
    for (size_t i = 1; i < k->words.n; i++) {
        struct str s = k->words.v[i].text;
        if (str_has(s, STR(".cache/yarn")) || str_has(s, STR("yarn cache dir")) ||
            ends_any(s, (const char *const[]){"/.cache", "/.cache/", "/.cache/*", NULL}))
            return true;
    }
    return false;
}

static bool is_mounted(const struct lint_context *c, const struct lint_step *s)
{
    struct lint_mounts mounts;
    lint_mounts_read(c->a, s, &mounts);
    if (c->options->compat)
        return lint_mounts_keep(&mounts, c->options, ".cache/yarn");
    vec_each (&mounts, i) {
        struct str type = mounts.v[i].type, target = mounts.v[i].target;
        if ((str_is(type, "cache") || str_is(type, "tmpfs")) &&
            (str_has(target, STR("yarn")) || str_ends(target, STR("/.cache"))))
            return true;
    }
    return false;
}

/* A clean-up may be put behind it: it is a link of a plain chain of the RUN itself. */
static bool can_follow(const struct lint_step *s, size_t index)
{
    const unsigned inside =
        SHELL_IN_SUBSTITUTION | SHELL_IN_CONDITION | SHELL_NEGATED | SHELL_WRAPPED | SHELL_PIPED_ON;
    const struct shell_command *k = s->commands.v[index].shell;
    if (s->i->json || k->flags & inside ||
        (k->join != SHELL_FIRST && k->join != SHELL_THEN && k->join != SHELL_AND))
        return false;
    for (size_t i = 0; i < k->redirects.n; i++)
        if (k->redirects.v[i]->body.s.n)
            return false; /* a here-document has to come first */
    if (index + 1 == s->commands.n)
        return true;
    enum shell_join next = s->commands.v[index + 1].shell->join;
    return next == SHELL_THEN || next == SHELL_AND;
}

/* The last command that fills the cache when nothing behind it empties it, or NULL. */
static const struct lint_command *kept_by(const struct lint_context *c, const struct lint_step *s)
{
    const struct lint_command *kept = NULL;
    vec_each (&s->commands, i) {
        const struct lint_command *k = &s->commands.v[i];
        if (yarn_installs(c, k))
            kept = k;
        else if (yarn_cleans(c, k))
            kept = NULL;
    }
    return kept && !is_mounted(c, s) ? kept : NULL;
}

/* hadolint compares the first of each kind; a mount does not help one that was emptied before. */
static const struct lint_command *compat_kept_by(const struct lint_context *c,
                                                 const struct lint_step *s, const struct map *bases)
{
    const struct lint_command *kept = NULL, *cleans = NULL;
    vec_each (&s->commands, i) {
        const struct lint_command *k = &s->commands.v[i];
        kept = !kept && yarn_installs(c, k) ? k : kept;
        cleans = !cleans && yarn_cleans(c, k) ? k : cleans;
    }
    bool good = cleans ? cleans >= kept : is_mounted(c, s);
    return kept && !good && !lint_dropped(c->file, s, bases) ? kept : NULL;
}

static void judge_cache(struct lint_context *c, const struct lint_step *s,
                        const struct lint_command *k)
{
    size_t last = (size_t)(k - s->commands.v);
    struct lint_finding *f =
        lint_add(c, lint_command_place(k), "yarn leaves its downloads in the image");
    if (!can_follow(s, last))
        return;
    /* a later yarn may have its packages in the cache, in the project, and no other copy */
    lint_fix(c, f, FIX_UNSAFE, "adds yarn cache clean");
    /* set -e does not see what fails before && */
    bool ends = last + 1 < s->commands.n && s->commands.v[last + 1].shell->join == SHELL_THEN;
    lint_edit(c, f, (struct span){k->shell->place.to, k->shell->place.to}, "%s yarn cache clean",
              ends && lint_extend_stops(s) ? ";" : " &&");
}

static void check_cache(struct lint_context *c)
{
    bool compat = c->options->compat;
    struct map bases = {.a = c->a};
    if (compat)
        bases = lint_bases(c->a, c->file);
    vec_each (&c->file->steps, i) {
        const struct lint_step *s = &c->file->steps.v[i];
        if (s->i->kind != DOCKERFILE_RUN)
            continue;
        const struct lint_command *k = compat ? compat_kept_by(c, s, &bases) : kept_by(c, s);
        c->step = s;
        if (k)
            judge_cache(c, s, k);
    }
    c->step = NULL;
}

static const struct lint_rule cache = {
    .info = {.id = "DL3060",
             .severity = SEVERITY_LOW,
             .title = "yarn leaves no cache in the image",
             .why = "yarn keeps each package that it has downloaded for the next time; in an image "
                    "there is no next time, and each pull carries it.",
             .remedy = "Run yarn cache clean in the same RUN, or keep the cache in a cache mount.",
             .example = "RUN yarn install --frozen-lockfile && yarn cache clean"},
    .image = true,
    .file_hook = check_cache,
    .repairs = FIX_UNSAFE,
};

const struct lint_rule *const lint_node[] = {&pins, &cache, NULL};
