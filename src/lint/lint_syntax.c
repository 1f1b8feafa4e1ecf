/* lint_syntax: what the parser could not read, as findings. */
#include "lint/lint_rules.h"

static void check_syntax(struct lint_context *c)
{
    vec_each (&c->file->errors, i)
        lint_add(c, c->file->errors.v[i].place, STR_F, STR_A(c->file->errors.v[i].text));
}

static const struct lint_rule syntax = {
    .info = {.id = "DL1000",
             .severity = SEVERITY_HIGH,
             .title = "The file can be read",
             .why = "A builder stops at what it cannot read, or reads it as something else.",
             .remedy = "Mend the line; the message says what was expected there."},
    .file_hook = check_syntax,
};

const struct lint_rule *const lint_syntax[] = {&syntax, NULL};
