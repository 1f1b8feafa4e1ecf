#include "base/buf.h"

#include "lib/tap.h"

int main(void)
{
    struct arena a = {0};
    struct buf b = {.a = &a};
    is_str(buf_str(&b), "", "empty");
    for (int i = 0; i < 1000; i++) {
        buf_addf(&b, "%d", i % 10);
        buf_addc(&b, ',');
    }
    is_int(b.n, 2000, "length");
    is_str(str_slice(buf_str(&b), 1990, 2000), "5,6,7,8,9,", "content");
    ok(b.p[b.n] == 0, "nul after the end");
    buf_addz(&b, "");
    buf_add(&b, (struct str){0});
    is_int(b.n, 2000, "nothing added");
    arena_free(&a);
    return done_testing();
}
