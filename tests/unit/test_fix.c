/* Edits and differences. */
#include "fix/fix.h"

#include <stdlib.h>
#include <time.h>

#include "lib/tap.h"

/* ---- edits ---- */

struct row {
    const char *what, *before, *after;
    struct {
        bool refused;
        struct {
            uint32_t from, to;
            const char *text;
        } edits[3]; /* text NULL: no more */
    } fixes[3];
};

static const struct row rows[] = {
    {"rest: other bytes stay", "abcdef", "aBCdeFG", {{0, {{1, 3, "BC"}, {5, 6, "FG"}}}}},
    {"nothing to do", "abc", "abc", {{0}}},
    {"the empty text", "", "a", {{0, {{0, 0, "a"}}}}},
    {"at the end", "ab", "abc", {{0, {{2, 2, "c"}}}}},
    {"out of order", "abc", "xaybz", {{0, {{2, 3, "z"}}}, {0, {{1, 1, "y"}}}, {0, {{0, 0, "x"}}}}},
    {"two insertions at one place, in the order given",
     "ab",
     "a12b",
     {{0, {{1, 1, "1"}}}, {0, {{1, 1, "2"}}}}},
    {"an insertion after the replacement of what is behind it",
     "abc",
     "a1Xc",
     {{0, {{1, 2, "X"}}}, {0, {{1, 1, "1"}}}}},
    {"an insertion behind a replacement", "abc", "aX1c", {{0, {{2, 2, "1"}}}, {0, {{1, 2, "X"}}}}},
    {"an insertion inside a replacement is refused",
     "abcd",
     "aXd",
     {{0, {{1, 3, "X"}}}, {1, {{2, 2, "1"}}}}},
    {"a replacement around an insertion is refused",
     "abcd",
     "ab1cd",
     {{0, {{2, 2, "1"}}}, {1, {{1, 3, "X"}}}}},
    {"an insertion between two replacements",
     "abcd",
     "aX1Yd",
     {{0, {{1, 2, "X"}}}, {0, {{2, 3, "Y"}}}, {0, {{2, 2, "1"}}}}},
    {"an overlap is refused", "abcd", "aXd", {{0, {{1, 3, "X"}}}, {1, {{2, 4, "Y"}}}}},
    {"a part is refused", "abcd", "aXd", {{0, {{1, 3, "X"}}}, {1, {{1, 2, "Y"}}}}},
    {"what contains it is refused", "abcd", "abXd", {{0, {{2, 3, "X"}}}, {1, {{0, 4, "Y"}}}}},
    {"whole: not the part that would fit",
     "abcdef",
     "aXdef",
     {{0, {{1, 3, "X"}}}, {1, {{5, 6, "Z"}, {2, 3, "Y"}}}}},
    {"agree: the same counts once",
     "abc",
     "a1Xc",
     {{0, {{1, 2, "X"}, {1, 1, "1"}}}, {0, {{1, 2, "X"}}}, {0, {{1, 1, "1"}}}}},
    {"agree: what is shared, and the rest",
     "abcd",
     "XbcY",
     {{0, {{0, 1, "X"}}}, {0, {{0, 1, "X"}, {3, 4, "Y"}}}}},
    {"the same bytes become another", "abc", "aXc", {{0, {{1, 2, "X"}}}, {1, {{1, 2, "Y"}}}}},
    {"its own edits overlap", "abc", "abc", {{1, {{1, 3, "X"}, {0, 2, "Y"}}}}},
    {"outside of the text", "abc", "abc", {{1, {{3, 4, "X"}}}, {1, {{2, 1, "X"}}}}},
};

static void check_row(const struct row *r)
{
    struct arena a = {0};
    struct fix_set s;
    bool good = true;
    fix_begin(&s, &a, str_of(r->before));
    for (size_t i = 0; i < 3; i++) {
        struct fix f = {.safety = FIX_SAFE};
        for (size_t k = 0; k < 3 && r->fixes[i].edits[k].text; k++)
            *vec_push(&a, &f.edits) =
                (struct fix_edit){{r->fixes[i].edits[k].from, r->fixes[i].edits[k].to},
                                  str_of(r->fixes[i].edits[k].text)};
        good &= fix_take(&s, &f) == !r->fixes[i].refused;
    }
    ok(good, "%s: taken or refused", r->what);
    is_str(fix_apply(&s), r->after, "%s", r->what);
    arena_free(&a);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* From the last to the first, where sorted insertion would move all others each time. */
static void check_many(void)
{
    enum { MANY = 200000 };
    struct arena a = {0};
    char *text = arena_alloc(&a, MANY * 4);
    struct fix_set s;
    memset(text, 'a', MANY * 4);
    fix_begin(&s, &a, (struct str){text, MANY * 4});
    bool taken = true;
    double begin = seconds();
    for (uint32_t i = MANY; i-- > 0;) {
        struct fix_edit edits[] = {{{i * 4, i * 4 + 1}, STR("b")}, {{0, 0}, str_fmt(&a, "%u", i)}};
        taken &= fix_take(&s, &(struct fix){.edits = {edits, 2, 2}});
        struct fix_edit big = {{0, MANY * 4}, STR("")};
        taken &= !fix_take(&s, &(struct fix){.edits = {&big, 1, 1}});
    }
    size_t n = fix_apply(&s).n;
    ok(taken && n > MANY * 4 && seconds() - begin < 10, "many edits, and none in their way");
    arena_free(&a);
}

static void check_back(void)
{
    struct arena a = {0};
    struct fix_set s;
    struct fix_edit edits[] = {
        {{1, 3}, STR("")}, {{4, 4}, STR("xy")}, {{5, 6}, STR("XYZ")}, {{6, 6}, STR("!")}};
    uint32_t places[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}; /* of "adxyeXYZ!gh" */
    static const uint32_t want[] = {0, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7};
    fix_begin(&s, &a, STR("abcdefgh"));
    ok(fix_take(&s, &(struct fix){.edits = {edits, 4, 4}}), "four edits");
    is_str(fix_apply(&s), "adxyeXYZ!gh", "are made");
    fix_back(&s, places, 11);
    ok(!memcmp(places, want, sizeof want), "places lead back");
    arena_free(&a);
}

/* ---- differences ---- */

/* Applies a unified difference as its format is described; NULL text when it does not fit. */
static struct str applied(struct arena *a, struct str text, struct str diff)
{
    struct buf b = {.a = a};
    size_t at = 0, line = 1;
    for (size_t n; diff.n; diff = str_from(diff, n)) {
        n = str_find(diff, '\n') + 1;
        struct str one = str_slice(diff, 0, n);
        bool open = n < diff.n && diff.p[n] == '\\';
        struct str body = str_slice(one, 1, one.n - open);
        unsigned from, count = 1;
        if (str_starts(one, STR("--- a/")) || str_starts(one, STR("+++ b/")) || one.p[0] == '\\')
            continue;
        if (one.p[0] == '@') {
            char head[64] = ""; /* sscanf looks for the end of all */
            memcpy(head, one.p, one.n < 63 ? one.n : 63);
            if (sscanf(head, "@@ -%u,%u", &from, &count) < 1)
                return (struct str){0};
            from += count == 0;
            for (; line < from; line++) {
                size_t end = at + str_find(str_from(text, at), '\n') + 1;
                buf_add(&b, str_slice(text, at, end));
                at = end;
            }
            continue;
        }
        if (one.p[0] == '+') {
            buf_add(&b, body);
            continue;
        }
        if (!str_starts(str_from(text, at), body) || !strchr(" -", one.p[0]))
            return (struct str){0};
        if (one.p[0] == ' ')
            buf_add(&b, body);
        at += body.n;
        line++;
    }
    buf_add(&b, str_from(text, at));
    return buf_str(&b);
}

static void check_diff(const char *what, struct str before, struct str after, const char *want)
{
    struct arena a = {0};
    struct str diff = fix_diff(&a, STR("Dockerfile"), before, after);
    ok(str_eq(applied(&a, before, diff), after), "%s: applied", what);
    if (want)
        is_str(diff, want, "%s: as it should be", what);
    arena_free(&a);
}

#define HEAD "--- a/Dockerfile\n+++ b/Dockerfile\n"

static void check_diffs(void)
{
    static const struct {
        const char *what, *before, *after, *want;
    } diffs[] = {
        {"equal", "a\nb\n", "a\nb\n", ""},
        {"a line", "a\nb\nc\n", "a\nB\nc\n", HEAD "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"},
        {"the only line", "a\n", "b\n", HEAD "@@ -1 +1 @@\n-a\n+b\n"},
        {"from nothing", "", "a\n", HEAD "@@ -0,0 +1 @@\n+a\n"},
        {"to nothing", "a\n", "", HEAD "@@ -1 +0,0 @@\n-a\n"},
        {"context of three", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
         HEAD "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n"},
        {"six lines between are one hunk", "a\n1\n2\n3\n4\n5\n6\nb\n", "1\n2\n3\n4\n5\n6\n",
         HEAD "@@ -1,8 +1,6 @@\n-a\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n"},
        {"seven are two", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "1\n2\n3\n4\n5\n6\n7\n",
         HEAD "@@ -1,4 +1,3 @@\n-a\n 1\n 2\n 3\n@@ -6,4 +5,3 @@\n 5\n 6\n 7\n-b\n"},
        {"no newline before", "a\nb", "a\nb\n",
         HEAD "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"},
        {"no newline after", "a\n", "a",
         HEAD "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n"},
        {"no newline in context", "a\nb", "A\nb",
         HEAD "@@ -1,2 +1,2 @@\n-a\n+A\n b\n\\ No newline at end of file\n"},
        {"CRLF", "a\r\nb\r\n", "a\r\nB\r\n", HEAD "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+B\r\n"},
    };
    for (size_t i = 0; i < sizeof diffs / sizeof *diffs; i++)
        check_diff(diffs[i].what, str_of(diffs[i].before), str_of(diffs[i].after), diffs[i].want);
}

static void check_names(void)
{
    static const struct {
        const char *name, *want;
    } names[] = {
        {"Dockerfile", "--- a/Dockerfile\n"},
        {"/srv/x", "--- a/srv/x\n"},
        {"./x", "--- a/x\n"},
        {"../x", "--- a/x\n"},
        {"../../b/x", "--- a/b/x\n"},
        {"b/../c/./d//x", "--- a/c/d/x\n"},
        {"..x/..", "--- a/\n"},
        {"..x", "--- a/..x\n"},
        {"a b", "--- a/a b\t\n"},
        {"t\tb\n\x01", "--- \"a/t\\tb\\n\\001\"\n"},
        {"\"\\", "--- \"a/\\\"\\\\\"\n"},
        {"\xc3\xa4", "--- \"a/\\303\\244\"\n"},
    };
    struct arena a = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str d = fix_diff(&a, str_of(names[i].name), STR("a\n"), STR("b\n"));
        is_str(str_slice(d, 0, str_find(d, '\n') + 1), names[i].want, "the name %zu is quoted", i);
    }
    arena_free(&a);
}

/* Texts of few different lines, and what random cuts make of them. */
static void check_random(void)
{
    struct arena a = {0};
    bool good = true;
    unsigned seed = 1;
#define RANDOM(n) ((seed = seed * 1664525u + 1013904223u) >> 8) % (n)
    for (int round = 0; round < 3000; round++) {
        struct buf texts[2] = {{.a = &a}, {.a = &a}};
        unsigned n = RANDOM(round < 2900 ? 12 : 2000), kinds = 1 + RANDOM(6);
        for (unsigned i = 0; i < n; i++) {
            unsigned line = RANDOM(kinds), how = RANDOM(8);
            const char *end = i + 1 == n && RANDOM(2) ? "" : "\n";
            if (how != 0)
                buf_addf(&texts[0], "%u%s", line, end);
            if (how != 1)
                buf_addf(&texts[1], "%u%s", how == 2 ? 9 : line, end);
        }
        struct str x = buf_str(&texts[0]), y = buf_str(&texts[1]);
        good &= str_eq(applied(&a, x, fix_diff(&a, STR("x"), x, y)), y);
    }
    ok(good, "random texts: applied");
    arena_free(&a);
}

static struct str repeat(struct arena *a, const char *line, size_t n)
{
    struct buf b = {.a = a};
    for (size_t i = 0; i < n; i++)
        buf_addf(&b, line, i);
    return buf_str(&b);
}

static void check_large(void)
{
    struct arena a = {0};
    double begin = seconds();
    struct {
        const char *what;
        struct str before, after;
    } texts[] = {
        {"large: each line another", repeat(&a, "RUN %zu\n", 300000),
         repeat(&a, "RUN  %zu\n", 300000)},
        {"large: nothing but newlines", repeat(&a, "\n", 4 << 20), repeat(&a, "\n", 3 << 20)},
        {"large: two lines in turns", repeat(&a, "a\nb\n", 1 << 20),
         repeat(&a, "b\nb\na\n", 600000)},
        {"large: one line", repeat(&a, "a", 4 << 20), repeat(&a, "b", 4 << 20)},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_diff(texts[i].what, texts[i].before, texts[i].after, NULL);
    ok(seconds() - begin < 60, "large: in time");
    printf("# %.1f s\n", seconds() - begin);
    arena_free(&a);
}

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&rows[i]);
    check_many();
    check_back();
    check_diffs();
    check_names();
    check_random();
    check_large();
    return done_testing();
}
