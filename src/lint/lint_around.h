/* lint_around: a step of a Dockerfile → what is around it: who runs it, in which folder, on which
 * kind of system; where an instruction before it goes. */
#ifndef LINT_LINT_AROUND_H
#define LINT_LINT_AROUND_H

#include "base/map.h"
#include "lint/lint_rule.h"

struct lint_around {
    bool root;          /* it runs as root, for certain */
    struct str workdir; /* absolute; empty when it is not known */
};

/* One for each step of the file, as it is before that step. */
struct lint_around *lint_around_read(struct arena *a, const struct lint_file *f);

enum lint_system {
    LINT_SYSTEM_UNKNOWN,
    LINT_SYSTEM_BUSYBOX, /* its shell is ash, its tools know few options: Alpine, too */
    LINT_SYSTEM_GNU,     /* has bash and GNU's tools */
    LINT_SYSTEM_EMPTY,   /* has no shell */
    LINT_SYSTEM_WINDOWS,
};

/* By the name and platform of the image that the stage begins with, over its parents. */
enum lint_system lint_system_of(const struct lint_file *f, int stage);

/* Where an instruction before this one goes: above the comments that stand directly above it. */
uint32_t lint_above(const struct lint_file *f, const struct lint_step *s);

/* "\r\n" when the file's first line ends so, else "\n". */
const char *lint_newline(const struct lint_file *f);

/* Nobody makes an image of the step's stage, as far as hadolint can tell: it is not the last, and
 * no FROM names it. `bases` are what FROMs name. What ONBUILD triggers is of no stage for it. */
bool lint_dropped(const struct lint_file *f, const struct lint_step *s, const struct map *bases);
struct map lint_bases(struct arena *a, const struct lint_file *f);

/* What `flat` of struct lint_rule says, for rules with a file_hook. */
bool lint_unseen(const struct lint_context *c, const struct lint_step *s);

#endif
