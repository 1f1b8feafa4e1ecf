/* image_write: layers and a config → an image on disk that the field's tools accept.
 *
 * The same input gives the same bytes: entries in the order given, fixed gzip header, times as
 * given, no user or group names. Nothing appears under the final name before it is whole and
 * synced. */
#ifndef IMAGE_IMAGE_WRITE_H
#define IMAGE_IMAGE_WRITE_H

#include "image/image.h"

/* A layer being written: tar (pax where needed), compressed, into an unnamed temporary file. */
struct image_layer_writer;

int image_layer_begin(enum image_compression compression, struct image_layer_writer **ret,
                      struct err *e) MUST_USE;
/* The entry's data, entry->size bytes, follow by image_layer_data() for ENTRY_FILE. */
int image_layer_entry(struct image_layer_writer *w, const struct image_entry *entry,
                      struct err *e) MUST_USE;
int image_layer_data(struct image_layer_writer *w, const void *from, size_t n,
                     struct err *e) MUST_USE;

struct image_blob {
    int fd; /* readable, at offset 0; closed by image_blob_close() */
    struct digest digest, diff_id;
    uint64_t size;
    enum image_compression compression;
};
/* Ends the layer; w is freed, also on failure. */
int image_layer_end(struct image_layer_writer *w, struct image_blob *ret, struct err *e) MUST_USE;
void image_layer_drop(struct image_layer_writer *w); /* NULL is fine */
void image_blob_close(struct image_blob *b);

/* What a new config changes in an old one; everything else, unknown keys too, passes through. */
struct image_config_edit {
    const struct str *user; /* NULL: as it was */
    const struct strs *entrypoint, *cmd;
    const struct strs *env;
    const struct strs *exposed_ports, *volumes;
    const struct str *workdir;
    const struct image_healthcheck *healthcheck;
    struct str_pairs labels; /* added or replaced */
    struct digest *diff_ids; /* always replaced, with history */
    size_t n_diff_ids;
    struct image_history *history;
    size_t n_history;
    struct str created; /* RFC 3339; empty: as it was */
};
int image_config_write(struct arena *a, struct str old_bytes, const struct image_config_edit *edit,
                       struct str *ret, struct err *e) MUST_USE;

struct image_draft {
    struct str config_bytes;
    struct image_platform platform;
    struct image_blob *layers; /* lowest first; descriptors stay the caller's */
    size_t n_layers;
    struct str_pairs annotations;
};

/* Whether such an image can be written there, as far as can be seen without writing: for asking
 * before long work. ERR_USAGE, ERR_INPUT or ERR_MACHINE as image_write() would give. */
int image_can_write(const struct image_name *to, struct err *e) MUST_USE;

/* Writes docker-archive, oci or oci-archive. An existing OCI layout gains the image (a manifest of
 * the same tag is replaced); an existing archive file is replaced. IMAGE_AUTO: a name that ends in
 * .tar is a docker-archive, else an OCI layout. *manifest_digest may be NULL. */
int image_write(const struct image_name *to, const struct image_draft *draft,
                struct digest *manifest_digest, struct err *e) MUST_USE;

#endif
