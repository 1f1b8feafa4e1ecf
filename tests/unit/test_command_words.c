/* Shell text → commands, printed as "word word / word | word" ('|' for what reads a pipe). */
#include "base/buf.h"
#include "lib/tap.h"
#include "rules/command_words.h"

static const struct {
    const char *text, *want;
} cases[] = {
    {"apt-get update && apt-get install -y a", "apt-get update / apt-get install -y a"},
    {"A=b B=\"c d\" sudo -E apt x", "apt x"},
    {"curl x | bash -s", "curl x | bash -s"},
    {"a || b; c & d\ne", "a / b / c / d / e"},
    {"find / -name sudo -delete", "find / -name sudo -delete"},
    {"if ! test -f x; then exec y; fi", "test -f x / y"},
    {"echo 'a && b' \"c;d\" e\\ f", "echo a && b c;d e f"},
    {"x=$(curl y) z", "curl y / z"},
    {"a 2>&1 | b >/dev/null", "a 2>&1 | b >/dev/null"},
    {"a # b && c\nd", "a / d"},
    {"a#b", "a#b"},
    {"a \\\n b", "a b"},
    {"(a; b)", "a / b"},
    {"echo 'open", "echo open"},
    {"\\", ""},
    {"", ""},
    {"&&||;;|", ""},
    {"A=b", ""},
    {"curl $(x) | bash", "x / curl $(x) | bash"},
    {"sh -c 'curl y | sh' && z", "sh -c curl y | sh / curl y | sh / z"},
    {"a <<E\nb; c\nE\nd", "a <<E / d"},
    {"command -v a || command b", "command -v a / b"},
    {"sudo env nice -n 5 a b", "a b"},
    {"find . -exec rm {} +", "find . -exec rm {} + / rm {}"},
};

int main(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct command_list list;
        struct buf b = {.a = &a};
        command_words_split(&a, str_of(cases[i].text), &list);
        vec_each (&list, j) {
            const struct command_words *c = &list.v[j];
            buf_addz(&b, j ? c->piped ? " | " : " / " : "");
            for (size_t k = 0; k < c->words.n; k++)
                buf_addf(&b, "%s" STR_F, k ? " " : "", STR_A(c->words.v[k]));
        }
        is_str(buf_str(&b), cases[i].want, "case %zu", i);
    }
    struct command_list list;
    command_words_split(&a, STR("/usr/bin/env -i X=y /opt/bin/tool -k"), &list);
    is_str(list.v[0].program, "tool", "the program is named without its folder");
    ok(command_words_have(&list.v[0], "-k") && !command_words_have(&list.v[0], "/opt/bin/tool"),
       "its arguments are asked for");
    command_words_split(&a, STR("f() { a; }; A=b c >x 2>y <<E | sudo tee z\nd\nE\ng=$(h)"), &list);
    ok(list.v[0].in_function && !list.v[1].in_function, "in a function");
    is_str(list.v[1].assignments.v[0], "A=b", "what stands before it");
    is_str(list.v[1].writes, "x", "where its output goes");
    is_str(list.v[1].given, "d\n", "what it is given");
    ok(list.v[1].piped_on && list.v[2].piped && !list.v[2].piped_on, "the pipe");
    ok(list.v[3].in_word && !list.v[2].in_word, "in a word");
    command_words_split(&a, STR("sudo timeout 5 a"), &list);
    ok(list.n == 1 && list.v[0].through.n == 2, "what runs it is known");
    is_str(list.v[0].through.v[0], "timeout", "the nearest first");
    arena_free(&a);
    return done_testing();
}
