/* audit_part: see audit_part.h.
 *
 * Invariants
 * 1. What is counted is what is kept: thresholds see nothing else. (test_audit_part: counts)
 * 2. A finding of the baseline is hidden whatever layers, lines and versions moved; each hides one.
 *    (test_audit_part: hidden)
 * 3. A file that is no whole report is refused, with the place. (test_audit_part: refused)
 */
#include "rules/audit_part.h"

#include "base/json.h"
#include "base/limits.h"

void rules_count(struct audit_report *r)
{
    struct audit_counts n = {0};
    vec_each (&r->checks, i) {
        const struct check *c = &r->checks.v[i];
        n.by_status[c->status]++;
        for (size_t k = 0; k < c->n; k++) {
            const struct finding *f = &r->findings.v[c->first + k];
            size_t places = rules_places(f, k);
            *(f->ignored.n ? &n.ignored : &n.by_severity[f->severity]) += places;
            n.inherited += f->ignored.n || !f->inherited ? 0 : places;
        }
    }
    r->counts = n;
}

/* The same with the findings of one check fewer. */
struct part {
    struct arena *a;
    struct findings findings;
    struct checks checks;
};

static void add_check(struct part *p, const struct audit_report *r, const struct check *c,
                      bool (*keep)(const void *ctx, const struct finding *f), const void *ctx)
{
    struct check *kept = vec_push(p->a, &p->checks);
    *kept = *c;
    kept->first = p->findings.n;
    kept->n = 0;
    for (size_t i = 0; i < c->n; i++) {
        const struct finding *f = &r->findings.v[c->first + i];
        if (keep && !keep(ctx, f))
            continue;
        *vec_push(p->a, &p->findings) = *f;
        kept->n++;
    }
    if (kept->n == c->n)
        return;
    kept->status = CHECK_KNOWN;
    if (kept->n) {
        kept->status = rules_status_of(p->findings.v + kept->first, kept->n);
        return;
    }
    kept->evidence = str_fmt(p->a, "%zu finding%s, all of the baseline", c->n - kept->n,
                             c->n - kept->n == 1 ? "" : "s");
}

static void take(struct audit_report *r, const struct part *p)
{
    r->findings = p->findings;
    r->checks = p->checks;
    rules_count(r);
}

void rules_only_cis(struct arena *a, struct audit_report *r)
{
    struct part p = {.a = a};
    vec_each (&r->checks, i)
        if (r->checks.v[i].rule->cis)
            add_check(&p, r, &r->checks.v[i], NULL, NULL);
    r->benchmark = true;
    take(r, &p);
}

/* ---- baselines ---- */

static int refuse(const struct audit_baseline *b, struct err *e, const char *where,
                  const char *what)
{
    return err_set(e, ERR_INPUT,
                   STR_F ": %s: %s; a baseline is what shuck audit --format json printed",
                   STR_A(b->name), where, what);
}

static int read_finding(struct audit_baseline *b, const json_t *one, size_t i, struct arena *a,
                        struct err *e)
{
    enum { IDENTITY = 32 };
    char where[48];
    struct str identity = {0}, *rule = arena_new(a, struct str);
    snprintf(where, sizeof where, "findings[%zu]", i);
    if (!json_is_object(one))
        return refuse(b, e, where, "is no object");
    if (json_get_str(one, "identity", a, &identity, e) || json_get_str(one, "rule", a, rule, e))
        return err_wrap(e, STR_F ": %s", STR_A(b->name), where);
    if (identity.n != IDENTITY || !rule->n)
        return refuse(b, e, where, "has no identity, or no rule");
    *map_at(&b->rules, identity) = rule;
    return 0;
}

static int read_findings(struct audit_baseline *b, const json_t *report, struct arena *a,
                         struct err *e)
{
    const json_t *findings = json_object_get(report, "findings");
    const json_t *since = json_object_get(report, "since");
    if (!json_is_object(report))
        return refuse(b, e, "line 1", "is no object");
    if (!json_is_integer(json_object_get(report, "schema_version")))
        return refuse(b, e, "schema_version", "is no number");
    if (!json_is_array(findings))
        return refuse(b, e, "findings", "is no list");
    if (since && !json_is_null(since))
        return refuse(b, e, "since", "it was made with --since itself and has only what was new");
    for (size_t i = 0; i < json_array_size(findings); i++)
        if (read_finding(b, json_array_get(findings, i), i, a, e))
            return -1;
    return 0;
}

int rules_baseline_read(struct str bytes, struct str name, struct arena *a,
                        struct audit_baseline *ret, struct err *e)
{
    JSON_AUTO json_t *report = NULL;
    struct audit_baseline b = {.name = name, .rules = {.a = a}};
    if (json_read(bytes, &report, e))
        return err_wrap(e, STR_F, STR_A(name));
    if (read_findings(&b, report, a, e))
        return -1;
    *ret = b;
    return 0;
}

static bool is_new(const void *ctx, const struct finding *f)
{
    const struct audit_baseline *b = ctx;
    return !map_has(&b->rules, f->identity);
}

/* Findings of the baseline that are not there any more, of rules that were run. */
static size_t resolved(struct arena *a, const struct audit_baseline *b,
                       const struct audit_report *r)
{
    struct map run = {.a = a}, found = {.a = a};
    size_t n = 0;
    vec_each (&r->checks, i)
        if (r->checks.v[i].status != CHECK_SKIPPED)
            *map_at(&run, str_of(r->checks.v[i].rule->id)) = &run;
    vec_each (&r->findings, i)
        *map_at(&found, r->findings.v[i].identity) = &found;
    map_each (&b->rules, i) {
        const struct str *rule = b->rules.v[i].value;
        n += map_has(&run, *rule) && !map_has(&found, b->rules.v[i].key);
    }
    return n;
}

void rules_since(struct arena *a, const struct audit_baseline *baseline, struct audit_report *r)
{
    struct part p = {.a = a};
    r->since = (struct audit_since){baseline->name, 0, resolved(a, baseline, r)};
    vec_each (&r->checks, i)
        add_check(&p, r, &r->checks.v[i], is_new, baseline);
    r->since.known = r->findings.n - p.findings.n;
    take(r, &p);
}
