/* lint_pragma: comments that speak to a checker → what they ask for.
 *
 *     # hadolint ignore=DL3008,SC2086 # why      the next instruction; inside a continuation the
 *                                                next line of it
 *     # hadolint stage ignore=DL3008             above a FROM: its stage
 *     # hadolint global ignore=DL3008            the file
 *     # hadolint shell=bash                      the RUNs below, up to the next SHELL or FROM
 *     # check=skip=UndefinedVar;error=true       first in the file: all of it; else the next
 *                                                instruction, where only skip is read */
#ifndef LINT_LINT_PRAGMA_H
#define LINT_LINT_PRAGMA_H

#include "lint/lint.h"

enum lint_pragma_kind {
    LINT_PRAGMA_NONE, /* an ordinary comment */
    LINT_PRAGMA_IGNORE,
    LINT_PRAGMA_STAGE,
    LINT_PRAGMA_GLOBAL,
    LINT_PRAGMA_SHELL,
    LINT_PRAGMA_CHECK,
    LINT_PRAGMA_BAD, /* begins like a pragma, but cannot be read: it asks for nothing */
};

struct lint_pragma {
    enum lint_pragma_kind kind;
    struct lint_names ids;          /* views into the comment: IGNORE … GLOBAL, CHECK */
    struct lint_names experimental; /* of CHECK: rules it turns on */
    struct str reason;              /* behind a second #, or empty */
    struct str shell;
    bool error; /* of CHECK: what is found is an error */
};

/* A comment, its # included. With compat an id is what hadolint takes for one; else any rule's or
 * alias's name is. */
struct lint_pragma lint_pragma_read(struct arena *a, struct str comment, bool compat);

/* What follows "check=", in the directive or as a build argument. */
struct lint_pragma lint_pragma_check(struct arena *a, struct str value);

/* The file's directive, or the build argument that goes before it. */
struct lint_pragma lint_pragma_directive(struct arena *a, const struct lint_file *file);

/* Whether it is one of the checks that check= speaks of. */
bool lint_pragma_is_check(const struct rule_info *rule);

struct lint_context;

/* Marks the findings that pragmas of the file ignore, unless the configuration says that they do
 * not count. For each id that ignored nothing, c gets a finding. */
void lint_pragmas(struct lint_context *c, struct lint_report *report);

#endif
