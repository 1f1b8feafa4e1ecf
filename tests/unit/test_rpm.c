/* test_rpm: headers and databases of rpm → packages. */
#include <sqlite3.h>

#include "base/limits.h"
#include "facts/rpm.h"
#include "lib/rpmmake.h"
#include "lib/tap.h"

static struct str curl(struct arena *a)
{
    struct rpmmake m = {.index = {.a = a}, .data = {.a = a}};
    static const char *const names[] = {"curl", "curl.1.gz", "ghost"},
                             *const dirs[] = {"/usr/bin/", "/usr/share/man/man1/"},
                             *const digests[] = {"0123456789abcdef0011", "", "ff"},
                             *const needs[] = {"rpmlib(CompressedFileNames)", "libc.so.6"};
    rpmmake_text(&m, 1000, "curl");
    rpmmake_text(&m, 1001, "7.76.1");
    rpmmake_text(&m, 1002, "29.el9");
    rpmmake_numbers(&m, 1003, (uint32_t[]){2}, 1);
    rpmmake_numbers(&m, 1009, (uint32_t[]){700000}, 1);
    rpmmake_text(&m, 1014, "MIT");
    rpmmake_text(&m, 1022, "x86_64");
    rpmmake_text(&m, 1044, "curl-base-7.76.1-29.el9.src.rpm");
    rpmmake_texts(&m, 1117, names, 3);
    rpmmake_texts(&m, 1118, dirs, 2);
    rpmmake_numbers(&m, 1116, (uint32_t[]){0, 1, 0}, 3);
    rpmmake_numbers(&m, 1037, (uint32_t[]){0, 2, 64}, 3);
    rpmmake_texts(&m, 1035, digests, 3);
    rpmmake_numbers(&m, 5011, (uint32_t[]){8}, 1);
    rpmmake_texts(&m, 1049, needs, 2);
    return rpmmake_end(&m);
}

static struct str named(struct arena *a, const char *name)
{
    struct rpmmake m = {.index = {.a = a}, .data = {.a = a}};
    rpmmake_text(&m, 1000, name);
    rpmmake_text(&m, 1001, "1");
    return rpmmake_end(&m);
}

/* rpmdb.sqlite in write-ahead mode, as rpm leaves it; the caller frees it. */
static unsigned char *make_sqlite(const char *schema, const struct str *blobs, size_t n,
                                  size_t *size)
{
    sqlite3 *db;
    sqlite3_stmt *insert;
    sqlite3_int64 bytes = 0;
    if (sqlite3_open(":memory:", &db) || sqlite3_exec(db, "PRAGMA page_size=512", 0, 0, 0) ||
        sqlite3_exec(db, schema, 0, 0, 0))
        return NULL;
    for (size_t i = 0; i < n; i++) {
        if (sqlite3_prepare_v2(db, "INSERT INTO Packages(blob) VALUES(?)", -1, &insert, NULL))
            return NULL;
        sqlite3_bind_blob(insert, 1, blobs[i].p, (int)blobs[i].n, SQLITE_STATIC);
        sqlite3_step(insert);
        sqlite3_finalize(insert);
    }
    unsigned char *ret = sqlite3_serialize(db, "main", &bytes, 0);
    sqlite3_close(db);
    *size = (size_t)bytes;
    if (ret)
        ret[18] = ret[19] = 2;
    return ret;
}

#define SCHEMA "CREATE TABLE Packages(hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)"

/* What is read of a database, by way of what is kept. */
static struct facts_packages packages_of(struct arena *a, const void *bytes, size_t n,
                                         struct str *note)
{
    struct facts_packages ret = {0};
    struct facts_room room = facts_room();
    char *copy = arena_alloc(a, n ? n : 1);
    if (n)
        memcpy(copy, bytes, n);
    facts_rpm_read(facts_rpm_reduce(copy, n, a, note), a, &room, &ret);
    return ret;
}

static void check_curl(const struct facts_package *p, const char *what)
{
    is_str(p->name, "curl", "%s: name", what);
    is_str(p->version, "2:7.76.1-29.el9", "%s: epoch, version, release", what);
    is_str(p->arch, "x86_64", "%s: architecture", what);
    is_str(p->licence, "MIT", "%s: licence", what);
    is_str(p->source, "curl-base", "%s: source", what);
    is_str(p->source_version, "7.76.1-29.el9", "%s: source version", what);
    is_int(p->installed_size, 700000, "%s: size", what);
    is_int(p->depends.n, 1, "%s: what rpm itself must do is no dependency", what);
    is_int(p->files.n, 2, "%s: files, without the ghost", what);
    is_str(p->files.v[1], "/usr/share/man/man1/curl.1.gz", "%s: a file", what);
    ok(p->file_sum_kind == SUM_SHA256 && p->file_sums[0] == 0x0123456789abcdef && !p->file_sums[1],
       "%s: digests of files", what);
}

static void check_kinds(struct arena *a)
{
    struct str blobs[] = {curl(a), named(a, "gpg-pubkey"), named(a, "bash")}, note;
    size_t n = 0;
    unsigned char *bytes = make_sqlite(SCHEMA, blobs, 3, &n);
    struct facts_packages p = packages_of(a, bytes, n, &note);
    is_int(p.n, 2, "sqlite: packages; a public key is none");
    is_str(note, "", "sqlite: all of it was read");
    check_curl(&p.v[0], "sqlite");
    is_str(p.v[1].version, "1", "sqlite: no release");
    is_str(p.v[1].source, "bash", "sqlite: no source");
    sqlite3_free(bytes);

    struct str ndb = rpmmake_ndb(a, blobs, 3, 1);
    p = packages_of(a, ndb.p, ndb.n, &note);
    is_int(p.n, 2, "ndb: packages");
    is_str(note, "", "ndb: all of it was read");
    check_curl(&p.v[0], "ndb");
}

static void check_lies(struct arena *a)
{
    static const uint32_t heads[][2] = {
        {0xffffffff, 0}, {0, 0xffffffff}, {0x10000000, 0x10000000}, {2, 0}, {0, 0}};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct facts_rpm r = facts_rpm_begin(a);
        struct buf b = {.a = a};
        rpmmake_be32(&b, heads[i][0]);
        rpmmake_be32(&b, heads[i][1]);
        buf_addz(&b, "1234567812345678");
        facts_rpm_header(&r, buf_str(&b));
        ok(!r.packages.n && r.note.n, "lies: counts of a header %zu", i);
    }
    struct str whole = curl(a), note;
    for (size_t n = 0; n < whole.n; n++) { /* exact copies: a read past the end shows under asan */
        struct facts_rpm r = facts_rpm_begin(a);
        char *cut = malloc(n ? n : 1);
        memcpy(cut, whole.p, n);
        facts_rpm_header(&r, (struct str){cut, n});
        free(cut);
        if (r.packages.n)
            is_int((long long)n, -1, "lies: a header cut off here was taken");
    }
    struct str ndb = rpmmake_ndb(a, &whole, 1, 1);
    is_int(packages_of(a, ndb.p, ndb.n - 200, &note).n, 0, "lies: ndb cut off");
    is_str(note, "has a package that lies outside of it", "lies: and it is said");
    is_int(packages_of(a, "RpmP", 4, &note).n, 0, "lies: ndb without anything");
    is_int(packages_of(a, "SQLite format 3", 16, &note).n, 0, "lies: sqlite without anything");
    is_str(note, "is not a whole rpm database", "lies: and it is said");
    is_int(packages_of(a, "", 0, &note).n, 0, "lies: an empty file");

    size_t n = 0;
    unsigned char *bytes = make_sqlite(
        "CREATE TABLE t(blob); CREATE VIEW Packages AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL "
        "SELECT x+1 FROM c) SELECT x AS blob FROM c",
        NULL, 0, &n);
    is_int(packages_of(a, bytes, n, &note).n, 0, "lies: a view that never ends is not run");
    is_str(note, "is not a whole rpm database", "lies: and it is said");
    sqlite3_free(bytes);
}

/* A program, configuration, one that verifies nothing, one that another package replaced. */
static void check_changing(struct arena *a)
{
    struct rpmmake m = {.index = {.a = a}, .data = {.a = a}};
    static const char *const names[] = {"program", "settings", "cache", "other", "last"};
    static const char digest[] = "11111111111111111";
    rpmmake_text(&m, 1000, "a");
    rpmmake_texts(&m, 1117, names, 5);
    rpmmake_texts(&m, 1118, (const char *[]){"/"}, 1);
    rpmmake_numbers(&m, 1116, (uint32_t[]){0, 0, 0, 0, 0}, 5);
    rpmmake_numbers(&m, 1037, (uint32_t[]){0, 17, 0, 0}, 4);
    rpmmake_numbers(&m, 1045, (uint32_t[]){UINT32_MAX, UINT32_MAX, UINT32_MAX - 1}, 3);
    rpmmake_numbers(&m, 1029, (uint32_t[]){0, 0, 0, 1}, 4);
    rpmmake_texts(&m, 1035, (const char *[]){digest, digest, digest, digest, digest}, 5);
    struct facts_rpm r = facts_rpm_begin(a);
    facts_rpm_header(&r, rpmmake_end(&m));
    static const bool kept[] = {true, false, false, false, true};
    if (!ok(r.packages.n == 1 && r.packages.v[0].files.n == 5, "changing: five files"))
        return;
    for (size_t i = 0; i < 5; i++)
        ok((r.packages.v[0].file_sums[i] != 0) == kept[i], "changing: %s", names[i]);
    is_int(r.packages.v[0].file_sum_kind, SUM_MD5, "changing: no algorithm is MD5");
}

static void check_room(struct arena *a)
{
    struct str blob = curl(a), note;
    struct str ndb = rpmmake_ndb(a, &blob, 1, 1000);
    struct facts_packages p = packages_of(a, ndb.p, ndb.n, &note);
    ok(p.n && p.n < 1000, "room: one blob told of a thousand times: %zu", p.n);
    is_str(note, "lists more than is read; the rest is left out", "room: and it is said");

    enum { FILES = 100000 };
    struct rpmmake m = {.index = {.a = a}, .data = {.a = a}};
    static char longest[LIMIT_PATH_BYTES];
    memset(longest, 'a', sizeof longest - 2);
    longest[0] = '/';
    const char **names = arena_array(a, const char *, FILES);
    uint32_t *folders = arena_array(a, uint32_t, FILES);
    for (size_t i = 0; i < FILES; i++)
        names[i] = "a";
    rpmmake_text(&m, 1000, "many");
    rpmmake_text(&m, 1001, "1");
    rpmmake_texts(&m, 1118, (const char *[]){longest}, 1);
    rpmmake_texts(&m, 1117, names, FILES);
    rpmmake_numbers(&m, 1116, folders, FILES);
    blob = rpmmake_end(&m);
    struct arena own = {0};
    struct facts_rpm r = facts_rpm_begin(&own);
    facts_rpm_header(&r, blob);
    ok(r.packages.n == 1 && r.packages.v[0].files.n < FILES && own.held < 2ul * LIMIT_FACTS_BYTES,
       "room: 100000 files in a folder with a long name: %zu are kept", r.packages.v[0].files.n);
    arena_free(&own);
}

int main(void)
{
    struct arena a = {0};
    check_kinds(&a);
    check_lies(&a);
    check_changing(&a);
    check_room(&a);
    arena_free(&a);
    return done_testing();
}
