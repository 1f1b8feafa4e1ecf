#include "image/ahead.h"

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

int main(void)
{
    for (int i = 0; i < 4; i++)
        read_all(i & 1, i & 2);
    for (size_t i = 0; i < 5; i++)
        leave_early(i);
    ok(!ahead_end(NULL), "none");
    return done_testing();
}
