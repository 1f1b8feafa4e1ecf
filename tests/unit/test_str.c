#include "base/str.h"

#include "lib/tap.h"

static void test_cuts(void)
{
    struct str s = STR("one two  three"), head, tail, word;
    is_str(str_slice(s, 4, 7), "two", "slice");
    is_str(str_slice(s, 10, 99), "hree", "slice ends at the end");
    is_str(str_slice(s, 9, 3), "", "slice of nothing");
    is_str(str_from(s, 99), "", "from beyond the end");
    ok(str_cut(s, ' ', &head, &tail) && str_is(head, "one") && str_is(tail, "two  three"), "cut");
    ok(!str_cut(head, '/', &head, &tail) && str_is(head, "one") && !tail.n,
       "cut without a separator");
    size_t n = 0;
    for (struct str rest = s; str_word(&rest, &word);)
        n++;
    is_int(n, 3, "words");
    struct str text = STR("a\r\n\nb"), line;
    ok(str_line(&text, &line) && str_is(line, "a"), "CRLF");
    ok(str_line(&text, &line) && !line.n, "an empty line");
    ok(str_line(&text, &line) && str_is(line, "b") && !str_line(&text, &line), "no final newline");
    is_str(str_trim(STR(" \t x y\r\n")), "x y", "trim");
}

static void test_finds(void)
{
    struct str s = STR("abcabc");
    is_int(str_find(s, 'b'), 1, "find");
    is_int(str_rfind(s, 'b'), 4, "rfind");
    is_int(str_find(s, 'x'), 6, "find nothing");
    is_int(str_find_str(s, STR("ca")), 2, "find a string");
    ok(str_has(s, STR("")) && !str_has(s, STR("cc")), "has");
    ok(str_starts(s, STR("ab")) && !str_starts(STR("a"), s), "starts");
    ok(str_ends(s, STR("bc")) && !str_ends(STR("c"), s), "ends");
    ok(str_cmp(STR("a"), STR("ab")) < 0 && str_cmp(STR("b"), STR("ab")) > 0, "order");
    ok(str_cmp(STR("\xff"), STR("a")) > 0, "bytes are unsigned");
}

static void test_numbers(void)
{
    static const struct {
        const char *text;
        unsigned base;
        int rc;
        uint64_t value;
    } cases[] = {
        {"0", 10, 0, 0},     {"18446744073709551615", 10, 0, UINT64_MAX},
        {"755", 8, 0, 0755}, {"18446744073709551616", 10, -1, 0},
        {"", 10, -1, 0},     {"-1", 10, -1, 0},
        {"8", 8, -1, 0},     {"fF", 16, 0, 255},
        {"1 ", 10, -1, 0},   {"99999999999999999999", 10, -1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 0;
        int rc = str_u64(str_of(cases[i].text), cases[i].base, &value);
        ok(rc == cases[i].rc && value == cases[i].value, "number \"%s\" in base %u", cases[i].text,
           cases[i].base);
    }
}

static void test_sizes(struct arena *a)
{
    static const struct {
        uint64_t bytes;
        const char *text;
    } sizes[] = {{0, "0 B"},
                 {999, "999 B"},
                 {1000, "1.00 kB"},
                 {9940, "9.94 kB"},
                 {9960, "9.96 kB"},
                 {9996, "10.0 kB"},
                 {999499, "999 kB"},
                 {999500, "1.00 MB"},
                 {177000000, "177 MB"},
                 {UINT64_MAX, "18446744 TB"}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        is_str(str_size(a, sizes[i].bytes), sizes[i].text, "size of %s", sizes[i].text);
}

int main(void)
{
    struct arena a = {0};
    test_cuts();
    test_finds();
    test_numbers();
    test_sizes(&a);
    struct str copy = str_fmt(&a, "%s-%d", "x", 7);
    is_str(copy, "x-7", "fmt");
    ok(str_is(str_lower(&a, STR("AZ@[az\xc3\x84")), "az@[az\xc3\x84") &&
           str_lower(&a, (struct str){0}).n == 0,
       "small letters");
    ok(str_dup0(&a, copy).p[3] == 0 && str_dup((&a), (struct str){0}).n == 0, "copies");
    arena_free(&a);
    return done_testing();
}
