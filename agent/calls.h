/* calls: the system calls that take paths, as data for the filter and for the tracer. */
#ifndef AGENT_CALLS_H
#define AGENT_CALLS_H

#include "agent/agent.h"

#include <linux/audit.h>

#if defined __x86_64__
#define CALL_ARCH_NATIVE AUDIT_ARCH_X86_64
#define CALL_ARCH_COMPAT AUDIT_ARCH_I386
#else
#define CALL_ARCH_NATIVE AUDIT_ARCH_AARCH64
#define CALL_ARCH_COMPAT AUDIT_ARCH_ARM
#endif

enum { CALL_CWD = -1, CALL_NONE = -2, CALL_NUMBERS = 512 };

/* What beside its paths tells how a call treats them; how_arg is the argument that says so. */
enum call_how {
    HOW_PLAIN,
    HOW_OPEN,       /* open(2) flags */
    HOW_OPENAT2,    /* a struct open_how */
    HOW_AT,         /* AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH */
    HOW_AT_FOLLOW,  /* AT_SYMLINK_FOLLOW, for the first path; without it no symlink is followed */
    HOW_EXEC,       /* argument vector; execveat's flags are two further */
    HOW_INOTIFY,    /* IN_DONT_FOLLOW */
    HOW_FANOTIFY,   /* FAN_MARK_DONT_FOLLOW */
    HOW_CHROOT,     /* from now on "/" may be another folder for some process */
    HOW_SOCKET,     /* descriptor, address, length; a path when the family is AF_UNIX */
    HOW_LISTEN,     /* descriptor */
    HOW_SOCKETCALL, /* i386: which call, and a pointer to its arguments */
    HOW_REFUSE,     /* answered ENOSYS, because what it does cannot be seen */
    HOW_PTRACE,     /* answered EPERM, as the program is being traced already */
};

struct call_path {
    int8_t dir, path; /* which argument: CALL_CWD, CALL_NONE or 0–5 */
    uint8_t flags;    /* enum wire_flag */
};

struct call {
    int16_t nr[2]; /* on this machine, and on its 32-bit elder */
    uint8_t how, how_arg;
    uint8_t call; /* enum trace_call */
    struct call_path paths[2];
    uint8_t n_paths;
};

extern const struct call calls[];
extern const size_t n_calls;

/* The call of that number, or NULL when it takes no path. */
const struct call *calls_find(uint32_t arch, uint64_t nr);

/* Installs a seccomp filter in this process that stops exactly these calls for the tracer
 * (SECCOMP_RET_TRACE). Returns 0 or −errno. */
long filter_install(void);

#endif
