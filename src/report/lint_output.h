/* lint_output: what the formats of lint_report.h share: a place to write to, and one table. */
#ifndef REPORT_LINT_OUTPUT_H
#define REPORT_LINT_OUTPUT_H

#include "base/map.h"
#include "report/lint_report.h"

enum { REPORT_LINT_BLOCK = 64 };

struct report_lint_text {
    uint32_t *before;  /* units before each block of the file; NULL: not counted yet */
    struct str masked; /* the file with its secrets masked; p NULL: not made yet */
};

/* A rule that has findings, and the place it has in the list of those. */
struct report_lint_rule {
    const struct rule_info *info;
    size_t index;
};

struct report_lint_output {
    struct arena *a;
    struct buf b;
    const struct report_lint_form *form;
    struct report_lint_options options;
    struct secret_scanner *own_secrets; /* made when first needed, when options have none */
    size_t files;                       /* done, with findings or without */
    size_t files_found;                 /* with findings */
    size_t found;                       /* findings written */
    size_t by_level[SEVERITY_CRITICAL + 1];
    size_t safe, unsafe; /* repairs offered */
    struct map rules;    /* SARIF: id → struct report_lint_rule, of the findings so far */
    struct map seen;     /* of this file: what fingerprints are made of → how many */
    struct report_lint_text text; /* of this file */
};

/* A format: what comes first, what before, for and behind the findings of each file, and what last.
 * All but `finding` may be NULL. */
struct report_lint_form {
    void (*begin)(struct report_lint_output *out);
    void (*file_begin)(struct report_lint_output *out, const struct lint_report *r);
    void (*finding)(struct report_lint_output *out, const struct lint_report *r,
                    const struct lint_finding *f);
    void (*file_end)(struct report_lint_output *out, const struct lint_report *r);
    void (*end)(struct report_lint_output *out);
};

extern const struct report_lint_form report_lint_tty, report_lint_plain, report_lint_gnu,
    report_lint_json, report_lint_codacy, report_lint_codeclimate, report_lint_gitlab,
    report_lint_sonarqube, report_lint_sarif, report_lint_checkstyle, report_lint_junit;

/* Findings of the file that are not ignored. */
size_t report_lint_count(const struct lint_report *r);

/* 32 hex digits that stay the same while lines above come and go: of the file's name, the rule, the
 * text of the line, and how many alike came before it in the file. Once for each finding. */
struct str report_lint_fingerprint(struct report_lint_output *out, const struct lint_report *r,
                                   const struct lint_finding *f);

/* The file with its secrets masked: every byte and line stays where it is. */
struct str report_lint_masked(struct report_lint_output *out, const struct lint_report *r);

/* The text has no secret that is known or that a name tells. */
bool report_lint_shows_none(struct report_lint_output *out, struct str text);

/* The column in characters, or in UTF-16 units, from 1. A format uses one of them. */
uint32_t report_lint_column(struct report_lint_output *out, const struct lint_report *r,
                            struct dockerfile_position at, bool utf16);

#endif
