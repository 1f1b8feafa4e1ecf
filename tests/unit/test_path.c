/* Names in archives become clean relative paths, or are refused. */
#include "image/path.h"
#include "lib/tap.h"

static char to[LIMIT_PATH_BYTES];

static void test_clean(void)
{
    static const struct {
        const char *raw, *clean;
    } good[] = {{"a/b", "a/b"},
                {"/etc/passwd", "etc/passwd"},
                {"./a//b/./c/", "a/b/c"},
                {"", ""},
                {"./", ""},
                {"/", ""},
                {"..a/b..", "..a/b.."}};
    static const char *const bad[] = {"..", "../a", "a/../b", "a/..", "/../etc"};
    struct str got;
    struct err e = {0};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        is_int(path_clean(str_of(good[i].raw), to, &got, &e), 0, "takes %s", good[i].raw);
        is_str(got, good[i].clean, "cleans %s", good[i].raw);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        is_err(path_clean(str_of(bad[i]), to, &got, &e), e, ERR_INPUT, "\"..\"", "refuses %s",
               bad[i]);
    is_err(path_clean(STR("a\0b"), to, &got, &e), e, ERR_INPUT, "NUL", "refuses NUL");
}

static void test_limits(void)
{
    static char text[2 * LIMIT_PATH_BYTES];
    struct str got;
    struct err e = {0};
    memset(text, 'n', sizeof text);
    is_int(path_clean((struct str){text, 255}, to, &got, &e), 0, "a name of 255 bytes");
    is_err(path_clean((struct str){text, 256}, to, &got, &e), e, ERR_INPUT, "256", "one of 256");
    for (size_t i = 200; i < sizeof text; i += 200)
        text[i] = '/';
    is_int(path_clean((struct str){text, LIMIT_PATH_BYTES - 1}, to, &got, &e), 0, "longest path");
    is_err(path_clean((struct str){text, LIMIT_PATH_BYTES}, to, &got, &e), e, ERR_INPUT, "4095",
           "too long a path");
    for (size_t i = 0; i < 4000; i++)
        text[i] = i % 2 ? '/' : 'd';
    is_int(path_clean((struct str){text, 2 * LIMIT_PATH_DEPTH}, to, &got, &e), 0, "deepest path");
    is_err(path_clean((struct str){text, 2 * LIMIT_PATH_DEPTH + 1}, to, &got, &e), e, ERR_INPUT,
           "512 folders deep", "too deep a path");
}

static void test_follow(void)
{
    static const struct {
        const char *from, *target, *to;
    } good[] = {{"a/layer.tar", "../b/layer.tar", "b/layer.tar"},
                {"a/b", "c", "a/c"},
                {"a", "b", "b"},
                {"a/b/c", "../../d", "d"},
                {"a/b", "/x/y", "x/y"}};
    struct str got;
    struct err e = {0};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        is_int(path_follow(str_of(good[i].from), str_of(good[i].target), to, &got, &e), 0,
               "follows %s", good[i].target);
        is_str(got, good[i].to, "from %s to %s", good[i].from, good[i].to);
    }
    is_err(path_follow(STR("a/b"), STR("../../c"), to, &got, &e), e, ERR_INPUT, "leaves",
           "a link out of the archive");
}

int main(void)
{
    test_clean();
    test_limits();
    test_follow();
    return done_testing();
}
