/* test_ahead: blocks that are made ahead, by threads and without. */
#include "image/ahead.h"

#include <zstd.h>

#include "lib/tap.h"

/* Plain bytes that count up, so that an order can be seen; fails after `left` of them when told. */
struct counting {
    struct source source;
    size_t at, left;
    bool fails;
};

static ssize_t counting_read(struct source *s, void *to, size_t n, struct err *e)
{
    struct counting *c = (struct counting *)s;
    if (!c->left)
        return c->fails ? err_set(e, ERR_INPUT, "torn") : 0;
    n = n < c->left ? n : c->left;
    for (size_t i = 0; i < n; i++)
        ((unsigned char *)to)[i] = (unsigned char)((c->at + i) * 7 >> 3);
    c->at += n;
    c->left -= n;
    return (ssize_t)n;
}

static void read_all(bool threaded, bool fails)
{
    struct counting c = {{counting_read}, 0, 5 << 20, fails};
    struct err e = {0};
    struct ahead *s = ahead_begin(inflate_begin(&c.source, IMAGE_PLAIN), threaded);
    const unsigned char *p;
    size_t at = 0;
    ssize_t n;
    bool order = true;
    while ((n = ahead_block(s, (const void **)&p, &e)) > 0)
        for (ssize_t i = 0; i < n; i++, at++)
            order &= p[i] == (unsigned char)(at * 7 >> 3);
    ok(order && at == 5 << 20, "order: threaded %d", threaded);
    if (fails)
        is_err((int)n, e, ERR_INPUT, "torn", "the failure comes last: threaded %d", threaded);
    else
        ok(n == 0, "then the end");
    ok(ahead_block(s, (const void **)&p, &e) == n, "asked again, the same");
    inflate_drop(ahead_end(s));
}

static void leave_early(size_t blocks)
{
    struct counting c = {{counting_read}, 0, 5 << 20, false};
    struct err e = {0};
    struct ahead *s = ahead_begin(inflate_begin(&c.source, IMAGE_PLAIN), true);
    const void *p;
    bool more = true;
    for (size_t i = 0; i < blocks; i++)
        more &= ahead_block(s, &p, &e) > 0;
    inflate_drop(ahead_end(s));
    ok(more, "left early, after %zu blocks", blocks);
}

/* Both digests, of plain bytes and of compressed ones, which are hashed by a thread of their own.
 */
static void check_sums(bool threaded, bool compressed, size_t n)
{
    struct arena a = {0};
    struct err e = {0};
    char *plain = arena_alloc(&a, n), *packed = arena_alloc(&a, ZSTD_compressBound(n));
    for (size_t i = 0; i < n; i++)
        plain[i] = (char)(i * 2654435761u >> 24);
    struct str stored = {packed, ZSTD_compress(packed, ZSTD_compressBound(n), plain, n, 1)};
    if (!compressed)
        stored = (struct str){plain, n};
    struct source_memory from = source_memory(stored);
    struct ahead *s =
        ahead_begin(inflate_begin(&from.source, compressed ? IMAGE_ZSTD : IMAGE_PLAIN), threaded);
    const void *p;
    size_t at = 0;
    ssize_t got;
    bool same = true;
    while ((got = ahead_block(s, &p, &e)) > 0 && at + (size_t)got <= n) {
        same &= memcmp(p, plain + at, (size_t)got) == 0;
        at += (size_t)got;
    }
    struct inflate_sums sums = inflate_end(ahead_end(s));
    struct digest want = digest_of((struct str){plain, n}), raw = digest_of(stored);
    ok(got == 0 && same && at == n && digest_eq(&sums.plain, &want) &&
           digest_eq(&sums.stored, &raw),
       "sums of %zu bytes: threaded %d, compressed %d", n, threaded, compressed);
    arena_free(&a);
}

int main(void)
{
    for (int i = 0; i < 4; i++)
        read_all(i & 1, i & 2);
    for (size_t i = 0; i < 5; i++)
        leave_early(i);
    ok(!ahead_end(NULL), "none");
    for (int i = 0; i < 4; i++)
        for (size_t n = 1; n < 20u << 20; n *= 19)
            check_sums(i & 1, i & 2, n);
    return done_testing();
}
