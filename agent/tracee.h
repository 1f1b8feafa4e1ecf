/* tracee: what can be read of a stopped process: its memory, and where its paths start. */
#ifndef AGENT_TRACEE_H
#define AGENT_TRACEE_H

#include "agent/agent.h"

enum { TRACEE_PATH_MAX = 4096 };

/* n bytes at addr. False when they cannot be read. */
bool tracee_read(int pid, uint64_t addr, void *to, size_t n);

/* The string at addr, at most cap−1 bytes of it, NUL-terminated. Returns its length, or cap when it
 * is longer, or −1 when it cannot be read. */
long tracee_string(int pid, uint64_t addr, char *to, size_t cap);

/* Where /proc is, found once and kept open; what the program mounts there later changes nothing. */
struct tracee_proc {
    long fd;
    bool chrooted; /* some process may have changed its root */
};
void tracee_proc_open(struct tracee_proc *proc);

/* The path as an absolute one of the container: a relative one after the folder it is relative to
 * (dirfd, or AT_FDCWD), an absolute one after the process's root where it changed that. Nothing is
 * normalised. `beneath`: absolute paths start at dirfd too (RESOLVE_IN_ROOT). An empty path is
 * dirfd itself. False when there is no such path. */
bool tracee_path(const struct tracee_proc *proc, int pid, int dirfd, const char *path, bool beneath,
                 struct line *ret);

/* The process a thread belongs to; the thread itself when /proc does not say. */
int tracee_process(const struct tracee_proc *proc, int pid);

#endif
