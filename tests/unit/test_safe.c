#include "base/safe.h"

#include "lib/tap.h"

int main(void)
{
    struct arena a = {0};
    static const char *const cases[][2] = {
        {"plain \xc3\xa4 \xe2\x82\xac \xf0\x9f\x90\x9a",
         "plain \xc3\xa4 \xe2\x82\xac \xf0\x9f\x90\x9a"},
        {"\033[31mred", "\\x1b[31mred"},
        {"a\nb\tc", "a\\x0ab\\x09c"},
        {"\xff\xc0\xaf", "\\xff\\xc0\\xaf"},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
        {"\xe2\x80\xae"
         "evil",
         "\\xe2\\x80\\xae"
         "evil"},
        {"\xc2\x9b"
         "1m",
         "\\xc2\\x9b"
         "1m"},
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        is_str(safe_text(&a, str_of(cases[i][0])), cases[i][1], "case %zu", i);
    bool every = true;
    for (int c = 0; c < 256; c++) {
        char byte = (char)c;
        struct str s = safe_text(&a, (struct str){&byte, 1});
        for (size_t i = 0; i < s.n; i++)
            every &= s.p[i] >= 0x20 && s.p[i] < 0x7f;
    }
    ok(every, "every byte alone becomes printable");
    is_str(safe_html(&a, STR("<b a=\"1\" c='2'>&\x01")),
           "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;\\x01", "html");
    arena_free(&a);
    return done_testing();
}
