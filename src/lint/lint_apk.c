/* lint_apk: commands of Alpine's package manager → findings. */
#include "lint/lint_mounts.h"
#include "lint/lint_packages.h"
#include "lint/lint_rules.h"

static const struct lint_manager apk = {
    .values = " t virtual X repository p root keys-dir repositories-file wait arch cache-dir "
              "cache-max-age progress-fd timeout ",
    .compat_values = " t virtual X repository ",
    .installs = " add ",
    .compat_installs = " add ",
};

/* ---- DL3018 ---- */

static bool pinned(const struct lint_context *c, const struct lint_value *package)
{
    struct str s = package->text;
    if (str_find(s, '=') < s.n || str_find(s, '~') < s.n || str_find(s, '<') < s.n ||
        str_find(s, '>') < s.n || str_ends(s, STR(".apk")))
        return true;
    return !c->options->compat && s.n && *s.p == '!';
}

static void check_version(struct lint_context *c, const struct lint_command *command)
{
    struct lint_install install;
    if (lint_packages_install(c, command, &apk, &install))
        lint_packages_unpinned(c, &install, pinned);
}

static const struct lint_rule version = {
    .info = {.id = "DL3018",
             .severity = SEVERITY_MEDIUM,
             .title = "Packages of apk are of a known version",
             .why = "Two builds of the same file install different packages, and which ones nobody "
                    "can tell afterwards.",
             .remedy =
                 "Name a version with =, or with ~ the part of it that matters: Alpine removes "
                 "a release of a package when its fix is out, and the whole version with it.",
             .example = "RUN apk add --no-cache 'curl~8.9'"},
    .programs = " apk ",
    .command = check_version,
};

/* ---- DL3019 ---- */

/* Commands that stand next to each other at the top of a script. */
static bool at_top(const struct lint_command *command)
{
    return !command->shell->flags && command->shell->parent == SHELL_NONE;
}

static bool is_update(const struct lint_context *c, const struct lint_command *command)
{
    struct lint_args args;
    if (!str_is(command->program, "apk"))
        return false;
    lint_args_read(c, command, apk.values, &args);
    return args.plain.n == 1 && str_is(args.plain.v[0].text, "update");
}

/* From `apk update` to the command behind its &&: what goes when nothing in the script but apk add
 * looks at the index. Empty: it stays. */
static struct span needless_update(struct lint_context *c, const struct lint_step *s)
{
    const struct lint_command *update = NULL, *next = NULL;
    struct span none = {0, 0};
    struct lint_install install;
    vec_each (&s->commands, i) {
        const struct lint_command *command = &s->commands.v[i];
        if (update && !next)
            next = command;
        if (!update && is_update(c, command))
            update = command;
        else if (str_is(command->program, "apk") &&
                 !lint_packages_install(c, command, &apk, &install))
            return none;
    }
    if (!update || !next || !at_top(update) || !at_top(next) || next->shell->join != SHELL_AND ||
        update->shell->redirects.n || s->i->json)
        return none;
    struct span place = {update->words.v[0].place.from, next->shell->place.from};
    if (place.to <= place.from)
        return none;
    struct str between = str_slice(c->d->text, place.from, place.to);
    return str_find(between, '#') == between.n ? place : none;
}

/* Number of commands up to the last that removes what apk keeps. */
static size_t cleaned_to(const struct lint_step *s)
{
    static const char *const folders[] = {"/var/cache/apk", "/var/cache/*", "/var/cache/{", NULL};
    size_t n = s->commands.n;
    while (n && !lint_packages_removes(&s->commands.v[n - 1], folders))
        n--;
    return n;
}

static void judge_cache(struct lint_context *c, const struct lint_command *command,
                        struct span update)
{
    struct lint_install add;
    if (!lint_packages_install(c, command, &apk, &add) || lint_args_flag(&add.args, " no-cache "))
        return;
    struct lint_finding *f = lint_add(c, add.verb->place, "apk add leaves its index behind");
    if (!lint_extend_word(c, f, c->step, add.verb, "--no-cache"))
        return;
    lint_fix(c, f, FIX_UNSAFE, "adds --no-cache");
    if (update.to)
        lint_edit(c, f, update, "%s", "");
}

static void check_cache(struct lint_context *c, const struct lint_step *s)
{
    struct lint_mounts mounts;
    lint_mounts_read(c->a, s, &mounts);
    if (lint_mounts_keep(&mounts, c->options, "/var/cache/apk") ||
        (!c->options->compat && lint_mounts_keep(&mounts, c->options, "/etc/apk/cache")))
        return;
    struct span update = needless_update(c, s);
    for (size_t i = c->options->compat ? 0 : cleaned_to(s); i < s->commands.n; i++)
        if (str_is(s->commands.v[i].program, "apk"))
            judge_cache(c, &s->commands.v[i], update);
}

static const struct lint_rule cache = {
    .info = {.id = "DL3019",
             .aliases = {"DS025", "DKL-DI-0004"},
             .severity = SEVERITY_LOW,
             .title = "apk leaves no index of packages behind",
             .why = "The index is of no use in the finished image, and tells which fixes are "
                    "missing.",
             .remedy = "Add --no-cache: apk then fetches the index, uses it and forgets it, and "
                       "needs no apk update before.",
             .example = "RUN apk add --no-cache curl"},
    .image = true,
    .kinds = LINT_ON(RUN),
    .step = check_cache,
    .repairs = FIX_UNSAFE,
};

const struct lint_rule *const lint_apk[] = {&version, &cache, NULL};
