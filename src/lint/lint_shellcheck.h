/* lint_shellcheck: the RUNs of a Dockerfile → scripts for ShellCheck → its comments as findings.
 *
 * Pure: who runs the program is in road/. A script is a RUN in shell form below a #! line that says
 * which shell it is for, and a line that exports the variables that ARG and ENV made known. */
#ifndef LINT_LINT_SHELLCHECK_H
#define LINT_LINT_SHELLCHECK_H

#include "base/map.h"
#include "lint/lint.h"

struct lint_script {
    struct str text;      /* what ShellCheck reads */
    size_t prologue;      /* bytes of it that are not of the step */
    struct placed source; /* the rest */
    size_t step;
};
struct lint_scripts VEC(struct lint_script);

/* Adds the scripts of the file, in its order. Those of shells that ShellCheck does not know are
 * left out; so are those larger than LIMIT_SCRIPT_BYTES, which are counted. */
size_t lint_shellcheck_scripts(struct arena *a, const struct lint_file *file, bool compat,
                               struct lint_scripts *to);

/* Lines and columns from 1, in characters of the script. */
struct lint_comment {
    uint32_t code, line, column, end_line, end_column;
    enum severity severity;
    struct str message;
};
struct lint_comments VEC(struct lint_comment);

/* Options for `shellcheck`, before the scripts: the form of its reply, and what it is not asked. */
struct strs lint_shellcheck_options(bool compat);

/* Its reply to n scripts, of which number i was named prefix + (first + i): comments of each. */
int lint_shellcheck_read(struct arena *a, struct str reply, struct str prefix, uint64_t first,
                         struct lint_comments *scripts, size_t n, struct err *e) MUST_USE;

/* What rules there are is not known before ShellCheck speaks: each code is described when it is
 * first seen. A zeroed one with .a set is ready; the arena outlives the findings. */
struct lint_codes {
    struct arena *a;
    struct map rules; /* id → struct rule_info */
};

/* Comments of one script → findings with places in its file. Comments on the prologue are none. */
void lint_shellcheck_findings(struct lint_codes *codes, struct arena *a,
                              const struct lint_script *script,
                              const struct lint_comments *comments, struct lint_findings *to);

#endif
