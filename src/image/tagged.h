/* tagged: the name of an image → the digest its tag stands for, and the platforms it is there for.
 *
 * Asked of a registry, of a Docker daemon or podman on this machine, or of an OCI layout. The
 * digest is that of the index, as far as those know one: on this machine only one of its images is
 * kept, and a name may never have had an index at all. */
#ifndef IMAGE_TAGGED_H
#define IMAGE_TAGGED_H

#include "image/image.h"
#include "image/reference.h"

struct registry;

struct tagged {
    struct str digest; /* "sha256:…"; empty: it has none, for it was never pushed or pulled */
    bool alone;        /* of one platform's manifest: no index is known */
    struct image_platform *platforms;
    size_t n_platforms;
    bool whole; /* there are no other platforms */
};

/* ERR_INPUT: there is no such image there. `platforms`: those are wanted, too, which may cost
 * another request. */
int tagged_registry(struct registry *registry, const struct reference *r, bool platforms,
                    struct arena *a, struct tagged *ret, struct err *e) MUST_USE;
int tagged_daemon(const struct reference *r, struct arena *a, struct tagged *ret,
                  struct err *e) MUST_USE;
int tagged_podman(const struct reference *r, struct arena *a, struct tagged *ret,
                  struct err *e) MUST_USE;
int tagged_layout(struct str folder, const struct reference *r, struct arena *a, struct tagged *ret,
                  struct err *e) MUST_USE;

/* ---- what they are made of ---- */

/* What `docker image inspect` and `podman image inspect` say of an image; of a list its first.
 * `manifest` is the digest of the one that is kept, which no index has; or empty. */
int tagged_read_inspect(struct str json, struct str manifest, const struct reference *r,
                        struct arena *a, struct tagged *ret, struct err *e) MUST_USE;

/* An index's platforms; of a manifest the digest of its config is in *config, and *alone is set. */
struct digest;
int tagged_read_manifest(struct str bytes, struct str type, struct arena *a, struct tagged *ret,
                         struct digest *config, struct err *e) MUST_USE;

#endif
