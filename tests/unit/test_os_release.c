/* test_os_release: values and their quotes. */
#include "lib/tap.h"

#include "facts/parse.h"

int main(void)
{
    struct arena a = {0};
    struct str text = STR("# a comment\nNAME=\"Debian GNU/Linux\"\nID=debian\n"
                          "VERSION_ID='12'\r\nQUOTED=\"a\\\"b\\\\\"\nSINGLE='a\"b\\'\nEMPTY=\n"
                          "TWICE=1\nTWICE=2\nOPEN=\"never closed\n BLANK = x\n");
    static const char *const table[][2] = {
        {"NAME", "Debian GNU/Linux"},
        {"ID", "debian"},
        {"VERSION_ID", "12"},
        {"QUOTED", "a\"b\\"},
        {"SINGLE", "a\"b\\"},
        {"EMPTY", ""},
        {"TWICE", "2"},
        {"OPEN", "never closed"},
        {"ABSENT", ""},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        is_str(facts_os_release(text, &a, str_of(table[i][0])), table[i][1], "%s", table[i][0]);
    arena_free(&a);
    return done_testing();
}
