/* registry: every rule, in the order reports list them. */
#include "rules/rule.h"

extern const struct rule rule_cis_4_1, rule_cis_4_2, rule_cis_4_3, rule_cis_4_4, rule_cis_4_5,
    rule_cis_4_6, rule_cis_4_7, rule_cis_4_8, rule_cis_4_9, rule_cis_4_10, rule_cis_4_11,
    rule_cis_4_12, rule_caches, rule_duplicate_uid, rule_empty_password, rule_git,
    rule_group_writable, rule_ignore_expired, rule_leftovers, rule_login_port, rule_platform,
    rule_program_missing, rule_volume, rule_world_writable;

const struct rule *const rules_all[] = {
    &rule_cis_4_1,
    &rule_cis_4_2,
    &rule_cis_4_3,
    &rule_cis_4_4,
    &rule_cis_4_5,
    &rule_cis_4_6,
    &rule_cis_4_7,
    &rule_cis_4_8,
    &rule_cis_4_9,
    &rule_cis_4_10,
    &rule_cis_4_11,
    &rule_cis_4_12,
    &rule_caches,
    &rule_duplicate_uid,
    &rule_empty_password,
    &rule_git,
    &rule_group_writable,
    &rule_ignore_expired,
    &rule_leftovers,
    &rule_login_port,
    &rule_platform,
    &rule_program_missing,
    &rule_volume,
    &rule_world_writable,
    NULL,
};

const struct rule *rules_find(struct str id)
{
    for (size_t i = 0; rules_all[i]; i++)
        if (rule_is(&rules_all[i]->info, id))
            return rules_all[i];
    return NULL;
}
