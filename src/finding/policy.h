/* policy: .shuck.yaml → what a team has decided: what to ignore and why, which bases it trusts, and
 * at what severity a check fails.
 *
 *     ignores:
 *       - rule: CIS-4.8              # an id or an alias of it
 *         path: /usr/bin/su          # optional; * and ? within a folder, ** across
 *         reason: the job switches users
 *         expires: 2027-03-31        # optional; the last day it holds
 *     trusted-bases:
 *       - docker.io/library/debian:*
 *     secrets:
 *       - id: shop-token             # lower case; built-in ids are taken
 *         title: token of the shop   # optional
 *         pattern: \bshop_[a-z0-9]{32}\b
 *         keywords: [shop, till]     # optional: one of them within 128 bytes, in any case
 *         severity: critical         # optional: high
 *         allow:                     # optional; globs as for ignores
 *           values: [shop_0000*]
 *           paths: [/srv/demo.txt]
 *     fail-on: high                  # a severity, rule ids, both with commas, or never */
#ifndef FINDING_POLICY_H
#define FINDING_POLICY_H

#include "finding/ignore.h"

/* A kind of secret of a team's own. */
struct policy_secret {
    struct str id, title, pattern; /* the title may be empty */
    enum severity severity;
    struct strs keywords;
    struct strs allow_values, allow_paths; /* globs */
    uint32_t line;                         /* in the file it came from, from 1 */
    struct str source;                     /* name of that file */
};
struct policy_secrets VEC(struct policy_secret);

struct policy {
    struct ignores ignores;
    struct policy_secrets secrets;
    struct strs trusted_bases; /* globs as of ignore_glob() */
    struct str fail_on;        /* empty when not given */
    /* where it stands, from 1, in the file of this name */
    uint32_t fail_on_line, fail_on_column;
    struct str source;
};

/* Reads bytes; `name` stands in messages. ERR_INPUT as "NAME:LINE:COLUMN: …" on unknown keys,
 * missing reasons, bad dates, anchors and aliases, and more than LIMIT_POLICY_BYTES. */
int policy_read(struct str bytes, struct str name, struct arena *a, struct policy *ret,
                struct err *e) MUST_USE;

#endif
