/* test_harden: evidence and wishes → what is kept, and why. */
#include <errno.h>

#include "lib/keepcase.h"

static struct arena arena;

#define ELF(...) elfmake(&arena, &(struct elfmake){__VA_ARGS__})

static void alone(void)
{
    struct fixture_entry fat[] = {{"f", "srv/web", .mode = 0755, .bytes = ELF(.soname = NULL)},
                                  {"f", "etc/passwd", .content = "root:x:0:0::/root:/bin/sh\n"},
                                  {"f", "bin/sh", .mode = 0755, .content = "x"},
                                  {"f", "lib/libc.so.6", .bytes = ELF(.soname = "libc.so.6")},
                                  {"f", "proc/stray", .content = "x"},
                                  {"l", "dev/stdout", .link = "/proc/self/fd/1"},
                                  {"d", "run"},
                                  {0}};
    struct keepcase c;
    keepcase_open(&c, &arena, fat, "{\"Cmd\":[\"/srv/web\"]}");
    keepcase_saw(&c, TRACE_OPEN, "/proc/stray", 0);
    keepcase_saw(&c, TRACE_OPEN, "/etc/none", ENOENT);
    keepcase_saw(&c, TRACE_OPEN, "/dev/stdout", 0);
    keepcase_choose(&c);
    is_str(keepcase_files(&c), "/srv/web", "static program: one file, no family");
    is_kept(&c, "/srv", WHY_PARENT, "parents: and its folder");
    is_int(c.keep.nodes.n, 2, "and nothing else");
    ok(facts_kept_of(&c.keep, keepcase_kept(&c, "/srv/web")->node), "found by node too");
    keepcase_close(&c);
}

static void traced(void)
{
    struct fixture_entry entries[] = {{"f", "p", .mode = 0755, .bytes = ELF(.soname = NULL)},
                                      {"l", "data", .link = "var/data"},
                                      {"f", "var/data/a", .content = "a"},
                                      {"f", "var/data/b", .content = "b"},
                                      {"d", "var/log/p"},
                                      {"d", "var/other"},
                                      {"l", "var/log/link", .link = "/dev/stdout"},
                                      {"f", "etc/denied", .mode = 0600},
                                      {0}};
    struct keepcase c;
    keepcase_open(&c, &arena, entries, "{\"Cmd\":[\"/p\"]}");
    keepcase_saw(&c, TRACE_STAT, "/data/a", 0);
    keepcase_saw(&c, TRACE_OPEN, "/etc/denied", EACCES);
    keepcase_saw(&c, TRACE_OPEN, "/var/log/p/made", 0);
    keepcase_saw(&c, TRACE_OPEN, "/var/log/link", 0);
    keepcase_saw(&c, TRACE_READLINK, "/p", EINVAL);
    keepcase_saw(&c, TRACE_OPEN, "/p/below", ENOTDIR);
    keepcase_choose(&c);
    is_kept(&c, "/data", WHY_LINK, "links: the link on the way");
    is_kept(&c, "/var/data/a", WHY_TRACED, "trace: what was only looked at");
    is_left(&c, "/var/data/b", "but not its neighbour");
    is_kept(&c, "/etc/denied", WHY_TRACED, "what was refused stays refused");
    is_kept(&c, "/var/log/p", WHY_TRACED, "made: the folder of a new file");
    is_kept(&c, "/var/log/link", WHY_LINK, "a link into the runtime's folders");
    is_kept(&c, "/p", WHY_TRACED, "reasons: the strongest one stays");
    is_left(&c, "/var/other", "an empty folder nobody asked for goes");
    ok(!harden_repair(&arena, &c.facts, &c.keep, STR("/none")), "nothing to repair");
    ok(harden_repair(&arena, &c.facts, &c.keep, STR("/var/data/b")), "a repair adds");
    is_kept(&c, "/var/data/b", WHY_REPAIR, "with its reason");
    ok(!harden_repair(&arena, &c.facts, &c.keep, STR("/var/data/b")), "once");
    keepcase_close(&c);
}

static void scripts(void)
{
    struct fixture_entry entries[] = {
        {"f", "entry.sh", .mode = 0755,
         .content = "#!/bin/sh -e\n. /lib.sh\nmkdir -p x\nexec \"$@\"\n"},
        {"f", "lib.sh", .content = "#!/bin/sh\nsed s/a/b/\n"},
        {"l", "bin/sh", .link = "dash"},
        {"f", "bin/dash", .mode = 0755, .bytes = ELF(.soname = NULL)},
        {"f", "bin/mkdir", .mode = 0755, .bytes = ELF(.soname = NULL)},
        {"f", "bin/sed", .mode = 0755, .bytes = ELF(.soname = NULL)},
        {"f", "bin/perl", .mode = 0755, .bytes = ELF(.soname = NULL)},
        {"f", "usr/bin/env", .mode = 0755, .bytes = ELF(.soname = NULL)},
        {"f", "usr/bin/serve", .mode = 0755, .content = "#!/usr/bin/env -S A=b perl -w\n"},
        {"f", "usr/bin/check", .mode = 0755, .bytes = ELF(.soname = NULL)},
        {"f", "opt/data.py", .mode = 0755, .content = "#!/bin/python\n"},
        {"f", "bin/python", .mode = 0755, .bytes = ELF(.soname = NULL)},
        {0}};
    struct keepcase c;
    keepcase_open(&c, &arena, entries,
                  "{\"Entrypoint\":[\"/entry.sh\"],\"Cmd\":[\"serve\",\"-x\"],"
                  "\"Healthcheck\":{\"Test\":[\"CMD-SHELL\",\"check --all || exit 1\"]}}");
    keepcase_saw(&c, TRACE_OPEN, "/opt/data.py", 0);
    keepcase_choose(&c);
    is_kept(&c, "/bin/dash", WHY_PROGRAM, "scripts: the interpreter (of the health check too)");
    is_kept(&c, "/bin/mkdir", WHY_SCRIPT, "the commands");
    is_kept(&c, "/bin/sed", WHY_SCRIPT, "those of a sourced file");
    is_kept(&c, "/usr/bin/serve", WHY_SCRIPT, "what \"$@\" stands for");
    is_kept(&c, "/usr/bin/env", WHY_INTERPRETER, "env of its first line");
    is_kept(&c, "/bin/perl", WHY_INTERPRETER, "and what env starts");
    is_kept(&c, "/usr/bin/check", WHY_SCRIPT, "the health check's command");
    is_left(&c, "/bin/python", "a script that was only read brings no interpreter");
    keepcase_close(&c);
}

static void levels(void)
{
    struct fixture_entry entries[] = {
        {"f", "usr/bin/p", .mode = 0755, .bytes = ELF(.soname = NULL)},
        {"f", "usr/share/p/extra", .content = "x"},
        {"f", "usr/share/q/data", .content = "x"},
        {"f", "usr/share/r/data", .content = "x"},
        {"f", "etc/os-release", .content = "ID=debian\n"},
        {"f", "var/lib/dpkg/status",
         .content = "Package: p\nStatus: install ok installed\nVersion: 1\nDepends: q-virtual\n\n"
                    "Package: q\nStatus: install ok installed\nVersion: 1\nProvides: q-virtual\n"
                    "Depends: p\n\n"
                    "Package: r\nStatus: install ok installed\nVersion: 1\n"},
        {"f", "var/lib/dpkg/info/p.list",
         .content = "/.\n/usr\n/usr/bin\n/usr/bin/p\n/usr/share/p/extra\n"},
        {"f", "var/lib/dpkg/info/q.list", .content = "/.\n/usr\n/usr/share/q/data\n"},
        {"f", "var/lib/dpkg/info/r.list", .content = "/.\n/usr\n/usr/share/r/data\n"},
        {0}};
    static const char *const want[] = {
        "/etc/os-release /usr/bin/p /var/lib/dpkg/status",
        "/etc/os-release /usr/bin/p /usr/share/p/extra /var/lib/dpkg/status",
        "/etc/os-release /usr/bin/p /usr/share/p/extra /usr/share/q/data /var/lib/dpkg/status"};
    struct keepcase c;
    keepcase_open(&c, &arena, entries, "{\"Cmd\":[\"p\"]}");
    for (int level = HARDEN_EXACT; level <= HARDEN_SAFE; level++) {
        c.options.level = (enum harden_level)level;
        keepcase_choose(&c);
        is_str(keepcase_files(&c), want[level], "levels: %s", harden_level_name(c.options.level));
    }
    struct harden_packages packages;
    harden_by_package(&arena, &c.facts, &c.keep, &packages);
    ok(packages.n == 3 && str_is(packages.v[0].package->name, "r") && !packages.v[0].kept_files,
       "what goes comes first");
    struct err e = {0};
    struct str none = STR("/none"), gone = STR("gone"), r = STR("r");
    c.options = (struct harden_options){.keep_paths = {&none, 1}};
    is_err(harden_choose(&arena, &c.facts, &c.trace, &c.options, &c.keep, &e), e, ERR_USAGE,
           "/none", "asked: a path that is not there");
    c.options = (struct harden_options){.keep_packages = {&gone, 1}};
    is_err(harden_choose(&arena, &c.facts, &c.trace, &c.options, &c.keep, &e), e, ERR_USAGE, "gone",
           "asked: a package that is not there");
    c.options = (struct harden_options){.keep_shell = true};
    is_err(harden_choose(&arena, &c.facts, &c.trace, &c.options, &c.keep, &e), e, ERR_USAGE,
           "/bin/sh", "asked: no shell");
    c.options = (struct harden_options){.keep_packages = {&r, 1}};
    keepcase_choose(&c);
    is_kept(&c, "/usr/share/r/data", WHY_ASKED, "a package by name");
    keepcase_close(&c);
}

int main(void)
{
    alone();
    traced();
    scripts();
    levels();
    fixture_end();
    arena_free(&arena);
    return done_testing();
}
