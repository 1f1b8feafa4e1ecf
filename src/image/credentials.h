/* credentials: where docker, podman and skopeo keep what people log in with → that of one registry.
 *
 * In order: config.json in $DOCKER_CONFIG (else ~/.docker), then auth.json as $REGISTRY_AUTH_FILE
 * names it, in containers/ of $XDG_RUNTIME_DIR, or of $XDG_CONFIG_HOME (else ~/.config). In each:
 * the helper of `credHelpers`, then that of `credsStore`, then `auths`. A helper is the program
 * docker-credential-NAME, which is asked on its standard input. */
#ifndef IMAGE_CREDENTIALS_H
#define IMAGE_CREDENTIALS_H

#include "image/reference.h"

struct credentials {
    struct str user, password; /* user empty: none, but for an identity */
    struct str identity;       /* a refresh token, which a token server takes instead */
};

/* None is fine: all is empty then. What is there and cannot be read is an error. */
int credentials_find(struct arena *a, const struct reference *r, struct credentials *ret,
                     struct err *e) MUST_USE;

/* ---- what credentials_find() is made of ---- */

/* One such file: what it says itself, and who else is to be asked first. */
struct credentials_said {
    struct credentials c;
    struct str helper; /* NAME; empty: nobody */
};
int credentials_read(struct arena *a, struct str json, const struct reference *r,
                     struct credentials_said *ret, struct err *e) MUST_USE;

/* What a helper printed. */
int credentials_read_helper(struct arena *a, struct str json, struct credentials *ret,
                            struct err *e) MUST_USE;

#endif
