/* run_options: what every command that runs an image in the sandbox takes. */
#ifndef CLI_RUN_OPTIONS_H
#define CLI_RUN_OPTIONS_H

#include "cli/command.h"
#include "road/road.h"

struct run_values {
    struct option_list https, execs, scripts, ports, env;
    struct str ready_log, platform, runtime, work_dir;
    bool ready_exit, keep_work;
    int64_t ready_timeout, stop_timeout;
};

/* The options, for a command whose values hold a struct run_values named `run`. */
#define RUN_OPTIONS(T)                                                                             \
    {"http",      0,                                                                               \
     OPTION_STRS, offsetof(struct T, run.https),                                                   \
     "REQUEST",   "send GET:/path, GET::8080/path or POST:/path=body; may be repeated",            \
     NULL},                                                                                        \
        {"exec",      0,                                                                           \
         OPTION_STRS, offsetof(struct T, run.execs),                                               \
         "COMMAND",   "run a command inside the container; may be repeated",                       \
         NULL},                                                                                    \
        {"script",    0,                                                                           \
         OPTION_STRS, offsetof(struct T, run.scripts),                                             \
         "COMMAND",   "run a command of this machine in the container's network",                  \
         NULL},                                                                                    \
        {"port",      'p',                                                                         \
         OPTION_STRS, offsetof(struct T, run.ports),                                               \
         "PORT",      "ready when this tcp port answers (default: the exposed ones)",              \
         NULL},                                                                                    \
        {"env",        'e',                                                                        \
         OPTION_STRS,  offsetof(struct T, run.env),                                                \
         "NAME=VALUE", "add to the program's environment",                                         \
         NULL},                                                                                    \
        {"ready-log", 0,                                                                           \
         OPTION_STR,  offsetof(struct T, run.ready_log),                                           \
         "TEXT",      "ready when a line of output contains this",                                 \
         NULL},                                                                                    \
        {"ready-exit", 0,                                                                          \
         OPTION_FLAG,  offsetof(struct T, run.ready_exit),                                         \
         NULL,         "the program runs to its end by itself",                                    \
         NULL},                                                                                    \
        {"ready-timeout",                                                                          \
         0,                                                                                        \
         OPTION_NUMBER,                                                                            \
         offsetof(struct T, run.ready_timeout),                                                    \
         "SECONDS",                                                                                \
         "how long to wait until it is ready (default: 30)",                                       \
         NULL},                                                                                    \
        {"stop-timeout",                                                                           \
         0,                                                                                        \
         OPTION_NUMBER,                                                                            \
         offsetof(struct T, run.stop_timeout),                                                     \
         "SECONDS",                                                                                \
         "how long to wait after the stop signal (default: 10)",                                   \
         NULL},                                                                                    \
        {"platform", 0,                                                                            \
         OPTION_STR, offsetof(struct T, run.platform),                                             \
         "OS/ARCH",  "which platform of an image for several",                                     \
         NULL},                                                                                    \
        {"runtime",  0,                                                                            \
         OPTION_STR, offsetof(struct T, run.runtime),                                              \
         "NAME",     "OCI runtime to use (default: the first of crun and runc that works)",        \
         NULL},                                                                                    \
        {"work-dir", 0,                                                                            \
         OPTION_STR, offsetof(struct T, run.work_dir),                                             \
         "DIR",      "where to unpack (default: $TMPDIR or /var/tmp)",                             \
         NULL},                                                                                    \
    {                                                                                              \
        "keep-work", 0, OPTION_FLAG, offsetof(struct T, run.keep_work), NULL,                      \
            "leave the work folder for you to look at", NULL                                       \
    }

/* Fills input, platform, sandbox and wish. arguments are IMAGE and then what replaces its Cmd. */
int run_options_fill(struct cli *cli, const struct run_values *values, struct strs arguments,
                     struct road_options *ret, struct err *e) MUST_USE;

/* "os/arch[/variant]", "" is NULL in *ret. */
int run_options_platform(struct arena *a, struct str text, const struct image_platform **ret,
                         struct err *e) MUST_USE;

#define RUN_DETAILS                                                                                \
    "The image runs in a sandbox with a network of its own. It counts as ready when a port\n"      \
    "answers, its health check passes, or a line of its output says so; then it is used as\n"      \
    "--http, --exec and --script say, and stopped with its stop signal. Words after IMAGE\n"       \
    "replace the config's Cmd (put -- before those that start with a dash)."

#endif
