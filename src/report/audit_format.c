/* audit_format: an audit × a format → text. */
#include "report/audit_report.h"

static const char *const names[] = {
    [AUDIT_TABLE] = "table", [AUDIT_JSON] = "json", [AUDIT_SARIF] = "sarif",
    [AUDIT_JUNIT] = "junit", [AUDIT_HTML] = "html",
};

enum audit_format report_audit_format(struct str text)
{
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(text, names[i]))
            return i;
    return AUDIT_TABLE;
}

struct str report_audit(struct arena *a, const struct audit_report *r,
                        const struct report_audit_options *options)
{
    switch (options->format) {
    case AUDIT_TABLE:
        break;
    case AUDIT_JSON:
        return report_audit_json(a, r);
    case AUDIT_SARIF:
        return report_audit_sarif(a, r);
    case AUDIT_JUNIT:
        return report_audit_junit(a, r);
    case AUDIT_HTML:
        return report_audit_html(a, r);
    }
    return r->benchmark ? report_audit_benchmark(a, r, options) : report_audit_table(a, r, options);
}

struct str report_audit_remedy(const struct finding *f)
{
    return f->remedy.n ? f->remedy : str_of(f->rule->remedy);
}
