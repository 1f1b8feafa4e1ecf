/* audit: facts and policy → everything an audit says of an image. What report/ prints and road/
 * compares before and after. */
#ifndef RULES_AUDIT_H
#define RULES_AUDIT_H

#include "facts/facts.h"
#include "finding/policy.h"

struct audit_options {
    const struct policy *policy;     /* NULL: none */
    int32_t today;                   /* days since 1970-01-01, for expiry of ignores */
    struct strs notes;               /* what facts_build() could not read */
    const struct secret_db *secrets; /* what evidence is cleaned of; NULL: the built-in kinds */
};

struct audit_image {
    struct str name, digest, platform; /* digest is empty for a bare folder */
    uint64_t stored_bytes;             /* of the layers as they are stored */
    uint64_t bytes;                    /* of the files in the merged tree */
    size_t files, layers;
    struct str user; /* "root (0:0)", "web (33:33)", "5678:0" */
    struct strs command;
};

struct audit_base {
    struct str rung; /* "scratch", "distroless", "busybox", "alpine", "distribution", "unknown" */
    struct str pretty_name, name, digest; /* may be empty */
    struct str evidence;                  /* what the rung was read from */
    size_t layers;                        /* the lowest ones, which are the base's */
    struct str layers_evidence;           /* how that is known, or why it is not */
    struct str created;                   /* the base's last line of history; may be empty */
    bool sure;                            /* the layers are the base's by its own digests */
};

struct audit_counts {
    size_t by_severity[SEVERITY_CRITICAL + 1]; /* findings that no ignore covers */
    size_t ignored;                            /* findings that one covers */
    size_t inherited;                          /* of by_severity: came with the base */
    size_t by_status[CHECK_STATUSES];          /* checks */
};

/* What a baseline did to a report. */
struct audit_since {
    struct str baseline;    /* its file; empty: there was none */
    size_t known, resolved; /* findings that it has, too; and those that are gone since */
};

struct audit_report {
    struct audit_image image;
    struct audit_base base;
    size_t packages;
    struct findings findings; /* in the order of checks */
    struct checks checks;     /* in the order of rules_all[] */
    struct audit_counts counts;
    bool benchmark; /* only the items of the benchmark are here */
    struct audit_since since;
    struct strs notes;
};

/* Runs every rule. Pure: the same facts give the same report. Strings live in the arena or in the
 * facts. */
void rules_audit(struct arena *a, const struct facts *f, const struct audit_options *options,
                 struct audit_report *ret);

/* How many places the i-th finding of a check stands for: the last one that is kept stands for
 * those that are not. */
size_t rules_places(const struct finding *f, size_t i);

/* Findings of all severities that no ignore covers. */
size_t rules_found(const struct audit_counts *counts);

/* Of a check with these findings, one at least. */
enum check_status rules_status_of(const struct finding *findings, size_t n);

const char *rules_rung_name(enum base_rung rung);

/* A threshold: a severity, ids or aliases of rules, both with commas, or "never". */
struct audit_threshold {
    bool by_severity;
    enum severity severity;
    struct strs rules;
};
int rules_threshold_read(struct str text, struct arena *a, struct audit_threshold *ret,
                         struct err *e) MUST_USE;

/* Each ignore is of a rule that there is, and fail-on can be read; ERR_INPUT with its place. A
 * misspelt id must not look as if something were ignored. */
int rules_check_policy(const struct policy *policy, struct arena *a, struct err *e) MUST_USE;

/* Some finding that no ignore covers is at or over the threshold. */
bool rules_over(const struct audit_report *report, const struct audit_threshold *threshold);

#endif
