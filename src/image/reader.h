/* reader: the seam between image_next() and what a layer comes from (a tar stream, a folder). */
#ifndef IMAGE_READER_H
#define IMAGE_READER_H

#include "image/image.h"
#include "image/inflate.h"

struct image_reader {
    int (*next)(struct image_reader *r, struct image_entry *ret, struct err *e);
    /* Data of the entry where it lies: its length, 0 at the end, −1. */
    ssize_t (*block)(struct image_reader *r, const void **ret, struct err *e);
    void (*close)(struct image_reader *r);
    const unsigned char *rest; /* of the last block, for image_read() */
    size_t n_rest;
    size_t n_sockets;         /* left out so far */
    struct reader_blob *blob; /* what image_layer_open() read from; NULL otherwise */
};

/* What a layer must turn out to be; NULL: anything goes. */
struct reader_expect {
    const struct digest *blob, *diff_id;
    uint64_t stored;  /* bytes */
    struct str image; /* for messages */
    size_t layer;
};

/* A layer from its stored bytes, for image_layer_open() and the fuzzers. from stays the caller's
 * and must live as long; the strings of expect too. */
int reader_tar(struct source *from, enum image_compression compression,
               const struct reader_expect *expect, struct image_reader **ret,
               struct err *e) MUST_USE;

/* A root file system's folder as one layer. dir_fd stays the caller's. With gaps (the caller's) the
 * folder may be alive: what cannot be read is counted there; without, it is a failure. */
int reader_folder(int dir_fd, struct str name, struct image_gaps *gaps, struct image_reader **ret,
                  struct err *e) MUST_USE;

#endif
