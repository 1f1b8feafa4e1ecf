/* tracee: a stopped process → its strings, and its relative paths made absolute.
 *
 * Invariants
 * 1. A string that ends at the end of a mapped page is read whole. (tests/agent.t: page end)
 */
#include "agent/tracee.h"

#include <linux/ptrace.h>
#include <linux/uio.h>

enum { PAGE = 4096 };

/* Word by word: works where process_vm_readv is forbidden or absent. */
static bool peek(int pid, uint64_t addr, char *to, size_t n)
{
    while (n) {
        uint64_t word, offset = addr % sizeof word;
        if (SYS(ptrace, PTRACE_PEEKDATA, pid, addr - offset, &word) < 0)
            return false;
        size_t take = sizeof word - offset < n ? sizeof word - offset : n;
        memcpy(to, (char *)&word + offset, take);
        to += take;
        addr += take;
        n -= take;
    }
    return true;
}

bool tracee_read(int pid, uint64_t addr, void *to, size_t n)
{
    struct iovec local = {to, n}, remote = {(void *)addr, n};
    if (SYS(process_vm_readv, pid, &local, 1, &remote, 1, 0) == (long)n)
        return true;
    return peek(pid, addr, to, n);
}

long tracee_string(int pid, uint64_t addr, char *to, size_t cap)
{
    size_t n = 0;
    while (n < cap) {
        /* never past a page whose neighbour may not be there; short pieces first: most are short */
        size_t piece = PAGE - (addr + n) % PAGE;
        if (piece > 256)
            piece = 256;
        if (piece > cap - n)
            piece = cap - n;
        if (!tracee_read(pid, addr + n, to + n, piece))
            return -1;
        for (size_t i = n; i < n + piece; i++)
            if (!to[i])
                return (long)i;
        n += piece;
    }
    to[cap - 1] = 0;
    return (long)cap;
}

void tracee_proc_open(struct tracee_proc *proc)
{
    char self[32];
    proc->chrooted = false;
    proc->fd = SYS(openat, AT_FDCWD, "/proc", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
    if (proc->fd >= 0 && SYS(readlinkat, proc->fd, "self", self, sizeof self) > 0)
        return;
    proc->fd = -1;
    report_refused("no /proc: paths relative to a folder are not recorded");
}

/* Appends the target of /proc/PID/name; false when it is no path. */
static bool add_link(const struct tracee_proc *proc, int pid, const char *name, struct line *to)
{
    struct line link;
    line_start(&link);
    line_number(&link, (uint64_t)pid);
    line_add(&link, name);
    char *at = to->at + to->n;
    long n = SYS(readlinkat, proc->fd, link.at, at, sizeof to->at - 1 - to->n);
    if (n <= 0 || at[0] != '/')
        return false;
    if (n == 1) /* "/": what follows brings its own */
        n = 0;
    to->n += (size_t)n;
    to->at[to->n] = 0;
    return true;
}

static bool add_folder(const struct tracee_proc *proc, int pid, int dirfd, struct line *to)
{
    if (proc->fd < 0)
        return false;
    if (dirfd == AT_FDCWD)
        return add_link(proc, pid, "/cwd", to);
    if (dirfd < 0)
        return false;
    struct line name;
    line_start(&name);
    line_add(&name, "/fd/");
    line_number(&name, (uint64_t)dirfd);
    return add_link(proc, pid, name.at, to);
}

bool tracee_path(const struct tracee_proc *proc, int pid, int dirfd, const char *path, bool beneath,
                 struct line *ret)
{
    line_start(ret);
    bool absolute = path[0] == '/';
    if (absolute && !beneath) {
        if (proc->chrooted && proc->fd >= 0)
            (void)add_link(proc, pid, "/root", ret);
    } else {
        if (!add_folder(proc, pid, dirfd, ret))
            return false;
        if (!absolute && (*path || !ret->n))
            line_add(ret, "/");
    }
    line_add(ret, path);
    return true;
}

int tracee_process(const struct tracee_proc *proc, int pid)
{
    struct line name;
    line_start(&name);
    line_number(&name, (uint64_t)pid);
    line_add(&name, "/status");
    long fd = proc->fd < 0 ? -1 : SYS(openat, proc->fd, name.at, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return pid;
    char text[512];
    long n = SYS(read, fd, text, sizeof text - 1);
    SYS(close, fd);
    text[n > 0 ? n : 0] = 0;
    for (const char *at = text; (at = text_find(at, '\n')); at++) {
        uint64_t process;
        if (!text_starts(at, "\nTgid:\t"))
            continue;
        const char *number = at + sizeof "\nTgid:\t" - 1;
        return text_number(&number, 10, INT32_MAX, &process) ? (int)process : pid;
    }
    return pid;
}
