/* tracer_entry: registers and memory of a process inside a call → the records of that call.
 *
 * Invariants
 * 1. Paths are read and made absolute at the entry, before the call can change the folder, the
 *    root or the memory they are in; results are read at the exit. (tests/agent.t: chdir)
 * 2. A call the kernel will restart is not reported twice. (tests/agent.t: restarted)
 */
#include "agent/tracer.h"

#include <linux/elf.h>
#include <linux/fanotify.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/inotify.h>
#include <linux/openat2.h>
#include <linux/ptrace.h>
#include <linux/uio.h>
#include <linux/un.h>

enum { ARGUMENTS_MOST = 64, ARGUMENT_BYTES = 256 };
enum { FAMILY_UNIX = 1, FAMILY_V4 = 2, FAMILY_V6 = 10 };
/* the kernel's private errors for a call it starts again (include/linux/errno.h) */
enum { RESTART_FIRST = 512, RESTART_LAST = 516 };
/* where in a WIRE_LOOKUP: length 4, type 1, pid 4, call 1, flags 1, error 4 */
enum { AT_PID = 5, AT_CALL = 9, AT_ERROR = 11 };

/* A call with its arguments, whichever way they were passed. */
struct stop {
    int pid;
    const struct call *call;
    uint64_t args[6];
    bool narrow; /* pointers in memory have 4 bytes */
};

static int as_fd(uint64_t argument)
{
    return (int)(uint32_t)argument;
}

static void say_long(struct tracer *t)
{
    if (!t->said_long)
        report_refused("a path longer than a record: not recorded");
    t->said_long = true;
}

static void add_lookup(struct tracer *t, struct pending *p, const struct stop *s, uint8_t flags,
                       const struct line *path)
{
    struct record *r = &p->records[p->n];
    record_begin(r, WIRE_LOOKUP);
    record_u32(r, (uint32_t)s->pid);
    record_u8(r, s->call->call);
    record_u8(r, flags);
    record_u32(r, 0);
    record_bytes(r, path->at, path->n);
    if (r->cut || path->n == sizeof path->at - 1)
        say_long(t);
    else
        p->n++;
}

static uint8_t open_flags(uint64_t flags)
{
    uint8_t ret = 0;
    bool temporary = (flags & O_TMPFILE) == O_TMPFILE;
    if ((flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC || temporary)
        ret |= WIRE_WRITE;
    if (flags & O_CREAT)
        ret |= WIRE_WRITE | WIRE_CREATE;
    if (flags & O_DIRECTORY)
        ret |= WIRE_DIR;
    if (flags & O_NOFOLLOW || (flags & O_CREAT && flags & O_EXCL))
        ret |= WIRE_NOFOLLOW;
    return ret;
}

/* What the call's own flags say about path i. */
static uint8_t flags_of(const struct stop *s, int i, bool *beneath)
{
    uint8_t flags = s->call->paths[i].flags;
    uint64_t v = s->args[s->call->how_arg];
    struct open_how how;
    switch (s->call->how) {
    case HOW_OPEN:
        return flags | open_flags(v);
    case HOW_OPENAT2:
        if (!tracee_read(s->pid, v, &how, sizeof how))
            return flags;
        *beneath = how.resolve & RESOLVE_IN_ROOT;
        return flags | open_flags(how.flags);
    case HOW_AT:
        return flags | (v & AT_SYMLINK_NOFOLLOW ? WIRE_NOFOLLOW : 0);
    case HOW_AT_FOLLOW:
        return i == 0 && v & AT_SYMLINK_FOLLOW ? (uint8_t)(flags & ~WIRE_NOFOLLOW) : flags;
    case HOW_INOTIFY:
        return flags | (v & IN_DONT_FOLLOW ? WIRE_NOFOLLOW : 0);
    case HOW_FANOTIFY:
        return flags | (v & FAN_MARK_DONT_FOLLOW ? WIRE_NOFOLLOW : 0);
    case HOW_EXEC:
        if (s->call->paths[i].dir == CALL_CWD)
            return flags;
        return flags | (s->args[s->call->how_arg + 2] & AT_SYMLINK_NOFOLLOW ? WIRE_NOFOLLOW : 0);
    default:
        return flags;
    }
}

/* The i-th path of the call, absolute, in *ret. An empty one asks for the folder itself: no lookup,
 * but for execve it names the program. */
static bool read_path(struct tracer *t, const struct stop *s, int i, bool beneath, struct line *ret)
{
    const struct call_path *where = &s->call->paths[i];
    char text[TRACEE_PATH_MAX];
    long n = tracee_string(s->pid, s->args[where->path], text, sizeof text);
    if (n < 0 || n == TRACEE_PATH_MAX)
        return false; /* the kernel will say EFAULT or ENAMETOOLONG, and look nothing up */
    if (n == 0 && s->call->how != HOW_EXEC)
        return false;
    int dirfd = where->dir == CALL_CWD ? AT_FDCWD : as_fd(s->args[where->dir]);
    if (n == 0 && dirfd == AT_FDCWD)
        return false;
    return tracee_path(&t->proc, s->pid, dirfd, text, beneath, ret);
}

static uint64_t read_pointer(const struct stop *s, uint64_t at)
{
    uint64_t wide = 0;
    return tracee_read(s->pid, at, &wide, s->narrow ? 4 : 8) ? wide : 0;
}

/* The program and its words, as many as fit. */
static void add_exec(struct pending *p, const struct stop *s, const struct line *path)
{
    struct record *r = &p->records[p->n];
    record_begin(r, WIRE_EXEC);
    record_u32(r, (uint32_t)s->pid);
    record_bytes(r, path->at, path->n);
    uint32_t count_at = r->n;
    record_u16(r, 0);
    uint16_t count = 0;
    uint64_t at = s->args[s->call->how_arg];
    for (; at && count < ARGUMENTS_MOST; count++, at += s->narrow ? 4 : 8) {
        char word[ARGUMENT_BYTES + 1];
        uint64_t from = read_pointer(s, at);
        long n = from ? tracee_string(s->pid, from, word, sizeof word) : -1;
        if (n < 0 || sizeof r->at - r->n < 2 + ARGUMENT_BYTES)
            break;
        record_bytes(r, word, n > ARGUMENT_BYTES ? ARGUMENT_BYTES : (size_t)n);
    }
    if (r->n >= count_at + 2) {
        memcpy(r->at + count_at, &count, sizeof count);
        p->n++;
    }
}

static void add_paths(struct tracer *t, struct pending *p, const struct stop *s)
{
    for (int i = 0; i < s->call->n_paths; i++) {
        struct line path;
        bool beneath = false;
        uint8_t flags = flags_of(s, i, &beneath);
        if (!read_path(t, s, i, beneath, &path))
            continue;
        add_lookup(t, p, s, flags, &path);
        if (s->call->how == HOW_EXEC)
            add_exec(p, s, &path);
    }
}

/* connect and bind of a socket in the file system. */
static void add_socket(struct tracer *t, struct pending *p, const struct stop *s)
{
    struct sockaddr_un address = {0};
    size_t n = s->args[2] & 0xffffffff;
    if (n <= offsetof(struct sockaddr_un, sun_path))
        return;
    if (n > sizeof address)
        n = sizeof address;
    if (!tracee_read(s->pid, s->args[1], &address, n))
        return;
    if (address.sun_family != FAMILY_UNIX || !address.sun_path[0])
        return;
    char text[sizeof address.sun_path + 1] = {0};
    memcpy(text, address.sun_path, sizeof address.sun_path);
    struct line path;
    if (tracee_path(&t->proc, s->pid, AT_FDCWD, text, false, &path))
        add_lookup(t, p, s, s->call->paths[0].flags, &path);
}

/* i386's one call for all of sockets: becomes the call it stands for. */
static bool unpack_socketcall(struct stop *s)
{
    static const struct {
        uint32_t sub;
        int like; /* number of the same call on its own */
    } table[] = {{2, 361}, {3, 362}, {4, 363}};
    uint32_t args[3];
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (table[i].sub != (uint32_t)s->args[0])
            continue;
        if (!tracee_read(s->pid, s->args[1], args, sizeof args))
            return false;
        s->call = calls_find(CALL_ARCH_COMPAT, (uint64_t)table[i].like);
        for (int j = 0; j < 3; j++)
            s->args[j] = args[j];
        return s->call;
    }
    return false;
}

/* Turns the call into none, which answers with this error. */
static bool refuse(int pid, int error)
{
#if defined __x86_64__
    enum { RAX = 10 * 8, ORIG_RAX = 15 * 8 };
    return SYS(ptrace, PTRACE_POKEUSR, pid, ORIG_RAX, -1) >= 0 &&
           SYS(ptrace, PTRACE_POKEUSR, pid, RAX, -error) >= 0;
#else
    enum { SYSTEM_CALL = 0x404 /* NT_ARM_SYSTEM_CALL */ };
    int none = -1;
    struct iovec call = {&none, sizeof none};
    uint64_t wide[34];
    struct iovec registers = {wide, sizeof wide};
    if (SYS(ptrace, PTRACE_SETREGSET, pid, SYSTEM_CALL, &call) < 0 ||
        SYS(ptrace, PTRACE_GETREGSET, pid, NT_PRSTATUS, &registers) < 0)
        return false;
    int32_t answer = -error;
    if (registers.iov_len < sizeof wide)
        memcpy(wide, &answer, sizeof answer); /* a 32-bit process: r0 */
    else
        wide[0] = (uint64_t)(int64_t)answer;
    return SYS(ptrace, PTRACE_SETREGSET, pid, NT_PRSTATUS, &registers) >= 0;
#endif
}

static void refuse_ring(struct tracer *t, int pid)
{
    bool refused = refuse(pid, ENOSYS);
    if (!t->said_ring)
        report_refused(refused ? "io_uring: answered as not implemented, its opens cannot be seen"
                               : "io_uring: used, and its opens cannot be seen");
    t->said_ring = true;
}

/* All it could trace is traced already, but for the tracer itself: with CAP_SYS_PTRACE it could
 * stop that, and so itself. */
static void refuse_ptrace(struct tracer *t, int pid)
{
    (void)refuse(pid, EPERM);
    if (!t->said_ptrace)
        report_refused("ptrace: the program wanted to trace, and is being traced itself");
    t->said_ptrace = true;
}

bool tracer_entry(struct tracer *t, int pid, struct pending *p)
{
    struct ptrace_syscall_info info;
    long rc = SYS(ptrace, PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info);
    if (rc <= 0) {
        if (rc != -ESRCH && !t->said_info) { /* not just killed meanwhile */
            report_refused_errno("what a call is cannot be read (Linux 5.3 can)", (int)-rc);
            t->said_info = true;
        }
        return false;
    }
    struct stop s = {.pid = pid, .call = calls_find(info.arch, info.seccomp.nr)};
    if (!s.call)
        return false;
    s.narrow = info.arch == CALL_ARCH_COMPAT || info.seccomp.nr & 0x40000000 /* x32 */;
    for (int i = 0; i < 6; i++)
        s.args[i] = info.seccomp.args[i];
    if (s.call->how == HOW_SOCKETCALL && !unpack_socketcall(&s))
        return false;
    switch (s.call->how) {
    case HOW_SOCKET:
        add_socket(t, p, &s);
        break;
    case HOW_LISTEN:
        p->listen_fd = as_fd(s.args[0]);
        return true;
    case HOW_REFUSE:
        refuse_ring(t, pid);
        return false;
    case HOW_PTRACE:
        refuse_ptrace(t, pid);
        return false;
    case HOW_CHROOT:
        add_paths(t, p, &s);
        t->proc.chrooted = true;
        break;
    default:
        add_paths(t, p, &s);
    }
    return p->n > 0;
}

static void send_with(struct record *r, uint32_t pid, int error)
{
    memcpy(r->at + AT_PID, &pid, sizeof pid);
    if (r->at[4] == WIRE_LOOKUP) {
        memcpy(r->at + AT_ERROR, &error, sizeof error);
        if (!news(r->at + AT_CALL, r->n - AT_CALL))
            return;
    }
    report_send(r);
}

/* A copy of the process's descriptor in this process. */
static long copy_fd(struct tracer *t, int pid, int fd)
{
    long process = SYS(pidfd_open, tracee_process(&t->proc, pid), 0);
    if (process < 0)
        return process;
    long copy = SYS(pidfd_getfd, process, fd, 0);
    SYS(close, process);
    return copy;
}

static void report_listen(struct tracer *t, int pid, int fd)
{
    union {
        uint16_t family;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_un local;
    } a = {0};
    int n = sizeof a;
    long copy = copy_fd(t, pid, fd);
    if (copy < 0 || SYS(getsockname, copy, &a, &n) < 0) {
        if (!t->said_getfd)
            report_refused_errno("a listening socket's address", (int)-copy);
        t->said_getfd = true;
        return;
    }
    SYS(close, copy);
    struct line path;
    line_start(&path);
    size_t length = (size_t)n - offsetof(struct sockaddr_un, sun_path);
    if (a.family == FAMILY_UNIX && length > 0 && length <= sizeof a.local.sun_path) {
        if (a.local.sun_path[0]) {
            char text[sizeof a.local.sun_path + 1] = {0};
            memcpy(text, a.local.sun_path, length);
            (void)tracee_path(&t->proc, pid, AT_FDCWD, text, false, &path);
        } else { /* a name outside the file system */
            line_add(&path, "@");
            line_bytes(&path, a.local.sun_path + 1, length - 1);
        }
    }
    uint16_t port = a.family == FAMILY_V4   ? a.v4.sin_port
                    : a.family == FAMILY_V6 ? a.v6.sin6_port
                                            : 0;
    struct record r;
    record_begin(&r, WIRE_LISTEN);
    record_u32(&r, (uint32_t)pid);
    record_u8(&r, a.family == FAMILY_V4 ? 4 : a.family == FAMILY_V6 ? 6 : 1);
    record_u16(&r, __builtin_bswap16(port));
    record_bytes(&r, path.at, path.n);
    report_send(&r);
}

void tracer_exit(struct tracer *t, struct pending *p)
{
    struct ptrace_syscall_info info;
    if (SYS(ptrace, PTRACE_GET_SYSCALL_INFO, p->pid, sizeof info, &info) <= 0)
        return;
    int error = info.exit.is_error ? (int)-info.exit.rval : 0;
    if (error >= RESTART_FIRST && error <= RESTART_LAST)
        return;
    if (p->listen_fd >= 0 && !error)
        report_listen(t, p->pid, p->listen_fd);
    for (int i = 0; i < p->n; i++)
        if (p->records[i].at[4] != WIRE_EXEC)
            send_with(&p->records[i], (uint32_t)p->pid, error);
}

void tracer_executed(struct pending *p, int pid)
{
    for (int i = 0; i < p->n; i++)
        send_with(&p->records[i], (uint32_t)pid, 0);
}
