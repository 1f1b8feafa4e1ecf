/* init: the program as a child; signals passed on, orphans reaped, its status passed back.
 *
 * Invariants
 * 1. A signal sent to the agent at any moment reaches the program, also before it runs: all are
 *    blocked until there is someone to pass them to. (tests/agent.t: signals)
 * 2. The program starts with no signal blocked or ignored that was not so before. (tests/agent.t:
 *    signal mask)
 */
#include "agent/agent.h"

#include <asm/signal.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/wait.h>

static volatile int main_child;
static uint64_t mask_before;

#if defined __x86_64__
/* This machine's kernel has no way of its own back from a handler. */
void signal_return(void);
__asm__(".globl signal_return\n"
        "signal_return:\n"
        "    mov $15, %eax\n" /* rt_sigreturn */
        "    syscall\n");
#endif

/* As the kernel has it: asm/signal.h's own depends on the reader being a libc. */
struct kernel_action {
    void (*handler)(int);
    unsigned long flags;
#if defined __x86_64__
    void (*restorer)(void);
#endif
    uint64_t mask;
};

static void pass_on(int signal)
{
    int child = main_child;
    if (child > 0)
        SYS(kill, child, signal);
}

static bool passed(int signal)
{
    switch (signal) {
    case SIGKILL:
    case SIGSTOP:
    case SIGCHLD:
    case SIGSEGV:
    case SIGBUS:
    case SIGILL:
    case SIGFPE:
    case SIGTRAP:
    case SIGSYS:
    case SIGPIPE:
        return false; /* cannot be caught, or are about the agent itself */
    default:
        return true;
    }
}

void parent_prepare(void)
{
    uint64_t all = ~0ull;
    SYS(rt_sigprocmask, SIG_BLOCK, &all, &mask_before, sizeof all);
}

void parent_undo(void)
{
    SYS(rt_sigprocmask, SIG_SETMASK, &mask_before, NULL, sizeof mask_before);
}

void parent_ready(int child)
{
    main_child = child;
    struct kernel_action action = {.handler = pass_on, .flags = SA_RESTART, .mask = ~0ull};
#if defined __x86_64__
    action.flags |= SA_RESTORER;
    action.restorer = signal_return;
#endif
    for (int signal = 1; signal <= 64; signal++)
        if (passed(signal))
            SYS(rt_sigaction, signal, &action, NULL, sizeof action.mask);
    action = (struct kernel_action){.handler = (void (*)(int))1}; /* SIG_IGN */
    SYS(rt_sigaction, SIGPIPE, &action, NULL, sizeof action.mask);
    uint64_t none = 0;
    SYS(rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
}

void parent_done(void)
{
    main_child = 0;
}

int parent_status(int wait_status)
{
    int signal = wait_status & 0x7f;
    return signal ? 128 + signal : wait_status >> 8 & 0xff;
}

/* Not PID 1 in tests: orphans come to us all the same. Not dumpable: the program, though it may
 * have our user id, can neither trace us nor open our descriptors. */
void parent_guard(void)
{
    SYS(close, WIRE_PROGRAM_FD);
    SYS(fcntl, WIRE_REPORT_FD, F_SETFD, FD_CLOEXEC);
    SYS(prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    SYS(prctl, PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int mode_init(struct words *w)
{
    struct launch l;
    if (!launch_parse(w, &l))
        return 125;
    report_hello();
    parent_guard();
    parent_prepare();
    long child = sys_fork();
    if (child == 0) {
        parent_undo();
        launch_become(&l);
    }
    if (child < 0) {
        report_refused_errno("fork", (int)-child);
        return 125;
    }
    parent_ready((int)child);
    for (;;) {
        int status = 0;
        long pid = SYS(wait4, -1, &status, 0, NULL);
        if (pid == -EINTR)
            continue;
        if (pid < 0)
            return 125;
        /* A child that asked to be traced by us would wait for us for ever. */
        if ((status & 0xff) == 0x7f) {
            SYS(ptrace, PTRACE_DETACH, pid, 0, status >> 8 & 0xff);
            continue;
        }
        if (pid != child)
            continue;
        parent_done();
        report_exit((uint32_t)pid, status, true);
        report_bye();
        return parent_status(status);
    }
}
