/* fuzz_layer: any bytes as a layer: plain, gzip or zstd tar. Checksums of plain tar headers are
 * made right first, or hardly any input would get past them. */
#include "base/limits.h"
#include "image/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void mend(unsigned char *p, size_t n)
{
    for (size_t at = 0; at + 512 <= n; at += 512) {
        unsigned char *h = p + at;
        unsigned sum = 0;
        if (memcmp(h + 257, "ustar", 5) != 0)
            continue;
        memset(h + 148, ' ', 8);
        for (size_t i = 0; i < 512; i++)
            sum += h[i];
        snprintf((char *)h + 148, 8, "%06o", sum);
    }
}

/* What image.h promises of every entry. */
static void check(const struct image_entry *entry)
{
    struct str rest = entry->path, name;
    if (rest.n >= LIMIT_PATH_BYTES || str_starts(rest, STR("/")) || str_ends(rest, STR("/")))
        __builtin_trap();
    while (rest.n) {
        str_cut(rest, '/', &name, &rest);
        if (!name.n || str_is(name, ".") || str_is(name, ".."))
            __builtin_trap();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct err e;
    struct image_reader *r;
    struct image_entry entry;
    struct reader_expect expect = {.stored = n};
    enum image_compression compression;
    unsigned char *copy = arena_alloc(&a, n);
    if (n)
        memcpy(copy, data, n);
    if (inflate_recognise(copy, n, &compression, &e) == 0) {
        if (compression == IMAGE_PLAIN)
            mend(copy, n);
        struct source_memory from = source_memory((struct str){(char *)copy, n});
        if (reader_tar(&from.source, compression, &expect, &r, &e) == 0) {
            while (image_next(r, &entry, &e) > 0) {
                const void *block;
                uint64_t left = 1 << 20; /* of a file of holes, some are enough */
                ssize_t got;
                check(&entry);
                while (left && (got = image_block(r, &block, &e)) > 0)
                    left = (uint64_t)got < left ? left - (uint64_t)got : 0;
            }
            image_layer_close(r);
        }
    }
    arena_free(&a);
    return 0;
}
