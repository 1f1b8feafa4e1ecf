/* syscalls: the machine's system calls, without a libc. Everything else in agent/ is built on this.
 *
 *     long fd = SYS(openat, AT_FDCWD, "/etc/passwd", O_RDONLY, 0);   // fd, or −errno
 *
 * The name is the kernel's (asm/unistd.h). arm64 has no open, stat, fork, pipe, dup2, …: use the
 * forms both machines have (openat, newfstatat, clone, pipe2, dup3, …). */
#ifndef AGENT_SYSCALLS_H
#define AGENT_SYSCALLS_H

#include <asm/unistd.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline long sys_call(long n, long a, long b, long c, long d, long e, long f)
{
#if defined __x86_64__
    long ret;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(ret)
                     : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return ret;
#elif defined __aarch64__
    register long x8 __asm__("x8") = n;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc 0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return x0;
#else
#error "the agent knows x86-64 and arm64"
#endif
}

#define SYS(name, ...) SYS_PAD(__NR_##name, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define SYS_PAD(n, a, b, c, d, e, f, ...)                                                          \
    sys_call(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

/* fork(2), by the call both machines have: 0 in the child. */
static inline long sys_fork(void)
{
    return SYS(clone, 17 /* SIGCHLD */);
}

static inline __attribute__((noreturn)) void sys_exit(int status)
{
    for (;;)
        SYS(exit_group, status);
}

#endif
