/* challenge: what a registry's refusal asks for, and the token it is answered with.
 *
 * RFC 9110, section 11 (WWW-Authenticate), distribution's auth/token.md. Pure. */
#ifndef IMAGE_CHALLENGE_H
#define IMAGE_CHALLENGE_H

#include "base/err.h"
#include "base/str.h"

struct challenge {
    enum { CHALLENGE_NONE, CHALLENGE_BASIC, CHALLENGE_BEARER } kind;
    struct str realm, service; /* of a bearer */
};

/* One header, or several joined by ", "; a bearer goes before a basic one. Anything can be read. */
struct challenge challenge_read(struct arena *a, struct str header);

/* {"token": …} or {"access_token": …}: what goes behind "Bearer ". */
int challenge_token(struct arena *a, struct str json, struct str *ret, struct err *e) MUST_USE;

#endif
