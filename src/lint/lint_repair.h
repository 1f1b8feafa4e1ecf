/* lint_repair: a Dockerfile → the same with what can be repaired repaired. */
#ifndef LINT_LINT_REPAIR_H
#define LINT_LINT_REPAIR_H

#include "lint/lint.h"

struct lint_repaired {
    struct str text;         /* the input itself when nothing was repaired */
    size_t n;                /* repairs made */
    struct lint_file file;   /* of text */
    struct lint_report left; /* what is still found in it */
};

/* Repairs what findings offer up to the given safety (FIX_SAFE, FIX_UNSAFE), reads the result
 * again, and so on until nothing is left to repair. A repair after which the file has an error it
 * did not have is not made. Findings that are ignored are left alone. Doing it again changes
 * nothing. */
void lint_repair(struct arena *a, struct str name, struct str text, const struct lint_reading *how,
                 const struct lint_options *options, enum fix_safety most,
                 struct lint_repaired *ret);

#endif
