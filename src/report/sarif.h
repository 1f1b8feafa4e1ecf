/* sarif: the pieces of SARIF 2.1.0 that all our logs are made of. Values are new references. */
#ifndef REPORT_SARIF_H
#define REPORT_SARIF_H

#include "base/json.h"
#include "finding/finding.h"

#define SARIF_SCHEMA  "https://json.schemastore.org/sarif-2.1.0.json"
#define SARIF_COLUMNS "unicodeCodePoints"

const char *sarif_level(enum severity s); /* "error", "warning", "note" */

/* A message; and a list of one. */
json_t *sarif_text(struct str text);
json_t *sarif_list(json_t *one);

/* A file's name as a URI reference. */
struct str sarif_uri(struct arena *a, struct str name);

/* What a rule says of itself: a reportingDescriptor. */
json_t *sarif_rule(struct arena *a, const struct rule_info *rule);

#endif
