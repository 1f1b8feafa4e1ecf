/* opening: what the ways to open an image share. Each fills in manifest, config, refs and layers.
 */
#ifndef IMAGE_OPENING_H
#define IMAGE_OPENING_H

#include "image/image.h"
#include "image/manifest.h"
#include "image/store.h"

struct image_backend {
    struct store store;
    struct str label;  /* the image's name, for messages */
    struct str *blobs; /* per layer: its name in the store */
};

struct opening {
    struct arena *a;
    struct image *image;
    const struct image_platform *want; /* NULL: this machine's */
    enum image_transport kind;         /* of the name; of podman's storage what came out of it */
};

int opening_oci(struct opening *o, struct err *e) MUST_USE;
int opening_docker(struct opening *o, struct err *e) MUST_USE;
int opening_folder(struct opening *o, struct err *e) MUST_USE;

/* A document of an OCI layout, its size and digest found right. (open_oci.c) */
int opening_document(struct opening *o, const struct manifest_descriptor *d, struct str *ret,
                     struct err *e) MUST_USE;
/* What the layout's index lists that says it signs the image → image->signatures. (signatures.c) */
void opening_signatures(struct opening *o, const struct manifest *index);

/* Config bytes → image->config, with room for its layers. */
int opening_config(struct opening *o, struct str bytes, struct err *e) MUST_USE;
/* Looks at a layer's first bytes: image->layers[i].compression and .size; blob names must be set.
 * promised: its size by the manifest, or UINT64_MAX. */
int opening_layer(struct opening *o, size_t i, uint64_t promised, struct err *e) MUST_USE;

/* Whether an image of that platform will do. */
bool opening_fits(const struct image_platform *have, const struct image_platform *want);
/* "holds no image for linux/arm64; there is linux/amd64, linux/riscv64" */
int opening_no_platform(struct arena *a, const struct image_platform *want,
                        const struct image_platform *have, size_t n, struct err *e);

#endif
