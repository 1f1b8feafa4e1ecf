/* test_rung: small roots, and the rung each stands on. */
#include "facts/facts.h"

#include "lib/fixture.h"
#include "lib/tap.h"

#define OS(id)                                                                                     \
    {                                                                                              \
        "f", "etc/os-release", .content = "ID=" id "\nPRETTY_NAME='The " id "'\n"                  \
    }
#define DPKG                                                                                       \
    {                                                                                              \
        "f", "var/lib/dpkg/status", .content = "Package: a\nStatus: install ok installed\n"        \
    }
#define APK                                                                                        \
    {                                                                                              \
        "f", "lib/apk/db/installed", .content = "P:a\n\n"                                          \
    }
#define PROGRAM(path)                                                                              \
    {                                                                                              \
        "f", path, .mode = 0755, .content = "\177ELF" path                                         \
    }

static const struct {
    const char *name;
    enum base_rung rung;
    const char *evidence;
    struct fixture_entry files[8];
} table[] = {
    {"one file", RUNG_SCRATCH, "no os-release", {PROGRAM("server")}},
    {"one file and certificates",
     RUNG_SCRATCH,
     "2 files",
     {PROGRAM("server"), {"f", "etc/ssl/certs.pem", .content = "x"}}},
    {"distroless",
     RUNG_DISTROLESS,
     "neither a shell",
     {OS("debian"), {"f", "var/lib/dpkg/status.d/a", .content = "Package: a\n"}}},
    {"wolfi without apk", RUNG_DISTROLESS, "The wolfi", {OS("wolfi"), APK}},
    {"packages only", RUNG_DISTROLESS, "1 package,", {DPKG}},
    {"distroless debug",
     RUNG_BUSYBOX,
     "/busybox/sh",
     {OS("debian"), PROGRAM("busybox/sh"), {"h", "busybox/ls", .link = "busybox/sh"}}},
    {"busybox",
     RUNG_BUSYBOX,
     "busybox is the shell",
     {PROGRAM("bin/busybox"),
      {"h", "bin/sh", .link = "bin/busybox"},
      {"h", "bin/rpm", .link = "bin/busybox"}}},
    {"busybox by another name",
     RUNG_BUSYBOX,
     "/bin/sh",
     {PROGRAM("bin/[["), {"h", "bin/sh", .link = "bin/[["}, {"l", "bin/ls", .link = "[["}}},
    {"alpine",
     RUNG_ALPINE,
     "package manager: /sbin/apk",
     {OS("alpine"),
      APK,
      PROGRAM("bin/busybox"),
      {"l", "bin/sh", .link = "busybox"},
      PROGRAM("sbin/apk")}},
    {"alpine without apk",
     RUNG_ALPINE,
     "The alpine",
     {OS("alpine"), PROGRAM("bin/busybox"), {"l", "bin/sh", .link = "busybox"}}},
    {"debian",
     RUNG_DISTRIBUTION,
     "/usr/bin/apt-get",
     {OS("debian"), DPKG, PROGRAM("bin/sh"), PROGRAM("usr/bin/apt-get")}},
    {"debian without its manager",
     RUNG_DISTRIBUTION,
     "The debian",
     {OS("debian"), PROGRAM("bin/sh")}},
    {"fedora", RUNG_DISTRIBUTION, "/usr/bin/dnf", {OS("fedora"), PROGRAM("usr/bin/dnf")}},
    {"a shell alone", RUNG_UNKNOWN, "/bin/bash", {PROGRAM("bin/bash")}},
    {"a broken link is no shell", RUNG_SCRATCH, "no shell", {{"l", "bin/sh", .link = "gone"}}},
};

static void check(struct arena *a, size_t i)
{
    struct err e = {0};
    struct tree *tree;
    struct facts f;
    struct tree_options options = {.visitor = &facts_visitor};
    struct fixture_layer layers[] = {{table[i].files}, {0}};
    struct image *image = fixture_image(
        a, layers, "{\"Labels\":{\"org.opencontainers.image.base.name\":\"debian:12\"}}");
    if (tree_build(image, &options, &tree, &e) || facts_build(a, image, tree, &f, NULL, &e))
        fixture_die("facts", &e);
    is_int(f.base.rung, table[i].rung, "table: %s", table[i].name);
    if (!ok(str_has(f.base.evidence, str_of(table[i].evidence)), "evidence: %s", table[i].name))
        printf("# " STR_F "\n", STR_A(f.base.evidence));
    is_str(f.base.name, "debian:12", "name: by label");
    tree_free(tree);
    image_close(image);
}

int main(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        check(&a, i);
    fixture_end();
    arena_free(&a);
    return done_testing();
}
