/* audit_benchmark: struct audit_report → the items of the benchmark in order, as an auditor files
 * them: verdict, what was seen, what to do.
 *
 * Invariants
 * 1. Every item is there, in the benchmark's order, with a verdict. (tests/cli/audit/benchmark)
 * 2. No control character of an image reaches the terminal: every text passes safe_text().
 *    (tests/audit_formats.t: bad bytes)
 */
#include "base/map.h"
#include "base/safe.h"
#include "report/audit_report.h"
#include "report/fill.h"

enum { WIDTH = 100, INDENT = 16, SHOWN = 6 };

static const char *const verdicts[] = {
    [CHECK_PASS] = "PASS",       [CHECK_FAIL] = "FAIL",   [CHECK_SKIPPED] = "SKIPPED",
    [CHECK_IGNORED] = "IGNORED", [CHECK_KNOWN] = "KNOWN", [CHECK_NOTED] = "NOTED",
};

static void add_text(struct buf *b, const char *label, struct str text)
{
    buf_addf(b, "      %-9s ", label);
    report_fill(b, safe_text(b->a, text), INDENT, INDENT, WIDTH);
}

static struct str finding_text(struct arena *a, const struct finding *f)
{
    struct str where = location_text(a, &f->where);
    return str_fmt(a, "%s, " STR_F ": " STR_F "%s%s" STR_F, severity_name(f->severity),
                   STR_A(where), STR_A(f->evidence), f->inherited ? " (from the base)" : "",
                   f->ignored.n ? "; accepted: " : "", STR_A(f->ignored));
}

/* The worst first. Returns how many are left out. */
static size_t add_evidence(struct buf *b, const struct audit_report *r, const struct check *c,
                           bool all)
{
    size_t shown = 0, most = all || c->n == SHOWN + 1 ? c->n : SHOWN;
    for (int s = SEVERITY_CRITICAL; s >= 0; s--)
        for (size_t i = 0; i < c->n; i++) {
            const struct finding *f = &r->findings.v[c->first + i];
            if ((int)f->severity == s && shown < most)
                add_text(b, shown++ ? "" : "evidence", finding_text(b->a, f));
        }
    return c->n - shown;
}

/* Those of the findings, each once. */
static void add_remedies(struct buf *b, const struct audit_report *r, const struct check *c)
{
    struct map said = {.a = b->a};
    for (size_t i = 0; i < c->n && said.n < SHOWN; i++) {
        const struct finding *f = &r->findings.v[c->first + i];
        struct str remedy = report_audit_remedy(f);
        if (f->ignored.n || map_has(&said, remedy))
            continue;
        add_text(b, said.n ? "" : "remedy", remedy);
        *map_at(&said, remedy) = &said;
    }
}

static void add_item(struct buf *b, const struct audit_report *r, const struct check *c, bool all)
{
    buf_addf(b, "%-5s %-9s %s\n", c->rule->cis, verdicts[c->status], c->rule->title);
    if (!c->n)
        add_text(b, c->status == CHECK_SKIPPED ? "because" : "evidence", c->evidence);
    size_t left = add_evidence(b, r, c, all);
    if (left)
        add_text(b, "", str_fmt(b->a, "and %zu more: --all", left));
    if (c->status == CHECK_FAIL)
        add_remedies(b, r, c);
    if (c->status == CHECK_SKIPPED)
        add_text(b, "remedy", str_of(c->rule->remedy));
    buf_addc(b, '\n');
}

struct str report_audit_benchmark(struct arena *a, const struct audit_report *r,
                                  const struct report_audit_options *options)
{
    struct buf b = {.a = a};
    const size_t *n = r->counts.by_status;
    buf_addz(&b, "CIS Docker Benchmark, section 4: container images and build files\n");
    add_text(&b, "image", r->image.name);
    add_text(&b, "digest", r->image.digest.n ? r->image.digest : STR("none: a folder"));
    add_text(&b, "platform", r->image.platform);
    add_text(&b, "base", r->base.pretty_name.n ? r->base.pretty_name : r->base.rung);
    add_text(&b, "audited by", STR("shuck " SHUCK_VERSION));
    buf_addc(&b, '\n');
    vec_each (&r->checks, i)
        add_item(&b, r, &r->checks.v[i], options->all);
    buf_addf(&b, "%zu of %zu items pass, %zu fail, %zu skipped", n[CHECK_PASS], r->checks.n,
             n[CHECK_FAIL], n[CHECK_SKIPPED]);
    if (n[CHECK_NOTED])
        buf_addf(&b, ", %zu noted", n[CHECK_NOTED]);
    if (n[CHECK_IGNORED])
        buf_addf(&b, ", %zu ignored", n[CHECK_IGNORED]);
    if (n[CHECK_KNOWN])
        buf_addf(&b, ", %zu known", n[CHECK_KNOWN]);
    buf_addc(&b, '\n');
    return buf_str(&b);
}
