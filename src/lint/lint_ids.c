/* lint_ids: a word → may it be the id of a rule, ours or ShellCheck's? */
#include "lint/lint_rule.h"

static bool has_form(struct str id, struct str kind)
{
    bool digits = id.n == 6;
    for (size_t i = 2; i < id.n; i++)
        digits &= id.p[i] >= '0' && id.p[i] <= '9';
    return digits && str_starts_case(id, kind);
}

bool lint_rule_may_be(struct str id)
{
    static const struct str gone[] = {STR_INIT("DL3005"), STR_INIT("DL3017"), STR_INIT("DL3031"),
                                      STR_INIT("DL3039"), STR_INIT("DL4002")};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        if (id.n == gone[i].n && str_starts_case(id, gone[i]))
            return true;
    return has_form(id, STR("SC")) || lint_rule_find(id);
}

bool lint_rule_has_form(struct str id)
{
    return has_form(id, STR("SC")) || has_form(id, STR("DL")) || lint_rule_find(id);
}
