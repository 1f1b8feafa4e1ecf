/* tracer: `trace` → the program under ptrace, and a record of every path it looks up.
 *
 * A seccomp filter stops only the calls of calls.c; everything else runs untouched. The tracer sees
 * each such call twice: at its entry, where its paths are read, and at its exit, for its result.
 *
 * no_new_privs is not used, so that set-user-id programs keep working: the filter is installed
 * while the child still has CAP_SYS_ADMIN, and the kernel leaves them their rights because the
 * tracer has CAP_SYS_PTRACE.
 *
 * Invariants
 * 1. Signals and stops reach the program as without a tracer. (tests/agent.t: signals, stop)
 * 2. Every process the program makes is traced from its first instruction. (tests/agent.t: threads)
 * 3. The program can neither trace nor kill the tracer. (tests/agent.t: guard)
 */
#include "agent/tracer.h"

#include <asm/signal.h>
#include <linux/ptrace.h>
#include <linux/wait.h>

enum {
    OPTIONS = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
              PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL,
    CALL_STOP = SIGTRAP | 0x80,
    EVENT_STOP = 128, /* PTRACE_EVENT_STOP */
};

static void resume(int pid, int signal)
{
    SYS(ptrace, pending_find(pid) ? PTRACE_SYSCALL : PTRACE_CONT, pid, 0, signal);
}

static void at_entry(struct tracer *t, int pid)
{
    struct pending *p = pending_take(pid);
    if (p && !tracer_entry(t, pid, p))
        pending_drop(pid);
}

static void at_exit(struct tracer *t, int pid)
{
    struct pending *p = pending_find(pid);
    if (p)
        tracer_exit(t, p);
    pending_drop(pid);
}

static int event_number(int pid)
{
    unsigned long n = 0;
    SYS(ptrace, PTRACE_GETEVENTMSG, pid, 0, &n);
    return (int)n;
}

/* Every other thread is gone, and the one that called goes on under the process's number. */
static void at_exec(int pid)
{
    int before = event_number(pid);
    if (before > 0)
        pending_rename(before, pid);
    thread_set(before, false);
    thread_set(pid, false);
    struct pending *p = pending_find(pid);
    if (p)
        tracer_executed(p, pid);
    pending_drop(pid);
}

static bool is_stop_signal(int signal)
{
    return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

static void at_stop(struct tracer *t, int pid, int status)
{
    int signal = status >> 8 & 0xff, event = status >> 16;
    switch (event) {
    case PTRACE_EVENT_SECCOMP:
        at_entry(t, pid);
        break;
    case PTRACE_EVENT_EXEC:
        at_exec(pid);
        break;
    case PTRACE_EVENT_CLONE: {
        int thread = event_number(pid);
        if (tracee_process(&t->proc, thread) != thread)
            thread_set(thread, true);
        break;
    }
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
        break;
    case EVENT_STOP:
        if (is_stop_signal(signal)) { /* stays stopped until it is continued */
            SYS(ptrace, PTRACE_LISTEN, pid, 0, 0);
            return;
        }
        break;
    default:
        if (signal != CALL_STOP) {
            resume(pid, signal);
            return;
        }
        at_exit(t, pid);
    }
    resume(pid, 0);
}

static int watch(struct tracer *t)
{
    for (;;) {
        int status = 0;
        int pid = (int)SYS(wait4, -1, &status, __WALL, NULL);
        if (pid == -EINTR)
            continue;
        if (pid < 0)
            return 125;
        if ((status & 0xff) == 0x7f) {
            at_stop(t, pid, status);
            continue;
        }
        pending_drop(pid);
        bool thread = thread_is(pid);
        thread_set(pid, false);
        if (!thread)
            report_exit((uint32_t)pid, status, pid == t->main);
        if (pid != t->main)
            continue;
        parent_done();
        report_bye();
        return parent_status(status);
    }
}

/* The child waits until it is traced. Untraced, it runs without the filter, whose calls would fail.
 */
__attribute__((noreturn)) static void become(const struct launch *l, const int *pipe)
{
    char traced = 0;
    SYS(close, pipe[1]);
    while (SYS(read, pipe[0], &traced, 1) == -EINTR)
        ;
    SYS(close, pipe[0]);
    parent_undo();
    long rc = traced ? filter_install() : 0;
    if (rc < 0)
        report_refused_errno("seccomp: nothing is recorded", (int)-rc);
    launch_become(l);
}

int mode_trace(struct words *w)
{
    struct launch l;
    struct tracer t = {0};
    int pipe[2];
    if (!launch_parse(w, &l))
        return 125;
    report_hello();
    parent_prepare();
    long rc = SYS(pipe2, pipe, O_CLOEXEC), child = rc < 0 ? rc : sys_fork();
    if (child == 0)
        become(&l, pipe);
    if (child < 0) {
        report_refused_errno("fork", (int)-child);
        return 125;
    }
    rc = SYS(ptrace, PTRACE_SEIZE, child, 0, OPTIONS);
    if (rc < 0)
        report_refused_errno("ptrace: nothing is recorded", (int)-rc);
    parent_guard();
    news_seed(w->random);
    tracee_proc_open(&t.proc);
    t.main = (int)child;
    char traced = rc >= 0;
    SYS(close, pipe[0]);
    SYS(write, pipe[1], &traced, 1);
    SYS(close, pipe[1]);
    parent_ready((int)child);
    return watch(&t);
}
