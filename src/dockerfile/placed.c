/* placed: pieces of a file → text that remembers them.
 *
 * Invariants
 * 1. Pieces are sorted by `at`, and adjacent ones that continue each other are one. (test_placed)
 * 2. The place of a byte does not depend on how many steps of placed_add() it went through.
 *    (test_placed: steps)
 */
#include "dockerfile/placed.h"

struct placed placed_plain(struct arena *a, struct str s, size_t from)
{
    struct placed_piece *piece = arena_new(a, struct placed_piece);
    piece->from = (uint32_t)from;
    return (struct placed){.s = s, .v = piece, .n = 1};
}

/* Index of the last piece that begins at or before byte `at`. */
static size_t piece_of(const struct placed *p, uint32_t at)
{
    size_t low = 0, high = p->n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (p->v[middle].at <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static uint32_t begin_of(const struct placed_piece *piece, uint32_t at)
{
    return piece->width ? piece->from : piece->from + (at - piece->at);
}

static uint32_t end_of(const struct placed_piece *piece, uint32_t at)
{
    return piece->width ? piece->from + piece->width : piece->from + (at - piece->at) + 1;
}

uint32_t placed_at(const struct placed *p, size_t i)
{
    if (!p->n)
        return 0;
    uint32_t at = (uint32_t)i + p->skip;
    if (i >= p->s.n && at) /* after the last byte, which may end a piece */
        return end_of(&p->v[piece_of(p, at - 1)], at - 1);
    return begin_of(&p->v[piece_of(p, at)], at);
}

struct span placed_span(const struct placed *p, size_t from, size_t to)
{
    if (from >= to || !p->n)
        return (struct span){placed_at(p, from), placed_at(p, from)};
    uint32_t last = (uint32_t)to - 1 + p->skip;
    return (struct span){placed_at(p, from), end_of(&p->v[piece_of(p, last)], last)};
}

struct placed placed_sub(const struct placed *p, size_t from, size_t to)
{
    struct placed sub = *p;
    sub.s = str_slice(p->s, from, to);
    sub.skip = p->skip + (uint32_t)from;
    return sub;
}

struct span placed_of(const struct placed *p, struct str view)
{
    if (!view.p || view.p < p->s.p || view.p > p->s.p + p->s.n)
        return (struct span){placed_at(p, 0), placed_at(p, 0)};
    size_t from = (size_t)(view.p - p->s.p);
    return placed_span(p, from, from + view.n);
}

static void add_piece(struct placed_buf *b, uint32_t from, uint32_t width)
{
    uint32_t at = (uint32_t)b->text.n;
    if (b->pieces.n && !width) {
        const struct placed_piece *last = &b->pieces.v[b->pieces.n - 1];
        if (!last->width && last->from + (at - last->at) == from)
            return;
    }
    *vec_push(b->text.a, &b->pieces) = (struct placed_piece){at, from, width};
}

void placed_add_plain(struct placed_buf *b, struct str s, size_t from)
{
    if (!s.n)
        return;
    add_piece(b, (uint32_t)from, 0);
    buf_add(&b->text, s);
}

void placed_add_wide(struct placed_buf *b, struct str s, struct span place)
{
    if (!s.n)
        return;
    add_piece(b, place.from, place.to - place.from);
    buf_add(&b->text, s);
}

void placed_add(struct placed_buf *b, const struct placed *p, size_t from, size_t to)
{
    if (from >= to || !p->n)
        return;
    uint32_t at = (uint32_t)from + p->skip, end = (uint32_t)to + p->skip;
    for (size_t i = piece_of(p, at); at < end; i++) {
        const struct placed_piece *piece = &p->v[i];
        uint32_t stop = i + 1 < p->n && p->v[i + 1].at < end ? p->v[i + 1].at : end;
        add_piece(b, begin_of(piece, at), piece->width);
        buf_add(&b->text, str_slice(p->s, at - p->skip, stop - p->skip));
        at = stop;
    }
}

struct placed placed_done(const struct placed_buf *b)
{
    return (struct placed){.s = buf_str(&b->text), .v = b->pieces.v, .n = b->pieces.n};
}
