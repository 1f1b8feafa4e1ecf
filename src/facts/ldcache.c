/* ldcache: cache bytes → entries by name.
 *
 * glibc wrote two formats. The old one holds pairs of string offsets counted from the end of its
 * table. The new one counts from its own header, adds a word of processor capabilities to each
 * entry, and for years stood behind an old one in the same file. Fields are in the byte order of
 * the machine that wrote them; the new header says which, the old one has to be guessed.
 *
 * Invariants
 * 1. No byte outside the given ones is read, whatever counts and offsets say. (fuzz_ldcache)
 * 2. Entries keep the file's order, which is the loader's order of preference. (test_ldcache)
 * 3. Memory is bounded by the size of the bytes: a table that cannot fit is refused before it is
 *    read; a string has a longest length, so entries that share one cost no more than others.
 *    (test_ldcache)
 */
#include "facts/ldcache.h"

#include "base/limits.h"

enum {
    OLD_HEADER = 16, /* "ld.so-1.7.0", a NUL, and the count */
    OLD_ENTRY = 12,
    NEW_HEADER = 48,
    NEW_ENTRY = 24,
    NEW_FLAGS = 28, /* offset of the byte that tells the byte order */
    NEW_BIG_ENDIAN = 3,
};

static const struct str old_magic = STR_INIT("ld.so-1.7.0"),
                        new_magic = STR_INIT("glibc-ld.so.cache1.1");

static uint32_t word(struct str bytes, size_t at, bool big)
{
    const unsigned char *p = (const unsigned char *)bytes.p + at;
    if (big)
        return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* The NUL-terminated string at an offset; false when it starts or ends outside, or is too long. */
static bool string_at(struct str bytes, uint64_t at, size_t longest, struct str *ret)
{
    if (at >= bytes.n)
        return false;
    struct str rest = str_slice(bytes, (size_t)at, (size_t)at + longest + 1);
    size_t n = str_find(rest, '\0');
    *ret = str_slice(rest, 0, n);
    return n < rest.n && n > 0;
}

static void add(struct arena *a, struct facts_ldcache *cache, struct str name, struct str path,
                bool hwcaps)
{
    *vec_push(a, &cache->entries) =
        (struct facts_ldcache_entry){.name = name, .path = path, .hwcaps = hwcaps};
}

/* Threads entries of one name in file order: walking backwards, each becomes the first. */
static void index_names(struct arena *a, struct facts_ldcache *cache)
{
    cache->first.a = a;
    for (size_t i = cache->entries.n; i-- > 0;) {
        void **slot = map_at(&cache->first, cache->entries.v[i].name);
        cache->entries.v[i].next = (size_t)(uintptr_t)*slot;
        *slot = (void *)(uintptr_t)(i + 1);
    }
}

static int read_new(struct str bytes, struct arena *a, struct facts_ldcache *cache, struct err *e)
{
    if (bytes.n < NEW_HEADER)
        return err_set(e, ERR_INPUT, "ld.so.cache: header ends after %zu of %d bytes", bytes.n,
                       NEW_HEADER);
    bool big = (bytes.p[NEW_FLAGS] & 3) == NEW_BIG_ENDIAN;
    uint32_t n = word(bytes, 20, big);
    if (n > (bytes.n - NEW_HEADER) / NEW_ENTRY)
        return err_set(e, ERR_INPUT, "ld.so.cache: %u entries do not fit %zu bytes", n, bytes.n);
    for (size_t i = 0; i < n; i++) {
        size_t at = NEW_HEADER + i * NEW_ENTRY;
        struct str name, path;
        if (string_at(bytes, word(bytes, at + 4, big), LIMIT_NAME_BYTES, &name) &&
            string_at(bytes, word(bytes, at + 8, big), LIMIT_PATH_BYTES, &path))
            add(a, cache, name, path, word(bytes, at + 16, big) || word(bytes, at + 20, big));
    }
    return 0;
}

static int read_old(struct str bytes, struct arena *a, struct facts_ldcache *cache, struct err *e)
{
    if (bytes.n < OLD_HEADER)
        return err_set(e, ERR_INPUT, "ld.so.cache: header ends after %zu of %d bytes", bytes.n,
                       OLD_HEADER);
    size_t room = (bytes.n - OLD_HEADER) / OLD_ENTRY;
    bool big = word(bytes, 12, false) > room;
    uint32_t n = word(bytes, 12, big);
    if (n > room)
        return err_set(e, ERR_INPUT, "ld.so.cache: %u entries do not fit %zu bytes", n, bytes.n);
    size_t strings = OLD_HEADER + (size_t)n * OLD_ENTRY, aligned = (strings + 7) & ~(size_t)7;
    if (str_starts(str_from(bytes, aligned), new_magic))
        return read_new(str_from(bytes, aligned), a, cache, e);
    for (size_t i = 0; i < n; i++) {
        size_t at = OLD_HEADER + i * OLD_ENTRY;
        struct str name, path;
        if (string_at(bytes, strings + (uint64_t)word(bytes, at + 4, big), LIMIT_NAME_BYTES,
                      &name) &&
            string_at(bytes, strings + (uint64_t)word(bytes, at + 8, big), LIMIT_PATH_BYTES, &path))
            add(a, cache, name, path, false);
    }
    return 0;
}

int facts_ldcache_read(struct str bytes, struct arena *a, struct facts_ldcache *ret, struct err *e)
{
    struct facts_ldcache cache = {0};
    int rc = 0;
    if (str_starts(bytes, new_magic))
        rc = read_new(bytes, a, &cache, e);
    else if (str_starts(bytes, old_magic))
        rc = read_old(bytes, a, &cache, e);
    else if (bytes.n)
        rc = err_set(e, ERR_INPUT, "ld.so.cache: neither the old nor the new format");
    if (rc)
        return rc;
    index_names(a, &cache);
    *ret = cache;
    return 0;
}

const struct facts_ldcache_entry *facts_ldcache_find(const struct facts_ldcache *cache,
                                                     struct str name)
{
    size_t at = (size_t)(uintptr_t)map_get(&cache->first, name);
    return at ? &cache->entries.v[at - 1] : NULL;
}

const struct facts_ldcache_entry *facts_ldcache_next(const struct facts_ldcache *cache,
                                                     const struct facts_ldcache_entry *entry)
{
    return entry->next ? &cache->entries.v[entry->next - 1] : NULL;
}
