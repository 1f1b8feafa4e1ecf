/* lint_mounts: the --mount flags of a RUN → what is mounted where. */
#ifndef LINT_LINT_MOUNTS_H
#define LINT_LINT_MOUNTS_H

#include "lint/lint_rule.h"

struct lint_mount {
    struct str type;   /* "bind" when none is written */
    struct str target; /* without a slash at its end; empty: none written */
    struct str from, source, id;
    const struct dockerfile_flag *flag;
};
struct lint_mounts VEC(struct lint_mount);

/* Of a RUN, or of one that ONBUILD triggers; of anything else there are none. */
void lint_mounts_read(struct arena *a, const struct lint_step *step, struct lint_mounts *ret);

/* What is written below this folder stays out of the image: a cache or tmpfs mount is there, or at
 * a folder around it. With compat wherever the folder's name is part of the target. */
bool lint_mounts_keep(const struct lint_mounts *mounts, const struct lint_options *options,
                      const char *folder);

#endif
