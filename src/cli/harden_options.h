/* harden_options: what harden and road take beside run_options. */
#ifndef CLI_HARDEN_OPTIONS_H
#define CLI_HARDEN_OPTIONS_H

#include "cli/run_options.h"

struct harden_values {
    struct run_values run;
    struct str output, user, level, format, result, html, config;
    struct option_list keep, keep_packages, shows;
    bool keep_shell, list, dry_run;
};

#define HARDEN_OPTIONS                                                                               \
    {"output",                                                                                       \
     'o',                                                                                            \
     OPTION_STR,                                                                                     \
     offsetof(struct harden_values, output),                                                         \
     "OUT",                                                                                          \
     "where to write the image: oci:DIR[:TAG], docker-archive:FILE[:REF], oci-archive:FILE",         \
     NULL},                                                                                          \
        {"keep",      0,                                                                             \
         OPTION_STRS, offsetof(struct harden_values, keep),                                          \
         "PATH",      "keep a file, or a folder with all below it; may be repeated",                 \
         NULL},                                                                                      \
        {"keep-package",                                                                             \
         0,                                                                                          \
         OPTION_STRS,                                                                                \
         offsetof(struct harden_values, keep_packages),                                              \
         "NAME",                                                                                     \
         "keep all files of a package; may be repeated",                                             \
         NULL},                                                                                      \
        {"keep-shell", 0,                                                                            \
         OPTION_FLAG,  offsetof(struct harden_values, keep_shell),                                   \
         NULL,         "keep a shell even when the program does not run it",                         \
         NULL},                                                                                      \
        {"level",                                                                                    \
         0,                                                                                          \
         OPTION_STR,                                                                                 \
         offsetof(struct harden_values, level),                                                      \
         "LEVEL",                                                                                    \
         "how much to keep at the least",                                                            \
         "exact|balanced|safe"},                                                                     \
        {"user",                                                                                     \
         'u',                                                                                        \
         OPTION_STR,                                                                                 \
         offsetof(struct harden_values, user),                                                       \
         "UID",                                                                                      \
         "numeric user of the result, or keep (default: a free one when the image runs as root)",    \
         NULL},                                                                                      \
        {"format",        'f',         OPTION_STR, offsetof(struct harden_values, format), "FORMAT", \
         "of the report", "table|json"},                                                             \
    {                                                                                                \
        "report", 'r', OPTION_STR, offsetof(struct harden_values, result), "FILE",                   \
            "where to write the report (default: standard output)", NULL                             \
    }

int harden_options_fill(struct cli *cli, const struct harden_values *values, struct strs arguments,
                        struct road_options *ret, struct err *e) MUST_USE;

#endif
