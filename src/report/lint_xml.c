/* lint_xml: findings → Checkstyle's XML, and JUnit's.
 *
 * Invariants
 * 1. Any bytes of a Dockerfile or of its name become well-formed XML 1.0. (tests/lint_formats.t:
 * bad bytes)
 * 2. JUnit: a file without findings is a test that passes, and the counts of a suite are those of
 *    its tests. (tests/lint_formats.t: junit)
 */
#include "base/safe.h"
#include "report/lint_output.h"
#include "report/xml.h"

/* ---- Checkstyle ---- */

static void begin_checkstyle(struct report_lint_output *out)
{
    xml_begin(&out->b);
    buf_addz(&out->b, "<checkstyle version=\"4.3\">\n");
}

static void begin_checkstyle_file(struct report_lint_output *out, const struct lint_report *r)
{
    buf_addz(&out->b, "<file");
    xml_attribute(&out->b, "name", r->name);
    buf_addz(&out->b, ">\n");
}

static void add_checkstyle(struct report_lint_output *out, const struct lint_report *r,
                           const struct lint_finding *f)
{
    /* Checkstyle knows no style: what is less than info is info */
    enum severity level = f->f.severity == SEVERITY_INFO ? SEVERITY_LOW : f->f.severity;
    (void)r;
    buf_addz(&out->b, "<error");
    xml_number(&out->b, "line", f->f.where.line);
    xml_number(&out->b, "column", f->f.where.column);
    xml_attribute(&out->b, "severity", str_of(lint_level_name(level)));
    xml_attribute(&out->b, "message", f->f.evidence);
    xml_attribute(&out->b, "source", str_of(f->f.rule->id));
    buf_addz(&out->b, "/>\n");
}

static void end_checkstyle_file(struct report_lint_output *out, const struct lint_report *r)
{
    (void)r;
    buf_addz(&out->b, "</file>\n");
}

static void end_checkstyle(struct report_lint_output *out)
{
    buf_addz(&out->b, "</checkstyle>\n");
}

const struct report_lint_form report_lint_checkstyle = {.begin = begin_checkstyle,
                                                        .file_begin = begin_checkstyle_file,
                                                        .finding = add_checkstyle,
                                                        .file_end = end_checkstyle_file,
                                                        .end = end_checkstyle};

/* ---- JUnit: a suite a file, a test a finding ---- */

static void begin_junit(struct report_lint_output *out)
{
    xml_begin(&out->b);
    buf_addz(&out->b, "<testsuites name=\"shuck lint\">\n");
}

static void add_testcase(struct report_lint_output *out, const struct lint_report *r,
                         struct str name)
{
    buf_addz(&out->b, "<testcase");
    xml_attribute(&out->b, "name", name);
    xml_attribute(&out->b, "classname", r->name);
    buf_addz(&out->b, " time=\"0\"");
}

static void begin_suite(struct report_lint_output *out, const struct lint_report *r)
{
    size_t n = report_lint_count(r);
    buf_addz(&out->b, "<testsuite");
    xml_attribute(&out->b, "name", r->name);
    xml_number(&out->b, "tests", n ? n : 1);
    xml_number(&out->b, "failures", n);
    buf_addz(&out->b, " errors=\"0\" skipped=\"0\" time=\"0\">\n");
    if (!n) {
        add_testcase(out, r, STR("no findings"));
        buf_addz(&out->b, "/>\n");
    }
}

static void add_junit(struct report_lint_output *out, const struct lint_report *r,
                      const struct lint_finding *f)
{
    const struct location *l = &f->f.where;
    add_testcase(out, r, str_fmt(out->a, "%s:%u:%u", f->f.rule->id, l->line, l->column));
    buf_addz(&out->b, ">\n<failure");
    xml_attribute(&out->b, "type", str_of(lint_level_name(f->f.severity)));
    xml_attribute(&out->b, "message", f->f.evidence);
    buf_addc(&out->b, '>');
    buf_addf(&out->b, STR_F ":%u:%u: %s %s: " STR_F "</failure>\n</testcase>\n",
             STR_A(safe_html(out->a, r->name)), l->line, l->column, f->f.rule->id,
             lint_level_name(f->f.severity), STR_A(safe_html(out->a, f->f.evidence)));
}

static void end_suite(struct report_lint_output *out, const struct lint_report *r)
{
    (void)r;
    buf_addz(&out->b, "</testsuite>\n");
}

static void end_junit(struct report_lint_output *out)
{
    buf_addz(&out->b, "</testsuites>\n");
}

const struct report_lint_form report_lint_junit = {.begin = begin_junit,
                                                   .file_begin = begin_suite,
                                                   .finding = add_junit,
                                                   .file_end = end_suite,
                                                   .end = end_junit};
