/* test_dpkg: paragraphs of dpkg's databases. */
#include "base/limits.h"
#include "lib/tap.h"

#include "facts/parse.h"

static const char status[] = "\n\nPackage: libssl3\n"
                             "Status: install ok installed\n"
                             "Installed-Size: 5\n"
                             "Architecture: amd64\n"
                             "Multi-Arch: same\n"
                             "Source: openssl (3.0.1-1)\n"
                             "Version: 3.0.1-1+b2\n"
                             "Provides: libssl (= 3), libcrypto-api\n"
                             "Pre-Depends: dpkg (>= 1.17)\n"
                             "Depends: libc6:any (>= 2.34), a | b [amd64] <!nocheck>,\n"
                             " folded (>= 1),\n"
                             "\tc\n"
                             "Description: words\n"
                             " Package: not this one\n"
                             " .\n"
                             "Conffiles:\n"
                             " /etc/ssl/openssl.cnf 0123\n"
                             "\n"
                             "PACKAGE: Second\r\n"
                             "essential: yes\r\n"
                             "section: libs\r\n"
                             "Installed-Size: many\r\n"
                             "Version:1:2-3\r\n"
                             "no colon here\r\n"
                             "\r\n"
                             "Version: 1\nStatus: install ok installed\n"
                             "\n"
                             "Package: third\nSource: src\nVersion: 9";

static const struct {
    const char *status;
    bool counts;
} states[] = {
    {"install ok installed", true},       {"hold ok installed", true},
    {"install ok unpacked", true},        {"install reinstreq half-installed", true},
    {"install ok half-configured", true}, {"install ok triggers-pending", true},
    {"deinstall ok config-files", false}, {"purge ok not-installed", false},
    {"deinstall ok installed", true},     {"", true},
};

static void check_status(struct arena *a)
{
    struct facts_packages p = {0};
    struct facts_room room = facts_room();
    facts_dpkg_read(str_of(status), a, &room, &p);
    is_int(p.n, 3, "packages; a paragraph without a name is none");
    struct facts_package *v = p.v;
    is_str(v[0].name, "libssl3", "name");
    is_str(v[0].version, "3.0.1-1+b2", "version");
    is_str(v[0].arch, "amd64", "architecture");
    is_str(v[0].source, "openssl", "source");
    is_str(v[0].source_version, "3.0.1-1", "source version, of a binary-only rebuild");
    is_int(v[0].installed_size, 5 * 1024, "installed size");
    struct str depends = {0}, provides = {0};
    for (size_t i = 0; i < v[0].depends.n; i++)
        depends = str_fmt(a, STR_F STR_F " ", STR_A(depends), STR_A(v[0].depends.v[i]));
    for (size_t i = 0; i < v[0].provides.n; i++)
        provides = str_fmt(a, STR_F STR_F " ", STR_A(provides), STR_A(v[0].provides.v[i]));
    is_str(depends, "dpkg libc6 a b folded c ", "dependencies");
    is_str(provides, "libssl libcrypto-api ", "what it provides");
    is_str(v[1].name, "Second", "field names in any case, lines with CR");
    ok(v[1].essential && !v[0].essential, "essential");
    is_str(v[1].section, "libs", "section");
    is_str(v[1].version, "1:2-3", "version with an epoch");
    is_str(v[1].source, "Second", "its own source");
    is_str(v[1].source_version, "1:2-3", "with its own version");
    is_int(v[1].installed_size, 0, "a size that is no number");
    is_str(v[2].source, "src", "source without a version");
    is_str(v[2].source_version, "9", "has the package's");
    is_int(room.packages, LIMIT_PACKAGES - 3, "room: packages");
    is_int(room.names, LIMIT_PACKAGE_NAMES - 8, "room: names");
}

static void check_room(struct arena *a)
{
    struct facts_packages p = {0};
    struct facts_room room = {2, 3, 3, 0};
    facts_dpkg_read(STR("Package: a\nDepends: a,b,c,d\n\nPackage: b\n\nPackage: c\n"), a, &room,
                    &p);
    ok(p.n == 2 && p.v[0].depends.n == 3 && facts_room_spent(&room), "room: names and packages");
    ok(facts_dpkg_list(STR("/a\n/b\n/c\n/d\n"), a, &room).n == 3 && room.files == 0, "room: files");
}

int main(void)
{
    struct arena a = {0};
    check_status(&a);
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        struct facts_packages p = {0};
        struct facts_room room = facts_room();
        facts_dpkg_read(str_fmt(&a, "Package: x\nStatus: %s\n", states[i].status), &a, &room, &p);
        is_int(p.n, states[i].counts, "states: \"%s\"", states[i].status);
    }
    struct facts_room room = facts_room();
    struct strs files = facts_dpkg_list(STR("/.\n/bin\n/bin/ls\n\nbad\n/with space\n"), &a, &room);
    ok(files.n == 3 && str_is(files.v[1], "/bin/ls") && str_is(files.v[2], "/with space"),
       "list: absolute paths");
    files = facts_dpkg_md5sums(STR("d41d8cd98f00b204e9800998ecf8427e  usr/lib/os-release\n"
                                   "d41d8cd98f00b204e9800998ecf8427e  ./a b\nshort  x\n\n"),
                               &a, &room);
    ok(files.n == 2 && str_is(files.v[0], "/usr/lib/os-release") && str_is(files.v[1], "/a b"),
       "md5sums: relative paths made absolute");
    check_room(&a);
    arena_free(&a);
    return done_testing();
}
