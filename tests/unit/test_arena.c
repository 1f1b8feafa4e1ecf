#include "base/arena.h"

#include "lib/tap.h"

static bool is_zero(const char *p, size_t n)
{
    while (n--)
        if (*p++)
            return false;
    return true;
}

int main(void)
{
    struct arena a = {0};
    bool zero = true, aligned = true;
    for (size_t i = 0; i < 5000; i++) {
        char *p = arena_alloc(&a, i);
        zero &= is_zero(p, i);
        aligned &= (uintptr_t)p % _Alignof(max_align_t) == 0;
        memset(p, 0xff, i);
    }
    ok(zero, "zeroed");
    ok(aligned, "aligned");

    struct arena_mark mark = arena_mark(&a);
    size_t held = a.held;
    memset(arena_alloc(&a, 10 << 20), 0xff, 10 << 20);
    memset(arena_alloc(&a, 100), 0xff, 100);
    arena_rewind(&a, mark);
    ok(a.held == held, "rewinding gives chunks back");
    ok(is_zero(arena_alloc(&a, 4000), 4000), "zeroed after a rewind");

    char *p = arena_alloc(&a, 10);
    memcpy(p, "0123456789", 10);
    char *q = arena_grow(&a, p, 10, 40);
    ok(p == q, "the last allocation grows in place");
    arena_alloc(&a, 1);
    q = arena_grow(&a, q, 40, 4000);
    ok(q != p && !memcmp(q, "0123456789", 10) && is_zero(q + 10, 3990), "grow copies and zeroes");
    arena_free(&a);
    ok(a.held == 0 && !a.head, "free");
    arena_rewind(&a, arena_mark(&a));
    ok(!a.head, "an empty arena rewinds to empty");
    arena_reset(&a);
    ok(!a.head, "and is reset to empty");
    for (int i = 0; i < 100; i++)
        memset(arena_alloc(&a, 1000), 7, 1000);
    arena_reset(&a);
    held = a.held;
    ok(held > 16 * 1024 && held < 100 * 1000, "a reset keeps one chunk");
    zero = true;
    for (int i = 0; i < 30; i++)
        zero &= is_zero(arena_alloc(&a, 1000), 1000);
    ok(zero && a.held == held, "zeroed, to be filled again");
    arena_free(&a);
    return done_testing();
}
