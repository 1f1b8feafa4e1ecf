/* fuzz_prove: any bytes as a report that someone hands us, and as what the agent wrote. A report
 * that is read is written and read again: the same. */
#include "prove/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct str bytes = {(const char *)data, n};
    struct prove_report report = {0}, again = {0};
    struct prove_run run;
    struct err e;
    if (prove_read(bytes, &a, &report, &e) == 0) {
        struct str once = prove_write(&a, &report);
        if (prove_read(once, &a, &again, &e) || !str_eq(prove_write(&a, &again), once))
            __builtin_trap();
    }
    prove_mark_read(bytes, &a, &run);
    arena_free(&a);
    return 0;
}
