/* lint_pragma: see lint_pragma.h. */
#include "lint/lint_pragma.h"

void lint_pragmas(struct arena *a, const struct lint_options *options, struct lint_report *report)
{
    (void)a;
    (void)options;
    (void)report;
}
