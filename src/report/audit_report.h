/* audit_report: an audit → a table for a terminal, or JSON for a machine. */
#ifndef REPORT_AUDIT_REPORT_H
#define REPORT_AUDIT_REPORT_H

#include "base/json.h"
#include "rules/audit.h"

struct report_audit_options {
    bool color;
    bool all; /* every finding and every check; else about a screen */
};

/* Every byte that came from the image is made safe for a terminal. */
struct str report_audit_table(struct arena *a, const struct audit_report *r,
                              const struct report_audit_options *options);

/* As docs/audit.schema.json describes it; everything, ignored findings too. */
struct str report_audit_json(struct arena *a, const struct audit_report *r);
/* The same as a jansson value; a new reference. */
json_t *report_audit_value(struct arena *a, const struct audit_report *r);

#endif
