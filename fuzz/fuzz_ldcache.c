/* fuzz_ldcache: any bytes as a loader cache. */
#include "facts/ldcache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct facts_ldcache cache;
    struct err e;
    if (n < 4096 && facts_ldcache_read((struct str){(const char *)data, n}, &a, &cache, &e) == 0)
        vec_each (&cache.entries, i)
            for (const struct facts_ldcache_entry *at =
                     facts_ldcache_find(&cache, cache.entries.v[i].name);
                 at; at = facts_ldcache_next(&cache, at))
                if (!at->path.n)
                    abort();
    arena_free(&a);
    return 0;
}
