/* engine: a text → hits of all patterns → values that hold.
 *
 * Invariants
 * 1. The cost is linear in the text, and in the hits times SECRET_REACH at most.
 *    (test_secret_scan: long)
 * 2. Where a text is cut into windows does not matter. (test_secret_scan: windows)
 * 3. A scanner of the built-in kinds that scans nothing costs nothing: Hyperscan and the patterns
 *    take a millisecond to load, and most findings of a Dockerfile quote no more than a word.
 *    (lint.t: opened when it scans)
 * 4. A team's own kind takes nothing away that is worse than what it says itself.
 *    (test_secret_own: worse)
 * 5. What proves itself is no example, wherever it stands. (test_secret_scan: places)
 */
#include <stdlib.h>

#include "base/late_hs.h"
#include "base/limits.h"
#include "secret/file_names.h"

struct secret_db {
    struct arena a; /* which it lives in */
    struct secret_kinds kinds[SECRET_PARTS];
    struct secret_patterns parts[SECRET_PARTS];
    hs_scratch_t *scratch;              /* a model for those of scanners */
    struct secret_file_names own_files; /* of SECRET_PART_FILES */
};

struct secret_scanner {
    struct arena own;           /* which it lives in */
    const struct secret_db *db; /* NULL: of the built-in kinds, not opened yet */
    struct secret_db *own_db;   /* db, when it is the scanner's own; else NULL */
    hs_scratch_t *scratch;
    /* of the window that is scanned now */
    struct arena *a;
    const struct secret_window *w;
    enum secret_part part;
    bool placed, library, example; /* the last two: when placed */
    struct secret_list *list;
    size_t hits;
};

/* ---- the database ---- */

static int open_parts(struct secret_db *db, const struct policy *policy, struct err *e)
{
    if (late_hs_load(e))
        return -1;
    for (int part = SECRET_PART_ALL; part <= SECRET_PART_FILES; part++) {
        db->kinds[part] = secret_kinds_of(&db->a, (enum secret_part)part);
        if (secret_part_open(&db->a, (enum secret_part)part, &db->kinds[part], &db->parts[part], e))
            return -1;
    }
    secret_file_names_make(&db->a, &db->kinds[SECRET_PART_FILES], &db->own_files);
    struct secret_kinds *own = &db->kinds[SECRET_PART_OWN];
    if (policy && (secret_own_kinds(&db->a, policy, own, e) ||
                   secret_compile(&db->a, own, true, false, &db->parts[SECRET_PART_OWN].own, e)))
        return -1;
    db->parts[SECRET_PART_OWN].db = db->parts[SECRET_PART_OWN].own;
    for (int part = 0; part < SECRET_PARTS; part++)
        if (db->parts[part].db && hs_alloc_scratch(db->parts[part].db, &db->scratch) != HS_SUCCESS)
            return err_set(e, ERR_MACHINE, "no memory for looking for secrets");
    return 0;
}

int secret_db_open(const struct policy *policy, struct secret_db **ret, struct err *e)
{
    struct arena a = {0};
    struct secret_db *db = arena_new(&a, struct secret_db);
    db->a = a; /* db lives in it */
    if (open_parts(db, policy, e)) {
        secret_db_close(db);
        return -1;
    }
    *ret = db;
    return 0;
}

void secret_db_close(struct secret_db *db)
{
    if (!db)
        return;
    if (db->scratch)
        hs_free_scratch(db->scratch);
    for (int part = 0; part < SECRET_PARTS; part++)
        secret_database_free(db->parts[part].own);
    struct arena own = db->a;
    arena_free(&own);
}

static void add_text(struct digest_state *d, struct str text)
{
    digest_add(d, text.p, text.n);
    digest_add(d, "", 1);
}

static void add_texts(struct digest_state *d, const struct strs *texts)
{
    for (size_t i = 0; i < texts->n; i++)
        add_text(d, texts->v[i]);
    add_text(d, STR(""));
}

static void add_kind(struct digest_state *d, const struct secret_kind *k)
{
    const char *const texts[] = {k->id,      k->title,    k->begins, k->named,
                                 k->pattern, k->alphabet, k->files};
    const uint32_t numbers[] = {k->take,      k->least, k->most,    (uint32_t)(k->entropy * 100),
                                k->text_only, k->guess, k->severity};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        add_text(d, str_of(texts[i]));
    digest_add(d, numbers, sizeof numbers);
    if (k->own) {
        add_texts(d, &k->own->keywords);
        add_texts(d, &k->own->allow_values);
        add_texts(d, &k->own->allow_paths);
    }
}

struct digest secret_db_digest(const struct secret_db *db)
{
    struct digest_state *d = digest_begin();
    for (int part = 0; part < SECRET_PARTS; part++)
        for (size_t i = 0; i < db->kinds[part].n; i++)
            add_kind(d, db->kinds[part].v[i]);
    return digest_end(d);
}

struct secret_scanner *secret_scanner_builtin(void)
{
    struct arena own = {0};
    struct secret_scanner *s = arena_new(&own, struct secret_scanner);
    s->own = own;
    return s;
}

struct secret_scanner *secret_scanner_new(const struct secret_db *db)
{
    struct secret_scanner *s = secret_scanner_builtin();
    if (hs_clone_scratch(db->scratch, &s->scratch) == HS_SUCCESS) {
        s->db = db;
        return s;
    }
    secret_scanner_free(s);
    return NULL;
}

static bool opened(struct secret_scanner *s)
{
    struct err ignored;
    if (!s->db && !s->own_db && !secret_db_open(NULL, &s->own_db, &ignored) &&
        hs_clone_scratch(s->own_db->scratch, &s->scratch) == HS_SUCCESS)
        s->db = s->own_db;
    return s->db;
}

void secret_scanner_free(struct secret_scanner *s)
{
    if (!s)
        return;
    if (s->scratch)
        hs_free_scratch(s->scratch);
    secret_db_close(s->own_db);
    struct arena own = s->own;
    arena_free(&own);
}

/* ---- hits ---- */

/* Bits a byte under which nothing that a machine made is. */
static const double usual_entropy = 2.5;

static bool fits(const struct secret_scanner *s, const struct secret_kind *kind,
                 const struct secret_value *v)
{
    double least = kind->entropy > 0 ? kind->entropy : kind->holds ? 0 : usual_entropy;
    if (kind->own)
        return secret_own_holds(kind->own, v, s->w->path);
    return secret_entropy(v->value) >= least &&
           (!kind->named || secret_name_may_tell(secret_name_before(v))) &&
           (!kind->holds || kind->holds(v));
}

static enum secret_doubt doubt_of(const struct secret_scanner *s, const struct secret_kind *kind,
                                  const struct secret_value *v)
{
    if (kind->own) /* which says itself what is allowed */
        return SECRET_NO_DOUBT;
    enum secret_doubt doubt = secret_doubt_of(kind, v);
    return !doubt && s->example && !secret_proves_itself(kind, v, s->library) ? SECRET_EXAMPLE
                                                                              : doubt;
}

/* What its path says of it: asked of the few files that have a hit. */
static void place(struct secret_scanner *s)
{
    if (s->placed)
        return;
    s->library = secret_place_is_library(s->w->path);
    s->example = secret_place_is_example(s->w->path);
    s->placed = true;
}

static int hit(unsigned id, unsigned long long begin, unsigned long long end, unsigned flags,
               void *ctx)
{
    struct secret_scanner *s = ctx;
    const struct secret_window *w = s->w;
    const struct secret_kind *kind = s->db->kinds[s->part].v[id];
    struct secret_value v;
    (void)flags;
    if (end <= w->from || end > w->to)
        return 0;
    place(s);
    if ((w->no_text && (kind->text_only || kind->named)) ||
        (s->library && (kind->guess || kind->named)) ||
        (kind->files && !secret_file_is(kind->files, w->path)))
        return 0;
    if (++s->hits > LIMIT_SECRET_HITS)
        return 1; /* ends the scan */
    if (secret_take(kind, w->text, (size_t)begin, (size_t)end, &v) && fits(s, kind, &v))
        *vec_push(s->a, s->list) =
            (struct secret_found){kind, v.at, v.value.n, doubt_of(s, kind, &v)};
    return 0;
}

/* ---- lists ---- */

/* How sure a kind is of what it finds; 0 is best. */
static int rank(const struct secret_found *f)
{
    return f->kind->guess ? 3 : f->kind->files ? 2 : f->kind->named ? 1 : 0;
}

/* By place; of one place what is surest, then the longest. */
static int by_place(const void *a, const void *b)
{
    const struct secret_found *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (rank(x) != rank(y))
        return rank(x) < rank(y) ? -1 : 1;
    if (x->n != y->n)
        return x->n < y->n ? 1 : -1;
    return (y->kind->severity > x->kind->severity) - (y->kind->severity < x->kind->severity);
}

/* Patterns end at many places of one value, and kinds overlap: the first and longest stays, but
 * what is only guessed gives way to what is known. */
static void leave_out_inner(struct secret_list *list)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        const struct secret_found f = list->v[i], *last = n ? &list->v[n - 1] : NULL;
        if (!last || f.at >= last->at + last->n)
            list->v[n++] = f;
        else if (rank(&f) < rank(last))
            list->v[n - 1] = f;
    }
    list->n = n;
}

static void sort_out(struct secret_list *list)
{
    if (list->n)
        qsort(list->v, list->n, sizeof *list->v, by_place);
    leave_out_inner(list);
}

static enum severity worth(const struct secret_found *f)
{
    return f->doubt ? SEVERITY_INFO : f->kind->severity;
}

/* Whether the other says all that this one does. */
static bool is_said_by(const struct secret_found *f, const struct secret_found *other)
{
    bool inside = f->at >= other->at && f->at + f->n <= other->at + other->n;
    return inside && (worth(f) < worth(other) || (worth(f) == worth(other) && other->kind->own));
}

/* Adds those of `list` that none of `others` says; both are by place, none inside another. */
static void add_unsaid(struct arena *a, const struct secret_list *list,
                       const struct secret_list *others, struct secret_list *ret)
{
    size_t k = 0;
    vec_each (list, i) {
        const struct secret_found *f = &list->v[i];
        while (k < others->n && others->v[k].at + others->v[k].n <= f->at)
            k++;
        if (k == others->n || !is_said_by(f, &others->v[k]))
            *vec_push(a, ret) = *f;
    }
}

bool secret_scan(struct secret_scanner *s, struct arena *a, const struct secret_window *w,
                 struct secret_list *ret)
{
    struct secret_list builtin = {0}, own = {0};
    size_t first = ret->n;
    bool whole = true;
    if (!opened(s))
        return false;
    s->a = a;
    s->w = w;
    s->placed = false;
    for (int part = 0; part < SECRET_PARTS; part++) {
        s->part = (enum secret_part)part;
        s->list = part == SECRET_PART_OWN ? &own : &builtin;
        s->hits = 0;
        if (s->db->parts[part].db &&
            (part != SECRET_PART_FILES || secret_file_names_have(&s->db->own_files, w->path)))
            whole &= hs_scan(s->db->parts[part].db, w->text.p, (unsigned)w->text.n, 0, s->scratch,
                             hit, s) == HS_SUCCESS;
    }
    sort_out(&builtin);
    sort_out(&own);
    add_unsaid(a, &builtin, &own, ret);
    add_unsaid(a, &own, &builtin, ret);
    if (own.n)
        qsort(ret->v + first, ret->n - first, sizeof *ret->v, by_place);
    return whole;
}

bool secret_scan_text(struct secret_scanner *s, struct arena *a, struct str text,
                      struct secret_list *ret)
{
    struct secret_window w = {.text = text, .to = text.n};
    return secret_scan(s, a, &w, ret);
}
