/* prove_image: what can be decided about an attack without a container. Pure. */
#ifndef PROVE_PROVE_IMAGE_H
#define PROVE_PROVE_IMAGE_H

#include "prove/verdict.h"

/* ERR_MACHINE when a machine (as uname has it) does not run the platform's programs. */
int prove_machine_fits(const struct image_platform *p, const char *machine, struct err *e) MUST_USE;

/* ERR_USAGE for a move that does not exist. options may be NULL. */
int prove_options_check(const struct prove_options *options, struct err *e) MUST_USE;

/* Whether this image could be run here at all: its machine, and its user. */
int prove_subject_check(const struct facts *f, struct err *e) MUST_USE;

/* A restricted q.fork that was not stopped says that no limit was set, not that none helps. */
void prove_check_limit(struct arena *a, const struct prove_move *move,
                       struct prove_run *restricted);

#endif
