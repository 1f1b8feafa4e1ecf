/* fix_apply: repairs → a set of edits that do not touch each other → the text with them.
 *
 * Invariants
 * 1. A repair is taken whole or not at all. (test_fix: whole)
 * 2. Bytes that no edit names come out as they were. (test_fix: rest)
 */
#include "base/buf.h"
#include "fix/fix.h"

static bool same(const struct fix_edit *x, const struct fix_edit *y)
{
    return x->place.from == y->place.from && x->place.to == y->place.to && str_eq(x->text, y->text);
}

/* Two insertions never touch; an insertion may stand at either end of a replacement. */
static bool touch(const struct fix_edit *x, const struct fix_edit *y)
{
    bool x_inserts = x->place.from == x->place.to, y_inserts = y->place.from == y->place.to;
    if (x_inserts && y_inserts)
        return false;
    return x->place.from < y->place.to && y->place.from < x->place.to;
}

/* Where it belongs: behind everything that begins before it or where it does. */
static size_t place_of(const struct fix_set *s, const struct fix_edit *e)
{
    size_t from = 0, to = s->edits.n;
    while (from < to) {
        size_t mid = (from + to) / 2;
        if (s->edits.v[mid].place.from <= e->place.from)
            from = mid + 1;
        else
            to = mid;
    }
    return from;
}

/* 1: may be added; 0: is there already; −1: touches another. Only neighbours can. */
static int fits(const struct fix_set *s, const struct fix_edit *e)
{
    size_t at = place_of(s, e);
    if (at < s->edits.n && touch(e, &s->edits.v[at]))
        return -1;
    for (size_t i = at; i-- > 0;) {
        const struct fix_edit *other = &s->edits.v[i];
        if (same(e, other))
            return 0;
        if (touch(e, other))
            return -1;
        if (other->place.from < e->place.from && other->place.to > other->place.from)
            break;
    }
    return 1;
}

static void add(struct fix_set *s, const struct fix_edit *e)
{
    size_t at = place_of(s, e);
    (void)vec_push(s->a, &s->edits);
    memmove(s->edits.v + at + 1, s->edits.v + at, (s->edits.n - 1 - at) * sizeof *s->edits.v);
    s->edits.v[at] = *e;
}

bool fix_take(struct fix_set *s, const struct fix *f)
{
    vec_each (&f->edits, i)
        if (fits(s, &f->edits.v[i]) < 0)
            return false;
    vec_each (&f->edits, i)
        if (fits(s, &f->edits.v[i]) > 0)
            add(s, &f->edits.v[i]);
    return true;
}

struct str fix_apply(struct arena *a, struct str text, const struct fix_set *s)
{
    struct buf b = {.a = a};
    size_t at = 0;
    vec_each (&s->edits, i) {
        const struct fix_edit *e = &s->edits.v[i];
        buf_add(&b, str_slice(text, at, e->place.from));
        buf_add(&b, e->text);
        at = e->place.to;
    }
    buf_add(&b, str_from(text, at));
    return buf_str(&b);
}
