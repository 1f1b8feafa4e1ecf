/* expand_glob: patterns of ${x#p} and its kin: * is anything, ? one character, \ takes the next as
 * it is. */
#ifndef DOCKERFILE_EXPAND_GLOB_H
#define DOCKERFILE_EXPAND_GLOB_H

#include "base/err.h"
#include "base/str.h"

/* Without the shortest or longest prefix (or suffix) that fits the pattern. */
int expand_glob_trim(struct arena *a, struct str value, struct str pattern, bool suffix,
                     bool longest, uint64_t *work, struct str *ret, struct err *e) MUST_USE;

/* With the first (or every) longest part that fits replaced. */
int expand_glob_replace(struct arena *a, struct str value, struct str pattern, struct str by,
                        bool all, uint64_t *work, struct str *ret, struct err *e) MUST_USE;

#endif
