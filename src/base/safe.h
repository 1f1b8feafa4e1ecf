/* safe: bytes from anywhere → text that may go to a terminal or into HTML. */
#ifndef BASE_SAFE_H
#define BASE_SAFE_H

#include "base/str.h"

/* Valid UTF-8 without control characters: those, and invalid bytes, become \xHH, bidirectional
 * controls too, byte by byte. Returns s itself when there is nothing to change. */
struct str safe_text(struct arena *a, struct str s);

/* A whole JSON text, in which such characters can only stand in strings: there they become \uXXXX,
 * which means the same. Returns s itself when there is nothing to change. */
struct str safe_json(struct arena *a, struct str s);

/* Length in bytes of the valid UTF-8 sequence (RFC 3629) at the start of s, or 0. */
size_t safe_sequence(struct str s);

/* How many bytes at the start of s are valid UTF-8: s.n when all are. */
size_t safe_utf8(struct str s);

/* safe_text, and & < > " ' as entities. */
struct str safe_html(struct arena *a, struct str s);

#endif
