/* lint_updates: package lists that a RUN fetches → what becomes of them: left behind in the image,
 * or kept for a later RUN that finds them old. Also upgrades of a whole distribution. */
#include "base/map.h"
#include "lint/lint_around.h"
#include "lint/lint_mounts.h"
#include "lint/lint_packages.h"
#include "lint/lint_rules.h"
#include "rules/package_lists.h"

static const struct lint_manager apt = {
    .values = " t target-release default-release o option c config-file a host-architecture ",
    .compat_values = "",
    .installs = " install reinstall build-dep upgrade dist-upgrade full-upgrade satisfy ",
    .compat_installs = " install ",
};

#define APT " apt-get apt aptitude "

static bool apt_does(struct lint_context *c, const struct lint_command *command, const char *verbs)
{
    struct lint_install ignored;
    return lint_lists(APT, command->program) &&
           lint_packages_do(c, command, &apt, verbs, verbs, &ignored);
}

/* ---- DL3009 ---- */

/* One RUN, as far as apt's lists go. */
struct lists {
    const struct lint_command *update; /* the last; NULL: none */
    bool removed;                      /* behind it */
    bool installs;
    bool needs; /* installs before any update: lists of an earlier RUN */
};

static bool removes_lists(struct lint_context *c, const struct lint_command *command)
{
    static const char *const folders[] = {"/var/lib/apt", "/var/lib/*", "/var/lib/{", NULL};
    if (c->options->compat) /* one of these words will do, so that any rm -rf is taken for it */
        return str_is(command->program, "rm") &&
               (shell_command_has(command->shell, "-rf") ||
                shell_command_has(command->shell, "/var/lib/apt/lists/*"));
    for (size_t i = 1; i < command->words.n && str_is(command->program, "find"); i++)
        if (str_starts(command->words.v[i].text, STR("/var/lib/apt")))
            return shell_command_has(command->shell, "-delete") ||
                   shell_command_has(command->shell, "-exec");
    for (size_t i = 1; i < command->words.n && str_is(command->program, "rm"); i++)
        if (!command->words.v[i].known)
            return true; /* may well be */
    return lint_packages_removes(command, folders) ||
           apt_does(c, command, " distclean dist-clean ");
}

static struct lists lists_of(struct lint_context *c, const struct lint_step *s)
{
    struct lists l = {0};
    if (s->i->kind != DOCKERFILE_RUN)
        return l;
    vec_each (&s->commands, i) {
        const struct lint_command *command = &s->commands.v[i];
        if (apt_does(c, command, " update ")) {
            l.update = command;
            l.removed &= c->options->compat;
        } else if (removes_lists(c, command)) {
            l.removed = true;
        } else if (apt_does(c, command, apt.installs)) {
            l.installs = true;
            l.needs |= !l.update;
        }
    }
    return l;
}

static bool kept_out(struct lint_context *c, const struct lint_step *s)
{
    struct lint_mounts m;
    lint_mounts_read(c->a, s, &m);
    return lint_mounts_keep(&m, c->options, "/var/lib/apt/lists") ||
           (lint_mounts_keep(&m, c->options, "/var/lib/apt") &&
            lint_mounts_keep(&m, c->options, "/var/cache/apt"));
}

/* Removes them at the end of the RUN, when it has installed something and nothing behind it
 * installs from them. */
static void repair_lists(struct lint_context *c, struct lint_finding *f, const struct lint_step *s,
                         const struct lists *l)
{
    struct str rm =
        str_fmt(c->a, "%srm -rf /var/lib/apt/lists/*", lint_packages_sudo(s, l->update));
    if (l->installs && !lint_packages_elsewhere(s, l->update) && lint_extend_script(c, f, s, rm.p))
        lint_fix(c, f, FIX_UNSAFE, "adds " STR_F " at the end", STR_A(rm));
}

static void judge_lists(struct lint_context *c, const struct lint_step *s, const struct lists *l,
                        bool needed, const struct map *bases)
{
    if (!l->update || l->removed || kept_out(c, s) ||
        (c->options->compat && lint_dropped(c->file, s, bases)))
        return;
    c->step = s;
    struct lint_finding *f =
        lint_add(c, lint_command_place(l->update), STR_F " update leaves package lists behind",
                 STR_A(l->update->program));
    if (!needed)
        repair_lists(c, f, s, l);
    c->step = NULL;
}

/* From the last step to the first: whether what comes behind, in this stage and in those made from
 * it, installs from lists that an earlier RUN has fetched. */
static void check_lists(struct lint_context *c)
{
    const struct lint_file *file = c->file;
    bool *begins = arena_array(c->a, bool, file->stages.n + 1), needed = false;
    struct map bases = lint_bases(c->a, file);
    for (size_t i = file->steps.n; i-- > 0;) {
        const struct lint_step *s = &file->steps.v[i];
        if (s->stage >= 0 && file->stages.v[s->stage].end == i + 1)
            needed = begins[s->stage];
        struct lists l = lists_of(c, s);
        judge_lists(c, s, &l, needed, &bases);
        needed = l.needs || (needed && !l.update);
        if (s->stage < 0 || file->stages.v[s->stage].step != i)
            continue;
        if (file->stages.v[s->stage].parent >= 0)
            begins[file->stages.v[s->stage].parent] |= needed;
        needed = false;
    }
}

static const struct lint_rule left_lists = {
    .info = {.id = "DL3009",
             .aliases = {"DKL-DI-0005"},
             .severity = SEVERITY_LOW,
             .title = "Lists of packages are removed where they were fetched",
             .why = "The lists are of no use in the finished image, take tens of megabytes, and "
                    "tell an intruder which fixes are missing. What a later RUN removes stays in "
                    "the layer below.",
             .remedy = "Remove /var/lib/apt/lists at the end of the same RUN, or mount a cache "
                       "there.",
             .example = "RUN apt-get update && apt-get install -y curl && rm -rf "
                        "/var/lib/apt/lists/*"},
    .image = true,
    .file_hook = check_lists,
    .repairs = FIX_UNSAFE,
};

/* ---- CIS 4.7 ---- */

/* The RUN's commands as the table of package_lists.c has them. */
static struct command_list commands_of(struct lint_context *c, const struct lint_step *s)
{
    struct command_list list = {0};
    vec_each (&s->commands, i) {
        const struct lint_command *command = &s->commands.v[i];
        struct command_words *to = vec_push(c->a, &list);
        to->in_function = command->shell->flags & SHELL_IN_FUNCTION;
        to->program = command->program;
        to->words.v = arena_array(c->a, struct str, command->words.n);
        vec_each (&command->words, k)
            to->words.v[to->words.n++] = command->words.v[k].text;
    }
    return list;
}

static void check_alone(struct lint_context *c, const struct lint_step *s)
{
    struct command_list list = commands_of(c, s);
    struct lint_mounts mounts;
    lint_mounts_read(c->a, s, &mounts);
    for (const struct package_lists *m = package_lists; m->programs; m++) {
        bool *alone = arena_array(c->a, bool, list.n);
        if (lint_mounts_keep(&mounts, c->options, m->folder))
            continue;
        package_lists_alone(m, &list, alone);
        vec_each (&list, i)
            if (alone[i])
                lint_add(c, lint_command_place(&s->commands.v[i]),
                         "this RUN fetches package lists with " STR_F
                         " and installs nothing from them",
                         STR_A(list.v[i].program));
    }
}

static const struct lint_rule alone = {
    .info = {.id = "CIS-4.7",
             .aliases = {"CIS-DI-0007", "DS017"},
             .cis = "4.7",
             .severity = SEVERITY_MEDIUM,
             .title = "Package lists are not updated in a RUN of their own",
             .why = "The layer with the lists is cached. A later build installs from lists of long "
                    "ago: old packages with known holes, or none at all.",
             .remedy = "Update and install in one RUN, and remove the lists in it.",
             .example = "RUN apt-get update && apt-get install -y nginx && rm -rf "
                        "/var/lib/apt/lists/*"},
    .ours = true,
    .kinds = LINT_ON(RUN),
    .step = check_alone,
};

/* ---- upgrades of a distribution ---- */

static void check_upgrade(struct lint_context *c, const struct lint_command *command)
{
    struct lint_install upgrade;
    if (!lint_packages_do(c, command, &apt, " dist-upgrade full-upgrade ", "", &upgrade))
        return;
    struct lint_finding *f =
        lint_add(c, upgrade.verb->place, STR_F " " STR_F " may remove packages and change releases",
                 STR_A(command->program), STR_A(upgrade.verb->text));
    if (!lint_extend_plain(c, c->step, upgrade.verb))
        return;
    lint_fix(c, f, FIX_UNSAFE, "upgrades without removing packages");
    lint_edit(c, f, upgrade.verb->place, "upgrade");
}

/* zypper's is DL3035. */
static const struct lint_rule dist_upgrade = {
    .info = {.id = "SHUCK-DIST-UPGRADE",
             .aliases = {"DS024", "DKL-DI-0003"},
             .severity = SEVERITY_MEDIUM,
             .title = "A build does not upgrade the distribution",
             .why = "Such an upgrade may remove what the base image relies on and make another "
                    "release of it, on a day that nobody chose.",
             .remedy = "Begin from a newer base image, or use apt-get upgrade for fixes within the "
                       "release.",
             .example = "RUN apt-get update && apt-get upgrade -y"},
    .ours = true,
    .programs = APT,
    .command = check_upgrade,
    .repairs = FIX_UNSAFE,
};

const struct lint_rule *const lint_updates[] = {&left_lists, &alone, &dist_upgrade, NULL};
