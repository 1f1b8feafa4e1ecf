/* road_lint: paths, flags, environment → files read, checked, repaired and written.
 *
 * First road_lint_begin() finds out what is asked for, then road_lint() goes through the files a
 * handful at a time, so that memory does not grow with their number. */
#ifndef ROAD_ROAD_LINT_H
#define ROAD_ROAD_LINT_H

#include "lint/lint_config.h"
#include "road/lint_paths.h"
#include "road/pin.h"

enum road_lint_mode {
    ROAD_LINT_CHECK,
    ROAD_LINT_FIX,  /* repaired files are written */
    ROAD_LINT_DIFF, /* what repairing would change is shown */
};

struct road_lint_options {
    struct strs paths;       /* "-" is standard input; none: Dockerfile in the current folder */
    bool recursive;          /* folders are searched; no paths: the current one */
    struct str config;       /* empty: looked for */
    struct lint_layer flags; /* over environment and configuration */
    struct strs only;
    const struct str_pairs *build_args;
    bool compat;
    bool no_shellcheck;
    struct pin_sources pin; /* who is asked for digests; none: nobody */
    enum road_lint_mode mode;
    bool unsafe;                    /* repairs may change behaviour */
    struct str report_name;         /* instead of each file's; empty: its own */
    struct secret_scanner *secrets; /* what findings are cleaned of; the caller's */
};

/* Who hears of it. What is handed over lives until the call returns, rules until the arena of
 * road_lint() ends. −1 of the first two stops it. */
struct road_lint_listener {
    void *ctx;
    int (*report)(void *ctx, const struct lint_report *report, struct err *e);
    int (*text)(void *ctx, struct str text, struct err *e); /* a diff, or repaired standard input */
    void (*complaint)(void *ctx, const struct err *e);      /* a file that was not checked */
    void (*note)(void *ctx, struct str line);
};

struct road_lint {
    struct road_lint_options options;
    bool found;             /* the paths are not the user's words, but the usual ones */
    struct str config_path; /* empty: none */
    struct lint_config config;
    struct lint_settings settings;
};

struct road_lint_result {
    size_t files;          /* checked */
    size_t over;           /* findings at or over the threshold */
    size_t repairs;        /* made, or shown */
    size_t changed;        /* files that repairs change */
    bool syntax;           /* a file has syntax errors */
    enum err_kind failure; /* the worst reason why a file was not read or written */
};

/* ERR_USAGE: no path is given, and there is no Dockerfile. */
int road_lint_begin(struct arena *a, const struct road_lint_options *options, struct road_lint *ret,
                    struct err *e) MUST_USE;

/* Checks, repairs or compares each file, as the options say. Files that cannot be read or written
 * go to `complaint` and are in the result; −1 is a listener's, or what keeps all files from being
 * looked at. */
int road_lint(struct arena *a, const struct road_lint *road,
              const struct road_lint_listener *listener, struct road_lint_result *ret,
              struct err *e) MUST_USE;

/* What the program ends with. */
int road_lint_status(const struct road_lint *road, const struct road_lint_result *result);

#endif
