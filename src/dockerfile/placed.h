/* placed: text in which each byte knows where it stands in the file.
 *
 * What a program reads of a Dockerfile is rarely what stands there: continuations are joined,
 * comments inside them dropped, JSON strings decoded, quotes removed. A struct placed is such text
 * with a list of pieces, so that a finding in it can point into the file, however many steps away
 * it is. The bytes and pieces belong to the arena they were made in, or to the file. */
#ifndef DOCKERFILE_PLACED_H
#define DOCKERFILE_PLACED_H

#include "base/buf.h"
#include "base/vec.h"

/* Bytes of the file, from `from` to before `to`. */
struct span {
    uint32_t from, to;
};

/* From byte `at` of the text on it stands in the file from `from` on, byte for byte; or, with a
 * width, all of the piece stands for that many bytes (an escape). */
struct placed_piece {
    uint32_t at, from, width;
};

struct placed {
    struct str s;
    const struct placed_piece *v;
    size_t n;
    uint32_t skip; /* s begins that many bytes into what the pieces describe */
};

/* n bytes of the file as they stand, beginning at byte `from` of it. */
struct placed placed_plain(struct arena *a, struct str s, size_t from);

/* Where byte i stands; i == s.n gives the place after the last byte. */
uint32_t placed_at(const struct placed *p, size_t i);

/* The bytes of the file from byte `from` to before byte `to`. */
struct span placed_span(const struct placed *p, size_t from, size_t to);

/* Part of it, without copying. */
struct placed placed_sub(const struct placed *p, size_t from, size_t to);

/* Like placed_span, for a view into p->s. */
struct span placed_of(const struct placed *p, struct str view);

/* Builds such text. A zeroed one with .text.a set is ready. */
struct placed_pieces VEC(struct placed_piece);
struct placed_buf {
    struct buf text;
    struct placed_pieces pieces;
};

/* Adds bytes of the file as they stand there. */
void placed_add_plain(struct placed_buf *b, struct str s, size_t from);

/* Adds bytes that stand for all of `place`. */
void placed_add_wide(struct placed_buf *b, struct str s, struct span place);

/* Adds part of another one. */
void placed_add(struct placed_buf *b, const struct placed *p, size_t from, size_t to);

struct placed placed_done(const struct placed_buf *b);

#endif
