/* spawn: a program by path → a child process with exactly the descriptors, environment and signal
 * state it is given. */
#ifndef SYS_SPAWN_H
#define SYS_SPAWN_H

#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"

/* What to start. Descriptor i of the child is fds[i]; −1 stands for /dev/null. Nothing else is
 * inherited. */
struct sys_command {
    struct strs argv; /* argv[0] is the path; it is not searched for */
    struct strs env;
    const int *fds;
    size_t n_fds;
};

struct sys_child {
    pid_t pid; /* 0: none */
    int pidfd; /* readable when the child ended; −1: none */
};
#define SYS_NO_CHILD ((struct sys_child){0, -1})

/* Signals are at their defaults in the child and none is blocked. A program that cannot be executed
 * is ERR_MACHINE naming it. */
int sys_spawn(const struct sys_command *command, struct sys_child *ret, struct err *e) MUST_USE;

/* Waits until the child ended or the time is over (−1: no limit). 1 and its status as a shell has
 * it (0–255, or 128 + signal) in *status, and *child is none; 0 when the time is over; −1. */
int sys_child_wait(struct sys_child *child, int64_t timeout_ms, int *status,
                   struct err *e) MUST_USE;

/* SIGKILL and wait; for cleanup paths. None is fine. */
void sys_child_end(struct sys_child *child);

/* Runs to the end and collects standard output and error together, at most cap bytes, the rest is
 * read and dropped. Killed at the timeout, which is ERR_MACHINE. */
int sys_run(const struct sys_command *command, int64_t timeout_ms, size_t cap, struct arena *a,
            struct str *output, int *status, struct err *e) MUST_USE;

/* The absolute path of a program on $PATH (or as given, when it has a slash); false: none. */
bool sys_which(struct arena *a, struct str name, struct str *ret);

/* This process's environment; views of it. */
struct strs sys_environment(struct arena *a);

/* Milliseconds of a clock that only goes forward. */
int64_t sys_now_ms(void);

/* Waits so long; a signal that is handled may end it early. */
void sys_sleep_ms(int ms);

/* A pipe whose ends are close-on-exec; its reading end does not block. As roomy as the system lets
 * an ordinary user have it, so that a writer seldom waits for us. */
int sys_pipe(int ret[2], struct err *e) MUST_USE;

/* A program's bytes as a descriptor that can be executed through /proc/self/fd and that nobody can
 * change any more. Where memfds may not be executed: an unnamed file below dir_fd. */
int sys_program_fd(struct str bytes, int dir_fd, int *ret, struct err *e) MUST_USE;

#endif
