/* filter: the table of calls → a seccomp program that stops them for the tracer.
 *
 * All other calls run at full speed: the kernel remembers, per machine, which numbers this filter
 * always allows.
 *
 * Invariants
 * 1. Every call of the table is stopped under every number it has, x32's too. (tests/agent.t: i386,
 *    numbers)
 */
#include "agent/calls.h"

#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>

enum { MOST = 1024 };

struct program {
    struct sock_filter at[MOST];
    unsigned short n;
};

static void add(struct program *p, uint16_t code, uint8_t yes, uint8_t no, uint32_t k)
{
    p->at[p->n++] = (struct sock_filter){code, yes, no, k};
}

static void stop_on(struct program *p, uint32_t nr)
{
    add(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, nr);
    add(p, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_TRACE);
}

/* Instructions for one machine kind, skipped by the others. */
static void add_machine(struct program *p, uint32_t arch, int table)
{
    add(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, arch));
    add(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, arch);
    unsigned short skip = p->n;
    add(p, BPF_JMP | BPF_JA, 0, 0, 0);
    add(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
#if defined __x86_64__
    if (table == 0) {
        add(p, BPF_ALU | BPF_AND | BPF_K, 0, 0, 0xbfffffff); /* x32's bit */
        stop_on(p, 520);                                     /* x32's execve */
        stop_on(p, 521);                                     /* ptrace */
        stop_on(p, 545);                                     /* execveat */
    }
#endif
    for (size_t i = 0; i < n_calls; i++)
        if (calls[i].nr[table] >= 0)
            stop_on(p, (uint32_t)calls[i].nr[table]);
    add(p, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
    p->at[skip].k = (uint32_t)(p->n - skip - 1);
}

long filter_install(void)
{
    static struct program p;
    p.n = 0;
    add_machine(&p, CALL_ARCH_NATIVE, 0);
    add_machine(&p, CALL_ARCH_COMPAT, 1);
    add(&p, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
    struct sock_fprog fprog = {p.n, p.at};
    /* Without SPEC_ALLOW older kernels would slow the program's processor down. */
    long rc = SYS(seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &fprog);
    if (rc != -EACCES)
        return rc;
    /* Not privileged after all: give up privileges of set-user-id files rather than the trace. */
    SYS(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    report_refused("no CAP_SYS_ADMIN: set-user-id programs run without their rights");
    return SYS(seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &fprog);
}
