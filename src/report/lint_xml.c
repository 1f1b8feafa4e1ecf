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

static void add_attribute(struct report_lint_output *out, const char *name, struct str value)
{
    buf_addf(&out->b, " %s=\"" STR_F "\"", name, STR_A(safe_html(out->a, value)));
}

static void add_number(struct report_lint_output *out, const char *name, size_t n)
{
    buf_addf(&out->b, " %s=\"%zu\"", name, n);
}

static void add_xml(struct report_lint_output *out)
{
    buf_addz(&out->b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

/* ---- Checkstyle ---- */

static void begin_checkstyle(struct report_lint_output *out)
{
    add_xml(out);
    buf_addz(&out->b, "<checkstyle version=\"4.3\">\n");
}

static void begin_checkstyle_file(struct report_lint_output *out, const struct lint_report *r)
{
    buf_addz(&out->b, "<file");
    add_attribute(out, "name", r->name);
    buf_addz(&out->b, ">\n");
}

static void add_checkstyle(struct report_lint_output *out, const struct lint_report *r,
                           const struct lint_finding *f)
{
    /* Checkstyle knows no style: what is less than info is info */
    enum severity level = f->f.severity == SEVERITY_INFO ? SEVERITY_LOW : f->f.severity;
    (void)r;
    buf_addz(&out->b, "<error");
    add_number(out, "line", f->f.where.line);
    add_number(out, "column", f->f.where.column);
    add_attribute(out, "severity", str_of(lint_level_name(level)));
    add_attribute(out, "message", f->f.evidence);
    add_attribute(out, "source", str_of(f->f.rule->id));
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
    add_xml(out);
    buf_addz(&out->b, "<testsuites name=\"shuck lint\">\n");
}

static void add_testcase(struct report_lint_output *out, const struct lint_report *r,
                         struct str name)
{
    buf_addz(&out->b, "<testcase");
    add_attribute(out, "name", name);
    add_attribute(out, "classname", r->name);
    buf_addz(&out->b, " time=\"0\"");
}

static void begin_suite(struct report_lint_output *out, const struct lint_report *r)
{
    size_t n = report_lint_count(r);
    buf_addz(&out->b, "<testsuite");
    add_attribute(out, "name", r->name);
    add_number(out, "tests", n ? n : 1);
    add_number(out, "failures", n);
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
    add_attribute(out, "type", str_of(lint_level_name(f->f.severity)));
    add_attribute(out, "message", f->f.evidence);
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
