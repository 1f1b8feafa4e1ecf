/* loop: what harden_loop.c and harden_after.c share: one hardening under way, its runs and
 * comparisons. Private to road/. */
#ifndef ROAD_LOOP_H
#define ROAD_LOOP_H

#include "road/harden_loop.h"

struct loop {
    struct sandbox *sb;
    struct arena *a;
    const struct harden_job *job;
    struct harden_result *r;
    struct harden_config_options config;
    struct outcome again; /* a second run of the original, made when first needed */
    bool has_again;
    struct outcome restart; /* the original's second start on its volumes, when it has any */
    bool has_restart;
    unsigned runs; /* so far: numbers the volumes */
};

/* One traced run under the exercise. volumes: the key of the folders behind the config's VOLUMEs;
 * empty: fresh ones. */
int loop_run(struct loop *l, const struct sandbox_root *root, const struct facts_run_as *as,
             struct str volumes, struct outcome *ret, struct err *e) MUST_USE;

/* Stage 5: differences from the original that two runs of the original do not show. */
int loop_compare(struct loop *l, const struct outcome *is, struct outcome_differences *ret,
                 struct err *e) MUST_USE;
struct str loop_describe(struct arena *a, const struct outcome_differences *diffs);

/* A candidate of these files, in l->r; the one before is dropped. */
int loop_make(struct loop *l, const struct facts_keep *keep, struct err *e) MUST_USE;

/* ---- harden_after.c: what is tried once a candidate holds ---- */

/* A second start on the volumes of the first, when the image has any. 1: the same as the original's
 * second start; 0: *diffs; -1. */
int after_restart(struct loop *l, struct outcome_differences *diffs, struct err *e) MUST_USE;

/* Another user, as the job says; fills the notes of l->r. */
int after_user(struct loop *l, struct err *e) MUST_USE;

#endif
