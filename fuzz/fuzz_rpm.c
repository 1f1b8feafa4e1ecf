/* fuzz_rpm: any bytes as an rpm database of any kind, or, after "H", as one header. */
#include <stdlib.h>

#include "facts/rpm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct facts_packages packages = {0};
    struct facts_room room = facts_room();
    struct facts_rpm one = facts_rpm_begin(&a);
    struct str note;
    char *copy = malloc(n ? n : 1); /* exact: a read past the end shows */
    if (n)
        memcpy(copy, data, n);
    if (n && *copy == 'H')
        facts_rpm_header(&one, (struct str){copy + 1, n - 1});
    else
        facts_rpm_read(facts_rpm_reduce(copy, n, &a, &note), &a, &room, &packages);
    free(copy);
    arena_free(&a);
    return 0;
}
