/* deflate: tar bytes → a layer's stored bytes in a file, with both digests on the way. */
#ifndef IMAGE_DEFLATE_H
#define IMAGE_DEFLATE_H

#include "image/image.h"

struct deflate;

/* fd stays the caller's. */
struct deflate *deflate_begin(int fd, enum image_compression compression);
int deflate_add(struct deflate *d, const void *p, size_t n, struct err *e) MUST_USE;

struct deflate_sums {
    struct digest stored, plain;
    uint64_t size; /* stored */
};
/* Writes what is left; d is freed, also on failure. */
int deflate_end(struct deflate *d, struct deflate_sums *ret, struct err *e) MUST_USE;
void deflate_drop(struct deflate *d); /* NULL is fine */

#endif
