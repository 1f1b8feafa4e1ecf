/* parallel: several programs at once → what each printed.
 *
 * For programs that compute and print: they have nothing to read but what they are given, and what
 * they say to standard error is not kept unless asked for. */
#ifndef SYS_PARALLEL_H
#define SYS_PARALLEL_H

#include <signal.h>

#include "sys/spawn.h"

struct sys_task {
    struct sys_command command; /* of fds the first three are filled in here */
    struct str input;           /* what it reads; empty: nothing */
    struct str output;          /* at most the cap; as much again is read and dropped */
    bool errors;                /* what it says to standard error belongs to it, too */
    bool cut;                   /* there was a rest */
    bool ended; /* by itself, with `status`; else it was killed: at its time, or for what it said */
    int status; /* as a shell has it */
};

/* Runs all of them to their end, or kills those that are left after timeout_ms. When one cannot be
 * started, or when a signal ends this process meanwhile, none is left running. */
int sys_run_all(struct sys_task *tasks, size_t n, int64_t timeout_ms, size_t cap, struct arena *a,
                struct err *e) MUST_USE;

/* Signals that would end this process wait until they are released: for work that leaves something
 * behind until its end. Only of the calling thread; sys_run_all() still kills its programs. */
struct sys_hold {
    sigset_t before;
};
void sys_hold_signals(struct sys_hold *ret);
void sys_release_signals(const struct sys_hold *h);

/* Bytes as a descriptor that a child can open by /dev/fd/NUMBER; nothing on a disk. */
int sys_text_fd(struct str bytes, int *ret, struct err *e) MUST_USE;

/* Processors this process may run on, at least 1. */
size_t sys_processors(void);

#endif
