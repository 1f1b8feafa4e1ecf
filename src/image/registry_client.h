/* registry_client: a registry's answers to what is asked of it (OCI distribution
 * specification 1.1).
 *
 * A registry is not trusted: what it sends is bounded in bytes, hops and time, and what has a
 * digest is hashed. https alone, but for a registry on this machine. A login is sent to that
 * registry, and to a token server of the same people, and a token to nobody but its registry;
 * neither follows a redirect to another host. Who is busy is asked again, as it says.
 *
 * Pull, push and referrers build on this; so far there is what `lint --pin` needs. */
#ifndef IMAGE_REGISTRY_CLIENT_H
#define IMAGE_REGISTRY_CLIENT_H

#include "base/digest.h"
#include "image/reference.h"

struct registry; /* connections, tokens and what is known of each host; of one thread */

/* ERR_MACHINE: libcurl is not installed. */
int registry_open(struct registry **ret, struct err *e) MUST_USE;
void registry_close(struct registry *r); /* NULL is fine */

struct registry_manifest {
    struct str type;      /* of the four that MANIFEST_TYPE_… name */
    struct digest digest; /* of bytes */
    struct str bytes;
};

/* The index or manifest that a reference names: HEAD tells its digest, GET fetches what has it.
 * ERR_INPUT: there is none, or it is not what it says. ERR_MACHINE: nobody answers, or it asks for
 * a login. */
int registry_manifest(struct registry *r, const struct reference *ref, struct arena *a,
                      struct registry_manifest *ret, struct err *e) MUST_USE;

/* A blob of the reference's repository that fits into memory; larger than cap is ERR_INPUT. */
int registry_blob(struct registry *r, const struct reference *ref, const struct digest *digest,
                  size_t cap, struct arena *a, struct str *ret, struct err *e) MUST_USE;

#endif
