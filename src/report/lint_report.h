/* lint_report: what was found in Dockerfiles → text in the form a program or a person asked for.
 *
 * The names and shapes of the formats are those hadolint made known, so that what reads them today
 * goes on reading. Findings that are ignored are left out of all of them. */
#ifndef REPORT_LINT_REPORT_H
#define REPORT_LINT_REPORT_H

#include "base/buf.h"
#include "lint/lint.h"

enum lint_format {
    LINT_TTY,
    LINT_JSON,
    LINT_CHECKSTYLE,
    LINT_CODECLIMATE,
    LINT_GITLAB_CODECLIMATE,
    LINT_GNU,
    LINT_CODACY,
    LINT_SONARQUBE,
    LINT_SARIF,
    LINT_JUNIT,
};

/* As an option's choices. */
#define LINT_FORMATS                                                                               \
    "tty|json|checkstyle|codeclimate|gitlab_codeclimate|gnu|codacy|sonarqube|sarif|junit"

/* "tty", "json", …; false, and *ret as it was: none of them. */
bool lint_format_parse(struct str text, enum lint_format *ret);

struct lint_reports VEC(struct lint_report);

struct report_lint_options {
    enum lint_format format;
    bool color;
    bool compat;                    /* tty: one plain line a finding, as hadolint prints it */
    struct secret_scanner *secrets; /* what source lines are cleaned of; NULL: the built-in kinds */
};

/* All files in one text, in the order given. */
struct str report_lint(struct arena *a, const struct lint_reports *reports,
                       const struct report_lint_options *options);

/* The same a piece at a time: begin, each file, end. What is in `text` may be printed and its n set
 * to 0 after each call; a report, its file and its rules are not needed any more once its call is
 * done, but for rules that were made for it (ShellCheck's), which stand until the end. */
struct report_lint_output;
struct report_lint_output *report_lint_begin(struct arena *a,
                                             const struct report_lint_options *options);
void report_lint_file(struct report_lint_output *out, const struct lint_report *report);
void report_lint_end(struct report_lint_output *out);
struct buf *report_lint_text(struct report_lint_output *out);

#endif
