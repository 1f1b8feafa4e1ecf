/* audit_part: a report → the part of it that was asked for: the items of the benchmark, or what is
 * new since a baseline. */
#ifndef RULES_AUDIT_PART_H
#define RULES_AUDIT_PART_H

#include "base/map.h"
#include "rules/audit.h"

/* Of checks and findings as they are. */
void rules_count(struct audit_report *report);

/* Keeps the items of the CIS Docker Benchmark, section 4, in its order. */
void rules_only_cis(struct arena *a, struct audit_report *report);

/* What an earlier report found. */
struct audit_baseline {
    struct str name;  /* of its file */
    struct map rules; /* identity → struct str *, the rule of it */
};

/* From bytes that --format json printed. ERR_INPUT with the place for anything else. */
int rules_baseline_read(struct str bytes, struct str name, struct arena *a,
                        struct audit_baseline *ret, struct err *e) MUST_USE;

/* Keeps what the baseline does not have; says in report->since how many it had, and how many of its
 * findings are gone. */
void rules_since(struct arena *a, const struct audit_baseline *baseline,
                 struct audit_report *report);

#endif
