/* What a .dockerignore keeps out of the context. */
#include "base/buf.h"

#include "lib/tap.h"
#include "lint/lint_dockerignore.h"

static const struct {
    const char *pattern, *path;
    bool fits;
} patterns[] = {
    {"a", "a", true},        {"a", "ab", false},          {"*", "a", true},
    {"*", "a/b", false},     {"*/b", "a/b", true},        {"*/b", "b", false},
    {"**", "a/b/c", true},   {"**/c", "c", true},         {"**/c", "a/b/c", true},
    {"**/c", "a/bc", false}, {"a/**", "a/b/c", true},     {"a/**", "a", false},
    {"a/**/d", "a/d", true}, {"a/**/d", "a/b/c/d", true}, {"a/**/d", "a/bd", false},
    {"a**", "ab/c", true},   {"**.log", "a/b.log", true}, {"*.log", ".log", true},
    {"a?c", "abc", true},    {"a?c", "a/c", false},       {"[a-c]x", "bx", true},
    {"[a-c]x", "dx", false}, {"[^a-c]x", "dx", true},     {"[^a]x", "/x", false},
    {"[]]x", "]x", true},    {"[x", "[x", true},          {"\\*", "*", true},
    {"\\*", "a", false},     {"a.b$", "a.b$", true},      {"a.b", "axb", false},
};

static void test_fits(struct arena *a)
{
    struct dockerignore d;
    dockerignore_read(a, STR(""), &d);
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        is_int(dockerignore_fits(&d, str_of(patterns[i].pattern), str_of(patterns[i].path)),
               patterns[i].fits, "%s and %s", patterns[i].pattern, patterns[i].path);
}

static const struct {
    const char *what, *text, *path;
    unsigned line; /* 0: not kept out */
} files[] = {
    {"a file", "a\nb\n", "b", 2},
    {"below a folder", "a\n", "a/b/c", 1},
    {"below a folder anywhere", "**/node_modules\n", "x/y/node_modules/z/i.js", 1},
    {"slashes at the ends", "/a/b/\n", "a/b", 1},
    {"a dot before it", "./a\n", "a", 1},
    {"a comment, and one that is none", "#a\n #b\n", "#b", 2},
    {"a comment", "#a\n", "#a", 0},
    {"blanks and carriage returns", "  a  \r\n", "a", 1},
    {"a byte order mark",
     "\xef\xbb\xbf"
     "a\n",
     "a", 1},
    {"an exception", "*\n!a\n", "a", 0},
    {"an exception above it", "*\n!a\n", "a/b", 0},
    {"the last one", "*\n!a\n*.c\na\n", "a", 4},
    {"an exception before it", "!a\na\n", "a", 2},
    {"a dot", ".\n/\n\n!\n", "a", 0},
    {"an exception that cannot be below", "a\n!b/c\n", "a", 1},
    {"an exception that is below", "a\n!a/c\n", "a", 0},
    {"an exception that may be below", "a\n!*/c\n", "a", 0},
    {"..", "a/../b\n", "b", 1},
};

static void test_files(struct arena *a)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct dockerignore d;
        dockerignore_read(a, str_of(files[i].text), &d);
        const struct dockerignore_pattern *p = dockerignore_match(&d, str_of(files[i].path));
        is_int(p ? p->line : 0, files[i].line, "%s", files[i].what);
    }
    is_str(dockerignore_path(a, STR("/a//./b/../c/")), "a/c", "a source's path");
    is_str(dockerignore_path(a, STR("../../a")), "a", "nothing is above the context");
    is_str(dockerignore_path(a, STR("./")), "", "the context itself");
}

static void test_bounded(struct arena *a)
{
    struct buf text = {.a = a}, path = {.a = a};
    for (int i = 0; i < 100000; i++)
        buf_addz(&text, "**/*a*b*c*d\n");
    for (int i = 0; i < 2000; i++)
        buf_addz(&path, "a/");
    struct dockerignore d;
    dockerignore_read(a, buf_str(&text), &d);
    ok(!dockerignore_match(&d, buf_str(&path)) && !d.work, "bounded: it ends");
}

int main(void)
{
    struct arena a = {0};
    test_fits(&a);
    test_files(&a);
    test_bounded(&a);
    arena_free(&a);
    return done_testing();
}
