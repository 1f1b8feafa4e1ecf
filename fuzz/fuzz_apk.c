/* fuzz_apk: any bytes as apk's installed database. */
#include "facts/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct facts_packages packages = {0};
    struct facts_room room = facts_room();
    facts_apk_read((struct str){(const char *)data, n}, &a, &room, &packages);
    arena_free(&a);
    return 0;
}
