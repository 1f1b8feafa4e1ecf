/* exercise_spec: what the user asked for on the command line, and what the config says, → an
 * exercise and the way to start the program. Pure. */
#ifndef ROAD_EXERCISE_SPEC_H
#define ROAD_EXERCISE_SPEC_H

#include "sandbox/sandbox.h"

struct exercise_wish {
    struct strs https;   /* "GET:/path", "GET::8080/path", "POST:/path=body" */
    struct strs execs;   /* "redis-cli ping": words, or a JSON array */
    struct strs scripts; /* host programs run in the sandbox's network */
    struct strs ports;   /* "8080" */
    struct str ready_log;
    bool ready_exit;
    int64_t ready_seconds, stop_seconds; /* 0: the defaults of struct exercise */
    struct strs env;                     /* "NAME=value", added to the config's */
    struct strs arguments;               /* replace the config's Cmd when not empty */
};

struct exercise_plan {
    struct exercise exercise;
    struct strs argv, env;
    struct str cwd;
    bool guessed_http; /* nobody asked for a request: GET / on the first port */
};

/* All of *ret is in the arena. ERR_USAGE for wishes that do not parse, ERR_INPUT for a config that
 * names no program. */
int exercise_plan(struct arena *a, const struct facts *f, const struct exercise_wish *wish,
                  struct exercise_plan *ret, struct err *e) MUST_USE;

/* "SIGTERM", "TERM", "15" → 15; 0 when it is none. */
int exercise_signal(struct str text);

#endif
