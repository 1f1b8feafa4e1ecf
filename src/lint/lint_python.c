/* lint_python: what pip and its kin install → packages without a version, caches left behind.
 *
 * Invariants
 * 1. A word is judged as a package only when it is no option's value. (test_lint_table: tables)
 * 2. PIP_NO_CACHE_DIR counts from where it is set on, in the stage and those made from it.
 *    (test_lint_table: tables)
 */
#include "base/map.h"
#include "lint/lint_args.h"
#include "lint/lint_mounts.h"
#include "lint/lint_rules.h"

/* Options that take the next word: those that hadolint knows, and the others. */
#define KNOWN_VALUES                                                                               \
    " abi b build e editable extra-index-url f find-links i index-url implementation no-binary "   \
    "only-binary platform prefix progress-bar proxy python python-version root root-user-action "  \
    "src t target trusted-host upgrade-strategy "
#define OTHER_VALUES                                                                               \
    "c constraint r requirement C config-settings config-setting global-option install-option "    \
    "build-option build-constraint report log retries timeout default-timeout exists-action cert " \
    "client-cert cache-dir use-feature use-deprecated keyring-provider group uploaded-prior-to "   \
    "pip-args preinstall suffix spec p default-index index index-strategy prerelease resolution "  \
    "with with-requirements override exclude-newer link-mode directory project "

/* ---- which commands install ---- */

/* pip, pip3, pip3.11 of a base name "pip". */
static bool numbered(struct str program, const char *base)
{
    struct str rest = str_from(program, strlen(base));
    if (!str_starts(program, str_of(base)))
        return false;
    for (size_t i = 0; i < rest.n; i++)
        if (rest.p[i] != '.' && (rest.p[i] < '0' || rest.p[i] > '9'))
            return false;
    return true;
}

struct install {
    struct lint_args args;
    size_t first;            /* of the packages in args.plain */
    const struct span *verb; /* the word "install" */
    bool pipx, uv;
};

static bool plain_is(const struct lint_args *args, size_t at, const char *word)
{
    return at < args->plain.n && str_is(args->plain.v[at].text, word);
}

/* -m NAME somewhere among the words, and then install. */
static bool runs_module(const struct lint_command *k, const char *module)
{
    for (size_t i = 1; i + 2 < k->words.n; i++)
        if (str_is(k->words.v[i].text, "-m") && str_is(k->words.v[i + 1].text, module) &&
            str_is(k->words.v[i + 2].text, "install"))
            return true;
    return false;
}

static bool has_word(const struct lint_command *k, const char *word)
{
    for (size_t i = 1; i < k->words.n; i++)
        if (str_is(k->words.v[i].text, word))
            return true;
    return false;
}

/* hadolint: any program whose name begins with pip, given the word install anywhere; pipenv is let
 * off, which installs what its lock file says. */
static bool compat_install(const struct lint_context *c, const struct lint_command *k,
                           struct install *ret)
{
    bool pip = str_starts(k->program, STR("pip")) && !str_has(k->program, STR("pipenv"));
    bool python = str_starts(k->program, STR("python"));
    if (!(pip && has_word(k, "install")) && !(python && runs_module(k, "pip")))
        return false;
    *ret = (struct install){.pipx = str_has(k->program, STR("pipx"))};
    lint_args_read(c, k, KNOWN_VALUES, &ret->args);
    while (ret->first < ret->args.plain.n && !plain_is(&ret->args, ret->first, "install"))
        ret->first++;
    while (plain_is(&ret->args, ret->first, "install"))
        ret->first++;
    return true;
}

static bool is_install(const struct lint_context *c, const struct lint_command *k,
                       struct install *ret)
{
    if (c->options->compat)
        return compat_install(c, k, ret);
    *ret = (struct install){.pipx = str_is(k->program, "pipx"), .uv = str_is(k->program, "uv")};
    bool python = numbered(k->program, "python");
    if (!python && !ret->pipx && !ret->uv && !numbered(k->program, "pip"))
        return false;
    lint_args_read(c, k, python ? " m " KNOWN_VALUES OTHER_VALUES : KNOWN_VALUES OTHER_VALUES,
                   &ret->args);
    const struct lint_args *args = &ret->args;
    if (python) {
        const struct lint_flag *m = lint_args_flag(args, " m ");
        if (!m || !(str_is(m->value, "pip") || str_is(m->value, "pipx")))
            return false;
        ret->pipx = str_is(m->value, "pipx");
    }
    if (ret->uv && !plain_is(args, 0, "pip") && !plain_is(args, 0, "tool"))
        return false;
    ret->first = ret->uv ? 1 : 0;
    if (!plain_is(args, ret->first, "install"))
        return false;
    ret->verb = &args->plain.v[ret->first].place;
    ret->first++;
    return true;
}

/* ---- DL3013 ---- */

static bool has_any(struct str text, const char *const *parts)
{
    for (size_t i = 0; parts[i]; i++)
        if (str_has(text, str_of(parts[i])))
            return true;
    return false;
}

static bool starts_any(struct str text, const char *const *starts)
{
    for (size_t i = 0; starts[i]; i++)
        if (str_starts(text, str_of(starts[i])))
            return true;
    return false;
}

/* A revision is what follows an @ in the path. hadolint takes the @ of a user for one. */
static bool has_revision(struct str url, bool compat)
{
    size_t slashes = str_find_str(url, STR("://"));
    struct str path = slashes < url.n ? str_from(url, slashes + 3) : url;
    if (compat)
        return str_has(url, STR("@"));
    str_cut(path, '#', &path, &(struct str){0});
    path = str_from(path, str_find(path, '/'));
    return str_has(path, STR("@"));
}

static bool is_pinned(const struct lint_context *c, const struct lint_value *v)
{
    static const char *const bounds[] = {"==", "~=", "!=", "<", ">", NULL};
    static const char *const vcs[] = {"git+", "hg+", "svn+", "bzr+", "git:", "svn:", NULL};
    static const char *const compat_vcs[] = {
        "git",      "hg+file", "hg+http",  "hg+ssh",  "hg+static-http", "svn",
        "bzr+http", "bzr+ssh", "bzr+sftp", "bzr+ftp", "bzr+lp",         NULL};
    struct str text = v->text;
    bool compat = c->options->compat;
    size_t at = str_find_str(text, STR(" @ "));
    if (!compat && at < text.n) /* NAME @ URL */
        text = str_trim(str_from(text, at + 3));
    if (has_any(text, bounds))
        return true;
    if (starts_any(text, compat ? compat_vcs : vcs))
        return has_revision(text, compat);
    if (str_has(text, STR("/")) || str_ends(text, STR(".whl")) || str_ends(text, STR(".tar.gz")))
        return true; /* a file or a folder */
    if (compat)
        return false;
    /* hadolint asks for a version of .[extra], and of what a variable brings */
    return text.n == 0 || text.p[0] == '.' || str_ends(text, STR(".zip")) || !v->known;
}

/* Constraints may say all versions, so they settle the matter. hadolint lets a requirements file
 * settle it, too, for packages beside it that the file does not speak of. */
static bool is_settled(const struct lint_context *c, const struct install *i)
{
    const struct lint_command *k = i->args.command;
    if (lint_args_flag(&i->args, " c constraint "))
        return true;
    return c->options->compat &&
           (has_word(k, "-r") || has_word(k, "--requirement") || has_word(k, "."));
}

static void check_pins(struct lint_context *c, const struct lint_command *k)
{
    struct install i;
    if (!is_install(c, k, &i) || is_settled(c, &i))
        return;
    for (size_t n = i.first; n < i.args.plain.n; n++) {
        const struct lint_value *v = &i.args.plain.v[n];
        if (!is_pinned(c, v))
            lint_add(c, v->place, STR_F " installs " STR_F " without a version", STR_A(k->program),
                     STR_A(v->text));
    }
}

static const struct lint_rule pins = {
    .info = {.id = "DL3013",
             .severity = SEVERITY_MEDIUM,
             .title = "Python packages have versions",
             .why =
                 "Each build takes the newest release of the day: what was tested yesterday is not "
                 "what runs tomorrow, and a stolen account of one author reaches the image at the "
                 "next build.",
             .remedy =
                 "Name a version, or install from a requirements file or lock file with hashes.",
             .example = "RUN pip install --no-cache-dir flask==3.0.3"},
    .command = check_pins,
};

/* ---- DL3042 ---- */

/* What hadolint takes for a yes; a value has to begin so. */
static bool compat_yes(struct str value, bool whole)
{
    static const char *const words[] = {"1",  "true", "True", "TRUE", "on", "On",
                                        "ON", "yes",  "Yes",  "YES",  NULL};
    for (size_t i = 0; words[i]; i++)
        if (whole ? str_is(value, words[i]) : str_starts(value, str_of(words[i])))
            return true;
    return false;
}

/* pip takes any value for a yes, 0 and false too: an old mistake of its that was kept, so that
 * files which rely on it go on working. hadolint asks for a true one. */
static bool says_yes(const struct lint_context *c, struct str value)
{
    return c->options->compat ? compat_yes(value, true) : value.n > 0;
}

static bool sets_by_env(const struct lint_context *c, const struct lint_step *s)
{
    if (s->i->kind != DOCKERFILE_ENV && (c->options->compat || s->i->kind != DOCKERFILE_ARG))
        return false;
    bool set = false;
    vec_each (&s->keys, i)
        if (str_is(s->keys.v[i].text, "PIP_NO_CACHE_DIR"))
            set = says_yes(c, c->options->compat ? s->i->pairs.v[i].value.text.s
                                                 : s->values.v[i].text);
    return set;
}

/* NAME=value before the command, or as a word of an export or env before it. */
static bool sets_in_command(const struct lint_command *k)
{
    static const struct str name = STR_INIT("PIP_NO_CACHE_DIR=");
    vec_each (&k->shell->assignments, i) {
        struct str s = k->shell->assignments.v[i].text.s;
        if (str_starts(s, name) && s.n > name.n)
            return true;
    }
    bool exports = str_is(k->program, "export") || str_is(k->program, "env");
    for (size_t i = 1; exports && i < k->words.n; i++)
        if (str_starts(k->words.v[i].text, name) && k->words.v[i].text.n > name.n)
            return true;
    return false;
}

/* Empties the cache: rm of a folder of it, pip cache purge. */
static bool empties(const struct lint_command *k)
{
    bool rm = str_is(k->program, "rm"), pip = numbered(k->program, "pip");
    bool python = numbered(k->program, "python") && has_word(k, "pip");
    for (size_t i = 1; rm && i < k->words.n; i++) {
        struct str s = k->words.v[i].text;
        if (str_ends(s, STR("/.cache")) || str_has(s, STR(".cache/pip")) ||
            str_has(s, STR("/.cache/*")) || str_ends(s, STR("/.cache/")))
            return true;
    }
    return (pip || python) && has_word(k, "cache") && has_word(k, "purge");
}

static bool compat_says_yes(struct str text)
{
    size_t at = str_find_str(text, STR("PIP_NO_CACHE_DIR="));
    return at < text.n && compat_yes(str_from(text, at + 17), false);
}

/* The cache is not used, or not left in the image, by what else the RUN says. */
static bool is_kept_out(const struct lint_context *c, const struct lint_step *s)
{
    struct lint_mounts mounts;
    lint_mounts_read(c->a, s, &mounts);
    if (c->options->compat) {
        bool off = compat_says_yes(s->source.s);
        vec_each (&s->i->words, n)
            off |= compat_says_yes(s->i->words.v[n].text.s);
        return off || lint_mounts_keep(&mounts, c->options, ".cache/pip");
    }
    vec_each (&mounts, i) {
        const struct lint_mount *m = &mounts.v[i];
        if ((str_is(m->type, "cache") || str_is(m->type, "tmpfs")) &&
            (str_has(m->target, STR(".cache/pip")) || str_ends(m->target, STR("/.cache")) ||
             str_is(m->target, "/root")))
            return true;
    }
    return false;
}

static bool avoids_cache(const struct lint_context *c, const struct install *i)
{
    if (c->options->compat)
        return has_word(i->args.command, "--no-cache-dir");
    return lint_args_flag(&i->args, " no-cache-dir no-cache ") ||
           lint_args_flag(&i->args, " dry-run help h ");
}

static void add_cache(struct lint_context *c, const struct lint_step *s, const struct install *i)
{
    const struct lint_command *k = i->args.command;
    struct lint_finding *f =
        lint_add(c, lint_command_place(k), STR_F " install leaves its downloads in the image",
                 STR_A(k->program));
    if (!i->verb || s->i->json)
        return;
    /* a pip of 2014 does not know the option */
    lint_fix(c, f, FIX_UNSAFE, "adds --no-cache-dir");
    lint_edit(c, f, (struct span){i->verb->to, i->verb->to}, " --no-cache-dir");
}

static void check_cache_of(struct lint_context *c, const struct lint_step *s)
{
    bool off = is_kept_out(c, s);
    size_t emptied = 0; /* commands before the last one that empties the cache */
    vec_each (&s->commands, n)
        if (!c->options->compat && empties(&s->commands.v[n]))
            emptied = n;
    vec_each (&s->commands, n) {
        const struct lint_command *k = &s->commands.v[n];
        struct install i;
        bool set = !c->options->compat && sets_in_command(k);
        off |= set && !str_starts(k->program, STR("pip"));
        if (!off && !set && n >= emptied && is_install(c, k, &i) && !i.pipx && !i.uv &&
            !avoids_cache(c, &i))
            add_cache(c, s, &i);
    }
}

/* hadolint knows a stage by its name, or by that of its image, which another may have as well. The
 * first begins with nothing, and what ONBUILD triggers is of a file of its own. */
static void check_cache_compat(struct lint_context *c)
{
    struct map named = {.a = c->a}; /* names of stages → whether the variable is set */
    struct str name = {0};          /* of where we are */
    vec_each (&c->file->steps, n) {
        const struct lint_step *s = &c->file->steps.v[n];
        if (s->stage >= 0 && c->file->stages.v[s->stage].step == n) {
            const struct lint_stage *stage = &c->file->stages.v[s->stage];
            void *inherited = s->stage ? map_get(&named, stage->base.repository) : NULL;
            name = stage->s->name.s.n ? stage->s->name.s : stage->base.repository;
            *map_at(&named, name) = inherited;
        }
        struct str key = s->onbuild ? STR("\n") : name;
        if (sets_by_env(c, s))
            *map_at(&named, key) = c;
        if (s->i->kind == DOCKERFILE_RUN && !map_get(&named, key))
            check_cache_of(c, s);
    }
}

/* One pass over the file: whether the variable is set in a stage is known where it ends. */
static void check_cache(struct lint_context *c)
{
    const struct lint_file *file = c->file;
    if (c->options->compat) {
        check_cache_compat(c);
        return;
    }
    bool *set = arena_array(c->a, bool, file->stages.n + 1); /* the last one: before any FROM */
    vec_each (&file->steps, n) {
        const struct lint_step *s = &file->steps.v[n];
        bool *mine = &set[s->stage >= 0 ? (size_t)s->stage : file->stages.n];
        if (s->stage >= 0 && file->stages.v[s->stage].step == n)
            *mine = file->stages.v[s->stage].parent >= 0 && set[file->stages.v[s->stage].parent];
        *mine |= sets_by_env(c, s);
        if (s->i->kind == DOCKERFILE_RUN && !*mine)
            check_cache_of(c, s);
    }
}

static const struct lint_rule cache = {
    .info = {.id = "DL3042",
             .severity = SEVERITY_MEDIUM,
             .title = "pip leaves no cache in the image",
             .why =
                 "pip keeps what it has downloaded and built for the next time; in an image there "
                 "is no next time, and each pull carries it.",
             .remedy = "Install with --no-cache-dir, or keep the cache in a cache mount.",
             .example = "RUN pip install --no-cache-dir -r requirements.txt"},
    .image = true,
    .file_hook = check_cache,
    .repairs = FIX_UNSAFE,
};

const struct lint_rule *const lint_python[] = {&pins, &cache, NULL};
