/* audit_junit: struct audit_report → JUnit's XML: an image is a suite, a check a test.
 *
 * Invariants
 * 1. The counts of the suite are those of its tests. (tests/audit_formats.t: junit)
 * 2. Any bytes of an image become well-formed XML 1.0. (tests/audit_formats.t: bad bytes)
 * 3. A check that could not look is skipped with its reason, never passed. (tests/audit_formats.t:
 *    skipped)
 */
#include "base/safe.h"
#include "report/audit_report.h"
#include "report/xml.h"

static size_t count(const struct audit_report *r, enum check_status status)
{
    return r->counts.by_status[status];
}

/* The findings of a check, a line each. */
static void add_lines(struct buf *b, const struct audit_report *r, const struct check *c)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct finding *f = &r->findings.v[c->first + i];
        if (f->ignored.n)
            continue;
        buf_addf(b, "%s " STR_F ": " STR_F "%s\n", severity_name(f->severity),
                 STR_A(safe_html(b->a, location_text(b->a, &f->where))),
                 STR_A(safe_html(b->a, f->evidence)), f->inherited ? " (from the base)" : "");
    }
}

/* What a check that failed nothing saw. */
static void add_seen(struct buf *b, const struct audit_report *r, const struct check *c)
{
    buf_addz(b, "<system-out>");
    add_lines(b, r, c);
    buf_add(b, safe_html(b->a, c->evidence));
    buf_addz(b, "</system-out>\n");
}

/* What is to know beside the findings: files that were not searched, say. */
static void add_notes(struct buf *b, const struct strs *notes)
{
    if (!notes->n)
        return;
    buf_addz(b, "<system-out>");
    for (size_t i = 0; i < notes->n; i++)
        buf_addf(b, STR_F "\n", STR_A(safe_html(b->a, notes->v[i])));
    buf_addz(b, "</system-out>\n");
}

static void add_failure(struct buf *b, const struct audit_report *r, const struct check *c)
{
    enum severity worst = SEVERITY_INFO;
    size_t live = 0;
    for (size_t i = 0; i < c->n; i++) {
        const struct finding *f = &r->findings.v[c->first + i];
        if (f->ignored.n)
            continue;
        live++;
        worst = f->severity > worst ? f->severity : worst;
    }
    buf_addz(b, "<failure");
    xml_attribute(b, "type", str_of(severity_name(worst)));
    xml_attribute(b, "message", str_fmt(b->a, "%zu finding%s", live, live == 1 ? "" : "s"));
    buf_addc(b, '>');
    add_lines(b, r, c);
    buf_add(b, safe_html(b->a, str_of(c->rule->remedy)));
    buf_addz(b, "</failure>\n");
}

static void add_skipped(struct buf *b, struct str why)
{
    buf_addz(b, "<skipped");
    xml_attribute(b, "message", why);
    buf_addz(b, "/>\n");
}

static void add_check(struct buf *b, const struct audit_report *r, const struct check *c)
{
    buf_addz(b, "<testcase");
    xml_attribute(b, "name", str_fmt(b->a, "%s: %s", c->rule->id, c->rule->title));
    xml_attribute(b, "classname", r->image.name);
    buf_addz(b, " time=\"0\">\n");
    switch (c->status) {
    case CHECK_PASS:
    case CHECK_NOTED:
        add_seen(b, r, c);
        break;
    case CHECK_FAIL:
        add_failure(b, r, c);
        break;
    case CHECK_SKIPPED:
        add_skipped(b, c->evidence);
        break;
    case CHECK_IGNORED:
        add_skipped(b, str_fmt(b->a, "ignored: " STR_F, STR_A(r->findings.v[c->first].ignored)));
        break;
    case CHECK_KNOWN:
        add_skipped(b, c->evidence);
        break;
    case CHECK_STATUSES:
        break;
    }
    buf_addz(b, "</testcase>\n");
}

struct str report_audit_junit(struct arena *a, const struct audit_report *r)
{
    struct buf b = {.a = a};
    xml_begin(&b);
    buf_addz(&b, "<testsuites name=\"shuck audit\">\n<testsuite");
    xml_attribute(&b, "name", r->image.name);
    xml_number(&b, "tests", r->checks.n);
    xml_number(&b, "failures", count(r, CHECK_FAIL));
    buf_addz(&b, " errors=\"0\"");
    xml_number(&b, "skipped",
               r->checks.n - count(r, CHECK_FAIL) - count(r, CHECK_PASS) - count(r, CHECK_NOTED));
    buf_addz(&b, " time=\"0\">\n");
    vec_each (&r->checks, i)
        add_check(&b, r, &r->checks.v[i]);
    add_notes(&b, &r->notes);
    buf_addz(&b, "</testsuite>\n</testsuites>\n");
    return buf_str(&b);
}
