/* fuzz_ldcache: any bytes as a loader cache. */
#include "harden/ldcache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct ldcache cache;
    struct err e;
    if (n < 4096 && ldcache_read((struct str){(const char *)data, n}, &a, &cache, &e) == 0)
        vec_each (&cache.entries, i)
            for (const struct ldcache_entry *at = ldcache_find(&cache, cache.entries.v[i].name); at;
                 at = ldcache_next(&cache, at))
                if (!at->path.n)
                    abort();
    arena_free(&a);
    return 0;
}
