/* test_apk: apk's installed database. */
#include "base/limits.h"
#include "lib/tap.h"

#include "facts/parse.h"

static const char installed[] =
    "C:Q1qKcZ+j23xssAXmgQhkOO8dHnbWw=\n"
    "P:libssl3\nV:3.3.2-r0\nA:x86_64\nS:8515\nI:315392\n"
    "T:words\nU:https://example.org\nL:Apache-2.0\no:openssl\n"
    "D:so:libc.musl-x86_64.so.1 busybox>=1.36 !uclibc a~1 b@edge /bin/sh\n"
    "p:so:libssl.so.3=3 cmd:x=1\n"
    "F:\nR:top\nF:lib\nR:libssl.so.3\na:0:0:755\nZ:Q1x=\n"
    "F:usr/lib\nR:libssl.so.3\n"
    "\n"
    "garbage\nX\n\n\n"
    "P:second\nV:1\nI:x\nR:no-folder-yet\n"
    "F:etc\nR:";

int main(void)
{
    struct arena a = {0};
    struct facts_packages p = {0};
    struct facts_room room = facts_room();
    facts_apk_read(str_of(installed), &a, &room, &p);
    is_int(p.n, 2, "packages; without an empty line at the end, too");
    struct facts_package *v = p.v;
    is_str(v[0].name, "libssl3", "name");
    is_str(v[0].version, "3.3.2-r0", "version");
    is_str(v[0].arch, "x86_64", "architecture");
    is_str(v[0].source, "openssl", "source is the origin");
    is_str(v[0].source_version, "3.3.2-r0", "source version");
    is_str(v[0].licence, "Apache-2.0", "licence");
    is_int(v[0].installed_size, 315392, "installed size");
    struct str all = {0};
    for (size_t i = 0; i < v[0].depends.n; i++)
        all = str_fmt(&a, STR_F STR_F " ", STR_A(all), STR_A(v[0].depends.v[i]));
    for (size_t i = 0; i < v[0].provides.n; i++)
        all = str_fmt(&a, STR_F STR_F " ", STR_A(all), STR_A(v[0].provides.v[i]));
    is_str(all, "so:libc.musl-x86_64.so.1 busybox a b /bin/sh so:libssl.so.3 cmd:x ",
           "relations: names without versions, conflicts left out");
    all = (struct str){0};
    for (size_t i = 0; i < v[0].files.n; i++)
        all = str_fmt(&a, STR_F STR_F " ", STR_A(all), STR_A(v[0].files.v[i]));
    is_str(all, "/top /lib /lib/libssl.so.3 /usr/lib /usr/lib/libssl.so.3 ", "files and folders");
    is_str(v[1].source, "second", "without origin its own source");
    ok(v[1].installed_size == 0, "a size that is no number");
    ok(v[1].files.n == 2 && str_is(v[1].files.v[0], "/no-folder-yet"), "files of broken records");
    is_int(room.packages, LIMIT_PACKAGES - 2, "room: packages");
    p.n = 0;
    room = (struct facts_room){1, 1, 2, 99};
    facts_apk_read(STR("P:a\nD:x y z\nF:b\nR:c\nR:d\n\nP:e\n\n"), &a, &room, &p);
    ok(p.n == 1 && p.v[0].depends.n == 1 && p.v[0].files.n == 2, "room: all of it is bounded");
    room = (struct facts_room){.packages = 9, .names = 9, .files = 9, .bytes = 14};
    p.n = 0;
    facts_apk_read(STR("P:a\nF:bcd\nR:e\nR:f\nR:g\n\nP:h\n\n"), &a, &room, &p);
    ok(p.v[0].files.n == 2 && facts_room_spent(&room), "room: bytes of joined paths");
    struct str name = {memset(arena_alloc(&a, LIMIT_PATH_BYTES), 'x', LIMIT_PATH_BYTES),
                       LIMIT_PATH_BYTES};
    room = facts_room();
    p.n = 0;
    facts_apk_read(str_fmt(&a, "P:a\nF:" STR_F "\nR:e\nF:b\nR:c\n", STR_A(name)), &a, &room, &p);
    is_int((long long)p.v[0].files.n, 2, "room: a path that is too long is none");
    arena_free(&a);
    return done_testing();
}
