/* ldcache: the bytes of /etc/ld.so.cache → which files a library name may stand for. */
#ifndef FACTS_LDCACHE_H
#define FACTS_LDCACHE_H

#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"

struct facts_ldcache_entry {
    struct str name, path; /* views of the cache's bytes */
    bool hwcaps;           /* a variant for some processors only */
    size_t next;           /* index + 1 of the next entry of the same name; 0: none */
};

struct facts_ldcache {
    struct facts_ldcache_entries VEC(struct facts_ldcache_entry) entries;
    struct map first; /* name → its first struct facts_ldcache_entry, by index + 1 */
};

/* The old format ("ld.so-1.7.0"), the new one ("glibc-ld.so.cache1.1") and the old with the new
 * behind it, in either byte order. Empty bytes are an empty cache. ERR_INPUT when the headers do
 * not fit the bytes; single entries that point outside are skipped. */
int facts_ldcache_read(struct str bytes, struct arena *a, struct facts_ldcache *ret,
                       struct err *e) MUST_USE;

/* The first entry of that name, in the cache's own order, or NULL; and the one after. */
const struct facts_ldcache_entry *facts_ldcache_find(const struct facts_ldcache *cache,
                                                     struct str name);
const struct facts_ldcache_entry *facts_ldcache_next(const struct facts_ldcache *cache,
                                                     const struct facts_ldcache_entry *entry);

#endif
