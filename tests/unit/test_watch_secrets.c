/* test_watch_secrets: files by hand through the visitor, cut into pieces of any size. */
#include "base/buf.h"
#include "base/limits.h"
#include "facts/facts.h"
#include "lib/tap.h"

#define TOKEN "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"

static const struct file_facts *visit_at(const struct tree_visitor *v, void *layer, struct str path,
                                         struct str bytes, size_t piece)
{
    struct image_entry entry = {.path = path, .size = bytes.n};
    struct tree_sums sums;
    struct err e = {0};
    void *file = v->open(layer, &entry);
    for (size_t i = 0; file && i < bytes.n; i += piece) {
        struct str part = str_slice(bytes, i, i + piece);
        if (v->data(file, part.p, part.n, &e))
            return NULL;
    }
    return file ? v->done(file, &sums) : NULL;
}

static const struct file_facts *visit(const struct tree_visitor *v, void *layer, struct str bytes,
                                      size_t piece)
{
    return visit_at(v, layer, STR("srv/settings"), bytes, piece);
}

static void check_index(struct arena *a, const struct tree_visitor *v)
{
    static const struct {
        const char *path;
        bool searched;
    } cases[] = {
        {"var/lib/apt/lists/deb.example.org_debian_dists_bookworm_main_i18n_Translation-en", false},
        {"var/lib/dpkg/status", false},
        {"var/lib/dpkg/available-old", false},
        {"var/lib/dpkg/info/a.templates", false},
        {"lib/apk/db/installed", false},
        {"var/cache/apk/APKINDEX.00000000.tar.gz", false},
        {"var/cache/dnf/a/repodata/primary.xml", false},
        {"var/lib/rpm/Packages", false},
        {"etc/apt/auth.conf", true},
        {"etc/apk/repositories", true},
        {"etc/yum.repos.d/a.repo", true},
        {"srv/var/lib/dpkg/status", true},
    };
    struct str text = STR("connection = mysql://keystone:f00barQx9@db/keystone\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        void *layer = v->begin(v->ctx, a, 0);
        const struct file_facts *f = visit_at(v, layer, str_of(cases[i].path), text, text.n);
        ok((f && f->n_secrets == 1) == cases[i].searched, "index: %s", cases[i].path);
        v->end(layer);
    }
}

/* n bytes of lines, with a token that begins at each of the given places. */
static struct str file_with(struct arena *a, size_t n, const size_t *at, size_t n_at)
{
    char *p = arena_alloc(a, n);
    for (size_t i = 0; i < n; i++)
        p[i] = i % 64 == 63 ? '\n' : ' ';
    for (size_t i = 0; i < n_at; i++)
        memcpy(p + at[i], TOKEN, sizeof TOKEN - 1);
    return (struct str){p, n};
}

static uint32_t line_at(struct str bytes, size_t at)
{
    uint32_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += bytes.p[i] == '\n';
    return line;
}

static void check_pieces(struct arena *a, const struct tree_visitor *v)
{
    /* around where windows end, and where their hits are taken */
    static const size_t at[] = {64,
                                492 * 1024,
                                496 * 1024 - 20,
                                496 * 1024 + 40,
                                512 * 1024 - 60,
                                512 * 1024 - 15,
                                976 * 1024 - 10,
                                1500 * 1024 - 30};
    enum { N = sizeof at / sizeof *at };
    static const size_t pieces[] = {1000, 4096, 65536, 512 * 1024, SIZE_MAX / 2};
    struct str bytes = file_with(a, 1500 * 1024 + 64, at, N);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        void *layer = v->begin(v->ctx, a, 0);
        const struct file_facts *f = visit(v, layer, bytes, pieces[i]);
        bool good = f && f->n_secrets == N;
        for (size_t k = 0; good && k < N; k++)
            good = f->secrets[k].line == line_at(bytes, at[k]) &&
                   str_is(f->secrets[k].kind, "github-token");
        ok(good, "pieces of %zu: %zu tokens, each in its line", pieces[i], f ? f->n_secrets : 0);
        ok(f && f->n_secrets && str_is(f->secrets[0].start, "ghp_…"),
           "short: four characters of it");
        v->end(layer);
    }
}

/* Each byte as a unit; `low` is where it stands in it. */
static struct str utf16(struct arena *a, struct str text, size_t low)
{
    struct buf b = {.a = a};
    buf_addz(&b, low ? "\xfe\xff" : "\xff\xfe");
    for (size_t i = 0; i < text.n; i++) {
        buf_addc(&b, low ? 0 : text.p[i]);
        buf_addc(&b, low ? text.p[i] : 0);
    }
    return buf_str(&b);
}

static void check_utf16(struct arena *a, const struct tree_visitor *v)
{
    static const size_t pieces[] = {1, 2, 3, 1000, SIZE_MAX / 2};
    struct str text = STR("host = db\n\"password\" = \"h7Gq2mZ9vB!x\"\n" TOKEN "\n");
    struct str far = str_fmt(a, "%*s\n" STR_F, 700000, "a", STR_A(text));
    struct str files[] = {
        utf16(a, text, 0),
        utf16(a, text, 1),
        str_slice(utf16(a, text, 0), 0, text.n * 2 + 1), /* half a unit less */
        utf16(a, far, 0),
        str_fmt(a, "\xff\xfe" STR_F, STR_A(text)), /* is none */
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        for (size_t k = i == 3 ? 3 : 0; k < sizeof pieces / sizeof *pieces; k++) {
            void *layer = v->begin(v->ctx, a, 0);
            const struct file_facts *f = visit(v, layer, files[i], pieces[k]);
            uint32_t line = i == 3 ? 3 : 2;
            ok(f && f->n_secrets == 2 && f->secrets[0].line == line &&
                   f->secrets[1].line == line + 1,
               "UTF-16: file %zu in pieces of %zu, %zu found", i, pieces[k], f ? f->n_secrets : 0);
            v->end(layer);
        }
    for (size_t n = 1; n < 4; n++) {
        void *layer = v->begin(v->ctx, a, 0);
        const struct file_facts *f = visit(v, layer, str_slice(files[0], 0, n), 1);
        ok(!f || !f->n_secrets, "UTF-16: %zu bytes hold nothing", n);
        v->end(layer);
    }
}

static void check_many(struct arena *a, const struct tree_visitor *v)
{
    size_t at[200], kept = 0;
    for (size_t i = 0; i < 200; i++)
        at[i] = i * 64;
    struct str bytes = file_with(a, sizeof at / sizeof *at * 64, at, 200);
    void *layer = v->begin(v->ctx, a, 0);
    for (int i = 0; i < 250; i++) {
        const struct file_facts *f = visit(v, layer, bytes, bytes.n);
        kept += f ? f->n_secrets : 0;
    }
    ok(kept == 2 * LIMIT_LAYER_SECRETS, "many: %zu of 25000 are kept", kept);
    v->end(layer);
}

int main(void)
{
    struct arena a = {0};
    struct err e = {0};
    struct secret_db *db = NULL;
    if (!ok(!secret_db_open(NULL, &db, &e), "the database"))
        return 1;
    struct facts_reading reading = {.wish = FACTS_SECRETS, .secrets = db};
    struct tree_visitor v = facts_visitor_for(&reading);
    check_pieces(&a, &v);
    check_index(&a, &v);
    check_utf16(&a, &v);
    check_many(&a, &v);
    secret_db_close(db);
    arena_free(&a);
    return done_testing();
}
