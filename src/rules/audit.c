/* audit: facts × rules → findings, checks and their counts.
 *
 * Invariants
 * 1. Checks come in the order of rules_all[], findings in the order of checks. (test_rules: order)
 * 2. An ignored finding stays in the report with its reason and counts for no threshold.
 *    (test_rules: ignored)
 * 3. An expired ignore covers nothing. (test_rules: expired)
 */
#include "rules/audit.h"

#include "base/limits.h"
#include "rules/rule.h"
#include "secret/redact.h"

static const struct policy no_policy;

size_t rules_found(const struct audit_counts *counts)
{
    size_t n = 0;
    for (size_t s = 0; s <= SEVERITY_CRITICAL; s++)
        n += counts->by_severity[s];
    return n;
}

const char *rules_rung_name(enum base_rung rung)
{
    static const char *const names[] = {
        [RUNG_SCRATCH] = "scratch",           [RUNG_DISTROLESS] = "distroless",
        [RUNG_BUSYBOX] = "busybox",           [RUNG_ALPINE] = "alpine",
        [RUNG_DISTRIBUTION] = "distribution", [RUNG_UNKNOWN] = "unknown",
    };
    return names[rung];
}

static void apply_ignores(const struct policy *policy, int32_t today, struct finding *f)
{
    for (size_t i = 0; i < policy->ignores.n && !f->ignored.n; i++) {
        const struct ignore *ignore = &policy->ignores.v[i];
        if (!ignore_expired(ignore, today) && ignore_covers(ignore, f))
            f->ignored = ignore->reason;
    }
}

static void run_rule(struct rule_context *c, const struct rule *rule, struct check *check,
                     struct audit_counts *counts)
{
    *check = (struct check){.rule = &rule->info, .first = c->findings->n};
    c->rule = &rule->info;
    c->check = check;
    rule->check(c);
    size_t covered = 0;
    for (size_t i = 0; i < check->n; i++) {
        struct finding *f = &c->findings->v[check->first + i];
        /* the last one that is kept stands for those that are not */
        size_t places = i + 1 == LIMIT_RULE_FINDINGS ? f->count : 1;
        apply_ignores(c->policy, c->today, f);
        covered += f->ignored.n != 0;
        *(f->ignored.n ? &counts->ignored : &counts->by_severity[f->severity]) += places;
    }
    if (check->n)
        check->status = covered == check->n ? CHECK_IGNORED : CHECK_FAIL;
    counts->by_status[check->status]++;
}

static struct str user_text(struct arena *a, const struct facts *f)
{
    const struct facts_run_as *as = &f->run_as;
    switch (as->verdict) {
    case USER_UNSET:
        return STR("root (not set)");
    case USER_UNKNOWN_NAME:
        return str_fmt(a, STR_F " (unknown)", STR_A(as->name));
    case USER_MALFORMED:
        return str_fmt(a, STR_F " (malformed)", STR_A(as->name));
    case USER_BY_NAME:
    case USER_NUMERIC:
        break;
    }
    return as->verdict == USER_BY_NAME
               ? str_fmt(a, STR_F " (%u:%u)", STR_A(as->name), as->uid, as->gid)
               : str_fmt(a, "%u:%u", as->uid, as->gid);
}

static struct audit_image describe_image(struct arena *a, const struct facts *f)
{
    const struct image *image = f->image;
    const struct image_platform *p = &image->config.platform;
    struct audit_image d = {
        .name = image_name_text(a, &image->name),
        .platform = str_fmt(a, STR_F "/" STR_F "%s" STR_F, STR_A(p->os), STR_A(p->arch),
                            p->variant.n ? "/" : "", STR_A(p->variant)),
        .bytes = f->tree->bytes,
        .files = f->tree->n_files,
        .layers = image->n_layers,
        .user = user_text(a, f),
    };
    if (image->manifest.n)
        d.digest = digest_text(a, &image->manifest_digest);
    else if (image->name.transport != IMAGE_DIR)
        d.digest = digest_text(a, &image->config_digest);
    for (size_t i = 0; i < image->n_layers; i++)
        d.stored_bytes += image->layers[i].size;
    d.command = (struct strs){arena_array(a, struct str, f->command.n), f->command.n};
    for (size_t i = 0; i < f->command.n; i++)
        d.command.v[i] = secret_redact(a, f->command.v[i]);
    return d;
}

void rules_audit(struct arena *a, const struct facts *f, const struct audit_options *options,
                 struct audit_report *ret)
{
    const struct facts_base *base = &f->base;
    *ret = (struct audit_report){
        .image = describe_image(a, f),
        .base = {str_of(rules_rung_name(base->rung)), base->pretty_name, base->name, base->digest,
                 base->evidence},
        .packages = f->packages.n,
        .notes = options->notes,
    };
    struct rule_context c = {.a = a,
                             .facts = f,
                             .policy = options->policy ? options->policy : &no_policy,
                             .today = options->today,
                             .findings = &ret->findings};
    for (size_t i = 0; rules_all[i]; i++) {
        struct check check;
        run_rule(&c, rules_all[i], &check, &ret->counts);
        *vec_push(a, &ret->checks) = check;
    }
}

int rules_threshold_read(struct str text, struct arena *a, struct audit_threshold *ret,
                         struct err *e)
{
    struct audit_threshold t = {.severity = SEVERITY_CRITICAL};
    struct ids VEC(struct str) ids = {0};
    struct str rest = text, one;
    if (str_is(text, "never")) {
        *ret = t;
        return 0;
    }
    do {
        enum severity s;
        struct err not_severity = {0};
        str_cut(rest, ',', &one, &rest);
        one = str_trim(one);
        if (rules_find(one)) {
            *vec_push(a, &ids) = one;
        } else if (severity_parse(one, &s, &not_severity) == 0) {
            t.severity = t.by_severity && t.severity < s ? t.severity : s;
            t.by_severity = true;
        } else {
            return err_set(e, ERR_USAGE,
                           "\"" STR_F "\" is no threshold; that is a severity (info, low, medium, "
                           "high, critical), the id of a rule, or never",
                           STR_A(one));
        }
    } while (rest.n);
    t.rules = (struct strs){ids.v, ids.n};
    *ret = t;
    return 0;
}

bool rules_over(const struct audit_report *report, const struct audit_threshold *threshold)
{
    vec_each (&report->findings, i) {
        const struct finding *f = &report->findings.v[i];
        if (f->ignored.n)
            continue;
        if (threshold->by_severity && f->severity >= threshold->severity)
            return true;
        for (size_t j = 0; j < threshold->rules.n; j++)
            if (rule_is(f->rule, threshold->rules.v[j]))
                return true;
    }
    return false;
}
