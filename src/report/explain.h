/* explain: what rules and attack moves say of themselves → text, markdown or JSON. */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H

#include "finding/finding.h"
#include "lint/lint_rule.h"
#include "prove/prove.h"

enum explain_format { EXPLAIN_TEXT, EXPLAIN_MARKDOWN, EXPLAIN_JSON };

/* One thing that explains itself; absent texts are empty. */
struct explain_entry {
    struct str id, title;
    struct str kind; /* "rule" of an image, "lint" rule of a Dockerfile, "move" */
    struct strs aliases;
    struct str_pairs properties; /* "severity" → "high", "CIS" → "4.1", "ATT&CK" → "T1059" */
    struct str why, how, remedy, example; /* how: what a move tries */
};

struct explain_entry explain_rule(struct arena *a, const struct rule_info *rule);
struct explain_entry explain_lint(struct arena *a, const struct lint_rule *rule);
struct explain_entry explain_move(struct arena *a, const struct prove_move *move);

struct str report_explain(struct arena *a, const struct explain_entry *entries, size_t n,
                          enum explain_format format);

#endif
