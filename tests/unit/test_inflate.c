/* Stored bytes to tar bytes, with digests; bombs and damage. */
#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "image/inflate.h"
#include "lib/tap.h"

static struct arena a;

static struct str gzip(struct str plain)
{
    struct isal_zstream z;
    unsigned char *level = arena_alloc(&a, ISAL_DEF_LVL1_DEFAULT);
    size_t cap = plain.n + 1000;
    unsigned char *to = arena_alloc(&a, cap);
    isal_deflate_init(&z);
    z.gzip_flag = IGZIP_GZIP;
    z.level = 1;
    z.level_buf = level;
    z.level_buf_size = ISAL_DEF_LVL1_DEFAULT;
    z.end_of_stream = 1;
    z.next_in = (unsigned char *)(uintptr_t)plain.p;
    z.avail_in = (uint32_t)plain.n;
    z.next_out = to;
    z.avail_out = (uint32_t)cap;
    if (isal_deflate(&z) != COMP_OK || z.avail_in)
        printf("Bail out! ISA-L\n");
    return (struct str){(char *)to, cap - z.avail_out};
}

static struct str zstd(struct str plain)
{
    size_t cap = ZSTD_compressBound(plain.n);
    char *to = arena_alloc(&a, cap);
    return (struct str){to, ZSTD_compress(to, cap, plain.p, plain.n, 1)};
}

static struct str join(struct str x, struct str y)
{
    struct buf b = {.a = &a};
    buf_add(&b, x);
    buf_add(&b, y);
    return buf_str(&b);
}

/* Inflates all; checks length and digests when want is given. */
static int inflate_all(struct str stored, enum image_compression c, const struct str *want,
                       const char *what, struct err *e)
{
    struct source_memory from = source_memory(stored);
    struct inflate *s = inflate_begin(&from.source, c);
    struct buf all = {.a = &a};
    static char block[INFLATE_BLOCK];
    ssize_t n;
    while ((n = inflate_block(s, block, e)) > 0) {
        inflate_hash(s, block, (size_t)n);
        if (want)
            buf_add(&all, (struct str){block, (size_t)n});
    }
    if (n < 0) {
        inflate_drop(s);
        return -1;
    }
    struct inflate_sums sums = inflate_end(s);
    if (want) {
        struct digest plain = digest_of(*want), raw = digest_of(stored);
        ok(str_eq(buf_str(&all), *want), "%s: bytes", what);
        ok(digest_eq(&plain, &sums.plain) && digest_eq(&raw, &sums.stored), "%s: digests", what);
    }
    return 0;
}

static struct str noise(size_t n)
{
    char *p = arena_alloc(&a, n);
    uint32_t x = 1;
    for (size_t i = 0; i < n; i++)
        p[i] = (char)((x = x * 1664525 + 1013904223) >> (i % 3000 < 1500 ? 24 : 31));
    return (struct str){p, n};
}

static void test_sums(void)
{
    static const size_t sizes[] = {0, 1, 511, 256 * 1024, 256 * 1024 + 1, 1500000};
    struct err e = {0};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct str plain = noise(sizes[i]), twice = join(plain, plain);
        is_int(inflate_all(plain, IMAGE_PLAIN, &plain, "plain", &e), 0, "plain %zu", sizes[i]);
        is_int(inflate_all(gzip(plain), IMAGE_GZIP, &plain, "gzip", &e), 0, "gzip %zu: %s",
               sizes[i], e.text);
        is_int(inflate_all(zstd(plain), IMAGE_ZSTD, &plain, "zstd", &e), 0, "zstd %zu: %s",
               sizes[i], e.text);
        is_int(inflate_all(join(gzip(plain), gzip(plain)), IMAGE_GZIP, &twice, "two members", &e),
               0, "two gzip members of %zu: %s", sizes[i], e.text);
        is_int(inflate_all(join(zstd(plain), zstd(plain)), IMAGE_ZSTD, &twice, "two frames", &e), 0,
               "two zstd frames of %zu: %s", sizes[i], e.text);
    }
}

static void test_damage(void)
{
    struct str plain = noise(700000), packed[] = {gzip(plain), zstd(plain)};
    struct err e = {0};
    for (int i = 0; i < 2; i++) {
        enum image_compression c = i ? IMAGE_ZSTD : IMAGE_GZIP;
        struct str p = packed[i];
        const char *name = i ? "zstd" : "gzip";
        for (size_t cut = 1; cut < p.n; cut += p.n / 7)
            is_err(inflate_all(str_slice(p, 0, cut), c, NULL, "", &e), e, ERR_INPUT, "ends early",
                   "%s cut after %zu bytes", name, cut);
        is_err(inflate_all(str_slice(p, 0, p.n - 1), c, NULL, "", &e), e, ERR_INPUT, "ends early",
               "%s without its last byte", name);
        is_err(inflate_all(join(p, STR("garbage that follows")), c, NULL, "", &e), e, ERR_INPUT,
               i ? "damaged" : "not gzip", "%s with garbage behind", name);
    }
    char *bent = str_cstr(&a, packed[0]);
    bent[packed[0].n - 6] ^= 1;
    is_err(inflate_all((struct str){bent, packed[0].n}, IMAGE_GZIP, NULL, "", &e), e, ERR_INPUT,
           "checksum", "gzip with a wrong checksum");
    is_err(inflate_all(STR("no gzip at all, not even close"), IMAGE_GZIP, NULL, "", &e), e,
           ERR_INPUT, "not gzip", "no gzip");
}

static void test_bomb(void)
{
    struct err e = {0};
    struct str zero = {arena_alloc(&a, 64 << 20), 64 << 20};
    struct str g = gzip(zero), z = zstd(zero);
    for (int i = 0; i < 3; i++) {
        g = join(g, g);
        z = join(z, z);
    }
    is_err(inflate_all(g, IMAGE_GZIP, NULL, "", &e), e, ERR_INPUT, "bomb", "gzip bomb");
    is_err(inflate_all(z, IMAGE_ZSTD, NULL, "", &e), e, ERR_INPUT, "bomb", "zstd bomb");
}

static void test_recognise(void)
{
    enum image_compression c;
    struct err e = {0};
    ok(inflate_recognise((const unsigned char *)"\x1f\x8b", 2, &c, &e) == 0 && c == IMAGE_GZIP,
       "gzip");
    ok(inflate_recognise((const unsigned char *)"\x28\xb5\x2f\xfd", 4, &c, &e) == 0 &&
           c == IMAGE_ZSTD,
       "zstd");
    ok(inflate_recognise(NULL, 0, &c, &e) == 0 && c == IMAGE_PLAIN, "nothing is plain");
    is_err(inflate_recognise((const unsigned char *)"\xfd"
                                                    "7zXZ",
                             6, &c, &e),
           e, ERR_INPUT, "xz", "xz is refused by name");
    is_err(inflate_recognise((const unsigned char *)"BZh", 3, &c, &e), e, ERR_INPUT, "bzip2",
           "bzip2 is refused by name");
}

int main(void)
{
    test_sums();
    test_damage();
    test_bomb();
    test_recognise();
    arena_free(&a);
    return done_testing();
}
