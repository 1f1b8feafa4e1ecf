/* Any bytes as .shuck.yaml: read or refused with a place, and what was read is applied. */
#include <stdint.h>

#include "finding/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct rule_info rule = {.id = "CIS-4.8", .aliases = {"CIS-DI-0008"}};
    struct finding f = {.rule = &rule,
                        .where = {.kind = LOCATION_LAYER, .path = STR("/usr/bin/su")}};
    struct arena a = {0};
    struct policy policy = {0};
    struct err e = {0};
    int rc = policy_read((struct str){(const char *)data, n}, STR("x"), &a, &policy, &e);
    if (rc && (e.kind == ERR_NONE || strncmp(e.text, "x:", 2) != 0))
        abort();
    vec_each (&policy.ignores, i) {
        const struct ignore *one = &policy.ignores.v[i];
        if (!one->rule.n || !one->reason.n)
            abort();
        f.ignored = ignore_covers(one, f.rule, &f.where) ? one->reason : (struct str){0};
    }
    arena_free(&a);
    return 0;
}
