/* test_changes: files of packages, some not as their databases have them. */
#include "facts/facts.h"
#include "lib/fixture.h"
#include "lib/rpmmake.h"
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
    {0},
};
static const struct fixture_entry apk_layer[] = {
    /* of its own, as each layer takes one's sums */
    {"f", "usr/local/bin/other", .content = "b"},
    {"f", "root/x/other", .content = "b"},
    {"f", "root/other", .content = "b"},
    {"f", "srv/same", .content = "a"},
    {"f", "srv/other", .content = "b"},
    {"f", "etc/settings", .content = "b"},
    {"f", "lib/apk/db/installed",
     .content =
         "P:three\nV:1\nF:srv\nR:same\nZ:" SHA1_A "\nR:other\nZ:" SHA1_A
         "\nR:odd\nZ:Q1!\nF:etc\nR:settings\nZ:" SHA1_A "\nF:usr/local/bin\nR:other\nZ:" SHA1_A
         "\nF:root/x\nR:other\nZ:" SHA1_A "\nF:root\nR:other\nZ:" SHA1_A "\n\n"},
    {0},
};
static const struct fixture_layer layers[] = {{layer}, {apk_layer}, {0}};

/* rpm: a database with a package of each kind of digest, beside files that are "a" or "b". */
#define SHA256_A "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"

static struct str rpm_header(struct arena *a, const char *folder, const char *digest,
                             uint32_t algorithm)
{
    static const char *const names[] = {"same", "other", "conf", "gone", "link"};
    struct rpmmake m = {.index = {.a = a}, .data = {.a = a}};
    rpmmake_text(&m, 1000, folder);
    rpmmake_text(&m, 1001, "1");
    rpmmake_texts(&m, 1117, names, 5);
    rpmmake_texts(&m, 1118, &folder, 1);
    rpmmake_numbers(&m, 1116, (uint32_t[]){0, 0, 0, 0, 0}, 5);
    rpmmake_numbers(&m, 1037, (uint32_t[]){0, 0, 1, 0, 0}, 5);
    rpmmake_texts(&m, 1035, (const char *[]){digest, digest, digest, digest, digest}, 5);
    rpmmake_numbers(&m, 5011, &algorithm, 1);
    return rpmmake_end(&m);
}

static void check_rpm(struct arena *a)
{
    struct str blobs[] = {rpm_header(a, "/srv/", SHA256_A, 8), rpm_header(a, "/opt/", MD5_A, 1)};
    struct fixture_entry entries[] = {
        {"f", "opt/same", .content = "a"},
        {"f", "opt/other", .content = "b"},
        {"f", "opt/conf", .content = "b"},
        {"l", "opt/link", .link = "other"},
        {"f", "srv/same", .content = "a"},
        {"f", "srv/other", .content = "b"},
        {"f", "srv/conf", .content = "b"},
        {"f", "var/lib/rpm/Packages.db", .bytes = rpmmake_ndb(a, blobs, 2, 1)},
        {0},
    };
    struct fixture_layer rpm_layers[] = {{entries}, {0}};
    struct facts_how how = {.wish = FACTS_CONTENT | FACTS_SUMS};
    struct image *image = fixture_image(a, rpm_layers, NULL);
    struct tree *tree = NULL;
    struct facts f;
    struct err e = {0};
    if (facts_read(a, image, &how, &tree, &f, NULL, &e))
        fixture_die("facts", &e);
    is_int((long long)f.n_summed, 4, "rpm: configuration, links and what is gone are not compared");
    if (ok(f.changed.n == 2, "rpm: two are others")) {
        is_str(tree_path(a, f.changed.v[0].node), "/srv/other", "rpm: by SHA-256");
        is_str(tree_path(a, f.changed.v[1].node), "/opt/other", "rpm: by MD5");
    }
    tree_free(tree);
    image_close(image);
}

/* A layer that shows another package manager than the one that its files are of. */
static void check_lying_layer(struct arena *a)
{
    static const struct fixture_entry odd[] = {
        {"f", "etc/apk/repositories", .content = "x"},
        {"f", "usr/bin/other", .content = "b"},
        {"f", "var/lib/dpkg/status", .content = STATUS("one")},
        {"f", "var/lib/dpkg/info/one.list", .content = "/usr/bin/other\n"},
        {"f", "var/lib/dpkg/info/one.md5sums", .content = MD5_A "  usr/bin/other\n"},
        {0},
    };
    static const struct fixture_entry apk[] = {
        {"f", "etc/apt/sources.list", .content = "x"},
        {"f", "srv/other", .content = "b"},
        {"f", "lib/apk/db/installed", .content = "P:x\nV:1\nF:srv\nR:other\nZ:" SHA1_A "\n\n"},
        {0},
    };
    static const struct fixture_layer both[] = {{odd}, {apk}, {0}};
    struct facts_how how = {.wish = FACTS_CONTENT | FACTS_SUMS};
    struct image *image = fixture_image(a, both, NULL);
    struct tree *tree = NULL;
    struct facts f;
    struct err e = {0};
    if (facts_read(a, image, &how, &tree, &f, NULL, &e))
        fixture_die("facts", &e);
    is_int((long long)f.changed.n, 1, "lying layer: MD5 is taken whatever else is there");
    is_int((long long)f.n_unsummed, 1, "lying layer: a file without its digest is counted");
    tree_free(tree);
    image_close(image);
}

/* apk's sums may be SHA-256: taken before a layer shows that it is apk's, told to be missing after.
 */
static void check_apk_sha256(struct arena *a)
{
#define Q2_A "Q2ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs="
    static const struct fixture_entry early[] = {
        {"f", "bin/same", .content = "a"},
        {"f", "bin/other", .content = "b"},
        {"f", "etc/apk/world", .content = "x"},
        {"f", "srv/other", .content = "b"},
        {"f", "lib/apk/db/installed",
         .content = "P:x\nV:1\nF:bin\nR:same\nZ:" Q2_A "\nR:other\nZ:" Q2_A
                    "\nF:srv\nR:other\nZ:" Q2_A "\nR:odd\nZ:Q2hvfkN/qlp/zhXR3cuerq6jd2Z7g=\n\n"},
        {0},
    };
    static const struct fixture_layer one[] = {{early}, {0}};
    struct facts_how how = {.wish = FACTS_CONTENT | FACTS_SUMS};
    struct image *image = fixture_image(a, one, NULL);
    struct tree *tree = NULL;
    struct facts f;
    struct err e = {0};
    if (facts_read(a, image, &how, &tree, &f, NULL, &e))
        fixture_die("facts", &e);
    is_int((long long)f.n_summed, 2, "apk: two files with their SHA-256");
    if (ok(f.changed.n == 1, "apk: one is another"))
        is_str(tree_path(a, f.changed.v[0].node), "/bin/other", "apk: by SHA-256");
    is_int((long long)f.n_unsummed, 1, "apk: one without is counted");
    tree_free(tree);
    image_close(image);
}

int main(void)
{
    struct arena a = {0};
    check_apk_sha256(&a);
    struct err e = {0};
    struct image *image = fixture_image(&a, layers, NULL);
    struct facts_how how = {.wish = FACTS_CONTENT | FACTS_SUMS};
    struct tree *tree = NULL;
    struct facts f;
    if (facts_read(&a, image, &how, &tree, &f, NULL, &e))
        fixture_die("facts", &e);
    ok(f.n_summed == 6,
       "not changed: three of dpkg's, three of apk's are compared, none of local ones");
    if (ok(f.changed.n == 3, "three are others")) {
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
    check_rpm(&a);
    check_lying_layer(&a);
    arena_free(&a);
    return done_testing();
}
