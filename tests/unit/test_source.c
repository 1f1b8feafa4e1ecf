#include "base/source.h"

#include "base/buf.h"
#include "lib/tap.h"

/* Gives one byte at a time, for ever when `endless`. */
struct slow {
    struct source source;
    size_t left;
    bool endless;
};

static ssize_t slow_read(struct source *s, void *to, size_t n, struct err *e)
{
    struct slow *slow = (struct slow *)s;
    (void)e;
    if (slow->endless) {
        memset(to, 'x', n);
        return (ssize_t)n;
    }
    if (!slow->left)
        return 0;
    slow->left--;
    *(char *)to = 'y';
    return 1;
}

int main(void)
{
    struct arena a = {0};
    struct err e = {0};
    struct str all;
    char to[8];
    struct slow slow = {{slow_read}, 5, false}, endless = {{slow_read}, 0, true};
    ok(!source_read_full(&slow.source, to, 3, &e), "short reads are joined");
    is_err(source_read_full(&slow.source, to, 8, &e), e, ERR_INPUT, "ends after 2 of 8",
           "early end");
    is_err(source_read_all(&endless.source, &a, 1 << 20, &all, &e), e, ERR_INPUT, "1048576", "cap");
    ok(a.held < 8 << 20, "memory stays near the cap");
    struct source_memory m = source_memory(STR("hello"));
    ok(!source_read_all(&m.source, &a, 5, &all, &e), "a whole source");
    is_str(all, "hello", "its bytes");
    struct buf b = {.a = &a};
    struct sink_buf sink = sink_buf(&b);
    ok(!sink.sink.write(&sink.sink, "ab", 2, &e), "a sink");
    is_str(buf_str(&b), "ab", "what it took");
    arena_free(&a);
    return done_testing();
}
