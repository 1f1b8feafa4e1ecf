#include "lib/tap.h"
#include "tree/each_layer.h"

enum { N = 40 };

struct plan {
    bool fails[N];
    _Atomic int done[N];
};

static int layer(struct tree_each *each, size_t i, struct err *e)
{
    struct plan *p = each->ctx;
    for (volatile int work = 0; work < 20000; work++)
        if (tree_each_stopped(each, i))
            return -1;
    p->done[i]++;
    return p->fails[i] ? err_set(e, ERR_INPUT, "layer %zu", i) : 0;
}

int main(void)
{
    struct err e;
    struct plan all = {0};
    struct tree_each each = {.ctx = &all, .layer = layer};
    is_int(tree_each_layer(&each, N, &e), 0, "no failure");
    bool once = true;
    for (int i = 0; i < N; i++)
        once &= all.done[i] == 1;
    ok(once, "every layer once");
    is_int(tree_each_layer(&each, 0, &e), 0, "no layers");
    bool lowest = true, below = true;
    for (int round = 0; round < 200; round++) {
        struct plan some = {
            .fails[17] = true, .fails[18] = true, .fails[20] = true, .fails[39] = true};
        each.ctx = &some;
        lowest &= tree_each_layer(&each, N, &e) == -1 && !strcmp(e.text, "layer 17");
        for (int i = 0; i <= 17; i++)
            below &= some.done[i] == 1;
    }
    ok(lowest, "the lowest error wins");
    ok(below, "no layer below it is stopped");
    return done_testing();
}
