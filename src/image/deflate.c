/* deflate: tar bytes → gzip (RFC 1952, no name, no time), zstd or as they are.
 *
 * Invariants
 * 1. The same bytes in, cut anyhow, give the same bytes out. (test_image_write: pieces)
 */
#include "image/deflate.h"

#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include "sys/file.h"

enum { BLOCK = 256 * 1024, ZSTD_LEVEL = 3 };

struct deflate {
    struct arena a;
    int fd;
    enum image_compression compression;
    struct digest_state *stored_hash, *plain_hash; /* plain_hash NULL when nothing is compressed */
    uint64_t stored;
    struct isal_zstream *gzip;
    ZSTD_CCtx *zstd;
    unsigned char *in, *out;
    size_t n_in; /* gathered: the compressors see whole blocks, however the bytes come */
};

struct deflate *deflate_begin(int fd, enum image_compression compression)
{
    struct arena a = {0};
    struct deflate *d = arena_new(&a, struct deflate);
    d->fd = fd;
    d->compression = compression;
    d->stored_hash = digest_begin();
    d->in = arena_alloc(&a, BLOCK);
    if (compression != IMAGE_PLAIN) {
        d->plain_hash = digest_begin();
        d->out = arena_alloc(&a, BLOCK);
    }
    if (compression == IMAGE_GZIP) {
        d->gzip = arena_new(&a, struct isal_zstream);
        isal_deflate_init(d->gzip);
        d->gzip->gzip_flag = IGZIP_GZIP;
        d->gzip->level = 3;
        d->gzip->level_buf_size = ISAL_DEF_LVL3_DEFAULT;
        d->gzip->level_buf = arena_alloc(&a, ISAL_DEF_LVL3_DEFAULT);
    }
    if (compression == IMAGE_ZSTD) {
        d->zstd = ZSTD_createCCtx();
        if (!d->zstd ||
            ZSTD_isError(ZSTD_CCtx_setParameter(d->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL)))
            abort(); /* no memory: as arena.h has it */
    }
    d->a = a;
    return d;
}

static int put(struct deflate *d, const void *p, size_t n, struct err *e)
{
    digest_add(d->stored_hash, p, n);
    d->stored += n;
    return sys_write_all(d->fd, p, n, e);
}

static int put_gzip(struct deflate *d, bool last, struct err *e)
{
    struct isal_zstream *z = d->gzip;
    z->next_in = d->in;
    z->avail_in = (uint32_t)d->n_in;
    z->end_of_stream = last;
    do {
        z->next_out = d->out;
        z->avail_out = BLOCK;
        if (isal_deflate(z) != COMP_OK)
            return err_set(e, ERR_MACHINE, "ISA-L cannot compress");
        if (put(d, d->out, BLOCK - z->avail_out, e))
            return -1;
    } while (z->avail_out == 0 || z->avail_in);
    return 0;
}

static int put_zstd(struct deflate *d, bool last, struct err *e)
{
    ZSTD_inBuffer in = {d->in, d->n_in, 0};
    size_t left;
    do {
        ZSTD_outBuffer out = {d->out, BLOCK, 0};
        left = ZSTD_compressStream2(d->zstd, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left))
            return err_set(e, ERR_MACHINE, "zstd: %s", ZSTD_getErrorName(left));
        if (put(d, d->out, out.pos, e))
            return -1;
    } while (last ? left != 0 : in.pos < in.size);
    return 0;
}

static int flush(struct deflate *d, bool last, struct err *e)
{
    int rc;
    if (d->compression == IMAGE_PLAIN) {
        rc = put(d, d->in, d->n_in, e);
    } else {
        digest_add(d->plain_hash, d->in, d->n_in);
        rc = d->compression == IMAGE_GZIP ? put_gzip(d, last, e) : put_zstd(d, last, e);
    }
    d->n_in = 0;
    return rc;
}

int deflate_add(struct deflate *d, const void *p, size_t n, struct err *e)
{
    const unsigned char *at = p;
    while (n) {
        size_t room = BLOCK - d->n_in, take = n < room ? n : room;
        memcpy(d->in + d->n_in, at, take);
        d->n_in += take;
        at += take;
        n -= take;
        if (d->n_in == BLOCK && flush(d, false, e))
            return -1;
    }
    return 0;
}

void deflate_drop(struct deflate *d)
{
    if (!d)
        return;
    digest_drop(d->stored_hash);
    digest_drop(d->plain_hash);
    ZSTD_freeCCtx(d->zstd);
    struct arena a = d->a; /* d lives in it */
    arena_free(&a);
}

int deflate_end(struct deflate *d, struct deflate_sums *ret, struct err *e)
{
    int rc = flush(d, true, e);
    if (!rc) {
        ret->size = d->stored;
        ret->stored = digest_end(d->stored_hash);
        ret->plain = d->plain_hash ? digest_end(d->plain_hash) : ret->stored;
        d->stored_hash = d->plain_hash = NULL;
    }
    deflate_drop(d);
    return rc;
}
