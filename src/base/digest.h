/* digest: SHA-256, as container formats name content ("sha256:" and 64 lower-case hex digits; OCI
 * image specification, descriptor.md). Computed by libcrypto. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/err.h"
#include "base/str.h"

enum { DIGEST_BYTES = 32, DIGEST_TEXT = 7 + 64 };

struct digest {
    unsigned char b[DIGEST_BYTES];
};

/* A running hash; free with digest_drop() or by reading the result with digest_end(). */
struct digest_state; /* opaque: libcrypto's context */

struct digest_state *digest_begin(void); /* never NULL: exhaustion ends the program as in arena.h */
void digest_add(struct digest_state *s, const void *p, size_t n);
struct digest digest_end(struct digest_state *s); /* frees s */
void digest_drop(struct digest_state *s);         /* frees s; NULL is fine */

struct digest digest_of(struct str bytes);

static inline bool digest_eq(const struct digest *a, const struct digest *b)
{
    return memcmp(a->b, b->b, DIGEST_BYTES) == 0;
}

/* The 64 hex digits, or with the "sha256:" before them. */
struct str digest_hex(struct arena *a, const struct digest *d);
struct str digest_text(struct arena *a, const struct digest *d);

/* Reads "sha256:…". Refuses other algorithms, upper case, wrong lengths and zeros only: ERR_INPUT.
 */
int digest_parse(struct str text, struct digest *ret, struct err *e) MUST_USE;

#endif
