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
 *     fail-on: high                  # a severity, rule ids, both with commas, or never */
#ifndef FINDING_POLICY_H
#define FINDING_POLICY_H

#include "finding/ignore.h"

struct policy {
    struct ignores ignores;
    struct strs trusted_bases; /* globs as of ignore_glob() */
    struct str fail_on;        /* empty when not given */
};

/* Reads bytes; `name` stands in messages. ERR_INPUT as "NAME:LINE:COLUMN: …" on unknown keys,
 * missing reasons, bad dates, anchors and aliases, and more than LIMIT_POLICY_BYTES. */
int policy_read(struct str bytes, struct str name, struct arena *a, struct policy *ret,
                struct err *e) MUST_USE;

#endif
