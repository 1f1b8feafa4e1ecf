/* lint_report: what was found in Dockerfiles → text in the form a program or a person asked for. */
#ifndef REPORT_LINT_REPORT_H
#define REPORT_LINT_REPORT_H

#include "lint/lint.h"

struct lint_reports VEC(struct lint_report);

enum lint_format { LINT_TTY, LINT_JSON };

/* All files in one text. Findings that are ignored are left out. */
struct str report_lint(struct arena *a, const struct lint_reports *reports, enum lint_format format,
                       bool color);

#endif
