/* test_closure: which libraries are kept for a program: loaders' orders on made-up files, and
 * `ldd` as the oracle on this machine's own. */
#include <spawn.h>
#include <sys/wait.h>

#include "facts/loader.h"
#include "lib/keepcase.h"

#define GLIBC "/lib64/ld-linux-x86-64.so.2"
#define MUSL  "/lib/ld-musl-x86_64.so.1"

static struct arena arena;

#define ELF(...) elfmake(&arena, &(struct elfmake){__VA_ARGS__})
#define PROGRAM(at, ...)                                                                           \
    {                                                                                              \
        "f", at, .mode = 0755, .bytes = ELF(.interpreter = GLIBC, __VA_ARGS__)                     \
    }
#define LIBRARY(at, ...)                                                                           \
    {                                                                                              \
        "f", at, .bytes = ELF(__VA_ARGS__)                                                         \
    }
#define NEEDS(...) .needed = {__VA_ARGS__}
#define LOADER                                                                                     \
    {                                                                                              \
        "f", "lib64/ld-linux-x86-64.so.2", .mode = 0755, .bytes = ELF(.soname = "ld")              \
    }
#define RUN_P "{\"Cmd\":[\"/p\"]}"

static void check(const struct fixture_entry *entries, const char *config, const char *want,
                  const char *what)
{
    struct keepcase c;
    keepcase_open(&c, &arena, entries, config);
    keepcase_choose(&c);
    is_str(keepcase_files(&c), want, "%s", what);
    keepcase_close(&c);
}

static void order(void)
{
    struct fixture_entry rpath[] = {PROGRAM("p", NEEDS("liba"), .rpath = "/r1:/r2"),
                                    LOADER,
                                    LIBRARY("r2/liba", NEEDS("libb")),
                                    LIBRARY("r1/libb"),
                                    LIBRARY("usr/lib/libb"),
                                    LIBRARY("usr/lib/liba"),
                                    {0}};
    check(rpath, RUN_P, "/lib64/ld-linux-x86-64.so.2 /p /r1/libb /r2/liba",
          "DT_RPATH of the program holds for what its libraries need");
    struct fixture_entry runpath[] = {PROGRAM("p", NEEDS("liba"), .runpath = "/r1", .rpath = "/r2"),
                                      LOADER,
                                      LIBRARY("r1/liba", NEEDS("libb")),
                                      LIBRARY("r1/libb"),
                                      LIBRARY("r2/libb"),
                                      LIBRARY("usr/lib/libb"),
                                      {0}};
    check(runpath, RUN_P, "/lib64/ld-linux-x86-64.so.2 /p /r1/liba /usr/lib/libb",
          "DT_RUNPATH holds for the program's own needs, and takes DT_RPATH away");
    struct fixture_entry env[] = {PROGRAM("p", NEEDS("liba"), .runpath = "/r1"),
                                  LOADER,
                                  LIBRARY("r1/liba"),
                                  LIBRARY("e/liba"),
                                  {0}};
    check(env, "{\"Cmd\":[\"/p\"],\"Env\":[\"LD_LIBRARY_PATH=/none:/e\"]}",
          "/e/liba /lib64/ld-linux-x86-64.so.2 /p", "LD_LIBRARY_PATH comes before DT_RUNPATH");
    struct fixture_entry folders[] = {PROGRAM("p", NEEDS("liba", "libb")),
                                      LOADER,
                                      LIBRARY("lib/x86_64-linux-gnu/liba"),
                                      LIBRARY("usr/lib/liba"),
                                      LIBRARY("usr/lib64/libb"),
                                      LIBRARY("usr/lib/libb"),
                                      {0}};
    check(folders, RUN_P,
          "/lib/x86_64-linux-gnu/liba /lib64/ld-linux-x86-64.so.2 /p /usr/lib64/libb",
          "default folders of the machine first");
    struct fixture_entry machine[] = {PROGRAM("p", NEEDS("liba")),
                                      LOADER,
                                      LIBRARY("lib64/liba", .machine = EM_AARCH64),
                                      {"f", "lib/x86_64-linux-gnu/liba", .content = "no library"},
                                      LIBRARY("usr/lib/liba"),
                                      {0}};
    check(machine, RUN_P, "/lib64/ld-linux-x86-64.so.2 /p /usr/lib/liba",
          "files for another machine are passed over");
    struct fixture_entry loaded[] = {PROGRAM("p", NEEDS("/opt/real", "liba")),
                                     LOADER,
                                     LIBRARY("opt/real", .soname = "liba"),
                                     LIBRARY("usr/lib/liba"),
                                     {0}};
    check(loaded, RUN_P, "/lib64/ld-linux-x86-64.so.2 /opt/real /p",
          "a soname that is loaded is not looked for");
    struct fixture_entry circle[] = {PROGRAM("p", NEEDS("liba")),
                                     LOADER,
                                     LIBRARY("lib/liba", NEEDS("libb")),
                                     LIBRARY("lib/libb", NEEDS("liba", "libnone")),
                                     {0}};
    check(circle, RUN_P, "/lib/liba /lib/libb /lib64/ld-linux-x86-64.so.2 /p",
          "circles end, missing ones stop nothing");
}

static void tokens(void)
{
    struct fixture_entry origin[] = {{"l", "usr/bin/p", .link = "../../opt/x/bin/p"},
                                     PROGRAM("opt/x/bin/p",
                                             NEEDS("liba", "libb", "$ORIGIN/../own/libc"),
                                             .runpath = "$ORIGIN/../lib:${ORIGIN}/../$LIB"),
                                     LOADER,
                                     LIBRARY("opt/x/lib/liba"),
                                     LIBRARY("opt/x/lib/x86_64-linux-gnu/libb"),
                                     LIBRARY("opt/x/own/libc"),
                                     {0}};
    check(origin, "{\"Cmd\":[\"p\"]}",
          "/lib64/ld-linux-x86-64.so.2 /opt/x/bin/p /opt/x/lib/liba "
          "/opt/x/lib/x86_64-linux-gnu/libb /opt/x/own/libc /usr/bin/p",
          "$ORIGIN is where the program really is; $LIB is this distribution's");
    struct elf_facts elf = {.machine = EM_X86_64, .bits = 64};
    struct facts_loader_object o = {.elf = &elf, .origin = STR("/o")};
    struct str got;
    ok(facts_loader_expand(&arena, &o, STR("$ORIGINAL/${ORIGIN}x/$PLATFORM/$$LIB_"), 0, &got),
       "a folder comes of tokens");
    is_str(got, "$ORIGINAL//ox/x86_64/$$LIB_", "longer names are not tokens");
    elf.machine = 9999;
    ok(facts_loader_expand(&arena, &o, STR("/$LIB"), 2, &got) &&
           !facts_loader_expand(&arena, &o, STR("/$LIB"), 3, &got),
       "three values of $LIB");
    ok(facts_loader_expand(&arena, &o, STR("/$LIB"), 1, &got), "an unknown machine");
    is_str(got, "/lib", "has the plain folder");
}

static void extras(void)
{
    struct fixture_entry kinds[] = {
        PROGRAM("p", .filter = "libf", .auxiliary = "libx",
                .dlopen_note = "[{\"soname\":[\"libd\"],\"priority\":\"recommended\"},"
                               "{\"soname\":[\"libs\"],\"priority\":\"suggested\"}]"),
        LOADER,
        LIBRARY("lib/libf"),
        LIBRARY("lib/libx"),
        LIBRARY("lib/libd"),
        LIBRARY("lib/libs"),
        LIBRARY("lib/libpre"),
        {"f", "etc/ld.so.preload", .content = "/lib/libpre\n"},
        {0}};
    check(kinds, RUN_P,
          "/etc/ld.so.preload /lib/libd /lib/libf /lib/libpre /lib/libx "
          "/lib64/ld-linux-x86-64.so.2 /p",
          "filters, preloads and what the dlopen note recommends");
    struct fixture_entry hwcaps[] = {PROGRAM("p", NEEDS("liba")),
                                     LOADER,
                                     LIBRARY("usr/lib/liba"),
                                     LIBRARY("usr/lib/glibc-hwcaps/x86-64-v3/liba"),
                                     LIBRARY("usr/lib/glibc-hwcaps/x86-64-v4/other"),
                                     {0}};
    check(hwcaps, RUN_P,
          "/lib64/ld-linux-x86-64.so.2 /p /usr/lib/glibc-hwcaps/x86-64-v3/liba /usr/lib/liba",
          "variants for newer processors stay beside the plain one");
    struct fixture_entry nodeflib[] = {PROGRAM("p", NEEDS("liba"), .flags_1 = DF_1_NODEFLIB),
                                       LOADER,
                                       LIBRARY("usr/lib/liba"),
                                       {0}};
    check(nodeflib, RUN_P, "/lib64/ld-linux-x86-64.so.2 /p", "DF_1_NODEFLIB");
    struct fixture_entry links[] = {
        PROGRAM("p", NEEDS("liba.so.1")), LOADER,
        {"l", "lib", .link = "usr/lib"},  {"l", "usr/lib/liba.so.1", .link = "liba.so.1.2"},
        LIBRARY("usr/lib/liba.so.1.2"),   {0}};
    check(links, RUN_P,
          "/lib /lib64/ld-linux-x86-64.so.2 /p /usr/lib/liba.so.1 /usr/lib/liba.so.1.2",
          "links on the way stay");
}

static void musl(void)
{
    struct fixture_entry plain[] = {
        {"f", "p", .mode = 0755,
         .bytes =
             ELF(.interpreter = MUSL, NEEDS("libc.musl-x86_64.so.1", "liba"), .runpath = "/r")},
        {"f", "lib/ld-musl-x86_64.so.1", .mode = 0755, .bytes = ELF(.soname = "musl")},
        LIBRARY("r/liba", NEEDS("libb")),
        LIBRARY("r/libb"),
        LIBRARY("lib/libb"),
        {0}};
    check(plain, RUN_P, "/lib/ld-musl-x86_64.so.1 /p /r/liba /r/libb",
          "musl: a run path is inherited, the C library is the loader");
    struct fixture_entry path[] = {
        {"f", "p", .mode = 0755, .bytes = ELF(.interpreter = MUSL, NEEDS("liba"))},
        {"f", "lib/ld-musl-x86_64.so.1", .mode = 0755, .bytes = ELF(.soname = "musl")},
        {"f", "etc/ld-musl-x86_64.path", .content = "/none\n/own\n"},
        LIBRARY("own/liba"),
        LIBRARY("lib/liba"),
        {0}};
    check(path, RUN_P, "/etc/ld-musl-x86_64.path /lib/ld-musl-x86_64.so.1 /own/liba /p",
          "musl: its own list of folders");
}

static void spent(void)
{
    struct buf run_path = {.a = &arena};
    for (int i = 0; i < 3000; i++)
        buf_addz(&run_path, "/a:");
    char *path = str_cstr(&arena, buf_str(&run_path));
    struct fixture_entry *entries = arena_array(&arena, struct fixture_entry, 1004);
    entries[0] = (struct fixture_entry)PROGRAM("p", NEEDS("n0"), .rpath = path);
    entries[1] = (struct fixture_entry)LOADER;
    for (int i = 0; i < 1000; i++) {
        const char *next = str_cstr(&arena, str_fmt(&arena, "n%d", i + 1)),
                   *miss = str_cstr(&arena, str_fmt(&arena, "m%d", i)),
                   *at = str_cstr(&arena, str_fmt(&arena, "lib/n%d", i));
        entries[i + 2] = (struct fixture_entry)LIBRARY(at, NEEDS(next, miss), .rpath = path);
    }
    struct keepcase c;
    struct err e = {0};
    keepcase_open(&c, &arena, entries, RUN_P);
    is_err(harden_choose(&arena, &c.facts, &c.trace, &c.options, &c.keep, &e), e, ERR_INPUT,
           "lookups", "run paths without end are refused");
    keepcase_close(&c);
}

/* ---- ldd ---- */

static bool run(const char *script, const char *argument, const char *second)
{
    extern char **environ;
    char *argv[] = {"sh",
                    "-c",
                    str_cstr(&arena, str_of(script)),
                    "sh",
                    str_cstr(&arena, str_of(argument)),
                    str_cstr(&arena, str_of(second)),
                    NULL};
    pid_t pid;
    int status;
    return posix_spawnp(&pid, "sh", NULL, NULL, argv, environ) == 0 &&
           waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Copies a program with what ldd says it loads into a root of its own, with decoys of neither. */
static const char copy_script[] =
    "p=$(command -v \"$2\") && p=$(readlink -f \"$p\") && case $(ldd \"$p\" 2>/dev/null) in "
    "*ld-linux*) ;; "
    "*) exit 1 ;; esac && mkdir -p \"$1/root\" && "
    "ldd \"$p\" | sed -n 's/.*=> \\(\\/[^ ]*\\).*/\\1/p;s/^[[:space:]]*\\(\\/[^ ]*\\).*/\\1/p' "
    ">\"$1/list\" && "
    "for f in \"$p\" $(cat \"$1/list\"); do "
    "mkdir -p \"$1/root$(dirname \"$f\")\" && cp -L \"$f\" \"$1/root$f\" || exit 1; done || exit "
    "1; "
    "mkdir -p \"$1/root/etc\" && cp /etc/ld.so.cache \"$1/root/etc/\"; "
    "for f in /usr/lib/*/libz.so.1 /usr/lib/*/libm.so.6; do [ -e \"$f\" ] && "
    "mkdir -p \"$1/root$(dirname \"$f\")\" && cp -L \"$f\" \"$1/root$f\"; done; "
    "echo \"$p\" >\"$1/program\"";

static void against_ldd(const char *program)
{
    struct err e = {0};
    struct str dir = fixture_path(&arena, program), list, path, line;
    if (!run("mkdir -p \"$1\"", str_cstr(&arena, dir), "") ||
        !run(copy_script, str_cstr(&arena, dir), program)) {
        ok(true, "%s # SKIP not here, or not of glibc", program);
        return;
    }
    if (sys_read_file(str_fmt(&arena, STR_F "/list", STR_A(dir)), &arena, 1 << 20, &list, &e) ||
        sys_read_file(str_fmt(&arena, STR_F "/program", STR_A(dir)), &arena, 4096, &path, &e))
        fixture_die("ldd", &e);
    struct image_name name = {.transport = IMAGE_DIR,
                              .path = str_fmt(&arena, STR_F "/root", STR_A(dir))};
    struct image *image;
    if (image_open(&arena, &name, NULL, &image, &e))
        fixture_die("root", &e);
    path = str_trim(path);
    image->config.cmd = (struct strs){&path, 1};
    struct keepcase c;
    keepcase_image(&c, &arena, image);
    keepcase_choose(&c);
    size_t n = 0, missing = 0;
    for (struct str rest = list; str_line(&rest, &line); n++) {
        struct tree_lookup found = {0};
        tree_resolve(c.tree, &arena, STR("/"), line, TREE_FOLLOW, &found);
        if (found.error || !facts_kept_of(&c.keep, found.node)) {
            printf("# missing: " STR_F "\n", STR_A(line));
            missing++;
        }
    }
    is_int(missing, 0, "%s: all %zu of ldd are kept", program, n);
    keepcase_close(&c);
}

/* What facts_closure() takes to be needed, beside what harden keeps of the same evidence. */
static void modules(void)
{
    struct fixture_entry entries[] = {
        PROGRAM("usr/bin/python3.11"),
        LOADER,
        {"f", "usr/lib/python3/dist-packages/six.py", .content = "x"},
        {"f", "usr/share/nodejs/x.js", .content = "x"},
        {"f", "usr/lib/python3/dist-packages/_z.so", .bytes = ELF(NEEDS("libz"))},
        LIBRARY("usr/lib/libz"),
        LIBRARY("usr/lib/libown", NEEDS("liby")),
        LIBRARY("usr/lib/liby"),
        LIBRARY("usr/lib/libx"),
        {"f", "lib/apk/db/installed",
         .content = "C:Q1\nP:py3\nV:1\nF:usr/bin\nR:python3.11\n\n"
                    "C:Q1\nP:six\nV:1\nF:usr/lib/python3/dist-packages\nR:six.py\nR:_z.so\n\n"
                    "C:Q1\nP:njs\nV:1\nF:usr/share/nodejs\nR:x.js\n\n"
                    "C:Q1\nP:libs\nV:1\nF:usr/lib\nR:libx\nR:liby\nR:libz\n\n"},
        {0}};
    struct keepcase c;
    struct err e = {0};
    keepcase_open(&c, &arena, entries, "{\"Cmd\":[\"python3.11\", \"-m\", \"six\"]}");
    if (facts_closure(&arena, &c.facts, &c.keep, &e))
        fixture_die("closure", &e);
    is_str(keepcase_files(&c),
           "/lib64/ld-linux-x86-64.so.2 /usr/bin/python3.11 /usr/lib/libown /usr/lib/liby "
           "/usr/lib/libz /usr/lib/python3/dist-packages/_z.so "
           "/usr/lib/python3/dist-packages/six.py",
           "an interpreter's modules, libraries of no package, and what both load");
    keepcase_close(&c);
}

int main(void)
{
    order();
    tokens();
    extras();
    musl();
    spent();
    modules();
    static const char *const programs[] = {"bash", "ls", "perl", "git", "curl", "gdb"};
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        against_ldd(programs[i]);
    fixture_end();
    arena_free(&arena);
    return done_testing();
}
