/* source, sink: where bytes come from and go to, so that parsers and writers need no files.
 *
 * Both are small tables of functions that their maker embeds in a larger struct. */
#ifndef BASE_SOURCE_H
#define BASE_SOURCE_H

#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"

struct source {
    /* Reads 1 to n bytes into to. Returns the count, 0 at the end, −1 on failure. */
    ssize_t (*read)(struct source *s, void *to, size_t n, struct err *e);
};

struct sink {
    /* Takes all n bytes or fails. */
    int (*write)(struct sink *s, const void *from, size_t n, struct err *e);
};

/* A source over memory; the bytes stay the caller's. */
struct source_memory {
    struct source source;
    struct str rest;
};
struct source_memory source_memory(struct str bytes);

/* A sink into a buffer. */
struct buf;
struct sink_buf {
    struct sink sink;
    struct buf *buf;
};
struct sink_buf sink_buf(struct buf *b);

/* Reads exactly n bytes; an early end is ERR_INPUT, "ends after X of Y bytes". */
int source_read_full(struct source *s, void *to, size_t n, struct err *e) MUST_USE;

/* Reads to the end into the arena; more than cap bytes is ERR_INPUT naming the cap. The result is
 * followed by a NUL that n does not count. */
int source_read_all(struct source *s, struct arena *a, size_t cap, struct str *ret,
                    struct err *e) MUST_USE;

#endif
