/* fuzz_library: any bytes as a program with Go's or Rust's lists in it, or as a Java archive. */
#include <stdlib.h>

#include "facts/library.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct facts_library_list list = {0};
    struct str note;
    uint64_t room = 1024 * 1024;    /* enough, and quick */
    char *copy = malloc(n ? n : 1); /* exact: a read past the end shows */
    if (n)
        memcpy(copy, data, n);
    struct str bytes = {copy, n};
    if (str_starts(bytes, STR("\177ELF"))) {
        facts_go_read(bytes, &a, &list);
        if (!facts_cargo_read(bytes, &room, &a, &list) && list.n)
            abort();
    } else {
        facts_jar_read(bytes, STR("a-1.jar"), &room, &a, &list, &note);
    }
    free(copy);
    arena_free(&a);
    return 0;
}
