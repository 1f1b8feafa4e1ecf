/* lint_packages: see lint_packages.h. */
#include "lint/lint_packages.h"

#include "base/buf.h"
#include "lint/lint_mounts.h"

bool lint_packages_do(const struct lint_context *c, const struct lint_command *command,
                      const struct lint_manager *m, const char *verbs, const char *compat_verbs,
                      struct lint_install *ret)
{
    bool compat = c->options->compat;
    *ret = (struct lint_install){0};
    lint_args_read(c, command, compat ? m->compat_values : m->values, &ret->args);
    ret->verb = lint_args_does(&ret->args, c->options, compat ? compat_verbs : verbs);
    if (!ret->verb)
        return false;
    vec_each (&ret->args.plain, i) {
        const struct lint_value *v = &ret->args.plain.v[i];
        if (compat ? !lint_lists(compat_verbs, v->text) : v != ret->verb)
            *vec_push(c->a, &ret->packages) = *v;
    }
    return true;
}

bool lint_packages_install(const struct lint_context *c, const struct lint_command *command,
                           const struct lint_manager *m, struct lint_install *ret)
{
    return lint_packages_do(c, command, m, m->installs, m->compat_installs, ret);
}

struct lint_finding *lint_packages_unpinned(struct lint_context *c,
                                            const struct lint_install *install,
                                            bool (*pinned)(const struct lint_context *c,
                                                           const struct lint_value *package))
{
    enum { SHOWN = 3 };
    struct buf names = {.a = c->a};
    struct span place = {0};
    size_t n = 0;
    vec_each (&install->packages, i) {
        const struct lint_value *p = &install->packages.v[i];
        if (pinned(c, p) || (!p->known && !c->options->compat))
            continue;
        if (!n)
            place = p->place;
        if (n++ < SHOWN)
            buf_addf(&names, "%s" STR_F, n > 1 ? ", " : "", STR_A(str_slice(p->text, 0, 80)));
    }
    if (!n)
        return NULL;
    if (n > SHOWN)
        buf_addf(&names, " and %zu more", n - SHOWN);
    return lint_add(c, place, STR_F " installs " STR_F " without a version",
                    STR_A(install->args.command->program), STR_A(buf_str(&names)));
}

void lint_packages_asks(struct lint_context *c, const struct lint_install *install,
                        const char *option)
{
    const struct lint_command *command = install->args.command;
    if (!c->options->compat && command->shell->join == SHELL_PIPE &&
        !lint_packages_fed(c->step, command))
        return;
    struct lint_finding *f =
        lint_add(c, install->verb->place, STR_F " " STR_F " stops to ask when nobody can answer",
                 STR_A(command->program), STR_A(install->verb->text));
    if (lint_extend_word(c, f, c->step, install->verb, option))
        lint_fix(c, f, FIX_UNSAFE, "adds %s", option);
}

/* One of the programs that run each other, and it in the end, is this. Those below are not looked
 * at when there are too many: it may be. */
static bool run_by(const struct lint_step *step, const struct lint_command *command,
                   const char *program)
{
    enum { DEEPEST = 16 };
    size_t via = command->shell->via;
    for (int n = 0; n < DEEPEST && via != SHELL_NONE; n++) {
        const struct shell_command *one = &step->script.commands.v[via];
        if (str_is(one->program, program))
            return true;
        via = one->via;
    }
    return via != SHELL_NONE;
}

bool lint_packages_elsewhere(const struct lint_step *step, const struct lint_command *command)
{
    return run_by(step, command, "chroot");
}

bool lint_packages_fed(const struct lint_step *step, const struct lint_command *command)
{
    return run_by(step, command, "xargs");
}

const char *lint_packages_sudo(const struct lint_step *step, const struct lint_command *command)
{
    size_t via = command->shell->via;
    if (via == SHELL_NONE || !str_is(step->script.commands.v[via].program, "sudo"))
        return "";
    return "sudo ";
}

bool lint_packages_removes(const struct lint_command *command, const char *const *paths)
{
    if (!str_is(command->program, "rm"))
        return false;
    for (size_t i = 1; i < command->words.n; i++)
        for (size_t k = 0; paths[k]; k++)
            if (str_starts(command->words.v[i].text, str_of(paths[k])))
                return true;
    return false;
}

static bool mounted(struct lint_context *c, const struct lint_step *step,
                    const struct lint_keeping *k)
{
    struct lint_mounts mounts;
    const char *const *folders = c->options->compat ? k->compat_folders : k->folders;
    lint_mounts_read(c->a, step, &mounts);
    for (size_t i = 0; i < 4 && folders[i]; i++)
        if (lint_mounts_keep(&mounts, c->options, folders[i]))
            return true;
    return false;
}

/* The command that keeps something which nothing behind it removes, or NULL. */
static const struct lint_command *kept_by(struct lint_context *c, const struct lint_step *step,
                                          const struct lint_keeping *k, bool *cleans)
{
    const struct lint_command *kept = NULL;
    *cleans = false;
    vec_each (&step->commands, i) {
        const struct lint_command *command = &step->commands.v[i];
        if (lint_lists(k->programs, command->program) && k->keeps(c, command)) {
            *cleans = false;
            kept = command;
        } else if (k->cleans(c, command)) {
            *cleans = true;
        }
    }
    return *cleans ? NULL : kept;
}

/* hadolint compares the first that keeps with the first that cleans, whatever comes later; one may
 * be both. */
static const struct lint_command *compat_kept_by(struct lint_context *c,
                                                 const struct lint_step *step,
                                                 const struct lint_keeping *k, bool *cleans)
{
    const struct lint_command *keeps = NULL, *first = NULL;
    vec_each (&step->commands, i) {
        const struct lint_command *command = &step->commands.v[i];
        if (!keeps && lint_lists(k->programs, command->program) && k->keeps(c, command))
            keeps = command;
        if (!first && k->cleans(c, command))
            first = command;
    }
    *cleans = first;
    return keeps && first > keeps ? NULL : keeps;
}

void lint_packages_kept(struct lint_context *c, const struct lint_step *step,
                        const struct lint_keeping *k)
{
    bool cleans;
    const struct lint_command *kept =
        c->options->compat ? compat_kept_by(c, step, k, &cleans) : kept_by(c, step, k, &cleans);
    if (!kept || mounted(c, step, k))
        return;
    struct lint_finding *f = lint_add(c, lint_command_place(kept), STR_F " leaves its cache behind",
                                      STR_A(kept->program));
    struct str clean = str_fmt(c->a, "%s" STR_F " %s", lint_packages_sudo(step, kept),
                               STR_A(kept->program), k->clean);
    if (!cleans && !lint_packages_elsewhere(step, kept) && lint_extend_script(c, f, step, clean.p))
        lint_fix(c, f, FIX_UNSAFE, "adds " STR_F " at the end", STR_A(clean));
}
