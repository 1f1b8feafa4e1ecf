/* audit_report: an audit → a table for a terminal, a page for a person, or JSON, SARIF or JUnit for
 * a machine. */
#ifndef REPORT_AUDIT_REPORT_H
#define REPORT_AUDIT_REPORT_H

#include "base/json.h"
#include "rules/audit.h"

enum audit_format { AUDIT_TABLE, AUDIT_JSON, AUDIT_SARIF, AUDIT_JUNIT, AUDIT_HTML };

/* As an option's choices, in the order of the formats. */
#define AUDIT_FORMATS "table|json|sarif|junit|html"

/* One of the choices; the table when empty. */
enum audit_format report_audit_format(struct str text);

struct report_audit_options {
    enum audit_format format;
    bool color;
    bool all;       /* every finding and every check; else about a screen */
    size_t columns; /* of the table, unless it is of all; 0: as many as are usual */
};

struct str report_audit(struct arena *a, const struct audit_report *r,
                        const struct report_audit_options *options);

/* Every byte that came from the image is made safe for a terminal. */
struct str report_audit_table(struct arena *a, const struct audit_report *r,
                              const struct report_audit_options *options);

/* The items of the benchmark, for a report that has only those. */
struct str report_audit_benchmark(struct arena *a, const struct audit_report *r,
                                  const struct report_audit_options *options);

/* As docs/audit.schema.json describes it; everything, ignored findings too. */
struct str report_audit_json(struct arena *a, const struct audit_report *r);
/* The same as a jansson value; a new reference. */
json_t *report_audit_value(struct arena *a, const struct audit_report *r);

/* SARIF 2.1.0, a result a finding: what is ignored is there, suppressed with its reason. */
struct str report_audit_sarif(struct arena *a, const struct audit_report *r);

/* JUnit's XML, a test a check. */
struct str report_audit_junit(struct arena *a, const struct audit_report *r);

/* One page without any address in it: styles inside, no script, light and dark. */
struct str report_audit_html(struct arena *a, const struct audit_report *r);

/* ---- what the forms share ---- */

struct str report_audit_remedy(const struct finding *f);

#endif
