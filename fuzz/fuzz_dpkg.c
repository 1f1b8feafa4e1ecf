/* fuzz_dpkg: any bytes as dpkg's status and file lists. */
#include "facts/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct facts_packages packages = {0};
    struct facts_room room = facts_room();
    struct str text = {(const char *)data, n};
    facts_dpkg_read(text, &a, &room, &packages);
    facts_dpkg_list(text, &a, &room);
    facts_dpkg_md5sums(text, &a, &room);
    facts_os_release(text, &a, STR("ID"));
    arena_free(&a);
    return 0;
}
