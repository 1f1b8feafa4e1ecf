/* fuzz_trace: any bytes as what the agent wrote, merged with itself; and as output of a program. */
#include "trace/outcome.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct str bytes = {(const char *)data, n};
    struct trace t = {0};
    struct err e;
    if (trace_read(bytes, &a, &t, &e) == 0) {
        size_t lookups = t.lookups.n, listens = t.listens.n;
        struct trace again = t;
        trace_merge(&a, &again, &t);
        if (again.lookups.n != lookups || again.listens.n != listens)
            __builtin_trap();
    }
    struct outcome o = {.out = bytes};
    struct outcome_differences d = {0};
    outcome_compare(&a, &o, &o, &d);
    if (d.n)
        __builtin_trap();
    arena_free(&a);
    return 0;
}
