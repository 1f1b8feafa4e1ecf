/* lint_zypper: commands of zypper → findings. */
#include "lint/lint_packages.h"
#include "lint/lint_rules.h"

static const struct lint_manager zypper = {
    .values = " c config R root reposd-dir cache-dir raw-cache-dir solv-cache-dir pkg-cache-dir p "
              "plus-repo plus-content releasever t type r repo from download ",
    .compat_values = "",
    .installs = " install in ",
    .compat_installs = " install in ",
};

#define ZYPPER " zypper "

/* ---- DL3034 ---- */

static void check_yes(struct lint_context *c, const struct lint_command *command)
{
    static const char all[] =
        " install in remove rm source-install si patch update up dist-upgrade "
        "dup install-new-recommends inr verify ve ";
    static const char compat[] = " install in remove rm source-install si patch ";
    struct lint_install install;
    if (!lint_packages_do(c, command, &zypper, all, compat, &install) ||
        lint_args_flag(&install.args, " non-interactive n no-confirm y ") ||
        (!c->options->compat && command->shell->join == SHELL_PIPE))
        return;
    struct lint_finding *f =
        lint_add(c, install.verb->place, "zypper " STR_F " stops to ask when nobody can answer",
                 STR_A(install.verb->text));
    /* zypper has -y for some of its commands, but --non-interactive before all of them */
    if (lint_extend_word(c, f, c->step, &command->words.v[0], "--non-interactive"))
        lint_fix(c, f, FIX_UNSAFE, "adds --non-interactive");
}

static const struct lint_rule yes = {
    .info = {.id = "DL3034",
             .severity = SEVERITY_MEDIUM,
             .title = "zypper asks nothing",
             .why = "Nobody answers in a build: silence is taken for a no, and the build fails.",
             .remedy = "Add --non-interactive, or -y behind the subcommand.",
             .example = "RUN zypper --non-interactive install httpd=2.4.62 && zypper clean --all"},
    .programs = ZYPPER,
    .command = check_yes,
    .repairs = FIX_UNSAFE,
};

/* ---- DL3035 ---- */

static void check_upgrade(struct lint_context *c, const struct lint_command *command)
{
    struct lint_install upgrade;
    if (lint_packages_do(c, command, &zypper, " dist-upgrade dup ", " dist-upgrade dup ", &upgrade))
        lint_add(c, upgrade.verb->place, "zypper " STR_F " may remove packages and change releases",
                 STR_A(upgrade.verb->text));
}

static const struct lint_rule dist_upgrade = {
    .info = {.id = "DL3035",
             .severity = SEVERITY_MEDIUM,
             .title = "A build does not upgrade the distribution with zypper",
             .why = "Such an upgrade may remove what the base image relies on and make another "
                    "release of it, on a day that nobody chose.",
             .remedy = "Begin from a newer base image, or use zypper patch for fixes within the "
                       "release.",
             .example = "RUN zypper --non-interactive patch && zypper clean --all"},
    .programs = ZYPPER,
    .command = check_upgrade,
};

/* ---- DL3036 ---- */

static bool keeps(struct lint_context *c, const struct lint_command *command)
{
    struct lint_install install;
    return lint_packages_do(c, command, &zypper,
                            " install in update up patch dist-upgrade dup source-install si "
                            "install-new-recommends inr refresh ref ",
                            " install in ", &install);
}

static bool cleans(struct lint_context *c, const struct lint_command *command)
{
    static const char *const folders[] = {"/var/cache/zypp", "/var/cache/*", "/var/cache/{", NULL};
    struct lint_install clean;
    if (lint_lists(ZYPPER, command->program))
        return lint_packages_do(c, command, &zypper, " clean cc ", " clean cc ", &clean);
    return !c->options->compat && lint_packages_removes(command, folders);
}

static void check_cache(struct lint_context *c, const struct lint_step *s)
{
    static const struct lint_keeping k = {.manager = &zypper,
                                          .programs = ZYPPER,
                                          .keeps = keeps,
                                          .cleans = cleans,
                                          .folders = {"/var/cache/zypp"},
                                          .compat_folders = {"/var/cache/zypp"},
                                          .clean = "clean --all"};
    lint_packages_kept(c, s, &k);
}

static const struct lint_rule cache = {
    .info = {.id = "DL3036",
             .aliases = {"DS020"},
             .severity = SEVERITY_MEDIUM,
             .title = "zypper leaves no cache behind",
             .why = "Packages and lists that were fetched are of no use in the finished image and "
                    "make it larger. What a later RUN removes stays in the layer below.",
             .remedy = "End the RUN with zypper clean --all, or mount a cache at /var/cache/zypp.",
             .example = "RUN zypper --non-interactive install httpd=2.4.62 && zypper clean --all"},
    .image = true,
    .kinds = LINT_ON(RUN),
    .step = check_cache,
    .repairs = FIX_UNSAFE,
};

/* ---- DL3037 ---- */

static bool pinned(const struct lint_context *c, const struct lint_value *package)
{
    struct str s = package->text;
    if (str_find(s, '=') < s.n || str_find(s, '<') < s.n || str_find(s, '>') < s.n ||
        str_ends(s, STR(".rpm")))
        return true;
    return !c->options->compat && s.n && (*s.p == '-' || *s.p == '!' || str_find(s, '/') < s.n);
}

static void check_version(struct lint_context *c, const struct lint_command *command)
{
    struct lint_install install;
    if (!lint_packages_install(c, command, &zypper, &install))
        return;
    const struct lint_flag *type = lint_args_flag(&install.args, " t type ");
    if (c->options->compat || !type || str_is(type->value, "package"))
        lint_packages_unpinned(c, &install, pinned);
}

static const struct lint_rule version = {
    .info = {.id = "DL3037",
             .severity = SEVERITY_MEDIUM,
             .title = "Packages of zypper are of a known version",
             .why = "Two builds of the same file install different packages, and which ones nobody "
                    "can tell afterwards.",
             .remedy = "Name the version with =, or a range of versions with > and <.",
             .example = "RUN zypper --non-interactive install httpd=2.4.62 && zypper clean --all"},
    .programs = ZYPPER,
    .command = check_version,
};

const struct lint_rule *const lint_zypper[] = {&yes, &dist_upgrade, &cache, &version, NULL};
