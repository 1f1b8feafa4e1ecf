/* finding: names and places → text.
 *
 * Invariants
 * 1. severity_parse() reads what severity_name() says, and nothing else. (test_finding: severities)
 * 2. A location's text is one line as long as its parts are; bytes are kept as they came and made
 *    safe where they are printed. (test_finding: locations)
 * 3. An id of Trivy is the same however it is written. (test_finding: Trivy)
 */
#include "finding/finding.h"

#include "base/buf.h"

static const char *const severities[] = {
    [SEVERITY_INFO] = "info", [SEVERITY_LOW] = "low",           [SEVERITY_MEDIUM] = "medium",
    [SEVERITY_HIGH] = "high", [SEVERITY_CRITICAL] = "critical",
};

const char *severity_name(enum severity s)
{
    return severities[s];
}

int severity_parse(struct str text, enum severity *ret, struct err *e)
{
    for (size_t i = 0; i < sizeof severities / sizeof *severities; i++)
        if (str_is(text, severities[i])) {
            *ret = (enum severity)i;
            return 0;
        }
    return err_set(e, ERR_USAGE,
                   "no severity \"" STR_F "\"; there are info, low, medium, high and critical",
                   STR_A(text));
}

const char *check_status_name(enum check_status s)
{
    static const char *const names[] = {"pass", "fail", "skipped", "ignored", "known", "noted"};
    return names[s];
}

/* "010" of DS-0010 and AVD-DS-0010; of others nothing */
static struct str trivy_digits(struct str id)
{
    struct str rest = str_starts(id, STR("AVD-")) ? str_from(id, sizeof "AVD-" - 1) : id;
    if (!str_starts(rest, STR("DS-0")))
        return (struct str){0};
    return str_from(rest, sizeof "DS-0" - 1);
}

struct str rule_id_plain(struct arena *a, struct str id)
{
    struct str digits = trivy_digits(id);
    return digits.n ? str_fmt(a, "DS" STR_F, STR_A(digits)) : id;
}

bool rule_id_is(struct str plain, struct str id)
{
    struct str digits = trivy_digits(id);
    if (!digits.n)
        return str_eq_case(plain, id);
    return str_starts(plain, STR("DS")) && str_eq(str_from(plain, sizeof "DS" - 1), digits);
}

/* The benchmark's own number, where a rule is named after it. */
static bool is_number_of(const struct rule_info *rule, struct str id)
{
    return str_starts(str_of(rule->id), STR("CIS-")) && rule->cis && str_is(id, rule->cis);
}

bool rule_is(const struct rule_info *rule, struct str id)
{
    if (str_eq_case(id, str_of(rule->id)) || is_number_of(rule, id))
        return true;
    for (size_t i = 0; i < sizeof rule->aliases / sizeof *rule->aliases && rule->aliases[i]; i++)
        if (rule_id_is(str_of(rule->aliases[i]), id))
            return true;
    return false;
}

struct strs rule_aliases(struct arena *a, const struct rule_info *rule)
{
    enum { MOST = sizeof rule->aliases / sizeof *rule->aliases };
    struct strs list = {arena_array(a, struct str, MOST), 0};
    for (size_t i = 0; i < MOST && rule->aliases[i]; i++)
        list.v[list.n++] = str_of(rule->aliases[i]);
    return list;
}

struct str location_text(struct arena *a, const struct location *l)
{
    struct buf b = {.a = a};
    switch (l->kind) {
    case LOCATION_IMAGE:
        buf_addz(&b, "image");
        break;
    case LOCATION_CONFIG:
        buf_addf(&b, "config " STR_F, STR_A(l->config_key));
        break;
    case LOCATION_LAYER:
        buf_addf(&b, "layer %u", l->layer);
        if (l->path.n)
            buf_addf(&b, " " STR_F, STR_A(l->path));
        break;
    case LOCATION_FILE:
        buf_add(&b, l->path);
        if (l->line)
            buf_addf(&b, ":%u", l->line);
        if (l->line && l->column)
            buf_addf(&b, ":%u", l->column);
        break;
    }
    return buf_str(&b);
}
