/* trace_merge. */
#include "trace/trace.h"

#include "lib/tap.h"

static struct arena a;

static struct trace one(const char *path, unsigned port)
{
    static struct str words[] = {STR_INIT("p"), STR_INIT("-x")};
    struct trace t = {.complete = true};
    *vec_push(&a, &t.lookups) = (struct trace_lookup){.call = TRACE_OPEN, .path = str_of(path)};
    *vec_push(&a, &t.execs) = (struct trace_exec){str_of(path), {words, 2}, 5};
    *vec_push(&a, &t.listens) = (struct trace_listen){4, (uint16_t)port, {0}};
    *vec_push(&a, &t.exits) = (struct trace_exit){5, 0, true};
    trace_add_refused(&a, &t, STR("io_uring"));
    return t;
}

int main(void)
{
    struct trace t = one("/a", 80), same = one("/a", 80), other = one("/b", 81), start = {0};
    trace_merge(&a, &t, &same);
    ok(t.lookups.n == 1 && t.execs.n == 1 && t.listens.n == 1 && t.refused.n == 1,
       "itself: nothing new");
    is_int(t.exits.n, 2, "every end is kept");
    ok(t.complete, "complete: both were");
    trace_merge(&a, &t, &other);
    ok(t.lookups.n == 2 && t.execs.n == 2 && t.listens.n == 2 && t.refused.n == 1,
       "what the other saw is added");
    is_str(t.lookups.v[1].path, "/b", "a path");
    is_str(t.execs.v[1].argv.v[1], "-x", "a word");
    other.complete = false;
    trace_merge(&a, &t, &other);
    ok(!t.complete, "complete: one was cut off");
    trace_merge(&a, &start, &same);
    ok(start.complete && start.lookups.n == 1, "a zeroed trace is a start");
    same.lookups.v[0].error = 2;
    trace_merge(&a, &start, &same);
    is_int(start.lookups.n, 2, "another result is another lookup");
    arena_free(&a);
    return done_testing();
}
