/* engine: patterns of all kinds → one database → hits in a text → values.
 *
 * Hyperscan says where a match ends, not where it begins: asking it for that would make it six
 * times slower. The value is found from there by its alphabet.
 *
 * Invariants
 * 1. The cost is linear in the text, and in the hits times SECRET_REACH at most.
 *    (test_secret_scan: long)
 * 2. Where a text is cut into windows does not matter. (test_secret_scan: windows)
 */
#include <hs/hs.h>
#include <stdlib.h>

#include "base/limits.h"
#include "secret/kinds.h"

struct secret_db {
    struct arena a;
    const struct secret_kind **kinds; /* by the pattern's id */
    size_t n;
    hs_database_t *db;
    hs_scratch_t *scratch; /* a model for those of scanners */
};

struct secret_scanner {
    struct arena own; /* which it lives in */
    const struct secret_db *db;
    hs_scratch_t *scratch;
    /* of the text that is scanned now */
    struct arena *a;
    struct str text;
    size_t from, to;
    bool is_text;
    struct secret_list *list;
    size_t hits;
};

static const struct secret_table *const tables[] = {&secret_cloud, &secret_forge, &secret_service,
                                                    &secret_file};
enum { TABLES = sizeof tables / sizeof *tables, PATTERN_BYTES = 512 };

/* ---- kinds ---- */

const struct secret_kind *secret_kind_named(struct str id)
{
    for (size_t i = 0; i < TABLES; i++)
        for (size_t k = 0; k < tables[i]->n; k++)
            if (str_is(id, tables[i]->v[k].id))
                return &tables[i]->v[k];
    return NULL;
}

const struct secret_kind *secret_kind_at(size_t i)
{
    for (size_t t = 0; t < TABLES; i -= tables[t++]->n)
        if (i < tables[t]->n)
            return &tables[t]->v[i];
    return NULL;
}

static void gather(struct secret_db *db, const struct secret_kind *more, size_t n_more)
{
    size_t n = n_more;
    for (size_t i = 0; i < TABLES; i++)
        n += tables[i]->n;
    db->kinds = arena_array(&db->a, const struct secret_kind *, n);
    for (size_t i = 0; i < TABLES; i++)
        for (size_t k = 0; k < tables[i]->n; k++)
            db->kinds[db->n++] = &tables[i]->v[k];
    for (size_t i = 0; i < n_more; i++)
        db->kinds[db->n++] = &more[i];
}

/* ---- database ---- */

static int compile(struct secret_db *db, struct err *e)
{
    const char **patterns = arena_array(&db->a, const char *, db->n);
    unsigned *ids = arena_array(&db->a, unsigned, db->n);
    unsigned *flags = arena_array(&db->a, unsigned, db->n);
    hs_compile_error_t *why = NULL;
    for (size_t i = 0; i < db->n; i++) {
        patterns[i] = db->kinds[i]->pattern;
        ids[i] = (unsigned)i;
        if (strlen(patterns[i]) >= PATTERN_BYTES)
            return err_set(e, ERR_INPUT, "the pattern of secret \"%s\" is longer than %d bytes",
                           db->kinds[i]->id, PATTERN_BYTES - 1);
    }
    if (hs_compile_multi(patterns, flags, ids, (unsigned)db->n, HS_MODE_BLOCK, NULL, &db->db,
                         &why) == HS_SUCCESS)
        return 0;
    const char *id = why->expression >= 0 ? db->kinds[why->expression]->id : "(all of them)";
    err_set(e, ERR_INPUT, "the pattern of secret \"%s\": %s", id, why->message);
    hs_free_compile_error(why);
    return -1;
}

int secret_db_open(const struct secret_kind *more, size_t n_more, struct secret_db **ret,
                   struct err *e)
{
    struct arena a = {0};
    struct secret_db *db = arena_new(&a, struct secret_db);
    db->a = a; /* db lives in it */
    gather(db, more, n_more);
    if (compile(db, e)) {
        secret_db_close(db);
        return -1;
    }
    if (hs_alloc_scratch(db->db, &db->scratch) != HS_SUCCESS) {
        secret_db_close(db);
        return err_set(e, ERR_MACHINE, "no memory for looking for secrets");
    }
    *ret = db;
    return 0;
}

void secret_db_close(struct secret_db *db)
{
    if (!db)
        return;
    hs_free_scratch(db->scratch);
    hs_free_database(db->db);
    struct arena own = db->a;
    arena_free(&own);
}

struct secret_scanner *secret_scanner_new(const struct secret_db *db)
{
    struct arena own = {0};
    struct secret_scanner *s = arena_new(&own, struct secret_scanner);
    s->db = db;
    s->own = own;
    if (hs_clone_scratch(db->scratch, &s->scratch) == HS_SUCCESS)
        return s;
    arena_free(&own);
    return NULL;
}

void secret_scanner_free(struct secret_scanner *s)
{
    if (!s)
        return;
    hs_free_scratch(s->scratch);
    struct arena own = s->own;
    arena_free(&own);
}

/* ---- values ---- */

/* "A-Za-z0-9_-": a dash at the end is itself. */
static bool in_alphabet(const char *alphabet, char c)
{
    for (const char *p = alphabet; *p; p++) {
        if (p[1] == '-' && p[2]) {
            if (c >= p[0] && c <= p[2])
                return true;
            p += 2;
        } else if (c == *p) {
            return true;
        }
    }
    return false;
}

/* The run of the alphabet that holds the byte at `at`, at most SECRET_REACH to each side. */
static void run_around(const struct secret_scanner *s, const struct secret_kind *kind, size_t at,
                       bool forward, struct secret_found *ret)
{
    size_t from = at, to = at;
    while (from > 0 && at - from < SECRET_REACH && in_alphabet(kind->alphabet, s->text.p[from - 1]))
        from--;
    while (forward && to < s->text.n && to - at < SECRET_REACH &&
           in_alphabet(kind->alphabet, s->text.p[to]))
        to++;
    ret->at = from;
    ret->n = to - from;
}

static void run_after(const struct secret_scanner *s, const struct secret_kind *kind, size_t at,
                      struct secret_found *ret)
{
    while (at < s->text.n && strchr(" \t\"'", s->text.p[at]) && s->text.p[at])
        at++;
    run_around(s, kind, at, true, ret);
    ret->n -= at - ret->at;
    ret->at = at;
}

/* The armour from the start of its first line to the end of its last. */
static void take_pem(const struct secret_scanner *s, size_t end, struct secret_found *ret)
{
    static const struct str begins = STR_INIT("-----BEGIN "), ends = STR_INIT("-----END ");
    enum { LONGEST_LINE = 80 };
    size_t low = end > LONGEST_LINE ? end - LONGEST_LINE : 0;
    struct str line = str_slice(s->text, low, end);
    size_t at = line.n;
    while (at > 0 && !str_starts(str_from(line, at), begins))
        at--;
    struct str rest = str_slice(s->text, end, end + SECRET_REACH);
    size_t close = str_find_str(rest, ends);
    struct str tail = str_from(rest, close + ends.n);
    ret->at = low + at;
    ret->n = end - ret->at;
    if (close < rest.n)
        ret->n += close + ends.n + str_find_str(tail, STR("-----")) + 5;
    if (ret->n > s->text.n - ret->at)
        ret->n = s->text.n - ret->at;
}

static bool take(const struct secret_scanner *s, size_t end, struct secret_found *ret)
{
    const struct secret_kind *kind = ret->kind;
    switch (kind->take) {
    case SECRET_AROUND:
        run_around(s, kind, end, true, ret);
        break;
    case SECRET_BEFORE:
        run_around(s, kind, end - 1, false, ret);
        break;
    case SECRET_AFTER:
        run_after(s, kind, end, ret);
        break;
    case SECRET_PEM:
        take_pem(s, end, ret);
        break;
    }
    struct str value = str_slice(s->text, ret->at, ret->at + ret->n);
    return value.n >= kind->least && value.n <= kind->most &&
           (kind->entropy <= 0 || secret_entropy(value) >= kind->entropy) &&
           (!kind->holds || kind->holds(value, s->text, ret->at));
}

/* ---- scanning ---- */

static int hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
               void *ctx)
{
    struct secret_scanner *s = ctx;
    struct secret_found f = {.kind = s->db->kinds[id]};
    (void)from;
    (void)flags;
    if (to <= s->from || to > s->to || (f.kind->text_only && !s->is_text))
        return 0;
    if (++s->hits > LIMIT_SECRET_HITS)
        return 1; /* ends the scan */
    if (!take(s, (size_t)to, &f))
        return 0;
    f.sample = secret_is_sample(f.kind, str_slice(s->text, f.at, f.at + f.n), s->text, f.at);
    *vec_push(s->a, s->list) = f;
    return 0;
}

static int by_place(const void *a, const void *b)
{
    const struct secret_found *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->n < y->n) - (x->n > y->n); /* the longer first */
}

/* Patterns end at many places of one value, and kinds overlap: the first and longest stays. */
static void leave_out_inner(struct secret_list *list, size_t first)
{
    size_t n = first;
    for (size_t i = first; i < list->n; i++) {
        const struct secret_found *f = &list->v[i], *last = n > first ? &list->v[n - 1] : NULL;
        if (!last || f->at >= last->at + last->n)
            list->v[n++] = *f;
    }
    list->n = n;
}

void secret_scan(struct secret_scanner *s, struct arena *a, struct str text, size_t from, size_t to,
                 bool is_text, struct secret_list *ret)
{
    size_t first = ret->n;
    s->a = a;
    s->text = text;
    s->from = from;
    s->to = to;
    s->is_text = is_text;
    s->list = ret;
    s->hits = 0;
    hs_scan(s->db->db, text.p, (unsigned)text.n, 0, s->scratch, hit, s);
    if (ret->n > first)
        qsort(ret->v + first, ret->n - first, sizeof *ret->v, by_place);
    leave_out_inner(ret, first);
}
