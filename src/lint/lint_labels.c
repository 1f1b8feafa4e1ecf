#include "lint/lint_rules.h"

const struct lint_rule *const lint_labels[] = {NULL};
