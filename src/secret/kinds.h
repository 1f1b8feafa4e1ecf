/* kinds: the tables of secrets, a field of life each, and what their values must hold. */
#ifndef SECRET_KINDS_H
#define SECRET_KINDS_H

#include "secret/secret.h"

struct secret_table {
    const struct secret_kind *v;
    size_t n;
};

extern const struct secret_table secret_cloud, secret_forge, secret_service, secret_file;

/* Proofs (proofs.c): a value of that structure. */
bool secret_is_jwt(struct str value, struct str text, size_t at);
bool secret_is_private_key(struct str value, struct str text, size_t at);
bool secret_is_basic_auth(struct str value, struct str text,
                          size_t at);                                 /* base64 of user:password */
bool secret_is_literal(struct str value, struct str text, size_t at); /* no reference, no switch */

/* Known from documentation and tests. */
bool secret_is_sample(const struct secret_kind *kind, struct str value, struct str text, size_t at);

/* Shannon entropy of the bytes, bits a byte. */
double secret_entropy(struct str value);

#endif
