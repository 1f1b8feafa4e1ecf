/* lint_packages: a command of a package manager → what it installs and how; and the questions that
 * are the same for each of them. */
#ifndef LINT_LINT_PACKAGES_H
#define LINT_LINT_PACKAGES_H

#include "lint/lint_args.h"
#include "lint/lint_extend.h"

/* How a manager's command line is read. Lists have blanks between, before and behind. */
struct lint_manager {
    const char *values;        /* options that take the next word */
    const char *compat_values; /* those that hadolint knows of */
    const char *installs;      /* subcommands that install what is named */
    const char *compat_installs;
};

struct lint_install {
    struct lint_args args;
    const struct lint_value *verb; /* "install" */
    struct lint_values packages;   /* what is named behind it */
};

/* Whether the command does one of these things: verbs, or with compat compat_verbs. */
bool lint_packages_do(const struct lint_context *c, const struct lint_command *command,
                      const struct lint_manager *m, const char *verbs, const char *compat_verbs,
                      struct lint_install *ret);

/* Whether it installs. */
bool lint_packages_install(const struct lint_context *c, const struct lint_command *command,
                           const struct lint_manager *m, struct lint_install *ret);

/* Finds the packages whose version is left open: at the first of them, naming some. NULL: there are
 * none. What is not known is not one of them, but with compat. */
struct lint_finding *lint_packages_unpinned(struct lint_context *c,
                                            const struct lint_install *install,
                                            bool (*pinned)(const struct lint_context *c,
                                                           const struct lint_value *package));

/* A finding at the subcommand for a command that stops to ask, with the repair that adds the option
 * behind it. Something that is piped into it is taken for its answers. */
void lint_packages_asks(struct lint_context *c, const struct lint_install *install,
                        const char *option);

/* It runs in a file system other than the RUN's: below chroot, say. */
bool lint_packages_elsewhere(const struct lint_step *step, const struct lint_command *command);

/* xargs runs it, with words that are not in the file, and with nobody to answer. */
bool lint_packages_fed(const struct lint_step *step, const struct lint_command *command);

/* "sudo " when it is through sudo that the command runs, else nothing. */
const char *lint_packages_sudo(const struct lint_step *step, const struct lint_command *command);

/* What a manager keeps, and what removes it. */
struct lint_keeping {
    const struct lint_manager *manager;
    const char *programs;
    bool (*keeps)(struct lint_context *c, const struct lint_command *command);
    bool (*cleans)(struct lint_context *c, const struct lint_command *command);
    const char *folders[4]; /* a cache or tmpfs mount at one of these will do */
    const char *compat_folders[4];
    const char *clean; /* behind the program: "clean all" */
};

/* A finding at the last command that keeps something when none behind it cleans up. With compat it
 * is the first of each kind that counts. */
void lint_packages_kept(struct lint_context *c, const struct lint_step *step,
                        const struct lint_keeping *k);

/* The command is an rm of files that begin with one of these paths. */
bool lint_packages_removes(const struct lint_command *command, const char *const *paths);

#endif
