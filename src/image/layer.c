/* layer: one layer of an open image → entries and their data.
 *
 * Invariants
 * 1. What a layer is read through is closed with it, also when opening failed. (test_image_open:
 * damage, under asan)
 */
#include "image/opening.h"
#include "image/reader.h"

struct reader_blob {
    struct arena a;
    struct store_span span;
    struct sys_range range;
};

static void close_blob(struct reader_blob *b)
{
    store_span_close(&b->span);
    struct arena a = b->a; /* b lives in it */
    arena_free(&a);
}

static bool is_set(const struct digest *d)
{
    static const struct digest none;
    return !digest_eq(d, &none);
}

int image_layer_open(const struct image *image, size_t layer, struct image_reader **ret,
                     struct err *e)
{
    const struct image_backend *backend = image->backend;
    const struct image_layer *l = &image->layers[layer];
    if (image->name.transport == IMAGE_DIR)
        return reader_folder(backend->store.fd, backend->label, image->gaps, ret, e);
    struct arena a = {0};
    struct reader_blob *b = arena_new(&a, struct reader_blob);
    struct reader_expect expect = {
        .blob = is_set(&l->blob) ? &l->blob : NULL,
        .diff_id = is_set(&l->diff_id) ? &l->diff_id : NULL,
        .stored = l->size,
        .image = backend->label,
        .layer = layer,
    };
    b->a = a;
    b->span = (struct store_span){.fd = -1};
    if (store_find(&backend->store, backend->blobs[layer], &b->span, e)) {
        err_wrap(e, STR_F ": layer %zu", STR_A(backend->label), layer);
        close_blob(b);
        return -1;
    }
    b->range = sys_range(b->span.fd, b->span.at, b->span.n);
    if (reader_tar(&b->range.source, l->compression, &expect, ret, e)) {
        close_blob(b);
        return -1;
    }
    (*ret)->blob = b;
    return 0;
}

int image_next(struct image_reader *r, struct image_entry *ret, struct err *e)
{
    r->n_rest = 0;
    return r->next(r, ret, e);
}

ssize_t image_block(struct image_reader *r, const void **ret, struct err *e)
{
    if (!r->n_rest)
        return r->block(r, ret, e);
    *ret = r->rest;
    ssize_t n = (ssize_t)r->n_rest;
    r->n_rest = 0;
    return n;
}

ssize_t image_read(struct image_reader *r, void *to, size_t n, struct err *e)
{
    const void *p;
    ssize_t got = image_block(r, &p, e);
    if (got <= 0)
        return got;
    if ((size_t)got > n) {
        r->rest = (const unsigned char *)p + n;
        r->n_rest = (size_t)got - n;
        got = (ssize_t)n;
    }
    memcpy(to, p, (size_t)got);
    return got;
}

void image_layer_close(struct image_reader *r)
{
    if (!r)
        return;
    struct reader_blob *b = r->blob;
    r->close(r);
    if (b)
        close_blob(b);
}

static int64_t nanoseconds(const struct timespec *t)
{
    return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

bool image_layer_identity(const struct image *image, size_t layer, struct image_identity *ret)
{
    const struct image_backend *backend = image->backend;
    struct store_span span SPAN_AUTO = {.fd = -1};
    struct err ignored;
    struct stat st;
    if (image->name.transport == IMAGE_DIR ||
        store_find(&backend->store, backend->blobs[layer], &span, &ignored) ||
        fstat(span.fd, &st) || !st.st_nlink)
        return false;
    *ret = (struct image_identity){.dev = st.st_dev,
                                   .ino = st.st_ino,
                                   .size = (uint64_t)st.st_size,
                                   .modified = nanoseconds(&st.st_mtim),
                                   .changed = nanoseconds(&st.st_ctim),
                                   .at = span.at,
                                   .n = span.n};
    return true;
}
