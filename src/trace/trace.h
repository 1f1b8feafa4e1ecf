/* trace: the record of a run, as the agent saw it from inside the sandbox.
 *
 * Lookups are of absolute paths as the container's program asked for them, relative ones joined
 * with the folder they are relative to; "..", doubled slashes and symlinks are left in: resolving
 * them is the reader's work, on whichever tree. */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include "agent/wire.h" /* enum trace_call */
#include "base/vec.h"
#include "tree/tree.h"

/* One exec keeps so many words of so many bytes; one run gives so many words of refusal. */
enum { TRACE_EXEC_WORDS = 64, TRACE_EXEC_WORD_BYTES = 256, TRACE_REFUSED_MOST = 64 };

struct trace_lookup {
    enum trace_call call;
    struct str path;
    int error;     /* 0: found or done; else the errno the program saw */
    bool nofollow; /* the last component was not followed */
    bool write;    /* opened for writing, or a call that changes the file system */
    bool create;   /* O_CREAT, mkdir, symlink, … : a missing last component is no failure */
    bool dir;      /* O_DIRECTORY, or the path was a folder listed by getdents */
    uint32_t pid;
};

struct trace_exec {
    struct str path;  /* absolute, as asked for */
    struct strs argv; /* longer ones are cut */
    uint32_t pid;
};

struct trace_listen {
    uint8_t family; /* 4, 6, or 1 for a unix socket */
    uint16_t port;
    struct str path; /* unix */
};

struct trace_exit {
    uint32_t pid;
    int status; /* as wait(2) has it */
    bool main;  /* the program itself, not a child of its */
};

struct trace {
    struct trace_lookups VEC(struct trace_lookup) lookups; /* the same path, call and result once */
    struct trace_execs VEC(struct trace_exec) execs;
    struct trace_listens VEC(struct trace_listen) listens;
    struct trace_exits VEC(struct trace_exit) exits;
    struct strs
        refused;   /* what the agent could not follow, in words (io_uring answered ENOSYS, …) */
    bool complete; /* the agent said it ended; false when it was cut off */
};

/* Agent's bytes → trace. The bytes are as hostile as the image. ERR_INPUT with the offset. A stream
 * that was cut off, even before its first record, is no error: it is not complete. WIRE_MARKs are
 * passed over. */
int trace_read(struct str bytes, struct arena *a, struct trace *ret, struct err *e) MUST_USE;

/* Adds what another run saw. A zeroed trace is a start. */
void trace_merge(struct arena *a, struct trace *into, const struct trace *from);

/* Adds words to t->refused unless they are there. */
void trace_add_refused(struct arena *a, struct trace *t, struct str words);

/* One lookup that does not resolve alike on two trees. */
struct trace_difference {
    const struct trace_lookup *lookup;
    struct str what;       /* "exists in the original only", "mode 0755 became 0644", … */
    struct tree_node *was; /* on the old tree; may be NULL */
};
struct trace_differences VEC(struct trace_difference);

/* Replays every lookup, failed ones too, on both trees: same errno, or same type, mode, owner and
 * content digest (both trees built with digests). Paths below /proc, /sys and /dev are the
 * runtime's and are left out. `changed` may allow named changes of mode and owner (NULL: none). */
struct trace_replay_options {
    void *ctx;
    bool (*allowed)(void *ctx, const struct tree_node *was, const struct tree_node *is);
    struct strs ignore_below; /* absolute folders */
};
int trace_replay(struct arena *a, const struct trace *trace, const struct tree *was,
                 const struct tree *is, const struct trace_replay_options *options,
                 struct trace_differences *ret, struct err *e) MUST_USE;

#endif
