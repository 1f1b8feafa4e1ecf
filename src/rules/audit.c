/* audit: facts × rules → findings, checks and their counts.
 *
 * Invariants
 * 1. Checks come in the order of rules_all[], findings in the order of checks. (test_rules: order)
 * 2. An ignored finding stays in the report with its reason and counts for no threshold.
 *    (test_audit: ignored)
 * 3. An expired ignore covers nothing. (test_audit: expired)
 * 4. An ignore that covers nothing is noted. (test_audit: covers nothing)
 * 5. Findings that are informational fail no check. (test_audit: noted)
 * 6. A finding of which all places are in what the base brought is inherited, and no other.
 *    (test_audit: inherited, inherited and ours)
 */
#include "rules/audit.h"

#include "base/limits.h"
#include "finding/identity.h"
#include "rules/audit_part.h"
#include "rules/rule.h"
#include "secret/redact.h"

static const struct policy no_policy;

size_t rules_places(const struct finding *f, size_t i)
{
    return i + 1 == LIMIT_RULE_FINDINGS ? f->count : 1;
}

size_t rules_found(const struct audit_counts *counts)
{
    size_t n = 0;
    for (size_t s = 0; s <= SEVERITY_CRITICAL; s++)
        n += counts->by_severity[s];
    return n;
}

enum check_status rules_status_of(const struct finding *findings, size_t n)
{
    enum check_status status = CHECK_IGNORED;
    for (size_t i = 0; i < n; i++) {
        if (findings[i].ignored.n)
            continue;
        if (findings[i].severity > SEVERITY_INFO)
            return CHECK_FAIL;
        status = CHECK_NOTED;
    }
    return status;
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

/* What rules are run with, beside what they see. */
struct run {
    struct rule_context c;
    bool *used;      /* of the policy's ignores: covers a finding */
    struct map seen; /* for identities */
};

static void apply_ignores(struct run *r, struct finding *f)
{
    const struct policy *policy = r->c.policy;
    for (size_t i = 0; i < policy->ignores.n; i++) {
        const struct ignore *ignore = &policy->ignores.v[i];
        if (ignore_expired(ignore, r->c.today) || !ignore_covers(ignore, f->rule, &f->where))
            continue;
        r->used[i] = true;
        if (!f->ignored.n)
            f->ignored = ignore->reason;
    }
}

static void complete(struct run *r, struct finding *f)
{
    f->inherited = !f->ours && rule_inherited(&r->c, &f->where);
    apply_ignores(r, f);
    f->identity = finding_identity(&r->seen, f);
}

static void run_rule(struct run *r, const struct rule *rule, struct check *check)
{
    struct rule_context *c = &r->c;
    *check = (struct check){.rule = &rule->info, .first = c->findings->n};
    c->rule = &rule->info;
    c->check = check;
    if (rule->of_config && rule_of_folder(c))
        rule_skip(c, "a folder has no config and no history to look at");
    else
        rule->check(c);
    for (size_t i = 0; i < check->n; i++)
        complete(r, &c->findings->v[check->first + i]);
    if (check->n)
        check->status = rules_status_of(c->findings->v + check->first, check->n);
}

static struct str user_text(struct arena *a, const struct facts *f)
{
    const struct facts_run_as *as = &f->run_as;
    if (f->image->name.transport == IMAGE_DIR)
        return STR("not known (a folder has no configuration)");
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

static struct audit_image describe_image(struct rule_context *c)
{
    struct arena *a = c->a;
    const struct facts *f = c->facts;
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
    d.command = secret_redact_words(c->secrets, a, f->command);
    return d;
}

/* An ignore that is good for nothing is said, so that the list does not grow for ever. */
static void note_ignores(struct arena *a, const struct run *r, struct audit_report *ret)
{
    const struct ignores *ignores = &r->c.policy->ignores;
    struct strs notes = {arena_array(a, struct str, ret->notes.n + ignores->n), 0};
    for (size_t i = 0; i < ret->notes.n; i++)
        notes.v[notes.n++] = ret->notes.v[i];
    vec_each (ignores, i) {
        const struct ignore *one = &ignores->v[i];
        if (r->used[i] || ignore_expired(one, r->c.today))
            continue;
        notes.v[notes.n++] = str_fmt(
            a, STR_F ":%u: the ignore of " STR_F "%s" STR_F " covers nothing", STR_A(one->source),
            one->line, STR_A(one->rule), one->path.n ? " at " : "", STR_A(one->path));
    }
    ret->notes = notes;
}

void rules_audit(struct arena *a, const struct facts *f, const struct audit_options *options,
                 struct audit_report *ret)
{
    const struct facts_base *base = &f->base;
    struct secret_scanner *secrets =
        options->secrets ? secret_scanner_new(options->secrets) : secret_scanner_builtin();
    *ret = (struct audit_report){
        .base = {str_of(rules_rung_name(base->rung)), base->pretty_name, base->name, base->digest,
                 base->evidence, base->below.layers, base->below.evidence, base->below.created,
                 base->below.sure},
        .packages = f->packages.n,
        .notes = options->notes,
    };
    struct run r = {.c = {.a = a,
                          .facts = f,
                          .policy = options->policy ? options->policy : &no_policy,
                          .today = options->today,
                          .secrets = secrets,
                          .findings = &ret->findings},
                    .seen = {.a = a}};
    ret->image = describe_image(&r.c);
    r.used = arena_array(a, bool, r.c.policy->ignores.n);
    for (size_t i = 0; rules_all[i]; i++) {
        struct check check;
        run_rule(&r, rules_all[i], &check);
        *vec_push(a, &ret->checks) = check;
    }
    rules_count(ret);
    note_ignores(a, &r, ret);
    secret_scanner_free(secrets);
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

int rules_check_policy(const struct policy *policy, struct arena *a, struct err *e)
{
    struct audit_threshold ignored;
    vec_each (&policy->ignores, i) {
        const struct ignore *one = &policy->ignores.v[i];
        if (!rules_find(one->rule))
            return err_set(e, ERR_INPUT,
                           STR_F ":%u:%u: there is no rule \"" STR_F "\" to ignore; shuck explain "
                                 "lists them",
                           STR_A(one->source), one->line, one->column, STR_A(one->rule));
    }
    if (!policy->fail_on.n || rules_threshold_read(policy->fail_on, a, &ignored, e) == 0)
        return 0;
    e->kind = ERR_INPUT; /* of a file, not of the command line */
    return err_wrap(e, STR_F ":%u:%u", STR_A(policy->source), policy->fail_on_line,
                    policy->fail_on_column);
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
