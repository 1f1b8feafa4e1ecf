/* Text that knows its places. */
#include "dockerfile/placed.h"
#include "lib/tap.h"

static void is_span(struct span got, uint32_t from, uint32_t to, const char *what)
{
    if (!ok(got.from == from && got.to == to, "%s", what))
        printf("# got %u-%u, want %u-%u\n", got.from, got.to, from, to);
}

int main(void)
{
    struct arena a = {0};
    struct str file = STR("RUN a \\\n  b \\\"c");
    struct placed_buf b = {.text = {.a = &a}};
    placed_add_plain(&b, str_slice(file, 4, 6), 4);
    placed_add_plain(&b, str_slice(file, 8, 12), 8);
    placed_add_wide(&b, STR("\""), (struct span){12, 14});
    placed_add_plain(&b, str_slice(file, 14, 15), 14);
    struct placed p = placed_done(&b);
    is_str(p.s, "a   b \"c", "text is joined");
    is_span(placed_span(&p, 0, 1), 4, 5, "first piece");
    is_span(placed_span(&p, 4, 5), 10, 11, "second piece");
    is_span(placed_span(&p, 0, 5), 4, 11, "over the gap");
    is_span(placed_span(&p, 6, 7), 12, 14, "an escape is whole");
    is_span(placed_span(&p, 6, 8), 12, 15, "an escape and a byte");
    is_int(placed_at(&p, p.s.n), 15, "the place after the end");

    struct placed sub = placed_sub(&p, 4, 8);
    is_str(sub.s, "b \"c", "a part");
    is_span(placed_span(&sub, 0, 1), 10, 11, "the part's places");
    is_span(placed_of(&sub, str_slice(sub.s, 2, 3)), 12, 14, "by view");

    struct placed_buf again = {.text = {.a = &a}};
    placed_add(&again, &sub, 0, 1);
    placed_add(&again, &sub, 2, 4);
    struct placed steps = placed_done(&again);
    is_str(steps.s, "b\"c", "steps: text");
    is_span(placed_span(&steps, 0, 1), 10, 11, "steps: first");
    is_span(placed_span(&steps, 1, 2), 12, 14, "steps: escape");
    is_span(placed_span(&steps, 1, 3), 12, 15, "steps: last");
    arena_free(&a);
    return done_testing();
}
