/* source, sink: memory → the read and write tables; loops over short reads.
 *
 * Invariants
 * 1. source_read_all() takes at most cap + 64 KiB from the source and holds a few times that.
 *    (test_source: cap)
 */
#include "base/source.h"

#include "base/buf.h"

static ssize_t memory_read(struct source *s, void *to, size_t n, struct err *e)
{
    (void)e;
    struct source_memory *m = (struct source_memory *)s;
    if (n > m->rest.n)
        n = m->rest.n;
    if (n)
        memcpy(to, m->rest.p, n);
    m->rest = str_from(m->rest, n);
    return (ssize_t)n;
}

struct source_memory source_memory(struct str bytes)
{
    return (struct source_memory){{memory_read}, bytes};
}

static int buf_write(struct sink *s, const void *from, size_t n, struct err *e)
{
    (void)e;
    buf_add(((struct sink_buf *)s)->buf, (struct str){from, n});
    return 0;
}

struct sink_buf sink_buf(struct buf *b)
{
    return (struct sink_buf){{buf_write}, b};
}

int source_read_full(struct source *s, void *to, size_t n, struct err *e)
{
    for (size_t had = 0; had < n;) {
        ssize_t got = s->read(s, (char *)to + had, n - had, e);
        if (got < 0)
            return -1;
        if (got == 0)
            return err_set(e, ERR_INPUT, "ends after %zu of %zu bytes", had, n);
        had += (size_t)got;
    }
    return 0;
}

int source_read_all(struct source *s, struct arena *a, size_t cap, struct str *ret, struct err *e)
{
    enum { STEP = 64 * 1024 };
    struct buf b = {.a = a};
    for (;;) {
        ssize_t got = s->read(s, buf_room(&b, STEP), STEP, e);
        if (got < 0)
            return -1;
        buf_took(&b, (size_t)got);
        if (b.n > cap)
            return err_set(e, ERR_INPUT,
                           "is larger than the %zu bytes that are read of such a file", cap);
        if (got == 0)
            break;
    }
    *ret = buf_str(&b);
    return 0;
}
