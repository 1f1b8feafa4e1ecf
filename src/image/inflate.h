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

/* Large enough that calls cost nothing, small enough that a few stay in the second-level cache. */
enum { INFLATE_BLOCK = 256 * 1024 };

/* The next at most INFLATE_BLOCK bytes, to where there is room for them: their number, 0 at the
 * end, −1. Bombs (LIMIT_BOMB_RATIO, LIMIT_LAYER_BYTES), truncation and trailing garbage are
 * ERR_INPUT. */
ssize_t inflate_block(struct inflate *s, void *to, struct err *e) MUST_USE;

/* Hashes what inflate_block() gave, which does not do it: block by block, in order, and maybe in
 * another thread while the next ones are made. */
void inflate_hash(struct inflate *s, const void *p, size_t n);
bool inflate_wants_hash(const struct inflate *s); /* else inflate_hash() has nothing to do */

/* After the end was reached, and all was hashed. For plain bytes both are the same. */
struct inflate_sums {
    struct digest stored, plain;
};
struct inflate_sums inflate_end(struct inflate *s); /* frees s */
void inflate_drop(struct inflate *s);               /* frees s; NULL is fine */

#endif
