/* lint_ids: a word → may it be the id of a rule, ours or ShellCheck's? */
#include "lint/lint_rule.h"

bool lint_rule_may_be(struct str id)
{
    bool digits = id.n == 6;
    for (size_t i = 2; i < id.n; i++)
        digits &= id.p[i] >= '0' && id.p[i] <= '9';
    return (digits && (str_starts_case(id, STR("SC")) || str_starts_case(id, STR("DL")))) ||
           lint_rule_find(id);
}
