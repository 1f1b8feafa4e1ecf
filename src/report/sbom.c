/* sbom: what both kinds of document are made of.
 *
 * Invariants
 * 1. Memory does not grow with the document: each value is written and forgotten. (test_sbom: room)
 * 2. Another package, version or layer gives another uuid; another time does not. (test_sbom: uuid)
 */
#include "report/sbom.h"

#include <time.h>

#include "base/json.h"
#include "facts/purl.h"

/* ---- writing ---- */

enum { FLUSH_AT = 64 * 1024 };

static void flush(struct sbom_writer *w)
{
    if (!w->failed && w->out.n)
        w->failed = w->to->write(w->to, w->out.p, w->out.n, w->e) != 0;
    w->out.n = 0;
}

static void write_str(struct sbom_writer *w, struct str s)
{
    w->out.a = &w->held;
    buf_add(&w->out, s);
    if (w->out.n >= FLUSH_AT)
        flush(w);
}

void sbom_text(struct sbom_writer *w, const char *text)
{
    write_str(w, str_of(text));
    w->more = false;
}

void sbom_value(struct sbom_writer *w, json_t *value)
{
    struct arena_mark mark = arena_mark(&w->a);
    if (!w->failed) {
        write_str(w, w->more ? STR(",\n") : STR("\n"));
        write_str(w, json_show(&w->a, value, 0));
    }
    w->more = true;
    json_decref(value);
    arena_rewind(&w->a, mark);
}

int sbom_end(struct sbom_writer *w)
{
    flush(w);
    arena_free(&w->a);
    arena_free(&w->held);
    return w->failed ? -1 : 0;
}

/* ---- parts ---- */

size_t sbom_parts(const struct sbom *s)
{
    return s->facts->packages.n + s->facts->libraries.n;
}

static struct str library_path(struct arena *a, const struct facts_installed *l)
{
    struct str path = tree_path(a, l->node);
    return l->library->inside.n
               ? str_fmt(a, STR_F "!/" STR_F, STR_A(path), STR_A(l->library->inside))
               : path;
}

struct sbom_part sbom_part(const struct sbom *s, struct arena *a, size_t number)
{
    const struct facts *f = s->facts;
    if (number < f->packages.n) {
        const struct facts_package *p = &f->packages.v[number];
        return (struct sbom_part){
            .package = p,
            .number = number,
            .name = p->name,
            .version = p->version,
            .licence = p->licence,
            .purl = facts_package_purl(a, &f->base, p),
            .layer = p->layer,
        };
    }
    const struct facts_installed *l = &f->libraries.v[number - f->packages.n];
    return (struct sbom_part){
        .library = l,
        .number = number,
        .name = l->library->name,
        .version = l->library->version,
        .licence = l->library->licence,
        .purl = facts_library_purl(a, l->library),
        .layer = l->layer,
        .path = library_path(a, l),
        .owner = facts_owner(f, l->node),
    };
}

struct sbom_needs sbom_needs_begin(const struct facts *f)
{
    struct sbom_needs n = {.f = f};
    n.seen = arena_array(&n.a, uint32_t, f->packages.n);
    struct map *m = arena_new(&n.a, struct map);
    m->a = arena_new(&n.a, struct arena);
    vec_each (&f->packages, i) {
        void **at = map_at(m, f->packages.v[i].name);
        if (!*at)
            *at = (void *)(i + 1);
    }
    vec_each (&f->packages, i)
        for (size_t k = 0; k < f->packages.v[i].provides.n; k++) {
            void **at = map_at(m, f->packages.v[i].provides.v[k]);
            if (!*at)
                *at = (void *)(i + 1);
        }
    n.providers = *m;
    return n;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

void sbom_needs_of(struct sbom_needs *n, size_t number, struct arena *a, struct sbom_numbers *ret)
{
    const struct strs *depends = &n->f->packages.v[number].depends;
    n->seen[number] = (uint32_t)number + 1; /* none needs itself */
    for (size_t i = 0; i < depends->n; i++) {
        uintptr_t to = (uintptr_t)map_get(&n->providers, depends->v[i]);
        if (!to || n->seen[to - 1] == number + 1)
            continue;
        n->seen[to - 1] = (uint32_t)number + 1;
        *vec_push(a, ret) = (uint32_t)to - 1;
    }
    if (ret->n)
        qsort(ret->v, ret->n, sizeof *ret->v, by_number);
}

void sbom_needs_end(struct sbom_needs *n)
{
    arena_free(n->providers.a);
    arena_free(&n->a);
}

/* ---- names of the document ---- */

struct str sbom_time(const struct sbom *s, struct arena *a)
{
    time_t t = (time_t)s->time;
    struct tm tm;
    char text[64];
    if (!gmtime_r(&t, &tm) || !strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm))
        return STR("1970-01-01T00:00:00Z");
    return str_dup(a, str_of(text));
}

static bool is_set(const struct digest *d)
{
    static const struct digest none;
    return !digest_eq(d, &none);
}

struct str sbom_digest(const struct sbom *s, struct arena *a)
{
    const struct image *image = s->facts->image;
    if (image->name.transport == IMAGE_DIR)
        return (struct str){0};
    return digest_text(a, is_set(&image->manifest_digest) ? &image->manifest_digest
                                                          : &image->config_digest);
}

static void sum_str(struct digest_state *d, struct str s)
{
    uint64_t n = s.n;
    digest_add(d, &n, sizeof n);
    digest_add(d, s.p, s.n);
}

/* RFC 9562, version 8: bits of our own choice. */
struct str sbom_uuid(const struct sbom *s, struct arena *a)
{
    struct arena scratch = {0};
    struct digest_state *d = digest_begin();
    sum_str(d, STR("shuck " SHUCK_VERSION));
    sum_str(d, s->name);
    sum_str(d, sbom_digest(s, &scratch));
    for (size_t i = 0; i < sbom_parts(s); i++) {
        struct arena_mark mark = arena_mark(&scratch);
        struct sbom_part p = sbom_part(s, &scratch, i);
        sum_str(d, p.name);
        sum_str(d, p.version);
        sum_str(d, p.purl);
        sum_str(d, p.path);
        digest_add(d, &p.layer, sizeof p.layer);
        arena_rewind(&scratch, mark);
    }
    arena_free(&scratch);
    struct digest sum = digest_end(d);
    sum.b[6] = (unsigned char)((sum.b[6] & 0x0f) | 0x80);
    sum.b[8] = (unsigned char)((sum.b[8] & 0x3f) | 0x80);
    struct str hex = digest_hex(a, &sum);
    return str_fmt(a, "%.8s-%.4s-%.4s-%.4s-%.12s", hex.p, hex.p + 8, hex.p + 12, hex.p + 16,
                   hex.p + 20);
}
