/* redact: text → what in it looks like a secret. Pure; one pass. */
#ifndef SECRET_REDACT_H
#define SECRET_REDACT_H

#include "base/str.h"

struct secret_hit {
    size_t at, n;     /* in the text */
    const char *what; /* "AWS access key id" */
};

/* The first well-known token, private key or password in a URL at or after `from`. */
bool secret_find(struct str text, size_t from, struct secret_hit *ret);

/* A variable of this name with this literal value looks like a secret: PASSWORD, API_KEY, … as
 * whole words of the name, and not a file's name, a switch, a number or a reference. */
bool secret_assignment(struct str name, struct str value);

/* The first NAME=value word at or after `from` that is such an assignment; the hit is the value,
 * its `what` is NULL. */
bool secret_find_assignment(struct str text, size_t from, struct str *name, struct secret_hit *ret);

/* The first four characters and "…". */
struct str secret_short(struct arena *a, struct str secret);

/* The text with every secret cut short: tokens by shape, and values of NAME=value words. Returns
 * text itself when there is none. */
struct str secret_redact(struct arena *a, struct str text);

/* The same with stars in place of what is cut, so that every byte and line stays where it is. */
struct str secret_mask(struct arena *a, struct str text);

#endif
