/* lint: a Dockerfile as lint_file.h has it → findings, each with its place and perhaps a repair.
 *
 * A rule is a pure function beside a constant that says what it is (lint_rule.h). Pragmas in the
 * file and a team's configuration decide what becomes of its findings. Nothing here reads a file or
 * runs a program. */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include "finding/finding.h"
#include "fix/fix.h"
#include "lint/lint_file.h"
#include "secret/secret.h"

/* Levels as Dockerfile checkers call them are severities of ours: error is high, warning medium,
 * info low, style info. Critical is an error, too. */
const char *lint_level_name(enum severity s); /* "error", "warning", "info", "style" */
/* "error", "warning", "info", "style", "ignore", "none": *off for the last two. False: another. */
bool lint_level_parse(struct str text, enum severity *ret, bool *off);

struct lint_names VEC(struct str);
/* "a, b" → each name, appended; empty ones are passed over. Views into the list. */
void lint_names_split(struct arena *a, struct str list, struct lint_names *to);

struct lint_rule;
struct lint_finding {
    struct finding f; /* where: LOCATION_FILE; ignored: the reason or "pragma", "config" */
    const struct lint_rule *rule; /* NULL: it comes from elsewhere */
    struct span place;            /* in the file */
    size_t step;                  /* index of its instruction, or LINT_NO_STEP */
    bool build_stage; /* one level lower: what it is about is thrown away with a build stage */
    struct fix fix;   /* safety FIX_NONE: no repair is known */
};
struct lint_findings VEC(struct lint_finding);

enum lint_label_kind {
    LINT_LABEL_TEXT,
    LINT_LABEL_URL,
    LINT_LABEL_SEMVER,
    LINT_LABEL_HASH,
    LINT_LABEL_RFC3339,
    LINT_LABEL_SPDX,
    LINT_LABEL_EMAIL,
};
struct lint_label {
    struct str name;
    enum lint_label_kind kind;
};
struct lint_override {
    struct str rule; /* id or alias */
    enum severity severity;
    bool off;
};

/* What a team has decided; lint_config.h reads it. */
struct lint_config {
    struct strs ignored; /* ids or aliases */
    struct {
        struct lint_override *v;
        size_t n;
    } overrides;
    struct strs trusted_registries; /* none: all are. * at either end stands for anything */
    struct {
        struct lint_label *v;
        size_t n;
    } labels;
    bool strict_labels;
    bool no_pragmas; /* pragmas of the file do not count */
};

/* Whether images may come from it ("docker.io" for Docker Hub). */
bool lint_trusts(const struct lint_config *config, struct str registry);

struct lint_known; /* lint_known.h */

struct lint_options {
    const struct lint_config *config;
    struct strs only; /* ids or aliases; none: every rule */
    bool compat;      /* judge as hadolint does */
    bool each;        /* with compat, too, each finding at its own place: repairs need them all */
    struct str dockerignore;        /* text of the .dockerignore beside it; n 0: none */
    struct secret_scanner *secrets; /* what evidence is cleaned of; NULL: the built-in kinds */
    const struct lint_known *known; /* of the images that are named; NULL: nobody was asked */
};

struct lint_report {
    struct str name; /* of the file */
    const struct lint_file *file;
    struct lint_findings findings; /* by place, then rule; ignored ones too */
};

/* Runs every rule; `more` are findings from elsewhere (ShellCheck), or NULL: they are placed,
 * overridden and ignored like the others. Strings live in the arena or in the file. */
void lint_check(struct arena *a, const struct lint_file *file, const struct lint_options *options,
                const struct lint_findings *more, struct lint_report *ret);

#endif
