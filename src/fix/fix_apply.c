/* fix_apply: repairs → a set of edits that do not touch each other → the text with them.
 *
 * Invariants
 * 1. A repair is taken whole or not at all. (test_fix: whole)
 * 2. Bytes that no edit names come out as they were. (test_fix: rest)
 * 3. What is taken does not depend on what comes later, and no edit is made twice.
 *    (test_fix: agree)
 * 4. Taking n edits costs n steps, and sorting them once; wherever they are. (test_fix: many)
 */
#include "base/buf.h"
#include "fix/fix.h"

/* ---- sets of positions ---- */

static void bits_begin(struct fix_bits *b, struct arena *a, size_t n)
{
    *b = (struct fix_bits){0};
    do {
        n = n / 64 + 1;
        b->n[b->levels] = n;
        b->level[b->levels++] = arena_array(a, uint64_t, n);
    } while (n > 1);
}

static void bits_set(struct fix_bits *b, size_t i)
{
    for (int k = 0; k < b->levels; k++, i /= 64)
        b->level[k][i / 64] |= UINT64_C(1) << i % 64;
}

static bool bits_has(const struct fix_bits *b, size_t i)
{
    return b->level[0][i / 64] >> i % 64 & 1;
}

/* One of them is at `from` or behind it, before `to`. */
static bool bits_between(const struct fix_bits *b, size_t from, size_t to)
{
    int k = 0;
    size_t i = from;
    for (; k < b->levels && i / 64 < b->n[k]; k++, i = i / 64 + 1) {
        uint64_t node = b->level[k][i / 64] >> i % 64;
        if (!node)
            continue;
        i += (size_t)__builtin_ctzll(node);
        while (k-- > 0)
            i = i * 64 + (size_t)__builtin_ctzll(b->level[k][i]);
        return i < to;
    }
    return false;
}

/* ---- taking ---- */

void fix_begin(struct fix_set *s, struct arena *a, struct str text)
{
    *s = (struct fix_set){.a = a, .text = text, .known = {.a = a}};
    bits_begin(&s->replaced, a, text.n);
    bits_begin(&s->begins, a, text.n);
    bits_begin(&s->inserts, a, text.n);
}

/* By place; what is inserted before what is replaced; else in the order given. */
static int by_place(const void *a, const void *b)
{
    const struct fix_edit *x = *(const struct fix_edit *const *)a;
    const struct fix_edit *y = *(const struct fix_edit *const *)b;
    if (x->place.from != y->place.from)
        return x->place.from < y->place.from ? -1 : 1;
    if (x->place.to != y->place.to)
        return x->place.to < y->place.to ? -1 : 1;
    return (x > y) - (x < y);
}

static const struct fix_edit **sorted(struct arena *a, const struct fix_edits *edits)
{
    const struct fix_edit **list = arena_array(a, const struct fix_edit *, edits->n);
    vec_each (edits, i)
        list[i] = &edits->v[i];
    if (edits->n)
        qsort(list, edits->n, sizeof *list, by_place);
    return list;
}

static bool same(const struct fix_edit *x, const struct fix_edit *y)
{
    return x->place.from == y->place.from && x->place.to == y->place.to && str_eq(x->text, y->text);
}

/* Its own edits overlap, or are not in the text. */
static bool is_broken(const struct fix_set *s, const struct fix *f)
{
    struct arena_mark mark = arena_mark(s->a);
    const struct fix_edit **list = sorted(s->a, &f->edits);
    bool broken = false;
    for (size_t i = 0; i < f->edits.n && !broken; i++)
        broken = list[i]->place.from > list[i]->place.to || list[i]->place.to > s->text.n ||
                 (i && list[i]->place.from < list[i - 1]->place.to && !same(list[i], list[i - 1]));
    arena_rewind(s->a, mark);
    return broken;
}

static struct str key_of(struct arena *a, const struct fix_edit *e)
{
    struct buf b = {.a = a};
    buf_addf(&b, "%u-%u ", e->place.from, e->place.to);
    buf_add(&b, e->text);
    return buf_str(&b);
}

static bool is_known(const struct fix_set *s, const struct fix_edit *e)
{
    struct arena_mark mark = arena_mark(s->a);
    bool known = map_has(&s->known, key_of(s->a, e));
    arena_rewind(s->a, mark);
    return known;
}

/* Two insertions never touch; one may stand at either end of what is replaced. */
static bool touches(const struct fix_set *s, const struct fix_edit *e)
{
    uint32_t from = e->place.from, to = e->place.to;
    if (from == to)
        return from && from < s->text.n && bits_has(&s->replaced, from - 1) &&
               bits_has(&s->replaced, from) && !bits_has(&s->begins, from);
    return bits_between(&s->replaced, from, to) || bits_between(&s->inserts, from + 1u, to);
}

static void add(struct fix_set *s, const struct fix_edit *e)
{
    uint32_t from = e->place.from, to = e->place.to;
    *map_at(&s->known, key_of(s->a, e)) = s;
    *vec_push(s->a, &s->edits) = *e;
    bits_set(from == to ? &s->inserts : &s->begins, from);
    for (; from < to; from++)
        bits_set(&s->replaced, from);
}

bool fix_take(struct fix_set *s, const struct fix *f)
{
    if (is_broken(s, f))
        return false;
    vec_each (&f->edits, i)
        if (touches(s, &f->edits.v[i]) && !is_known(s, &f->edits.v[i]))
            return false;
    vec_each (&f->edits, i)
        if (!is_known(s, &f->edits.v[i]))
            add(s, &f->edits.v[i]);
    return true;
}

struct str fix_apply(const struct fix_set *s)
{
    struct buf b = {.a = s->a};
    const struct fix_edit **list = sorted(s->a, &s->edits);
    size_t at = 0;
    vec_each (&s->edits, i) {
        buf_add(&b, str_slice(s->text, at, list[i]->place.from));
        buf_add(&b, list[i]->text);
        at = list[i]->place.to;
    }
    buf_add(&b, str_from(s->text, at));
    return buf_str(&b);
}

void fix_back(const struct fix_set *s, uint32_t *places, size_t n)
{
    struct arena_mark mark = arena_mark(s->a);
    const struct fix_edit **list = sorted(s->a, &s->edits);
    size_t next = 0, before = 0, after = 0; /* behind the last edit */
    for (size_t i = 0; i < n; i++) {
        bool inside = false;
        while (next < s->edits.n && !inside) {
            const struct fix_edit *e = list[next];
            size_t begin = after + (e->place.from - before), end = begin + e->text.n;
            if (places[i] < begin)
                break;
            inside = places[i] < end;
            if (inside)
                places[i] = e->place.from;
            else
                before = e->place.to, after = end, next++;
        }
        if (!inside)
            places[i] = (uint32_t)(before + (places[i] - after));
    }
    arena_rewind(s->a, mark);
}
