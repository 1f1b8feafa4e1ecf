/* test_packages: databases in layers → packages, their files' owners, their layers. */
#include "facts/facts.h"

#include "lib/fixture.h"
#include "lib/tap.h"

#define STATUS(name, version)                                                                      \
    "Package: " name "\nStatus: install ok installed\nArchitecture: amd64\nVersion: " version "\n" \
    "\n"

static const struct fixture_entry lower[] = {
    {"d", "usr/bin"},
    {"d", "usr/share/a"},
    {"l", "bin", .link = "usr/bin"},
    {"f", "usr/bin/ls", .content = "12345"},
    {"f", "usr/bin/sh", .content = "dash"},
    {"h", "usr/bin/dir", .link = "usr/bin/ls"},
    {"l", "usr/bin/link", .link = "ls"},
    {"f", "usr/bin/sh.distrib", .content = "diverted"},
    {"f", "usr/bin/mine", .content = "nobody's"},
    {"f", "var/lib/dpkg/diversions", .content = "/bin/sh\n/bin/sh.distrib\ndash\n"},
    {"f", "var/lib/dpkg/info/coreutils.list",
     .content = "/.\n/bin\n/bin/ls\n/bin/dir\n/bin/link\n/bin/gone\n/usr/share/a\n/bin/ls/x\n"},
    {"f", "var/lib/dpkg/info/bash.list", .content = "/bin/sh\n"},
    {"f", "var/lib/dpkg/info/dash:amd64.list", .content = "/bin/sh\n"},
    {"f", "var/lib/dpkg/info/other.list", .content = "/usr/bin/mine\n"},
    {"f", "var/lib/dpkg/status",
     .content = STATUS("coreutils", "1") STATUS("bash", "1") STATUS("gone", "1")},
    {0},
};
static const struct fixture_entry middle[] = {
    {"f", "var/lib/dpkg/status",
     .content = STATUS("coreutils", "1") STATUS("bash", "2") STATUS("dash", "1")},
    {"d", "lib/apk/db"},
    {"f", "lib/apk/db/installed",
     .content = "P:musl\nV:1\nA:x86_64\nF:lib\nR:ld-musl.so.1\n\nP:zlib\nV:1\nA:x86_64\n\n"},
    {"f", "lib/ld-musl.so.1", .content = "1234567"},
    {0},
};
static const struct fixture_entry upper[] = {
    {"f", "var/lib/dpkg/status",
     .content =
         STATUS("coreutils", "1") STATUS("bash", "2") STATUS("dash", "1") STATUS("new", "1")},
    {"f", "lib/apk/db/installed",
     .content = "P:musl\nV:1\nA:x86_64\nF:lib\nR:ld-musl.so.1\n\nP:zlib\nV:2\nA:x86_64\n\n"},
    {"f", "var/lib/dpkg/status.d/tzdata",
     .content = "Package: tzdata\nArchitecture: all\nVersion: 2024\nSource: tz (2023)\n"},
    {"f", "var/lib/dpkg/status.d/tzdata.md5sums",
     .content = "d41d8cd98f00b204e9800998ecf8427e  usr/share/zone\n"},
    {"f", "usr/share/zone", .content = "z"},
    {0},
};
static const struct fixture_layer layers[] = {{lower}, {middle}, {upper}, {0}};

static const struct {
    const char *name, *version, *source;
    uint32_t layer;
    uint64_t bytes;
} packages[] = {
    {"coreutils", "1", "coreutils", 0, 5}, /* ls and its hard link, once */
    {"bash", "2", "bash", 1, 8},           /* under its diverted name */
    {"dash", "1", "dash", 1, 4},           {"new", "1", "new", 2, 0},
    {"tzdata", "2024", "tz", 2, 1},        {"musl", "1", "musl", 1, 7},
    {"zlib", "2", "zlib", 2, 0},
};

static const struct {
    const char *path, *owner;
} owners[] = {
    {"/bin/ls", "coreutils"},       {"/usr/bin/ls", "coreutils"},  {"/usr/bin/dir", "coreutils"},
    {"/usr/bin/link", "coreutils"}, {"/bin", "coreutils"},         {"/usr/bin/sh", "dash"},
    {"/bin/sh.distrib", "bash"},    {"/usr/bin/mine", ""},         {"/usr/share/a", ""},
    {"/usr/share/zone", "tzdata"},  {"/lib/ld-musl.so.1", "musl"},
};

static struct tree *build(struct arena *a, struct image *image, struct facts *f, struct strs *notes)
{
    struct err e = {0};
    struct tree *tree;
    struct tree_options options = {.visitor = &facts_visitor};
    if (tree_build(image, &options, &tree, &e) || facts_build(a, image, tree, f, notes, &e))
        fixture_die("facts", &e);
    return tree;
}

static void check_tables(struct arena *a)
{
    struct image *image = fixture_image(a, layers, NULL);
    struct facts f;
    struct strs notes;
    struct tree *tree = build(a, image, &f, &notes);
    is_int(f.packages.n, sizeof packages / sizeof *packages, "packages; one that went is none");
    for (size_t i = 0; i < f.packages.n && i < sizeof packages / sizeof *packages; i++) {
        const struct facts_package *p = &f.packages.v[i];
        is_str(p->name, packages[i].name, "%s: name", packages[i].name);
        is_str(p->version, packages[i].version, "%s: version", packages[i].name);
        is_str(p->source, packages[i].source, "%s: source", packages[i].name);
        is_int(p->layer, packages[i].layer, "layers: of %s", packages[i].name);
        is_int(p->bytes, packages[i].bytes, "%s: bytes", packages[i].name);
        ok(map_get(&f.package_by_name, p->name) == p, "%s: by name", packages[i].name);
    }
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        struct tree_lookup found;
        tree_resolve(tree, a, (struct str){0}, str_of(owners[i].path), TREE_NOFOLLOW, &found);
        const struct facts_package *p = facts_owner(&f, found.node);
        is_str(p ? p->name : STR(""), owners[i].owner, "owner of %s: merged usr, diversion",
               owners[i].path);
    }
    ok(!notes.n, "nothing to note");
    tree_free(tree);
    image_close(image);
}

static void check_notes(struct arena *a)
{
    enum { LARGE = 33 << 20 };
    struct fixture_entry large[] = {
        {"f", "var/lib/dpkg/status", .bytes = {arena_alloc(a, LARGE), LARGE}},
        {"f", "var/lib/dpkg/status.d/a", .bytes = {arena_alloc(a, LARGE), LARGE}},
        {0}};
    struct fixture_layer one[] = {{large}, {0}};
    struct image *image = fixture_image(a, one, NULL);
    struct facts f;
    struct strs notes;
    struct tree *tree = build(a, image, &f, &notes);
    ok(notes.n == 2 && str_starts(notes.v[0], STR("/var/lib/dpkg/status is too large")),
       "notes: a database that was not read");
    ok(notes.n == 2 && str_starts(notes.v[1], STR("/var/lib/dpkg/status.d/a is too large")),
       "notes: nor one of many");
    ok(!f.packages.n, "notes: and facts all the same");
    tree_free(tree);
    image_close(image);
}

/* A list that goes from one folder to another and back, each at the end of long symlinks. */
static void check_links(struct arena *a)
{
    enum { LINKS = 30, TARGET = 800, LINES = 20000 };
    struct fixture_entry *v = arena_array(a, struct fixture_entry, 2 * LINKS + 6);
    struct buf target = {.a = a}, list = {.a = a};
    size_t n = 0;
    for (size_t i = 0; i < TARGET; i++)
        buf_add(&target, STR("a/../"));
    v[n++] = (struct fixture_entry){"d", "a"};
    for (size_t i = 0; i < 2 * LINKS; i++) {
        struct str to =
            str_fmt(a, STR_F "%c%zu", STR_A(buf_str(&target)), i % 2 ? 'm' : 'l', i + 2);
        v[n++] = (struct fixture_entry){"l", str_cstr(a, str_fmt(a, "%c%zu", i % 2 ? 'm' : 'l', i)),
                                        .link = i + 2 < 2 * LINKS ? str_cstr(a, to) : "a"};
    }
    for (size_t i = 0; i < LINES; i++)
        buf_add(&list, STR("/l0/x\n/m1/x\n"));
    v[n++] = (struct fixture_entry){"f", "var/lib/dpkg/status", .content = STATUS("p", "1")};
    v[n++] = (struct fixture_entry){"f", "var/lib/dpkg/info/p.list", .bytes = buf_str(&list)};
    v[n++] = (struct fixture_entry){"f", "a/x", .content = "x"};
    struct fixture_layer one[] = {{v}, {0}};
    struct image *image = fixture_image(a, one, NULL);
    struct facts f;
    struct strs notes;
    struct tree *tree = build(a, image, &f, &notes);
    ok(notes.n == 1 && str_has(notes.v[0], STR("behind more links than are followed")),
       "links: it is said that not all were followed");
    ok(f.packages.n == 1 && f.packages.v[0].bytes == 1, "links: what came before is owned");
    tree_free(tree);
    image_close(image);
}

int main(void)
{
    struct arena a = {0};
    check_tables(&a);
    check_notes(&a);
    check_links(&a);
    fixture_end();
    arena_free(&a);
    return done_testing();
}
