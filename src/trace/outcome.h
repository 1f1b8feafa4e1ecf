/* outcome: what a run looked like from outside, and whether two runs behaved the same. */
#ifndef TRACE_OUTCOME_H
#define TRACE_OUTCOME_H

#include "trace/trace.h"

enum ready_how { READY_NEVER, READY_PORT, READY_HEALTH, READY_LOG, READY_EXIT };

struct outcome_http {
    struct str request; /* "GET :8080/path" as asked for */
    int status;         /* 0: no answer, `error` says why */
    struct str_pairs headers;
    struct str body; /* at most 1 MiB of it */
    struct digest body_digest;
    struct str error;
};

struct outcome_exec {
    struct strs argv;
    int status;     /* exit status, 128 + signal, or -1: did not start */
    struct str out; /* both streams, at most 1 MiB */
};

struct outcome {
    enum ready_how ready;
    int64_t ready_ms;     /* from start to ready */
    bool exited_early;    /* ended before it was asked to */
    int exit_status;      /* of the program: 0–255, or 128 + signal */
    bool stopped_by_kill; /* did not end on its stop signal in time */
    int64_t stop_ms;      /* from stop signal to end */
    struct str out, err;  /* its output, at most 1 MiB each */
    struct outcome_http *https;
    size_t n_https;
    struct outcome_exec *execs;
    size_t n_execs;
    struct outcome_exec *scripts; /* programs of this machine, run in the sandbox's network */
    size_t n_scripts;
    int health;          /* exit status of the health check, −1: none */
    struct str why;      /* when it never became ready or did not start: what was seen, in words */
    struct trace trace;  /* of traced runs */
    struct strs written; /* absolute paths the run created or changed (overlay's upper folder) */
};

/* In place of a line of output that only the other run wrote. */
#define OUTCOME_NO_LINE "(no such line)"

struct outcome_difference {
    struct str what;    /* "GET /: status", "listeners", "exit status", … */
    struct str was, is; /* short */
    bool firm;          /* decides by itself: whether it is ready, answers, succeeds */
};
struct outcome_differences VEC(struct outcome_difference);

/* What must be equal: readiness, exit status, normalised output, HTTP status, headers and body,
 * listeners, stopping on the signal, health. Dates, times, process ids, addresses, Date/ETag-like
 * headers and random ids are normalised before. Pure. */
void outcome_compare(struct arena *a, const struct outcome *was, const struct outcome *is,
                     struct outcome_differences *ret);

/* From `all`, differences between the original and a result, to *left: those that `noise`, the
 * differences between two runs of the original, does not have too. What is firm is never noise: an
 * original that is not always ready or does not always answer proves nothing. Names of what was
 * taken off come to *varies, each once. Nothing is copied. */
struct outcome_names VEC(struct str);
void outcome_less_noise(struct arena *a, const struct outcome_differences *all,
                        const struct outcome_differences *noise, struct outcome_differences *left,
                        struct outcome_names *varies);

/* "psql -c x": an exec's words in one line. */
struct str outcome_command(struct arena *a, const struct outcome_exec *x);

/* The text with what changes from run to run replaced by <date>, <time>, <pid>, <hex>, <port> and
 * <number-ms>. */
struct str outcome_normal(struct arena *a, struct str text);

#endif
