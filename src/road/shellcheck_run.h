/* shellcheck_run: scripts → what the installed ShellCheck says of them.
 *
 * Many scripts a process and as many processes as there are processors. Scripts are handed over by
 * descriptor: nothing is written to a disk. It gets no configuration and no environment of ours. */
#ifndef ROAD_SHELLCHECK_RUN_H
#define ROAD_SHELLCHECK_RUN_H

#include "lint/lint_shellcheck.h"

/* comments[i] become those of scripts->v[i], whose texts may repeat. Of scripts that it could not
 * check there are none: returns how many, with the first of them in *first and the reason in
 * *why. */
size_t shellcheck_run(struct arena *a, struct str program, bool compat,
                      const struct lint_scripts *scripts, struct lint_comments *comments,
                      size_t *first, struct err *why);

#endif
