/* tracer: the pieces of `trace`. A stopped call becomes a struct pending at its entry, is completed
 * and written at its exit. */
#ifndef AGENT_TRACER_H
#define AGENT_TRACER_H

#include "agent/calls.h"
#include "agent/tracee.h"

/* A call between its entry and its exit, with the records it will make. */
struct pending {
    struct pending *next; /* in its bucket, or in the list of free ones */
    int pid;
    int listen_fd; /* ≥ 0: this is listen(2) */
    int n;
    struct record records[3]; /* lookups, and for execve the WIRE_EXEC last */
};

struct tracer {
    struct tracee_proc proc;
    int main;
    bool said_ring, said_ptrace, said_long, said_getfd, said_info;
};

/* ---- tracer_entry.c ---- */

/* Reads the call a process is stopped at. Returns false when there is nothing to wait for at its
 * exit. */
bool tracer_entry(struct tracer *t, int pid, struct pending *p);
/* Writes what became of it. */
void tracer_exit(struct tracer *t, struct pending *p);
/* execve succeeded, as seen at PTRACE_EVENT_EXEC: its exit is not waited for. */
void tracer_executed(struct pending *p, int pid);

/* ---- tracer_table.c ---- */

/* The pending call of a process, or NULL. */
struct pending *pending_find(int pid);
struct pending *pending_take(int pid); /* NULL when there is no memory */
void pending_drop(int pid);            /* none is fine */
/* A thread that ran execve goes on under its process's number. */
void pending_rename(int from, int to);

/* Which numbers are threads, whose ends are not reported. */
void thread_set(int pid, bool is_thread);
bool thread_is(int pid);

/* Whether these bytes were not seen before; true for everything once the memory for it is full. */
void news_seed(const unsigned char *random);
bool news(const void *p, size_t n);

#endif
