/* test_library_jar: Java archives, alone and in each other → libraries. */
#include <archive.h>
#include <archive_entry.h>
#include <sys/resource.h>

#include "base/buf.h"
#include "base/limits.h"
#include "facts/library.h"
#include "facts/watch.h"
#include "lib/tap.h"

struct member {
    const char *name;
    struct str bytes;
};

/* A zip of these members, up to one without a name. */
static struct str zip(struct arena *a, const struct member *members, bool stored)
{
    size_t most = 64 * 1024, used = 0;
    for (const struct member *m = members; m->name; m++)
        most += m->bytes.n + 1024;
    char *out = arena_alloc(a, most);
    struct archive *w = archive_write_new();
    archive_write_set_format_zip(w);
    archive_write_set_options(w, stored ? "zip:compression=store" : "zip:compression=deflate");
    archive_write_set_bytes_in_last_block(w, 1);
    archive_write_open_memory(w, out, most, &used);
    for (const struct member *m = members; m->name; m++) {
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, m->name);
        archive_entry_set_size(entry, (la_int64_t)m->bytes.n);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_write_header(w, entry);
        if (m->bytes.n)
            archive_write_data(w, m->bytes.p, m->bytes.n);
        archive_entry_free(entry);
    }
    archive_write_close(w);
    archive_write_free(w);
    return (struct str){out, used};
}

#define POM(group, artifact, version)                                                              \
    {                                                                                              \
        "META-INF/maven/" group "/" artifact "/pom.properties",                                    \
            STR_INIT("#Generated\nversion=" version "\ngroupId=" group "\nartifactId=" artifact    \
                     "\n")                                                                         \
    }
#define MANIFEST(text)                                                                             \
    {                                                                                              \
        "META-INF/MANIFEST.MF", STR_INIT("Manifest-Version: 1.0\r\n" text)                         \
    }

static const struct {
    const char *what, *path;
    struct member members[4];
    const char *want, *note;
} cases[] = {
    {"of Maven",
     "usr/share/java/io.jar",
     {POM("org.x", "io", "1.2"), {"A.class", STR_INIT("")}},
     "org.x:io 1.2 ;",
     ""},
    {"several in one, its own among them",
     "app-2.jar",
     {POM("g", "app", "2"), POM("g", "b", "3"), MANIFEST("Implementation-Version: 9\n")},
     "g:app 2 ;g:b 3 ;",
     ""},
    {"named: an artifact with a digit in its name",
     "log4j-1.2-api-2.19.jar",
     {POM("org.log", "log4j-1.2-api", "2.19")},
     "org.log:log4j-1.2-api 2.19 ;",
     ""},
    {"named: a version in the file's name",
     "lib/old-io-1.0.jar",
     {{"A.class", STR_INIT("")}},
     "old-io 1.0 ;",
     ""},
    {"named: by its manifest, with a group",
     "io.jar",
     {MANIFEST("Bundle-SymbolicName: org.apa\n che.io;singleton:=true\nBundle-Version: 3.1\n")},
     "org.apache:io 3.1 ;",
     ""},
    {"named: a symbolic name of its own gives no group",
     "io.jar",
     {MANIFEST("Bundle-SymbolicName: org.other\nBundle-Version: 3.1\n")},
     "io 3.1 ;",
     ""},
    {"nothing tells a version", "io.jar", {{"A.class", STR_INIT("")}}, "", ""},
};

static struct str read_jar(struct arena *a, struct str bytes, const char *path, struct str *note)
{
    struct facts_library_list list = {0};
    struct buf got = {.a = a};
    uint64_t room = LIMIT_JAR_LAYER;
    facts_jar_read(bytes, str_of(path), &room, a, &list, note);
    vec_each (&list, i)
        buf_addf(&got, STR_F " " STR_F " " STR_F ";", STR_A(list.v[i].name),
                 STR_A(list.v[i].version), STR_A(list.v[i].inside));
    return buf_str(&got);
}

static void check_nested(struct arena *a)
{
    struct str note, jar = zip(a, (struct member[]){POM("g", "deep", "1"), {0}}, false);
    struct str war = zip(a, (struct member[]){{"WEB-INF/lib/deep-1.jar", jar}, {0}}, true);
    struct str ear = zip(a, (struct member[]){{"shop.war", war}, {0}}, false);
    is_str(read_jar(a, ear, "shop.ear", &note), "g:deep 1 shop.war!/WEB-INF/lib/deep-1.jar;",
           "a jar in a war in an ear");
    is_str(note, "", "all of it was read");
    struct str one = jar;
    for (int i = 0; i < 40; i++)
        one = zip(a, (struct member[]){{"a.jar", one}, {0}}, false);
    is_str(read_jar(a, one, "a.jar", &note), "", "room: forty deep");
    is_str(note, "has archives in archives too deep to be read", "room: and it is said");
}

static void check_room(struct arena *a)
{
    size_t n = LIMIT_JAR_TEXT + 1;
    char *zeros = arena_alloc(a, n);
    struct str note;
    struct str jar =
        zip(a,
            (struct member[]){
                {"META-INF/maven/g/a/pom.properties", {zeros, n}}, POM("g", "b", "1"), {0}},
            false);
    is_str(read_jar(a, jar, "b.jar", &note), "g:b 1 ;", "room: a text that is too long");
    is_str(note, "holds more than is unpacked; the rest is left out", "room: and it is said");
    struct str whole = zip(a, (struct member[]){POM("g", "b", "1"), {0}}, false);
    struct facts_library_list list = {0};
    uint64_t room = 0;
    jar =
        zip(a, (struct member[]){{"META-INF/MANIFEST.MF", {zeros, n - 1}}, POM("g", "b", "1"), {0}},
            false);
    facts_jar_read(jar, STR("b.jar"), &room, a, &list, &note);
    is_str(note, "holds more than is unpacked; the rest is left out", "room: the layer's is spent");
    ok(!list.n, "room: and no more is read of that one");
    for (size_t i = 0; i < whole.n; i++) {
        char *cut = malloc(i ? i : 1);
        memcpy(cut, whole.p, i);
        read_jar(a, (struct str){cut, i}, "b.jar", &note);
        free(cut);
        if (!note.n)
            is_int((long long)i, -1, "damage: an archive cut off here is not said to be");
    }
    is_str(read_jar(a, (struct str){whole.p, whole.n - 30}, "b.jar", &note), "",
           "damage: without its list");
    is_str(note, "is an archive that is damaged, or lists more than is read",
           "damage: and it is said");
}

static long peak(void) /* KiB */
{
    struct rusage used;
    return getrusage(RUSAGE_SELF, &used) ? 0 : used.ru_maxrss;
}

/* Millions of entries in the list at the end: each would take far more memory than bytes. */
static void check_list(struct arena *a)
{
    enum { ENTRIES = 3 * 1000 * 1000, EACH = 46, END = 22 };
    size_t n = (size_t)ENTRIES * EACH;
    char *bytes = malloc(n + END);
    struct str note;
    memset(bytes, 0, n + END);
    for (size_t i = 0; i < n; i += EACH)
        memcpy(bytes + i, "PK\1\2", 4);
    memcpy(bytes + n, "PK\5\6\0\0\0\0\xff\xff\xff\xff", 12);
    for (unsigned i = 0; i < 4; i++)
        bytes[n + 12 + i] = (char)(n >> 8 * i);
    long before = peak();
    is_str(read_jar(a, (struct str){bytes, n + END}, "a.jar", &note), "", "room: an endless list");
    is_str(note, "is an archive that is damaged, or lists more than is read", "room: it is said");
    ok(peak() - before < 100 * 1024, "room: a list is not read before it is counted");
    free(bytes);
}

static void check_kept(struct arena *a)
{
    enum { POMS = 12000, NAME = 4000 };
    struct arena own = {0};
    struct facts_library_list list = {0};
    uint64_t room = LIMIT_JAR_LAYER;
    struct str note, name = {memset(arena_alloc(a, NAME), 'x', NAME), NAME};
    struct member *members = arena_array(a, struct member, POMS + 1);
    for (size_t i = 0; i < POMS; i++)
        members[i] =
            (struct member){"META-INF/maven/a/b/pom.properties",
                            str_fmt(a, "groupId=a\nartifactId=" STR_F "\nversion=" STR_F "\n",
                                    STR_A(name), STR_A(name))};
    facts_jar_read(zip(a, members, false), STR("b.jar"), &room, &own, &list, &note);
    is_str(note, "lists more than is read", "kept: it is said");
    ok(own.held < LIMIT_FACTS_BYTES + LIMIT_FACTS_BYTES / 4 && list.n > POMS / 2,
       "kept: libraries");
    list = (struct facts_library_list){0};
    members[1].name = NULL;
    members[0].bytes = str_fmt(a, "groupId=" STR_F "\nartifactId=" STR_F "\nversion=1\n",
                               STR_A(name), STR_A(name));
    facts_jar_read(zip(a, members, false), STR("b.jar"), &room, &own, &list, &note);
    ok(!list.n, "kept: a name that is too long is none");
    arena_free(&own);
}

/* Each of many lines that go on costs its own bytes, not all before it. */
static void check_folded(struct arena *a)
{
    struct str head = STR("Implementation-Version: 1\nBundle-Version: 2\nBundle-SymbolicName: a");
    size_t n = LIMIT_JAR_TEXT;
    char *text = arena_alloc(a, n);
    struct str note;
    struct arena own = {0};
    for (size_t i = 0; i < n; i++)
        text[i] = "\n b"[i % 3];
    memcpy(text, head.p, head.n);
    text[head.n] = '\n';
    struct str jar = zip(a, (struct member[]){{"META-INF/MANIFEST.MF", {text, n}}, {0}}, false);
    is_str(read_jar(&own, jar, "a.jar", &note), "a 1 ;", "folded: a manifest of short lines");
    arena_free(&own);
}

/* More than stays in memory goes through a temporary file. */
static void check_large(struct arena *a)
{
    size_t n = 5 * 1024 * 1024;
    char *noise = arena_alloc(a, n);
    for (size_t i = 0; i < n; i++)
        noise[i] = (char)(i * 2654435761u >> 13);
    struct str jar =
        zip(a, (struct member[]){{"noise", {noise, n}}, POM("g", "large", "1"), {0}}, true);
    struct facts_reading reading = {.wish = FACTS_LIBRARIES};
    struct image_entry entry = {.path = STR("srv/large.jar"), .size = jar.n};
    struct file_facts facts = {0};
    struct err e;
    void *state = facts_watch_libraries.begin(&reading, a, 0);
    ok(facts_watch_libraries.open(state, &entry), "large: wanted");
    for (size_t i = 0; i < jar.n; i += 1000000) {
        struct str part = str_slice(jar, i, i + 1000000);
        if (facts_watch_libraries.data(state, part.p, part.n, &e))
            ok(false, "large: %s", e.text);
    }
    ok(facts_watch_libraries.done(state, &facts) && facts.n_libraries == 1, "large: read");
    is_str(facts.libraries[0].name, "g:large", "large: as a small one");
    facts_watch_libraries.end(state);
}

int main(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str note, jar = zip(&a, cases[i].members, false);
        is_str(read_jar(&a, jar, cases[i].path, &note), cases[i].want, "%s", cases[i].what);
        is_str(note, cases[i].note, "%s: note", cases[i].what);
    }
    check_nested(&a);
    check_room(&a);
    check_list(&a);
    check_kept(&a);
    check_folded(&a);
    check_large(&a);
    arena_free(&a);
    return done_testing();
}
