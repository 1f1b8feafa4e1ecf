/* lint_rules: the families of rules, a file each. Each list ends with NULL. */
#ifndef LINT_LINT_RULES_H
#define LINT_LINT_RULES_H

#include "lint/lint_rule.h"

extern const struct lint_rule *const lint_syntax[];
extern const struct lint_rule *const lint_apt[];
extern const struct lint_rule *const lint_apk[];
extern const struct lint_rule *const lint_yum[];
extern const struct lint_rule *const lint_zypper[];
extern const struct lint_rule *const lint_updates[];
extern const struct lint_rule *const lint_python[];
extern const struct lint_rule *const lint_node[];
extern const struct lint_rule *const lint_gem[];
extern const struct lint_rule *const lint_go[];
extern const struct lint_rule *const lint_commands[];
extern const struct lint_rule *const lint_downloads[];
extern const struct lint_rule *const lint_layers[];
extern const struct lint_rule *const lint_pipes[];
extern const struct lint_rule *const lint_setuid[];
extern const struct lint_rule *const lint_trust[];
extern const struct lint_rule *const lint_pinned[];
extern const struct lint_rule *const lint_verify[];
extern const struct lint_rule *const lint_credentials[];
extern const struct lint_rule *const lint_from[];
extern const struct lint_rule *const lint_stages[];
extern const struct lint_rule *const lint_copy[];
extern const struct lint_rule *const lint_process[];
extern const struct lint_rule *const lint_health[];
extern const struct lint_rule *const lint_user[];
extern const struct lint_rule *const lint_env[];
extern const struct lint_rule *const lint_labels[];
extern const struct lint_rule *const lint_onbuild[];
extern const struct lint_rule *const lint_casing[];
extern const struct lint_rule *const lint_variables[];
extern const struct lint_rule *const lint_layout[];
extern const struct lint_rule *const lint_workdir[];
extern const struct lint_rule *const lint_expose[];
extern const struct lint_rule *const lint_platform[];
extern const struct lint_rule *const lint_ignored[];
extern const struct lint_rule *const lint_inline[];

/* A rule without a hook: lint_check() has its findings from lint_pragmas(). */
extern const struct lint_rule lint_inline_unused;

#endif
