/* policy: .shuck.yaml → struct policy.
 *
 * Invariants
 * 1. An ignore has a rule and a reason. (test_policy: refused)
 * 2. A key we do not know is an error: a misspelt "expires" must not make an ignore eternal.
 *    (test_policy: refused)
 */
#include "finding/policy.h"

#include "base/limits.h"
#include "base/yaml.h"

static int read_rule(struct yaml *y, struct fy_node *value, void *into)
{
    struct ignore *ignore = into;
    if (yaml_text(y, value, "rule", &ignore->rule))
        return -1;
    ignore->line = yaml_line(value);
    return 0;
}

static int read_path(struct yaml *y, struct fy_node *value, void *into)
{
    struct ignore *ignore = into;
    if (yaml_text(y, value, "path", &ignore->path))
        return -1;
    if (ignore->path.n > LIMIT_GLOB_BYTES)
        return yaml_refuse(y, value, "path has %zu bytes; at most %d are matched", ignore->path.n,
                           LIMIT_GLOB_BYTES);
    return 0;
}

static int read_reason(struct yaml *y, struct fy_node *value, void *into)
{
    return yaml_text(y, value, "reason", &((struct ignore *)into)->reason);
}

static int read_expires(struct yaml *y, struct fy_node *value, void *into)
{
    struct ignore *ignore = into;
    struct str text;
    struct err e = {0};
    if (yaml_text(y, value, "expires", &text))
        return -1;
    if (ignore_date_parse(text, &ignore->expires, &e))
        return yaml_refuse(y, value, "%s", e.text);
    ignore->has_expiry = true;
    return 0;
}

static const struct yaml_key ignore_keys[] = {
    {"rule", read_rule},
    {"path", read_path},
    {"reason", read_reason},
    {"expires", read_expires},
};

static int read_ignore(struct yaml *y, struct fy_node *item, void *into)
{
    struct policy *policy = into;
    struct ignore ignore = {.source = y->name};
    if (yaml_mapping(y, item, "an ignore", ignore_keys, sizeof ignore_keys / sizeof *ignore_keys,
                     &ignore))
        return -1;
    if (!ignore.rule.n)
        return yaml_refuse(y, item, "an ignore needs a rule: the id of what it ignores");
    if (!ignore.reason.n)
        return yaml_refuse(y, item, "an ignore needs a reason: why " STR_F " is accepted here",
                           STR_A(ignore.rule));
    *vec_push(y->a, &policy->ignores) = ignore;
    return 0;
}

static int read_ignores(struct yaml *y, struct fy_node *list, void *into)
{
    return yaml_list(y, list, "ignores", read_ignore, into);
}

struct texts VEC(struct str);

static int read_base(struct yaml *y, struct fy_node *item, void *into)
{
    struct texts *texts = into;
    struct str text;
    if (yaml_text(y, item, "a trusted base", &text))
        return -1;
    if (text.n > LIMIT_GLOB_BYTES)
        return yaml_refuse(y, item, "a trusted base has %zu bytes; at most %d are matched", text.n,
                           LIMIT_GLOB_BYTES);
    *vec_push(y->a, texts) = text;
    return 0;
}

static int read_trusted(struct yaml *y, struct fy_node *list, void *into)
{
    struct policy *policy = into;
    struct texts texts = {0};
    if (yaml_list(y, list, "trusted-bases", read_base, &texts))
        return -1;
    policy->trusted_bases = (struct strs){texts.v, texts.n};
    return 0;
}

static int read_fail_on(struct yaml *y, struct fy_node *value, void *into)
{
    return yaml_text(y, value, "fail-on", &((struct policy *)into)->fail_on);
}

static const struct yaml_key policy_keys[] = {
    {"ignores", read_ignores},
    {"trusted-bases", read_trusted},
    {"fail-on", read_fail_on},
};

int policy_read(struct str bytes, struct str name, struct arena *a, struct policy *ret,
                struct err *e)
{
    struct policy policy = {0};
    struct yaml y = {.a = a, .name = name, .e = e};
    if (yaml_read(&y, bytes, LIMIT_POLICY_BYTES, policy_keys,
                  sizeof policy_keys / sizeof *policy_keys, &policy))
        return -1;
    *ret = policy;
    return 0;
}
