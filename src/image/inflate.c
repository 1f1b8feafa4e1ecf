/* inflate: stored bytes → tar bytes.
 *
 * Invariants
 * 1. Every stored byte goes through the stored hash once, and so does every tar byte through the
 * plain one that the caller hands to inflate_hash(), in order; when nothing is compressed, that is
 * one hash, computed once. (test_inflate: sums)
 * 2. Memory is constant: a block and the decompressor's state. (test_inflate: bomb)
 */
#include "image/inflate.h"

#include <inttypes.h>
#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include "base/limits.h"

struct inflate {
    struct source *from;
    enum image_compression compression;
    struct digest_state *stored_hash, *plain_hash; /* plain_hash NULL when nothing is compressed */
    uint64_t stored, plain;                        /* bytes so far */
    bool ended;                                    /* the source has no more */
    bool open;                                     /* inside a gzip member or a zstd frame */
    struct inflate_state *gzip;
    ZSTD_DStream *zstd;
    ZSTD_inBuffer in; /* what is left of the last block read */
    struct arena a;
    unsigned char *in_block; /* of what is compressed */
};

int inflate_recognise(const unsigned char *p, size_t n, enum image_compression *ret, struct err *e)
{
    static const struct {
        unsigned char magic[6];
        size_t n;
        enum image_compression compression;
        const char *refused;
    } known[] = {
        {{0x1f, 0x8b}, 2, IMAGE_GZIP, NULL},
        {{0x28, 0xb5, 0x2f, 0xfd}, 4, IMAGE_ZSTD, NULL},
        {{'B', 'Z', 'h'}, 3, IMAGE_PLAIN, "bzip2"},
        {{0xfd, '7', 'z', 'X', 'Z', 0}, 6, IMAGE_PLAIN, "xz"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (n < known[i].n || memcmp(p, known[i].magic, known[i].n) != 0)
            continue;
        if (known[i].refused)
            return err_set(e, ERR_INPUT, "is compressed with %s; gzip, zstd and plain tar are read",
                           known[i].refused);
        *ret = known[i].compression;
        return 0;
    }
    *ret = IMAGE_PLAIN;
    return 0;
}

struct inflate *inflate_begin(struct source *from, enum image_compression compression)
{
    struct arena a = {0};
    struct inflate *s = arena_new(&a, struct inflate);
    s->from = from;
    s->compression = compression;
    s->stored_hash = digest_begin();
    if (compression != IMAGE_PLAIN) {
        s->plain_hash = digest_begin();
        s->in_block = arena_alloc(&a, INFLATE_BLOCK);
    }
    if (compression == IMAGE_GZIP) {
        s->gzip = arena_new(&a, struct inflate_state);
        isal_inflate_init(s->gzip);
        s->gzip->crc_flag = ISAL_GZIP;
    }
    if (compression == IMAGE_ZSTD && !(s->zstd = ZSTD_createDStream()))
        abort(); /* no memory: as arena.h has it */
    s->a = a;
    return s;
}

void inflate_drop(struct inflate *s)
{
    if (!s)
        return;
    digest_drop(s->stored_hash);
    digest_drop(s->plain_hash);
    ZSTD_freeDStream(s->zstd);
    struct arena a = s->a; /* s lives in it */
    arena_free(&a);
}

struct inflate_sums inflate_end(struct inflate *s)
{
    struct inflate_sums sums;
    sums.stored = digest_end(s->stored_hash);
    sums.plain = s->plain_hash ? digest_end(s->plain_hash) : sums.stored;
    s->stored_hash = s->plain_hash = NULL;
    inflate_drop(s);
    return sums;
}

static ssize_t read_stored(struct inflate *s, void *to, struct err *e)
{
    if (s->ended)
        return 0;
    ssize_t got = s->from->read(s->from, to, INFLATE_BLOCK, e);
    if (got < 0)
        return -1;
    s->ended = got == 0;
    s->stored += (uint64_t)got;
    digest_add(s->stored_hash, to, (size_t)got);
    return got;
}

static int refill(struct inflate *s, struct err *e)
{
    if (s->in.pos < s->in.size)
        return 0;
    ssize_t got = read_stored(s, s->in_block, e);
    if (got < 0)
        return -1;
    s->in = (ZSTD_inBuffer){s->in_block, (size_t)got, 0};
    return 0;
}

static bool no_more(const struct inflate *s)
{
    return s->ended && s->in.pos == s->in.size;
}

/* Both step functions decompress from s->in to out once, and keep s->open. */
static int step_gzip(struct inflate *s, ZSTD_outBuffer *out, struct err *e)
{
    struct inflate_state *z = s->gzip;
    if (!s->open)
        isal_inflate_reset(z);
    s->open = true;
    z->next_in = s->in_block + s->in.pos;
    z->avail_in = (uint32_t)(s->in.size - s->in.pos);
    z->next_out = (unsigned char *)out->dst + out->pos;
    z->avail_out = (uint32_t)(out->size - out->pos);
    int rc = isal_inflate(z);
    s->in.pos = s->in.size - z->avail_in;
    out->pos = out->size - z->avail_out;
    if (rc == ISAL_INCORRECT_CHECKSUM)
        return err_set(e, ERR_INPUT, "gzip checksum is wrong: the data is damaged");
    if (rc == ISAL_INVALID_WRAPPER || rc == ISAL_UNSUPPORTED_METHOD)
        return err_set(e, ERR_INPUT, "what stands at byte %" PRIu64 " is not gzip data",
                       s->stored - z->avail_in);
    if (rc != ISAL_DECOMP_OK && rc != ISAL_END_INPUT)
        return err_set(e, ERR_INPUT, "gzip data is damaged near byte %" PRIu64,
                       s->stored - z->avail_in);
    s->open = z->block_state != ISAL_BLOCK_FINISH;
    return 0;
}

static int step_zstd(struct inflate *s, ZSTD_outBuffer *out, struct err *e)
{
    size_t rc = ZSTD_decompressStream(s->zstd, out, &s->in);
    if (ZSTD_isError(rc))
        return err_set(e, ERR_INPUT, "zstd data is damaged near byte %" PRIu64 ": %s",
                       s->stored - (s->in.size - s->in.pos), ZSTD_getErrorName(rc));
    s->open = rc != 0;
    return 0;
}

/* Fills the block as far as the stored bytes go. */
static ssize_t decompress(struct inflate *s, void *to, struct err *e)
{
    ZSTD_outBuffer out = {to, INFLATE_BLOCK, 0};
    while (out.pos < out.size) {
        if (refill(s, e))
            return -1;
        if (no_more(s) && !s->open)
            break;
        size_t had = out.pos;
        if (s->compression == IMAGE_GZIP ? step_gzip(s, &out, e) : step_zstd(s, &out, e))
            return -1;
        if (no_more(s) && s->open && out.pos == had)
            return err_set(e, ERR_INPUT, "%s data ends early, after %" PRIu64 " bytes",
                           s->compression == IMAGE_GZIP ? "gzip" : "zstd", s->stored);
    }
    return (ssize_t)out.pos;
}

static int check_size(const struct inflate *s, struct err *e)
{
    if (s->plain > LIMIT_LAYER_BYTES)
        return err_set(e, ERR_INPUT, "unpacks to more than %llu GiB, the most that is read",
                       LIMIT_LAYER_BYTES >> 30);
    if (s->plain > LIMIT_BOMB_FROM && s->plain / LIMIT_BOMB_RATIO > s->stored)
        return err_set(e, ERR_INPUT,
                       "unpacks to over %u times its size (%" PRIu64 " bytes from %" PRIu64
                       "): a decompression bomb",
                       LIMIT_BOMB_RATIO, s->plain, s->stored);
    return 0;
}

ssize_t inflate_block(struct inflate *s, void *to, struct err *e)
{
    ssize_t n = s->compression == IMAGE_PLAIN ? read_stored(s, to, e) : decompress(s, to, e);
    if (n < 0)
        return -1;
    s->plain += (uint64_t)n;
    return check_size(s, e) ? -1 : n;
}

bool inflate_wants_hash(const struct inflate *s)
{
    return s->plain_hash != NULL;
}

void inflate_hash(struct inflate *s, const void *p, size_t n)
{
    if (s->plain_hash)
        digest_add(s->plain_hash, p, n);
}
