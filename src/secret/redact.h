/* redact: text → the same text with its secrets cut short, for what is shown to people.
 *
 * A scanner that is NULL finds nothing, so nothing of the text is shown. */
#ifndef SECRET_REDACT_H
#define SECRET_REDACT_H

#include "secret/secret.h"

struct secret_hit {
    size_t at, n; /* in the text */
};

/* A variable of this name with this literal value looks like a secret: PASSWORD, API_KEY, … as
 * whole words of the name, and not a file's name, a switch, a number or a reference. */
bool secret_assignment(struct str name, struct str value);

/* An option of a command that is such a name, and the word behind it is its value. */
bool secret_option(struct str option, struct str value);

/* The first NAME=value word at or after `from` that is such an assignment, --name value that is
 * such an option, or header of a login, "X-Api-Key: value"; the hit is the value. */
bool secret_find_assignment(struct str text, size_t from, struct str *name, struct secret_hit *ret);

/* The first armour of a private key at or after `from`, up to its last line or the end of the text:
 * one that was cut off is shown as little as a whole one. */
bool secret_find_armour(struct str text, size_t from, struct secret_hit *ret);

/* The first four characters and "…". */
struct str secret_short(struct arena *a, struct str secret);
/* The same of what stands in an armour, behind its first line and its headers. */
struct str secret_start(struct arena *a, struct str secret);
/* A private key that needs a passphrase, as far as what is there of it tells. */
bool secret_armour_locked(struct str armour);

/* The text with every secret cut short. Returns text itself when there is none. */
struct str secret_redact(struct secret_scanner *s, struct arena *a, struct str text);

/* The same of the words of a command: a secret is often the word behind --password. */
struct strs secret_redact_words(struct secret_scanner *s, struct arena *a, struct strs words);

/* The same with stars in place of what is cut, so that every byte and line stays where it is. */
struct str secret_mask(struct secret_scanner *s, struct arena *a, struct str text);

#endif
