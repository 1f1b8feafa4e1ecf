/* test_changes: files of packages, some not as their databases have them. */
#include "facts/facts.h"
#include "lib/fixture.h"
#include "lib/tap.h"

#define STATUS(name)                                                                               \
    "Package: " name "\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n"
#define MD5_A  "0cc175b9c0f1b6a831c399e269772661" /* of "a" */
#define SHA1_A "Q1hvfkN/qlp/zhXR3cuerq6jd2Z7g="   /* of "a", as apk writes it */

static const struct fixture_entry layer[] = {
    {"f", "usr/bin/same", .content = "a"},
    {"f", "usr/bin/other", .content = "b"},
    {"f", "usr/bin/moved.distrib", .content = "a"},
    {"l", "usr/bin/link", .link = "other"},
    {"l", "bin", .link = "usr/bin"},
    {"f", "usr/bin/nobodys", .content = "b"},
    {"f", "usr/bin/no-sum", .content = "b"},
    {"f", "var/lib/dpkg/status", .content = STATUS("one") STATUS("two")},
    {"f", "var/lib/dpkg/diversions", .content = "/bin/moved\n/bin/moved.distrib\ntwo\n"},
    {"f", "var/lib/dpkg/info/one.list",
     .content = "/bin/same\n/bin/other\n/bin/moved\n/bin/link\n/bin/gone\n/bin/no-sum\n"},
    {"f", "var/lib/dpkg/info/one:amd64.md5sums",
     .content = MD5_A "  bin/same\n" MD5_A "  ./bin/other\n" MD5_A "  bin/moved\n" MD5_A
                      "  bin/link\n" MD5_A "  bin/gone\n" MD5_A "  bin/nobodys\nshort  bin/same\n"
                      "zz" MD5_A "  bin/same\n\n" MD5_A "\n"},
    {"f", "srv/same", .content = "a"},
    {"f", "srv/other", .content = "b"},
    {"f", "etc/settings", .content = "b"},
    {"f", "lib/apk/db/installed",
     .content = "P:three\nV:1\nF:srv\nR:same\nZ:" SHA1_A "\nR:other\nZ:" SHA1_A
                "\nR:odd\nZ:Q1!\nF:etc\nR:settings\nZ:" SHA1_A "\n\n"},
    {0},
};
static const struct fixture_layer layers[] = {{layer}, {0}};

int main(void)
{
    struct arena a = {0};
    struct err e = {0};
    struct image *image = fixture_image(&a, layers, NULL);
    struct facts_how how = {.wish = FACTS_CONTENT | FACTS_SUMS};
    struct tree *tree = NULL;
    struct facts f;
    if (facts_read(&a, image, &how, &tree, &f, NULL, &e))
        fixture_die("facts", &e);
    ok(f.n_summed == 5, "not changed: three of dpkg's, two of apk's are compared");
    if (ok(f.changed.n == 2, "two are others")) {
        is_str(tree_path(&a, f.changed.v[0].node), "/usr/bin/other", "by MD5, under its real name");
        is_str(tree_path(&a, f.changed.v[1].node), "/srv/other", "by SHA-1");
        is_str(f.packages.v[f.changed.v[1].package].name, "three", "and of which package");
    }
    tree_free(tree);
    how.wish = FACTS_CONTENT;
    if (facts_read(&a, image, &how, &tree, &f, NULL, &e))
        fixture_die("facts", &e);
    ok(f.n_summed == 0 && f.changed.n == 0, "without sums nothing is");
    tree_free(tree);
    image_close(image);
    arena_free(&a);
    return done_testing();
}
