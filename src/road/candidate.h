/* candidate: a plan of what to keep → a real image, opened, merged and unpacked again like any
 * other, so that what is tested is what will be written. */
#ifndef ROAD_CANDIDATE_H
#define ROAD_CANDIDATE_H

#include "harden/harden.h"
#include "sandbox/sandbox.h"

struct candidate {
    struct image_draft draft;
    struct image_blob blob; /* the one layer */
    struct image *image;
    struct tree *tree; /* with digests and facts */
    struct facts facts;
    struct sandbox_root *root; /* NULL until candidate_unpack() */
};

#define CANDIDATE_NONE ((struct candidate){.blob.fd = -1})

/* original is the image the plan was made from. Freed by candidate_drop(), also after a failure. */
int candidate_make(struct sandbox *sb, struct arena *a, const struct facts *original,
                   const struct harden_plan *plan, struct candidate *ret, struct err *e) MUST_USE;
int candidate_unpack(struct sandbox *sb, struct candidate *c, struct err *e) MUST_USE;
void candidate_drop(struct candidate *c); /* CANDIDATE_NONE is fine */

#endif
