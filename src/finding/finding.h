/* finding: the one currency of results.
 *
 * A rule says what it is once, in a struct rule_info; a finding points at it and adds where, what
 * was seen and what to do here. An attack move's verdict is in prove/; it shares severity and
 * explain. */
#ifndef FINDING_FINDING_H
#define FINDING_FINDING_H

#include "base/digest.h"
#include "base/vec.h"

enum severity { SEVERITY_INFO, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };

/* What a rule says about itself: documentation, `shuck explain`, SARIF metadata and the test that
 * it has a positive and a negative case are made from it. All text is static. */
struct rule_info {
    const char *id;         /* "CIS-4.1", "SHUCK-…" */
    const char *aliases[6]; /* ids of the same check elsewhere: hadolint DL…, dockle CIS-DI-…, Trivy
                               DS010 */
    const char *cis;        /* item of CIS Docker Benchmark section 4, "4.1", or NULL */
    enum severity severity; /* of its findings, unless one says otherwise */
    const char *title;      /* under 60 characters, no full stop */
    const char *why;        /* what an intruder or a failure gains from it; full sentences */
    const char *remedy;     /* what to do about it in general; full sentences */
    const char *example;    /* a line of Dockerfile or a command that mends it, or NULL */
};

enum location_kind { LOCATION_IMAGE, LOCATION_CONFIG, LOCATION_LAYER, LOCATION_FILE };

struct location {
    enum location_kind kind;
    struct str config_key; /* CONFIG: "User", "Env[3]", "history[2]" */
    struct str path;       /* LAYER: absolute path in the image; FILE: name of the file */
    uint32_t layer;        /* LAYER: 0 is the lowest */
    struct digest layer_diff_id;
    uint32_t line, column, end_line, end_column; /* FILE: from 1; 0 is unknown */
};

struct finding {
    const struct rule_info *rule;
    enum severity severity;
    struct location where;
    struct str evidence; /* what was seen, secrets redacted; one line */
    struct str remedy;   /* for this very place, or empty: the rule's own */
    uint32_t count;      /* how many places this stands for; 1 is usual, the rest are in JSON */
    struct strs details; /* those places, in words; may be empty or fewer */
    struct str ignored;  /* the reason, when an ignore covers it; else empty */
    uint32_t told;       /* of a secret: what may be told of its value, as secret_mark_told() has
                            it; of others 0 */
    struct str same;     /* what its identity is made of in place of the evidence; empty: that */
    struct str identity; /* of an audit: as identity.h has it */
    bool ours;           /* of an audit: another of its places did not come with the base */
    bool inherited;      /* of an audit: it came with the base */
};

struct findings VEC(struct finding);

/* A rule's outcome for one image: findings with FAIL, with NOTED when none that counts is more than
 * informational, or with IGNORED when an ignore covers each of them; else why there are none. */
enum check_status {
    CHECK_PASS,
    CHECK_FAIL,
    CHECK_SKIPPED,
    CHECK_IGNORED,
    CHECK_KNOWN, /* beside a baseline: all its findings were there before */
    CHECK_NOTED, /* worth knowing, but the item is not failed for it */
    CHECK_STATUSES
};

struct check {
    const struct rule_info *rule;
    enum check_status status;
    struct str evidence; /* for PASS and SKIPPED: what was looked at, or why it could not be */
    size_t first, n;     /* its findings in struct findings */
};

struct checks VEC(struct check);

const char *severity_name(enum severity s); /* "info" … "critical" */
int severity_parse(struct str text, enum severity *ret, struct err *e) MUST_USE;
const char *check_status_name(enum check_status s); /* "pass", "fail", "skipped", … */

/* Trivy has written DS010 as DS-0010 and AVD-DS-0010, too: all as the first, the rest as it is.
 * Case does not matter in ids. */
struct str rule_id_plain(struct arena *a, struct str id);
bool rule_id_is(struct str plain, struct str id);

/* The rule goes by this id: its own, an alias, or "4.10" of CIS-4.10. */
bool rule_is(const struct rule_info *rule, struct str id);

/* Its ids elsewhere. */
struct strs rule_aliases(struct arena *a, const struct rule_info *rule);

/* "layer 3 /usr/bin/su", "config User", "Dockerfile:7:3". */
struct str location_text(struct arena *a, const struct location *l);

#endif
