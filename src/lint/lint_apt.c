/* lint_apt: commands of apt-get, apt and aptitude → findings. */
#include "lint/lint_packages.h"
#include "lint/lint_rules.h"

static const struct lint_manager apt = {
    .values = " t target-release default-release o option c config-file a host-architecture P "
              "build-profiles S snapshot ",
    .compat_values = " t target-release ",
    .installs = " install reinstall ",
    .compat_installs = " install ",
};

/* What earlier commands and files of a stage have set for those that follow. */
struct settings {
    bool yes, no_recommends, snapshot;
};

static void note(struct settings *now, struct str text)
{
    now->yes |=
        str_has(text, STR("APT::Get::Assume-Yes")) || str_has(text, STR("Assume-Yes \"true"));
    now->no_recommends |= str_has(text, STR("Install-Recommends"));
    now->snapshot |= str_has(text, STR("snapshot.debian.org")) ||
                     str_has(text, STR("snapshot.ubuntu.com")) ||
                     str_has(text, STR("APT::Snapshot"));
}

static void note_step(struct settings *now, const struct lint_step *s)
{
    vec_each (&s->i->heredocs, k)
        note(now, s->i->heredocs.v[k].body.s);
}

typedef void judge_fn(struct lint_context *c, const struct lint_command *command,
                      const struct settings *now);

/* Shows each command of apt with what is set by then. hadolint looks at no command but this one. */
static void each_apt(struct lint_context *c, const char *programs, judge_fn *judge)
{
    const struct lint_file *file = c->file;
    struct settings *ends = arena_array(c->a, struct settings, file->stages.n), now = {0};
    vec_each (&file->steps, i) {
        const struct lint_step *s = &file->steps.v[i];
        if (s->i->kind == DOCKERFILE_FROM && s->stage >= 0) {
            int parent = file->stages.v[s->stage].parent;
            now = parent >= 0 ? ends[parent] : (struct settings){0};
        }
        c->step = s;
        if (!c->options->compat)
            note_step(&now, s);
        vec_each (&s->commands, k) {
            const struct lint_command *command = &s->commands.v[k];
            bool is_apt = s->i->kind == DOCKERFILE_RUN && lint_lists(programs, command->program);
            for (size_t w = 1; w < command->words.n && !c->options->compat && !is_apt; w++)
                note(&now, command->words.v[w].text);
            if (is_apt)
                judge(c, command, &now);
        }
        if (s->stage >= 0)
            ends[s->stage] = now;
    }
    c->step = NULL;
}

/* The option -o says this. */
static bool says(const struct lint_args *args, const char *what)
{
    vec_each (&args->flags, i)
        if (lint_lists(" o option ", args->flags.v[i].name) &&
            str_starts(args->flags.v[i].value, str_of(what)))
            return true;
    return false;
}

/* ---- DL3008 ---- */

static bool pinned(const struct lint_context *c, const struct lint_value *package)
{
    struct str s = package->text;
    if (str_find(s, '=') < s.n || str_find(s, '/') < s.n || str_ends(s, STR(".deb")))
        return true;
    return !c->options->compat && str_ends(s, STR("-")); /* is removed */
}

static void judge_version(struct lint_context *c, const struct lint_command *command,
                          const struct settings *now)
{
    struct lint_install install;
    if (!lint_packages_install(c, command, &apt, &install))
        return;
    if (now->snapshot || (!c->options->compat && lint_args_flag(&install.args, " S snapshot ")))
        return;
    struct lint_finding *f = lint_packages_unpinned(c, &install, pinned);
    /* Distributions drop a version when the next one is out, and a build that names it fails from
     * then on: a version for each package is nothing to insist on, as hadolint does. */
    if (f && c->options->compat)
        f->f.severity = SEVERITY_MEDIUM;
}

static void check_version(struct lint_context *c)
{
    each_apt(c, c->options->compat ? " apt-get " : " apt-get apt aptitude ", judge_version);
}

static const struct lint_rule version = {
    .info = {.id = "DL3008",
             .severity = SEVERITY_LOW,
             .title = "Packages of apt are of a known version",
             .why = "Two builds of the same file install different packages, and which ones nobody "
                    "can tell afterwards.",
             .remedy = "Debian and Ubuntu remove old versions from their archives, so name the day "
                       "rather than each version: take packages from a snapshot of the archive, "
                       "and begin from a base image by its digest.",
             .example = "RUN apt-get update --snapshot 20250101T000000Z && apt-get install -y curl "
                        "--snapshot 20250101T000000Z"},
    .file_hook = check_version,
};

/* ---- DL3014 ---- */

static bool says_yes(const struct lint_context *c, const struct lint_args *args)
{
    if (lint_args_flag(args, " y yes assume-yes "))
        return true;
    size_t q = lint_args_count(args, " q "), quiet = lint_args_count(args, " quiet ");
    if (c->options->compat) {
        for (size_t i = 1; i < args->command->words.n; i++)
            if (str_is(args->command->words.v[i].text, "-q=2"))
                return true;
        return q == 2 || quiet == 2 || lint_args_flag(args, " qq ");
    }
    const struct lint_flag *f = lint_args_flag(args, " q quiet ");
    return q + quiet >= 2 || (f && str_is(f->value, "2")) || says(args, "APT::Get::Assume-Yes") ||
           lint_args_flag(args,
                          " s simulate just-print dry-run no-act recon print-uris assume-no ");
}

static void judge_yes(struct lint_context *c, const struct lint_command *command,
                      const struct settings *now)
{
    static const char all[] = " install reinstall upgrade dist-upgrade full-upgrade remove purge "
                              "autoremove autopurge build-dep satisfy ";
    struct lint_install install;
    if (lint_packages_do(c, command, &apt, all, " install ", &install) && !now->yes &&
        !says_yes(c, &install.args))
        lint_packages_asks(c, &install, "-y");
}

static void check_yes(struct lint_context *c)
{
    each_apt(c, c->options->compat ? " apt-get " : " apt-get apt aptitude ", judge_yes);
}

static const struct lint_rule yes = {
    .info = {.id = "DL3014",
             .aliases = {"DS021"},
             .severity = SEVERITY_MEDIUM,
             .title = "apt does not ask",
             .why = "Nobody answers in a build: apt takes the silence for a no, and the build "
                    "fails.",
             .remedy = "Add -y.",
             .example = "RUN apt-get update && apt-get install -y curl"},
    .file_hook = check_yes,
    .repairs = FIX_UNSAFE,
};

/* ---- DL3015 ---- */

static void judge_recommends(struct lint_context *c, const struct lint_command *command,
                             const struct settings *now)
{
    struct lint_install install;
    if (!lint_packages_install(c, command, &apt, &install) || now->no_recommends ||
        lint_args_flag(&install.args, " no-install-recommends "))
        return;
    if (c->options->compat) {
        for (size_t i = 1; i < command->words.n; i++)
            if (str_is(command->words.v[i].text, "APT::Install-Recommends=false"))
                return;
    } else if (lint_args_flag(&install.args, " install-recommends ") ||
               (!install.packages.n && !lint_packages_fed(c->step, command)) ||
               says(&install.args, "APT::Install-Recommends")) {
        return; /* decided, or nothing is asked for */
    }
    struct lint_finding *f =
        lint_add(c, install.verb->place, STR_F " " STR_F " installs recommended packages, too",
                 STR_A(command->program), STR_A(install.verb->text));
    if (lint_extend_word(c, f, c->step, install.verb, "--no-install-recommends"))
        lint_fix(c, f, FIX_UNSAFE, "adds --no-install-recommends");
}

static void check_recommends(struct lint_context *c)
{
    each_apt(c, c->options->compat ? " apt-get " : " apt-get apt ", judge_recommends);
}

static const struct lint_rule recommends = {
    .info = {.id = "DL3015",
             .aliases = {"DS029"},
             .severity = SEVERITY_LOW,
             .title = "apt installs what is asked for, not what is recommended",
             .why = "Recommended packages are for people at a desk. In an image they are weight, "
                    "and programs for an intruder.",
             .remedy = "Add --no-install-recommends, and name what turns out to be missing.",
             .example = "RUN apt-get update && apt-get install -y --no-install-recommends curl"},
    .image = true,
    .file_hook = check_recommends,
    .repairs = FIX_UNSAFE,
};

/* ---- DL3027 ---- */

/* What apt-get does in the same way. Not upgrade: apt installs new packages for it. A package file
 * that apt would remove after installing it is removed from images of Debian and Ubuntu anyway. */
static const char same[] = " install reinstall update remove purge autoremove autopurge clean "
                           "autoclean build-dep download source dist-upgrade satisfy ";

static void check_apt(struct lint_context *c, const struct lint_command *command)
{
    const struct lint_value *program = &command->words.v[0];
    struct lint_args args;
    struct lint_finding *f =
        lint_add(c, program->place, "apt is for people; what it takes and prints may change");
    struct lint_value name = *program; /* without its folder */
    name.place.from = name.place.to - (name.place.to - name.place.from > 3 ? 3 : 0);
    if (str_is(program->text, "apt"))
        name.place = program->place;
    name.text = STR("apt");
    lint_args_read(c, command, apt.values, &args);
    if (!args.plain.n || !lint_extend_plain(c, c->step, &name))
        return;
    const struct lint_value *verb = &args.plain.v[0];
    bool full = str_is(verb->text, "full-upgrade"); /* apt-get calls it otherwise */
    if (full ? !lint_extend_plain(c, c->step, verb) : !lint_lists(same, verb->text))
        return;
    lint_fix(c, f, FIX_SAFE, "calls apt-get");
    lint_edit(c, f, name.place, "apt-get");
    if (full)
        lint_edit(c, f, verb->place, "dist-upgrade");
}

static const struct lint_rule end_user = {
    .info = {.id = "DL3027",
             .severity = SEVERITY_MEDIUM,
             .title = "Scripts call apt-get, not apt",
             .why = "apt is made for people at a terminal, and says so itself: its options and its "
                    "output change from release to release.",
             .remedy = "Call apt-get, or apt-cache for questions.",
             .example = "RUN apt-get update && apt-get install -y curl"},
    .programs = " apt ",
    .command = check_apt,
    .repairs = FIX_SAFE,
};

const struct lint_rule *const lint_apt[] = {&version, &yes, &recommends, &end_user, NULL};
