/* fuzz_elf: any bytes as an ELF file. */
#include <stdlib.h>

#include "facts/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct elf_facts f;
    char *copy = malloc(n ? n : 1); /* exact, and not in an arena: a read past the end shows */
    if (n)
        memcpy(copy, data, n);
    facts_elf_read(copy, n, &a, &f);
    free(copy);
    arena_free(&a);
    return 0;
}
