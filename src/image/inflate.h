/* inflate: a layer's stored bytes → its tar bytes, block by block, with both digests on the way.
 *
 * RFC 1952 (gzip, with several members), RFC 8878 (zstd), or as they are. */
#ifndef IMAGE_INFLATE_H
#define IMAGE_INFLATE_H

#include "base/source.h"
#include "image/image.h"

/* What the first bytes say; n may be less than 6. bzip2 and xz are ERR_INPUT. */
int inflate_recognise(const unsigned char *p, size_t n, enum image_compression *ret,
                      struct err *e) MUST_USE;

struct inflate;

/* from stays the caller's and must live as long. */
struct inflate *inflate_begin(struct source *from, enum image_compression compression);

/* The next block, valid until the next call: its length, 0 at the end, −1. Bombs (LIMIT_BOMB_RATIO,
 * LIMIT_LAYER_BYTES), truncation and trailing garbage are ERR_INPUT. */
ssize_t inflate_block(struct inflate *s, const void **ret, struct err *e) MUST_USE;

/* After the end was reached: what was hashed. For plain bytes both are the same. */
struct inflate_sums {
    struct digest stored, plain;
};
struct inflate_sums inflate_end(struct inflate *s); /* frees s */
void inflate_drop(struct inflate *s);               /* frees s; NULL is fine */

#endif
