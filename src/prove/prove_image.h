/* prove_image: the pure parts of trying an image, for tests. */
#ifndef PROVE_PROVE_IMAGE_H
#define PROVE_PROVE_IMAGE_H

#include "prove/verdict.h"

/* ERR_MACHINE when a machine (as uname has it) does not run the platform's programs. */
int prove_machine_fits(const struct image_platform *p, const char *machine, struct err *e) MUST_USE;

/* A restricted q.fork that was not stopped says that no limit was set, not that none helps. */
void prove_check_limit(struct arena *a, const struct prove_move *move,
                       struct prove_run *restricted);

#endif
