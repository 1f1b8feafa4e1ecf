/* test_archive_search: archives through the visitor: secrets in their members, and hostile ones. */
#include <archive.h>
#include <archive_entry.h>
#include <time.h>

#include "base/buf.h"
#include "base/limits.h"
#include "facts/facts.h"
#include "lib/fixture.h"
#include "lib/tap.h"

#define TOKEN "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"

struct packing {
    int format; /* libarchive's; 0: zip */
    int filter;
    const char *options;
};

static const struct packing zip = {ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, NULL},
                            stored = {ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE,
                                      "zip:compression=store"},
                            tar = {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, NULL},
                            tgz = {ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, NULL},
                            txz = {ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_XZ, NULL},
                            gzip = {ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, NULL},
                            xz = {ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_XZ, NULL},
                            bzip2 = {ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_BZIP2, NULL},
                            zst = {ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_ZSTD, NULL};

static la_ssize_t keep(struct archive *w, void *ctx, const void *p, size_t n)
{
    (void)w;
    buf_add(ctx, (struct str){p, n});
    return (la_ssize_t)n;
}

/* An archive with `n` members of these bytes. */
static struct str pack(struct arena *a, const struct packing *p, const char *name, struct str bytes,
                       size_t n)
{
    struct buf out = {.a = a};
    struct archive *w = archive_write_new();
    archive_write_add_filter(w, p->filter);
    archive_write_set_format(w, p->format);
    if (p->options)
        archive_write_set_options(w, p->options);
    archive_write_set_bytes_in_last_block(w, 1);
    archive_write_open(w, &out, NULL, keep, NULL);
    for (size_t i = 0; i < n; i++) {
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, name);
        archive_entry_set_size(entry, (la_int64_t)bytes.n);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_write_header(w, entry);
        archive_write_data(w, bytes.p, bytes.n);
        archive_entry_free(entry);
    }
    archive_write_close(w);
    archive_write_free(w);
    return buf_str(&out);
}

static const struct file_facts *visit_in(const struct tree_visitor *v, void *layer,
                                         const char *path, struct str bytes, size_t piece)
{
    struct image_entry entry = {.path = str_of(path), .size = bytes.n};
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

static const struct file_facts *visit(struct arena *a, const struct tree_visitor *v,
                                      const char *path, struct str bytes, size_t piece)
{
    void *layer = v->begin(v->ctx, a, 0);
    const struct file_facts *f = visit_in(v, layer, path, bytes, piece);
    v->end(layer);
    return f;
}

/* "INSIDE:LINE …; NOTE" */
static struct str told(struct arena *a, const struct file_facts *f)
{
    struct buf b = {.a = a};
    for (size_t i = 0; f && i < f->n_secrets; i++)
        buf_addf(&b, "%s" STR_F ":%u", i ? " " : "", STR_A(f->secrets[i].inside),
                 f->secrets[i].line);
    if (f && f->note.n)
        buf_addf(&b, "; " STR_F, STR_A(f->note));
    return buf_str(&b);
}

static const struct str token = STR_INIT("\nA=" TOKEN "\n");

static void check_forms(struct arena *a, const struct tree_visitor *v)
{
    static const struct {
        const struct packing *how;
        const char *path, *name, *want;
    } cases[] = {
        {&zip, "srv/app.jar", "BOOT-INF/classes/application.yml",
         "BOOT-INF/classes/application.yml:2"},
        {&stored, "srv/app.war", "a.yml", "a.yml:2"},
        {&zip, "srv/anything", "a", "a:2"},
        {&zip, "srv/lib.jar", "org/x/A.class", ""},
        {&tar, "srv/a.tar", "./etc/a", "etc/a:2"},
        {&tgz, "srv/a.tgz", "../../etc/a", "../../etc/a:2"},
        {&txz, "srv/a.tar.xz", "a b", "a b:2"},
        {&gzip, "var/log/app.log.gz", "x", "app.log:2"},
        {&xz, "srv/a.xz", "x", "a:2"},
        {&bzip2, "srv/a.sql.bz2", "x", "a.sql:2"},
        {&zst, "srv/blob", "x", "content:2"},
        {&gzip, "usr/share/doc/x/changelog.gz", "x", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str bytes = pack(a, cases[i].how, cases[i].name, token, 1);
        is_str(told(a, visit(a, v, cases[i].path, bytes, bytes.n)), cases[i].want, "%s!/%s",
               cases[i].path, cases[i].name);
    }
    struct str jar = pack(a, &zip, "a/b.yml", token, 1);
    struct str war = pack(a, &stored, "WEB-INF/lib/b.jar", jar, 1);
    struct str both = pack(a, &tgz, "opt/app.war", war, 1);
    is_str(told(a, visit(a, v, "srv/a.tgz", both, both.n)),
           "opt/app.war!/WEB-INF/lib/b.jar!/a/b.yml:2", "a jar in a war in a tar");
}

static void check_pieces(struct arena *a, const struct tree_visitor *v)
{
    static const size_t pieces[] = {1, 100, 511, 512, 513, 65536};
    struct str small = pack(a, &tgz, "a", token, 3);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        is_str(told(a, visit(a, v, "x", small, pieces[i])), "a:2 a:2 a:2", "pieces of %zu",
               pieces[i]);
    /* larger than is held in memory: nothing in it but its last member matters */
    size_t n = 20 * 1024 * 1024;
    char *filler = arena_alloc(a, n + 64);
    memset(filler, ' ', n);
    memcpy(filler + n, TOKEN "\n", sizeof TOKEN);
    struct str large = pack(a, &tar, "big", (struct str){filler, n + sizeof TOKEN}, 1);
    is_str(told(a, visit(a, v, "x", large, 65536)), "big:1", "pieces: through a temporary file");
}

/* Cut off anywhere: what came before is found, and it ends. */
static void check_cut(struct arena *a, const struct tree_visitor *v)
{
    static const struct packing *const ways[] = {&zip, &stored, &tar, &tgz, &txz, &bzip2, &zst};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct str whole = pack(a, ways[i], "a", token, 1);
        size_t found = 0, noted = 0, step = whole.n / 150 + 1;
        for (size_t n = 1; n < whole.n; n += step) {
            const struct file_facts *f = visit(a, v, "srv/x", str_slice(whole, 0, n), whole.n);
            found += f && f->n_secrets;
            noted += f && f->note.n;
        }
        ok(noted > 0, "cut: way %zu: %zu found, %zu noted", i, found, noted);
    }
    const struct file_facts *f;
    struct str jar = pack(a, &zip, "a", token, 1);
    is_str(told(a, visit(a, v, "x", str_slice(jar, 0, jar.n - 30), 4096)),
           "a:2; is an archive that is damaged, or lists more than is searched",
           "cut: a zip without its list");
    struct str three = pack(a, &stored, "a", token, 3);
    f = visit(a, v, "x", str_slice(three, 0, three.n - 30), 4096);
    is_str(told(a, f), "a:2 a:2 a:2; is an archive that is damaged, or lists more than is searched",
           "cut: what is read in two ways is told once");
    /* its list says that the member is somewhere else, and longer */
    struct buf lies = {.a = a};
    buf_add(&lies, pack(a, &stored, "a", token, 1));
    struct str all = buf_str(&lies);
    char *p = str_cstr(a, all);
    size_t list = str_find_str(all, STR("PK\1\2"));
    memset(p + list + 20, 0x7f, 8);
    memset(p + list + 42, 0x10, 2);
    f = visit(a, v, "x", (struct str){p, all.n}, 4096);
    ok(f && f->n_secrets && f->note.n, "cut: a list that lies: " STR_F, STR_A(told(a, f)));
}

static void check_bounded(struct arena *a, const struct tree_visitor *v)
{
    struct arena own = {0};
    struct str deep = pack(&own, &stored, "a", token, 1);
    for (int i = 0; i < 40; i++)
        deep = pack(&own, &stored, "x.zip", deep, 1);
    const struct file_facts *f = visit(a, v, "x.zip", deep, 65536);
    ok(f && str_has(f->note, STR("too deep")), "bounded: forty in each other: " STR_F,
       STR_A(told(a, f)));

    size_t n = 64 * 1024 * 1024;
    char *zeros = calloc(1, n);
    memcpy(zeros + 1024, TOKEN "\n", sizeof TOKEN);
    struct str bomb = pack(&own, &gzip, "x", (struct str){zeros, n}, 1);
    f = visit(a, v, "bomb.gz", bomb, 65536);
    ok(f && str_has(f->note, STR("unpacks to more")), "bounded: zeros: " STR_F, STR_A(told(a, f)));
    f = visit(a, v, "bomb.gz", pack(&own, &gzip, "x", bomb, 1), 65536);
    ok(f && f->note.n, "bounded: zeros in gzip in gzip: " STR_F, STR_A(told(a, f)));
    f = visit(a, v, "x.tgz", pack(&own, &tgz, "x.class", (struct str){zeros, n}, 4), 65536);
    ok(f && str_has(f->note, STR("unpacks to more")), "bounded: what is passed over: " STR_F,
       STR_A(told(a, f)));
    free(zeros);

    /* many small ones: the layer's room ends, however many there are */
    clock_t before = clock();
    void *layer = v->begin(v->ctx, a, 0);
    for (int i = 0; i < 500; i++)
        f = visit_in(v, layer, "bomb.gz", bomb, 65536);
    v->end(layer);
    ok(f && f->note.n && clock() - before < 60 * CLOCKS_PER_SEC,
       "bounded: five hundred of them: %.1f s", (double)(clock() - before) / CLOCKS_PER_SEC);
    arena_free(&own);
}

/* Headers are no members, and cost all the same. */
static void check_headers(struct arena *a, const struct tree_visitor *v)
{
    struct arena own = {0};
    struct fixture_tar holes = {.b = {.a = &own}}, many = {.b = {.a = &own}};
    fixture_tar_holes(&holes, "x");
    struct str bytes = fixture_tar_end(&holes);
    const char *want = "is an archive with a header that is too large to be read";
    const struct file_facts *f = visit(a, v, "x.tar", bytes, 65536);
    is_str(f ? f->note : STR(""), want, "headers: millions of holes");
    f = visit(a, v, "x.tgz", pack(&own, &gzip, "x", bytes, 1), 65536);
    is_str(f ? f->note : STR(""), want, "headers: and compressed");

    size_t n = 512 * 1024;
    struct str blanks = {memset(arena_alloc(&own, n), ' ', n), n};
    for (int i = 0; i < 100; i++) {
        fixture_tar_pax(&many, "comment", blanks);
        fixture_tar_header(&many, '0', "x", 0, NULL);
    }
    bytes = fixture_tar_end(&many);
    f = visit(a, v, "x.tgz", pack(&own, &gzip, "x", bytes, 1), 65536);
    ok(f && str_has(f->note, STR("unpacks to more")), "headers: what comes out is counted: " STR_F,
       STR_A(told(a, f)));
    f = visit(a, v, "x.tar", bytes, 65536);
    ok(!f || !f->note.n, "headers: what stands in the file is not: " STR_F, STR_A(told(a, f)));

    struct fixture_tar classes = {.b = {.a = &own}};
    fixture_tar_header(&classes, '0', "A.class", 10 * n, NULL);
    for (int i = 0; i < 10; i++)
        fixture_tar_data(&classes, blanks);
    fixture_tar_header(&classes, '0', "b", token.n, NULL);
    fixture_tar_data(&classes, token);
    f = visit(a, v, "x.tar", fixture_tar_end(&classes), 65536);
    is_str(told(a, f), "b:2", "headers: what is passed over is none");
    arena_free(&own);
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
    check_forms(&a, &v);
    check_pieces(&a, &v);
    check_cut(&a, &v);
    check_bounded(&a, &v);
    check_headers(&a, &v);
    secret_db_close(db);
    arena_free(&a);
    return done_testing();
}
