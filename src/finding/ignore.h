/* ignore: what a team has decided to live with: a rule, perhaps a place, a reason, perhaps a last
 * day. Read from .shuck.yaml by policy.h. */
#ifndef FINDING_IGNORE_H
#define FINDING_IGNORE_H

#include "finding/finding.h"

struct ignore {
    struct str rule;   /* an id or an alias */
    struct str path;   /* a glob over the finding's path or config key; empty: anywhere */
    struct str reason; /* never empty */
    bool has_expiry;
    int32_t expires; /* the last day it holds, in days since 1970-01-01 */
    uint32_t line;   /* of the rule, in the file it came from, from 1 */
    uint32_t column;
    struct str source; /* name of that file */
};
struct ignores VEC(struct ignore);

/* "2027-03-31" → days since 1970-01-01. Years 1970 to 9999; ERR_INPUT on another shape and on days
 * that no calendar has. */
int ignore_date_parse(struct str text, int32_t *ret, struct err *e) MUST_USE;
struct str ignore_date_text(struct arena *a, int32_t days);

/* `*` and `?` stay within a folder, `**` crosses folders; everything else is itself. */
bool ignore_glob(struct str pattern, struct str path);

static inline bool ignore_expired(const struct ignore *i, int32_t today)
{
    return i->has_expiry && today > i->expires;
}

/* The rule and the place fit; says nothing about expiry. */
bool ignore_covers(const struct ignore *i, const struct rule_info *rule,
                   const struct location *where);

#endif
