/* lint_told: a Dockerfile → the literal values whose variables or options tell that they are
 * secrets, and texts without them. */
#ifndef LINT_LINT_TOLD_H
#define LINT_LINT_TOLD_H

#include "lint/lint_file.h"

struct lint_told {
    struct strs values;  /* each once */
    struct span *places; /* of each where it was written first, with its quotes and continuations */
    bool too_many;       /* to look for: no text is shown */
};

/* Of ENV, ARG and build arguments, of defaults in ${NAME:-value}, of --password VALUE. */
void lint_told_find(struct arena *a, const struct lint_file *file, struct lint_told *ret);

/* The text with the values cut short; text itself when it has none of them. */
struct str lint_told_redact(struct arena *a, const struct lint_told *t, struct str text);

/* The same with stars in place of what is cut: every byte and line stays where it is. */
struct str lint_told_mask(struct arena *a, const struct lint_told *t, struct str text);

#endif
