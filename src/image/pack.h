/* pack: a root file system, as a folder or a tar of one, and a few lines of config → an image of
 * one layer.
 *
 * The same input gives the same bytes: entries sorted (of a folder) or in the order of the tar,
 * and, with clamp, no time later than `created`, so that trees that differ in times only are the
 * same. */
#ifndef IMAGE_PACK_H
#define IMAGE_PACK_H

#include "image/image_write.h"

struct pack {
    struct str from; /* folder, or tar: plain, gzip or zstd */
    struct image_platform platform;
    int64_t created;               /* seconds since 1970 */
    bool clamp;                    /* files get no later time than that */
    struct image_config_edit edit; /* layers, history and created are filled in here */
    enum image_compression compression;
};

struct pack_result {
    struct digest manifest;
    uint64_t layer_bytes;        /* stored */
    size_t n_entries, n_sockets; /* sockets are left out */
};

/* ERR_INPUT for a file named ".wh.…": in a layer that name deletes. */
int pack_write(const struct pack *p, const struct image_name *to, struct pack_result *ret,
               struct err *e) MUST_USE;

/* "linux/arm64/v8" → its parts; the machine's own when text is empty. ERR_USAGE. */
int pack_platform(struct arena *a, struct str text, struct image_platform *ret,
                  struct err *e) MUST_USE;

/* Seconds since 1970, or an RFC 3339 time in UTC, → seconds. ERR_USAGE. */
int pack_time(struct str text, int64_t *ret, struct err *e) MUST_USE;

#endif
