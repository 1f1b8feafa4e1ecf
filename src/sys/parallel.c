/* parallel: several programs at once.
 *
 * Invariants
 * 1. No program outlives sys_run_all(), whether it is killed at its time, another cannot be
 *    started, or a signal ends us. (test_parallel: outlives)
 * 2. When we are killed, which nobody can answer, a program that computes on ends when it has used
 *    up the processor time that it was given. (test_parallel: processor time)
 * 3. What is dropped of an output is no more than its cap and one read: who says more than that is
 *    killed at once. (test_parallel: says too much)
 */
#include "sys/parallel.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/buf.h"
#include "sys/file.h"

struct running {
    struct sys_child child;
    int pipe; /* −1: at its end */
    struct buf output;
    size_t dropped; /* of what it said */
};

/* The signals that would end us now; those that are ignored stay so. */
static sigset_t deadly(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction now;
        if (!sigaction(signals[i], NULL, &now) && now.sa_handler == SIG_DFL)
            sigaddset(&set, signals[i]);
    }
    return set;
}

/* All processors for its whole time are more than it can use while we are there. */
static void bound(pid_t pid, int64_t timeout_ms)
{
    rlim_t seconds = (rlim_t)(timeout_ms / 1000 + 1) * sys_processors();
    prlimit(pid, RLIMIT_CPU, &(struct rlimit){seconds, seconds}, NULL);
}

static int begin(struct sys_task *t, struct running *r, int64_t timeout_ms, struct arena *a,
                 struct err *e)
{
    int ends[2];
    FD_AUTO int input = -1;
    if (t->input.n && sys_text_fd(t->input, &input, e))
        return -1;
    if (sys_pipe(ends, e))
        return -1;
    struct sys_command c = t->command;
    size_t n = c.n_fds > 3 ? c.n_fds : 3;
    int *fds = arena_array(a, int, n);
    for (size_t i = 0; i < n; i++)
        fds[i] = i == 1 || (i == 2 && t->errors) ? ends[1] : i >= 3 ? c.fds[i] : !i ? input : -1;
    c.fds = fds;
    c.n_fds = n;
    int rc = sys_spawn(&c, &r->child, e);
    if (!rc)
        bound(r->child.pid, timeout_ms);
    sys_fd_close(&ends[1]);
    r->pipe = ends[0];
    return rc;
}

/* One read; at the end of the pipe it is closed. */
static void take(struct sys_task *t, struct running *r, size_t cap)
{
    char chunk[65536];
    ssize_t got = read(r->pipe, chunk, sizeof chunk);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got <= 0) {
        sys_fd_close(&r->pipe);
        return;
    }
    size_t room = cap - r->output.n;
    t->cut |= (size_t)got > room;
    buf_add(&r->output, (struct str){chunk, (size_t)got < room ? (size_t)got : room});
    r->dropped += (size_t)got > room ? (size_t)got - room : 0;
    if (r->dropped > cap) {
        sys_fd_close(&r->pipe);
        sys_child_end(&r->child);
    }
}

/* What a program that has ended left in its pipe; that another holds the pipe's other end, which it
 * began and did not wait for, is not waited for either. */
static void take_last(struct sys_task *t, struct running *r, size_t cap)
{
    struct pollfd p = {.fd = r->pipe, .events = POLLIN};
    if (poll(&p, 1, 0) > 0)
        take(t, r, cap);
    else
        sys_fd_close(&r->pipe);
}

static int left(int64_t deadline)
{
    int64_t ms = deadline - sys_now_ms();
    return ms < 0 ? 0 : ms > INT_MAX ? INT_MAX : (int)ms;
}

/* Reads until all pipes ended or the time is over; the number of a signal that came, or 0. */
static int collect(struct sys_task *tasks, struct running *r, size_t n, int signals,
                   int64_t deadline, size_t cap, struct arena *a)
{
    struct pollfd *p = arena_array(a, struct pollfd, 2 * n + 1), *ends = p + n, *signal = ends + n;
    for (;;) {
        size_t open = 0;
        for (size_t i = 0; i < n; i++) { /* −1 is passed over */
            bool reads = r[i].pipe >= 0;
            p[i] = (struct pollfd){.fd = r[i].pipe, .events = POLLIN};
            ends[i] = (struct pollfd){.fd = reads ? r[i].child.pidfd : -1, .events = POLLIN};
            open += reads;
        }
        *signal = (struct pollfd){.fd = signals, .events = POLLIN};
        if (!open || poll(p, 2 * n + 1, left(deadline)) == 0)
            return 0;
        struct signalfd_siginfo info;
        if (signal->revents && read(signals, &info, sizeof info) == sizeof info)
            return (int)info.ssi_signo;
        for (size_t i = 0; i < n; i++) {
            if (r[i].pipe >= 0 && p[i].revents)
                take(&tasks[i], &r[i], cap);
            else if (r[i].pipe >= 0 && ends[i].revents)
                take_last(&tasks[i], &r[i], cap);
        }
    }
}

int sys_run_all(struct sys_task *tasks, size_t n, int64_t timeout_ms, size_t cap, struct arena *a,
                struct err *e)
{
    struct running *r = arena_array(a, struct running, n);
    int64_t deadline = sys_now_ms() + timeout_ms;
    sigset_t watched = deadly(), before;
    int rc = 0, came = 0;
    for (size_t i = 0; i < n; i++)
        r[i] = (struct running){SYS_NO_CHILD, -1, {.a = a}, 0};
    sigprocmask(SIG_BLOCK, &watched, &before);
    FD_AUTO int signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
    for (size_t i = 0; i < n && !rc; i++)
        rc = begin(&tasks[i], &r[i], timeout_ms, a, e);
    if (!rc)
        came = collect(tasks, r, n, signals, deadline, cap, a);
    for (size_t i = 0; i < n; i++) {
        bool whole = !rc && !came && r[i].pipe < 0 && r[i].dropped <= cap;
        tasks[i].ended = whole && sys_child_wait(&r[i].child, left(deadline), &tasks[i].status,
                                                 &(struct err){0}) == 1;
        tasks[i].output = buf_str(&r[i].output);
        sys_child_end(&r[i].child);
        sys_fd_close(&r[i].pipe);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (came)
        raise(came); /* as it would have done without us */
    return rc;
}

void sys_hold_signals(struct sys_hold *ret)
{
    sigset_t watched = deadly();
    sigprocmask(SIG_BLOCK, &watched, &ret->before);
}

void sys_release_signals(const struct sys_hold *h)
{
    sigprocmask(SIG_SETMASK, &h->before, NULL);
}

int sys_text_fd(struct str bytes, int *ret, struct err *e)
{
    int fd = memfd_create("text", MFD_CLOEXEC);
    if (fd < 0)
        return err_sys(e, ERR_MACHINE, errno, "memory for a child to read");
    int rc = sys_write_all(fd, bytes.p, bytes.n, e);
    if (!rc && lseek(fd, 0, SEEK_SET))
        rc = err_sys(e, ERR_MACHINE, errno, "memory for a child to read");
    if (rc) {
        close(fd);
        return -1;
    }
    *ret = fd;
    return 0;
}

size_t sys_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set))
        return 1;
    int n = CPU_COUNT(&set);
    return n > 0 ? (size_t)n : 1;
}
