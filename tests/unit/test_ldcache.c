/* test_ldcache: caches built here in every format, and broken ones. */
#include "base/buf.h"
#include "facts/ldcache.h"
#include "lib/tap.h"

static void put32(struct buf *b, uint32_t v, bool big)
{
    for (int i = 0; i < 4; i++)
        buf_addc(b, (char)(v >> (big ? 24 - 8 * i : 8 * i)));
}

static const struct line {
    const char *name, *path;
    uint32_t hwcap_high;
} lines[] = {
    {"libz.so.1", "/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v3/libz.so.1", 1u << 30},
    {"libz.so.1", "/lib/x86_64-linux-gnu/libz.so.1", 0},
    {"libz.so.1", "/lib32/libz.so.1", 0},
    {"libc.so.6", "/lib/x86_64-linux-gnu/libc.so.6", 0},
};
enum { N_LINES = sizeof lines / sizeof *lines };

static struct str new_cache(struct arena *a, bool big)
{
    struct buf b = {.a = a}, strings = {.a = a};
    uint32_t at = 48 + 24 * N_LINES;
    buf_addz(&b, "glibc-ld.so.cache1.1");
    put32(&b, N_LINES, big);
    put32(&b, 0, big); /* length of the strings: not relied on */
    buf_addc(&b, big ? 3 : 2);
    for (int i = 0; i < 19; i++)
        buf_addc(&b, 0);
    for (size_t i = 0; i < N_LINES; i++) {
        put32(&b, 0x303, big);
        put32(&b, at + (uint32_t)strings.n, big);
        buf_addz(&strings, lines[i].name);
        buf_addc(&strings, 0);
        put32(&b, at + (uint32_t)strings.n, big);
        buf_addz(&strings, lines[i].path);
        buf_addc(&strings, 0);
        put32(&b, 0, big);
        put32(&b, big ? lines[i].hwcap_high : 0, big);
        put32(&b, big ? 0 : lines[i].hwcap_high, big);
    }
    buf_add(&b, buf_str(&strings));
    return buf_str(&b);
}

static struct str old_cache(struct arena *a, struct str behind)
{
    struct buf b = {.a = a};
    buf_add(&b, STR("ld.so-1.7.0\0"));
    put32(&b, 1, false);
    put32(&b, 3, false);
    put32(&b, 0, false);
    put32(&b, 8, false);
    if (!behind.n)
        buf_add(&b, STR("libm.so\0/lib/libm.so\0"));
    while (behind.n && b.n % 8)
        buf_addc(&b, 0);
    buf_add(&b, behind);
    return buf_str(&b);
}

static void formats(struct arena *a)
{
    struct facts_ldcache c = {0};
    struct err e = {0};
    for (int big = 0; big < 2; big++) {
        ok(facts_ldcache_read(new_cache(a, big), a, &c, &e) == 0, "new format, %s endian",
           big ? "big" : "little");
        is_int(c.entries.n, N_LINES, "all entries");
        const struct facts_ldcache_entry *z = facts_ldcache_find(&c, STR("libz.so.1"));
        ok(z && z->hwcaps, "the variant comes first, as in the file");
        z = z ? facts_ldcache_next(&c, z) : NULL;
        is_str(z ? z->path : STR(""), "/lib/x86_64-linux-gnu/libz.so.1", "then the plain one");
        z = z ? facts_ldcache_next(&c, z) : NULL;
        is_str(z ? z->path : STR(""), "/lib32/libz.so.1", "then that of the other class");
        ok(z && !facts_ldcache_next(&c, z), "and no more");
        ok(!facts_ldcache_find(&c, STR("libz.so")), "a shorter name is another one");
    }
    ok(facts_ldcache_read(old_cache(a, (struct str){0}), a, &c, &e) == 0, "old format");
    const struct facts_ldcache_entry *m = facts_ldcache_find(&c, STR("libm.so"));
    is_str(m ? m->path : STR(""), "/lib/libm.so", "its path");
    ok(facts_ldcache_read(old_cache(a, new_cache(a, false)), a, &c, &e) == 0, "new behind old");
    is_int(c.entries.n, N_LINES, "the new one counts");
    ok(facts_ldcache_read((struct str){0}, a, &c, &e) == 0 && c.entries.n == 0,
       "no bytes, no entries");
}

static void broken(struct arena *a)
{
    struct facts_ldcache c = {0};
    struct err e = {0};
    is_err(facts_ldcache_read(STR("ELF"), a, &c, &e), e, ERR_INPUT, "neither", "another file");
    is_err(facts_ldcache_read(STR("glibc-ld.so.cache1.1"), a, &c, &e), e, ERR_INPUT, "header ends",
           "a header cut off");
    struct str whole = new_cache(a, false);
    char *lies = str_cstr(a, whole);
    memset(lies + 20, 0x7f, 4);
    is_err(facts_ldcache_read((struct str){lies, whole.n}, a, &c, &e), e, ERR_INPUT, "do not fit",
           "a count that cannot be");
    lies = str_cstr(a, whole);
    memset(lies + 48 + 4, 0xff, 8);
    ok(facts_ldcache_read((struct str){lies, whole.n}, a, &c, &e) == 0,
       "offsets outside are no error");
    is_int(c.entries.n, N_LINES - 1, "but their entry is left out");
    bool sane = true;
    for (size_t n = 0; n < whole.n; n++)
        if (facts_ldcache_read(str_slice(whole, 0, n), a, &c, &e) == 0 && c.entries.n > N_LINES)
            sane = false;
    ok(sane, "cut off anywhere");
}

int main(void)
{
    struct arena a = {0};
    formats(&a);
    broken(&a);
    arena_free(&a);
    return done_testing();
}
