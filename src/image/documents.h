/* documents: a draft → the JSON documents of an image (OCI image-spec 1.1, Docker's manifest.json).
 * Pure. */
#ifndef IMAGE_DOCUMENTS_H
#define IMAGE_DOCUMENTS_H

#include <jansson.h>

#include "image/image_write.h"

struct documents {
    struct str config, manifest;
    struct digest config_digest, manifest_digest;
};

int documents_make(struct arena *a, const struct image_draft *draft, struct documents *ret,
                   struct err *e) MUST_USE;

/* index.json with the image added; old may be empty. An entry of the same ref (or, when ref is
 * empty, one without a ref) gives way to it. full_name: ref is "name:tag", as in docker-archives.
 */
int documents_index(struct arena *a, struct str old, const struct image_draft *draft,
                    const struct documents *docs, struct str ref, bool full_name, struct str *ret,
                    struct err *e) MUST_USE;

/* manifest.json of a docker-archive whose blobs lie as in an OCI layout. */
struct str documents_docker(struct arena *a, const struct image_draft *draft,
                            const struct documents *docs, struct str ref);

struct str documents_blob_name(struct arena *a, const struct digest *d);

#define DOCUMENTS_LAYOUT "{\"imageLayoutVersion\":\"1.0.0\"}"

#endif
