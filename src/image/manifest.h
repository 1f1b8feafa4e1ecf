/* manifest: the JSON that says which blobs make an image.
 *
 * OCI image index and manifest (image-spec 1.1), Docker manifest list and manifest schema 2, and
 * manifest.json of a docker-archive. Pure: bytes → values, all copied into the arena. */
#ifndef IMAGE_MANIFEST_H
#define IMAGE_MANIFEST_H

#include "image/image.h"

#define MANIFEST_TYPE_OCI_INDEX    "application/vnd.oci.image.index.v1+json"
#define MANIFEST_TYPE_OCI          "application/vnd.oci.image.manifest.v1+json"
#define MANIFEST_TYPE_OCI_CONFIG   "application/vnd.oci.image.config.v1+json"
#define MANIFEST_TYPE_OCI_LAYER    "application/vnd.oci.image.layer.v1.tar"
#define MANIFEST_TYPE_DOCKER_INDEX "application/vnd.docker.distribution.manifest.list.v2+json"
#define MANIFEST_TYPE_DOCKER       "application/vnd.docker.distribution.manifest.v2+json"

#define MANIFEST_KEY_REF "org.opencontainers.image.ref.name"
#define MANIFEST_KEY_NAME                                                                          \
    "io.containerd.image.name" /* the whole name, where ref is only the tag                        \
                                */

struct manifest_descriptor {
    struct str media_type, artifact_type;
    struct digest digest;
    uint64_t size;
    struct str_pairs annotations;
    bool has_platform;
    struct image_platform platform;
    bool foreign; /* has urls: its bytes may be elsewhere */
};

/* An index's manifests, or a manifest's config and layers. */
struct manifest {
    bool is_index;
    struct manifest_descriptor *manifests;
    size_t n_manifests;
    struct manifest_descriptor config;
    struct manifest_descriptor *layers;
    size_t n_layers;
    struct str_pairs annotations;
};
/* media_type is what a descriptor said of it, or empty. A document that could be read as both an
 * index and a manifest is refused: two readers could see two images. */
int manifest_read(struct str bytes, struct str media_type, struct arena *a, struct manifest *ret,
                  struct err *e) MUST_USE;

/* One image of a docker-archive; names of members of the archive. */
struct manifest_docker {
    struct str config;
    struct strs tags, layers;
};
struct manifest_dockers {
    struct manifest_docker *v;
    size_t n;
};
int manifest_read_docker(struct str bytes, struct arena *a, struct manifest_dockers *ret,
                         struct err *e) MUST_USE;

/* The value of an annotation, or empty. */
struct str manifest_annotation(const struct str_pairs *annotations, struct str key);

/* Whether a full name is meant by a reference as people write it: "web" is "web:latest", and a
 * registry and its folders before it may be left out. Empty means any. */
bool manifest_means(struct str ref, struct str full);

#endif
