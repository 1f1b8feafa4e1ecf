/* fix_diff: two texts → the unified diff between them.
 *
 * What both begin and end with is set aside. Between, Myers' greedy search for the fewest changed
 * lines, but never further than REACH changes ahead: then the path that came furthest is taken and
 * the search begins anew from its end. So a step costs at most REACH times the lines it gets on.
 *
 * Invariants
 * 1. Applied to the one text it gives the other, byte for byte. (test_fix: applied, fix_diff.t)
 * 2. Equal texts have an empty difference. (test_fix: equal)
 * 3. Time and memory grow with the texts, however different they are. (test_fix: large)
 */
#include "base/buf.h"
#include "base/vec.h"
#include "fix/fix.h"

enum { REACH = 128, CONTEXT = 3 };

struct lines VEC(struct str); /* each with its newline */

/* Lines from[0] to before to[0] of the one text became those of the other. */
struct change {
    size_t from[2], to[2];
};
struct changes VEC(struct change);

/* far[c][REACH + k]: how many lines of the first text c changes get past on diagonal k, where it is
 * k lines ahead of the second; −1: they do not come there. */
struct diff {
    struct arena *a;
    struct lines text[2];
    uint32_t *ids[2]; /* of lines between the common ends: equal lines have equal ids */
    long n[2];        /* how many of them are still to be searched */
    struct changes changes;
    int far[REACH + 1][2 * REACH + 1];
};

/* ---- lines ---- */

static void read_lines(struct arena *a, struct str text, struct lines *to)
{
    while (text.n) {
        size_t n = str_find(text, '\n');
        n += n < text.n;
        *vec_push(a, to) = str_slice(text, 0, n);
        text = str_from(text, n);
    }
}

static uint32_t *read_ids(struct map *known, const struct lines *text, size_t from, size_t to)
{
    uint32_t *ids = arena_array(known->a, uint32_t, to - from);
    for (size_t i = from; i < to; i++) {
        void **id = map_at(known, text->v[i]);
        if (!*id)
            *id = (void *)(uintptr_t)known->n;
        ids[i - from] = (uint32_t)(uintptr_t)*id;
    }
    return ids;
}

/* ---- searching ---- */

/* The line at at[side] was taken out (side 0) or put in (side 1). */
static void note(struct diff *d, const size_t at[2], int side)
{
    struct change *last = d->changes.n ? &d->changes.v[d->changes.n - 1] : NULL;
    if (!last || last->to[0] != at[0] || last->to[1] != at[1]) {
        last = vec_push(d->a, &d->changes);
        *last = (struct change){{at[0], at[1]}, {at[0], at[1]}};
    }
    last->to[side]++;
}

/* Where c changes get on diagonal k before equal lines, and whether the last was a line put in. */
static int step(const struct diff *d, int c, int k, bool *put_in)
{
    int in = k + 1 < c ? d->far[c - 1][REACH + k + 1] : -1;
    int out = k - 1 > -c ? d->far[c - 1][REACH + k - 1] : -1;
    if (in - k > d->n[1])
        in = -1;
    out = out < 0 || out >= d->n[0] ? -1 : out + 1;
    *put_in = in > out;
    return in > out ? in : out;
}

/* Tries c changes on every diagonal. True when one comes to both ends; *best is it, or else the one
 * that comes furthest. */
static bool spread(struct diff *d, const uint32_t *const ids[2], int c, int *best)
{
    long most = -1;
    for (int k = -c; k <= c; k += 2) {
        bool ignored;
        long x = c ? step(d, c, k, &ignored) : 0, y = x - k;
        while (x >= 0 && x < d->n[0] && y < d->n[1] && ids[0][x] == ids[1][y])
            x++, y++;
        d->far[c][REACH + k] = (int)x;
        if (x < 0 || x + y < most || (x + y == most && abs(*best) <= abs(k)))
            continue;
        most = x + y;
        *best = k;
    }
    return most == d->n[0] + d->n[1];
}

/* Notes the c changes on the way to diagonal k, from the lines at[] on, which move there. */
static void walk(struct diff *d, int c, int k, size_t at[2])
{
    bool put_in[REACH + 1];
    int diagonal[REACH + 1];
    size_t begin[2] = {at[0], at[1]};
    for (int i = c; i >= 0; i--) {
        diagonal[i] = k;
        if (i) {
            (void)step(d, i, k, &put_in[i]);
            k += put_in[i] ? 1 : -1;
        }
    }
    for (int i = 0; i <= c; i++) {
        int x = d->far[i][REACH + diagonal[i]];
        at[0] = begin[0] + (size_t)x;
        at[1] = begin[1] + (size_t)(x - diagonal[i]);
        if (i < c)
            note(d, at, put_in[i + 1]);
    }
}

static void search(struct diff *d, size_t same)
{
    size_t at[2] = {same, same};
    long whole[2] = {d->n[0], d->n[1]};
    while (d->n[0] || d->n[1]) {
        const uint32_t *ids[2] = {d->ids[0] + (at[0] - same), d->ids[1] + (at[1] - same)};
        int c = 0, best = 0;
        while (!spread(d, ids, c, &best) && c < REACH)
            c++;
        walk(d, c, best, at);
        for (int i = 0; i < 2; i++)
            d->n[i] = whole[i] - (long)(at[i] - same);
    }
}

static void compare(struct diff *d)
{
    struct lines *x = &d->text[0], *y = &d->text[1];
    struct map known = {.a = d->a};
    size_t same = 0, end = 0;
    while (same < x->n && same < y->n && str_eq(x->v[same], y->v[same]))
        same++;
    while (same + end < x->n && same + end < y->n &&
           str_eq(x->v[x->n - 1 - end], y->v[y->n - 1 - end]))
        end++;
    for (int i = 0; i < 2; i++) {
        d->ids[i] = read_ids(&known, &d->text[i], same, d->text[i].n - end);
        d->n[i] = (long)(d->text[i].n - end - same);
    }
    search(d, same);
}

/* ---- writing ---- */

/* The name without . and .., and without / before it: patch and git refuse others. What is above
 * the current folder is so named as it is from there. */
static struct str plain_name(struct arena *a, struct str name)
{
    struct lines parts = {0};
    struct buf b = {.a = a};
    for (struct str part, rest = name; rest.n;) {
        str_cut(rest, '/', &part, &rest);
        if (str_is(part, "..") && parts.n)
            parts.n--;
        else if (part.n && !str_is(part, ".") && !str_is(part, ".."))
            *vec_push(a, &parts) = part;
    }
    vec_each (&parts, i) {
        buf_addz(&b, i ? "/" : "");
        buf_add(&b, parts.v[i]);
    }
    return buf_str(&b);
}

/* As git writes it: quoted, a tab behind a name with blanks, so that patch knows where it ends. */
static void add_name(struct buf *b, const char *mark, const char *side, struct str name)
{
    static const char letters[] = "abtnvfr";
    bool quoted = false;
    for (size_t i = 0; i < name.n; i++)
        quoted |= (unsigned char)name.p[i] < ' ' || (unsigned char)name.p[i] > '~' ||
                  name.p[i] == '"' || name.p[i] == '\\';
    buf_addf(b, "%s %s%s", mark, quoted ? "\"" : "", side);
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        if (c >= '\a' && c <= '\r')
            buf_addf(b, "\\%c", letters[c - '\a']);
        else if (c < ' ' || c > '~')
            buf_addf(b, "\\%03o", c);
        else
            buf_addf(b, "%s%c", c == '"' || c == '\\' ? "\\" : "", c);
    }
    buf_addz(b, quoted ? "\"\n" : str_find(name, ' ') < name.n ? "\t\n" : "\n");
}

static void add_range(struct buf *b, char sign, size_t from, size_t to)
{
    buf_addf(b, " %c%zu", sign, from == to ? from : from + 1);
    if (to - from != 1)
        buf_addf(b, ",%zu", to - from);
}

static void add_lines(struct buf *b, char mark, const struct lines *text, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        buf_addc(b, mark);
        buf_add(b, text->v[i]);
        if (!str_ends(text->v[i], STR("\n")))
            buf_addz(b, "\n\\ No newline at end of file\n");
    }
}

static size_t least(size_t x, size_t y)
{
    return x < y ? x : y;
}

/* Changes first to before last as one hunk. */
static void add_hunk(struct buf *b, const struct diff *d, size_t first, size_t last)
{
    const struct change *v = d->changes.v;
    size_t before = least(CONTEXT, v[first].from[0]), at = v[first].from[0] - before;
    size_t after = least(CONTEXT, d->text[0].n - v[last - 1].to[0]);
    buf_addz(b, "@@");
    add_range(b, '-', at, v[last - 1].to[0] + after);
    add_range(b, '+', v[first].from[1] - before, v[last - 1].to[1] + after);
    buf_addz(b, " @@\n");
    for (size_t i = first; i < last; i++) {
        add_lines(b, ' ', &d->text[0], at, v[i].from[0]);
        add_lines(b, '-', &d->text[0], v[i].from[0], v[i].to[0]);
        add_lines(b, '+', &d->text[1], v[i].from[1], v[i].to[1]);
        at = v[i].to[0];
    }
    add_lines(b, ' ', &d->text[0], at, at + after);
}

struct str fix_diff(struct arena *a, struct str name, struct str before, struct str after)
{
    struct buf b = {.a = a};
    if (str_eq(before, after))
        return buf_str(&b);
    struct diff *d = arena_new(a, struct diff);
    d->a = a;
    read_lines(a, before, &d->text[0]);
    read_lines(a, after, &d->text[1]);
    compare(d);
    name = plain_name(a, name);
    add_name(&b, "---", "a/", name);
    add_name(&b, "+++", "b/", name);
    for (size_t i = 0, next; i < d->changes.n; i = next) {
        for (next = i + 1; next < d->changes.n; next++)
            if (d->changes.v[next].from[0] - d->changes.v[next - 1].to[0] > (size_t)2 * CONTEXT)
                break;
        add_hunk(&b, d, i, next);
    }
    return buf_str(&b);
}
