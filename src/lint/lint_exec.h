/* lint_exec: a shell form → the exec form that runs the same, where one does. */
#ifndef LINT_LINT_EXEC_H
#define LINT_LINT_EXEC_H

#include "lint/lint_rule.h"

/* Gives the finding the edits that make of a CMD, ENTRYPOINT or HEALTHCHECK in shell form one in
 * exec form, when it is one command without anything that only a shell understands. */
void lint_exec_form(struct lint_context *c, struct lint_finding *f, const struct lint_step *step);

#endif
