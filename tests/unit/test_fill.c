#include "report/fill.h"

#include "lib/tap.h"

int main(void)
{
    struct arena a = {0};
    static const struct {
        const char *text;
        size_t at, indent, width;
        const char *want;
    } cases[] = {
        {"one two three", 0, 0, 7, "one two\nthree\n"},
        {"one two three", 0, 2, 9, "  one two\n  three\n"},
        {"one two", 5, 2, 9, "one\n  two\n"},
        {"one two", 20, 2, 9, "one\n  two\n"},
        {"a verylongword b", 0, 0, 4, "a\nverylongword\nb\n"},
        {"\xc3\xa4\xc3\xa4 \xc3\xb6", 0, 0, 4, "\xc3\xa4\xc3\xa4 \xc3\xb6\n"},
        {"", 0, 0, 4, "\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = {.a = &a};
        report_fill(&b, str_of(cases[i].text), cases[i].at, cases[i].indent, cases[i].width);
        is_str(buf_str(&b), cases[i].want, "width %zu: %s", cases[i].width, cases[i].text);
    }
    arena_free(&a);
    return done_testing();
}
