#include "base/command_line.h"

#include "lib/tap.h"

int main(void)
{
    struct arena a = {0};
    struct err e = {0};
    struct strs w;
    ok(!command_line_words(&a, STR("a 'b  c' \"d\\\"e\" f\\ g ''"), &w, &e) && w.n == 5, "words");
    is_str(w.v[1], "b  c", "single quotes");
    is_str(w.v[2], "d\"e", "double quotes");
    is_str(w.v[3], "f g", "a backslash");
    is_str(w.v[4], "", "an empty word");
    ok(!command_line_words(&a, STR("[\"a b\",\"c\"]"), &w, &e) && w.n == 2 && str_is(w.v[0], "a b"),
       "JSON");
    is_err(command_line_words(&a, STR("a 'b"), &w, &e), e, ERR_USAGE, "quote", "unterminated");
    ok(!command_line_words(&a, STR("  "), &w, &e) && !w.n, "no words");
    is_err(command_line_words(&a, STR("[\"a\", 1]"), &w, &e), e, ERR_USAGE, "not a string",
           "JSON of something else");
    arena_free(&a);
    return done_testing();
}
