/* lint_pragma: comments that speak to a checker → what they ask for. */
#ifndef LINT_LINT_PRAGMA_H
#define LINT_LINT_PRAGMA_H

#include "lint/lint.h"

/* Marks the findings that pragmas of the file ignore, unless the configuration says that they do
 * not count. */
void lint_pragmas(struct arena *a, const struct lint_options *options, struct lint_report *report);

#endif
