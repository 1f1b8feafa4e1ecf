/* policy: .shuck.yaml → struct policy.
 *
 * Invariants
 * 1. An ignore has a rule and a reason. (test_policy: refused)
 * 2. A key we do not know is an error: a misspelt "expires" must not make an ignore eternal.
 *    (test_policy: refused)
 * 3. Ids of a team's secrets are its own: each is there once. (test_policy: refused)
 */
#include "finding/policy.h"

#include "base/limits.h"
#include "base/yaml.h"

static int read_rule(struct yaml *y, struct yaml_node *value, void *into)
{
    struct ignore *ignore = into;
    if (yaml_text(y, value, "rule", &ignore->rule))
        return -1;
    ignore->line = yaml_line(value);
    ignore->column = yaml_column(value);
    return 0;
}

static int read_path(struct yaml *y, struct yaml_node *value, void *into)
{
    struct ignore *ignore = into;
    if (yaml_text(y, value, "path", &ignore->path))
        return -1;
    if (ignore->path.n > LIMIT_GLOB_BYTES)
        return yaml_refuse(y, value, "path has %zu bytes; at most %d are matched", ignore->path.n,
                           LIMIT_GLOB_BYTES);
    return 0;
}

static int read_reason(struct yaml *y, struct yaml_node *value, void *into)
{
    return yaml_text(y, value, "reason", &((struct ignore *)into)->reason);
}

static int read_expires(struct yaml *y, struct yaml_node *value, void *into)
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

static int read_ignore(struct yaml *y, struct yaml_node *item, void *into)
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

static int read_ignores(struct yaml *y, struct yaml_node *list, void *into)
{
    return yaml_list(y, list, "ignores", read_ignore, into);
}

struct texts VEC(struct str);

static int read_glob(struct yaml *y, struct yaml_node *item, const char *what, struct texts *texts)
{
    struct str text;
    if (yaml_text(y, item, what, &text))
        return -1;
    if (text.n > LIMIT_GLOB_BYTES)
        return yaml_refuse(y, item, "%s has %zu bytes; at most %d are matched", what, text.n,
                           LIMIT_GLOB_BYTES);
    *vec_push(y->a, texts) = text;
    return 0;
}

static int read_base(struct yaml *y, struct yaml_node *item, void *into)
{
    return read_glob(y, item, "a trusted base", into);
}

static int read_trusted(struct yaml *y, struct yaml_node *list, void *into)
{
    struct policy *policy = into;
    struct texts texts = {0};
    if (yaml_list(y, list, "trusted-bases", read_base, &texts))
        return -1;
    policy->trusted_bases = (struct strs){texts.v, texts.n};
    return 0;
}

static int read_fail_on(struct yaml *y, struct yaml_node *value, void *into)
{
    struct policy *policy = into;
    policy->fail_on_line = yaml_line(value);
    policy->fail_on_column = yaml_column(value);
    return yaml_text(y, value, "fail-on", &policy->fail_on);
}

/* ---- secrets ---- */

static int read_id(struct yaml *y, struct yaml_node *value, void *into)
{
    struct policy_secret *secret = into;
    if (yaml_text(y, value, "id", &secret->id))
        return -1;
    for (size_t i = 0; i < secret->id.n; i++) {
        char c = secret->id.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-') || secret->id.n > 64)
            return yaml_refuse(y, value,
                               "an id is of lower-case letters, digits and dashes, at most 64");
    }
    secret->line = yaml_line(value);
    return 0;
}

static int read_title(struct yaml *y, struct yaml_node *value, void *into)
{
    return yaml_text(y, value, "title", &((struct policy_secret *)into)->title);
}

static int read_pattern(struct yaml *y, struct yaml_node *value, void *into)
{
    struct policy_secret *secret = into;
    if (yaml_text(y, value, "pattern", &secret->pattern))
        return -1;
    if (secret->pattern.n > LIMIT_SECRET_PATTERN)
        return yaml_refuse(y, value, "the pattern has %zu bytes; at most %d are compiled",
                           secret->pattern.n, LIMIT_SECRET_PATTERN);
    return 0;
}

static int read_severity(struct yaml *y, struct yaml_node *value, void *into)
{
    struct str text;
    struct err e = {0};
    if (yaml_text(y, value, "severity", &text))
        return -1;
    if (severity_parse(text, &((struct policy_secret *)into)->severity, &e))
        return yaml_refuse(y, value, "%s", e.text);
    return 0;
}

static int read_keyword(struct yaml *y, struct yaml_node *item, void *into)
{
    return read_glob(y, item, "a keyword", into);
}

static int read_keywords(struct yaml *y, struct yaml_node *list, void *into)
{
    struct texts texts = {0};
    if (yaml_list(y, list, "keywords", read_keyword, &texts))
        return -1;
    ((struct policy_secret *)into)->keywords = (struct strs){texts.v, texts.n};
    return 0;
}

static int read_allowed(struct yaml *y, struct yaml_node *item, void *into)
{
    return read_glob(y, item, "what is allowed", into);
}

static int read_values(struct yaml *y, struct yaml_node *list, void *into)
{
    struct texts texts = {0};
    if (yaml_list(y, list, "values", read_allowed, &texts))
        return -1;
    ((struct policy_secret *)into)->allow_values = (struct strs){texts.v, texts.n};
    return 0;
}

static int read_paths(struct yaml *y, struct yaml_node *list, void *into)
{
    struct texts texts = {0};
    if (yaml_list(y, list, "paths", read_allowed, &texts))
        return -1;
    ((struct policy_secret *)into)->allow_paths = (struct strs){texts.v, texts.n};
    return 0;
}

static const struct yaml_key allow_keys[] = {
    {"values", read_values},
    {"paths", read_paths},
};

static int read_allow(struct yaml *y, struct yaml_node *map, void *into)
{
    return yaml_mapping(y, map, "allow", allow_keys, sizeof allow_keys / sizeof *allow_keys, into);
}

static const struct yaml_key secret_keys[] = {
    {"id", read_id},
    {"title", read_title},
    {"pattern", read_pattern},
    {"keywords", read_keywords},
    {"severity", read_severity},
    {"allow", read_allow},
};

static int read_secret(struct yaml *y, struct yaml_node *item, void *into)
{
    struct policy *policy = into;
    struct policy_secret secret = {.source = y->name, .severity = SEVERITY_HIGH};
    if (yaml_mapping(y, item, "a secret", secret_keys, sizeof secret_keys / sizeof *secret_keys,
                     &secret))
        return -1;
    if (!secret.id.n || !secret.pattern.n)
        return yaml_refuse(y, item, "a secret needs an id and a pattern");
    vec_each (&policy->secrets, i)
        if (str_eq(policy->secrets.v[i].id, secret.id))
            return yaml_refuse(y, item, "a second secret \"" STR_F "\"", STR_A(secret.id));
    if (policy->secrets.n == LIMIT_SECRET_KINDS)
        return yaml_refuse(y, item, "more than %d secrets", LIMIT_SECRET_KINDS);
    *vec_push(y->a, &policy->secrets) = secret;
    return 0;
}

static int read_secrets(struct yaml *y, struct yaml_node *list, void *into)
{
    return yaml_list(y, list, "secrets", read_secret, into);
}

static const struct yaml_key policy_keys[] = {
    {"ignores", read_ignores},
    {"secrets", read_secrets},
    {"trusted-bases", read_trusted},
    {"fail-on", read_fail_on},
};

int policy_read(struct str bytes, struct str name, struct arena *a, struct policy *ret,
                struct err *e)
{
    struct policy policy = {.source = name};
    struct yaml y = {.a = a, .name = name, .e = e};
    if (yaml_read(&y, bytes, LIMIT_POLICY_BYTES, policy_keys,
                  sizeof policy_keys / sizeof *policy_keys, &policy))
        return -1;
    *ret = policy;
    return 0;
}
