/* Scripts as simple commands. Printed as: how it follows, [flags], assignments, words,
 * redirections. Flags: s substitution, f function, u subshell, l loop, b branch, c condition, n
 * negated, w wrapped.
 */
#include <time.h>

#include "base/buf.h"
#include "dockerfile/dockerfile.h"
#include "dockerfile/shell.h"
#include "lib/dockerdata.h"
#include "lib/tap.h"

static const struct {
    const char *text, *want;
} cases[] = {
    {"a b && c || d; e & f | g\nh", "a b && c || d ; e & f | g ; h"},
    {"A=b C=\"d e\" x y", "A=b C=d e x y"},
    {"a 'b c' \"d $e\" f\\ g", "a b c d $e f g"},
    {"a $(b \"$(c)\") d", "a $(b \"$(c)\") d / [s] b $(c) / [s] c"},
    {"a `b \\`c\\``; d", "a `b \\`c\\`` / [s] b `c` / [s] c ; d"},
    {"if ! a; then b; elif c; then d; else e; fi >f",
     "[cn] a ; [b] b ; [c] c ; [b] d ; [b] e ; >f"},
    {"for i in a b; do c $i; done; d", "[l] c $i ; d"},
    {"for i; do c; done", "[l] c"},
    {"for ((i=0; i<3; i++)); do c; done", "[l] c"},
    {"while read x; do y; done < f", "[lc] read x ; [l] y ; <f"},
    {"until a; do b; done", "[lc] a ; [l] b"},
    {"case $x in a|b) c ;; (d) e;; *) f; esac; g", "[b] c ; [b] e ; [b] f ; g"},
    {"case x in\n  a) ;;\n  # c\n  b) d\nesac", "[b] d"},
    {"f() { a; }; f", "[f] a ; f"},
    {"function f { a; }; function g() (b)", "[f] a ; [fu] b"},
    {"(a; b) | { c; d; }", "[u] a ; [u] b | c ; d"},
    {"a >f 2>&1 <g >>h &>i", "a >f 2>&1 <g >>h &>i"},
    {"cat <<E\nx $(y) 'z\nE\nb", "cat <<E:x $(y) 'z\n / [s] y ; b"},
    {"cat <<-'E' | b\n\t$(x)\n\tE\nc", "cat <<-E:\t$(x)\n | b ; c"},
    {"cat <<A <<B; b\n1\nA\n2\nB\n", "cat <<A:1\n <<B:2\n ; b"},
    {"a <<< \"x y\"", "a <<<x y"},
    {"[[ a < b && $x =~ ^(a|b)$ ]] && c", "[[ a b $x =~ ^ a b $ ]] && c"},
    {"((x = 1 + $(y))) && z", "[s] y && z"},
    {"echo $((1 + (2 * 3))) $(( $(a) ))", "echo $((1 + (2 * 3))) $(( $(a) )) / [s] a"},
    {"a $( (b); c )", "a $( (b); c ) / [su] b ; [s] c"},
    {"a $((b) ; (c))", "a $((b) ; (c)) / [su] b ; [su] c"},
    {"a # b ; c\nd#e", "a ; d#e"},
    {"# a\nb", "b"},
    {"a \\\n  b\\\nc", "a bc"},
    {"a ${b:-$(c \"}\")} ${#d} ${e%%}}", "a ${b:-$(c \"}\")} ${#d} ${e%%}} / [s] c }"},
    {"a=(b $(c)) d", "a=(b $(c)) d / [s] c"},
    {"diff <(a) >(b)", "diff <(a) >(b) / [s] a / [s] b"},
    {"rm !(a|b) *.@(c|d)", "rm !(a|b) *.@(c|d)"},
    {"a $'b\\'c' $\"d\"", "a b\\'c d"},
    {"a;;b", "a ; b"},
    {"time -p a; ! b; coproc c", "a ; [n] b ; c"},
    {"echo if then fi", "echo if then fi"},
    {"a &&\n\n b |\n c", "a && b | c"},
    {"{ a; } && b", "a && b"},
    {"", ""},
    {"A=b", "A=b"},
    {">f", ">f"},
    {"a\r\nb\r\n", "a ; b"},
    /* wrappers */
    {"sudo -E -u root apt-get update", "sudo -E -u root apt-get update / [w] apt-get update"},
    {"env -i A=b /usr/bin/nice -n 5 x y",
     "env -i A=b /usr/bin/nice -n 5 x y / [w] /usr/bin/nice -n 5 x y / [w] x y"},
    {"a | xargs -0 -n 1 rm -f", "a | xargs -0 -n 1 rm -f / [w] rm -f"},
    {"sh -c 'a && b' && c", "sh -c a && b / [w] a && [w] b && c"},
    {"bash -exo pipefail -c \"a | b\"", "bash -exo pipefail -c a | b / [w] a | [w] b"},
    {"sh x.sh -c a", "sh x.sh -c a"},
    {"su - user -c 'a b'", "su - user -c a b / [w] a b"},
    {"timeout -k 5 10 a b; exec \"$@\"", "timeout -k 5 10 a b / [w] a b ; exec $@ / [w] $@"},
    {"find . -name x -exec sh -c 'a {}' \\; -exec b {} +",
     "find . -name x -exec sh -c a {} ; -exec b {} + / [w] sh -c a {} / [w] a {} / [w] b {}"},
    {"eval 'a; b'", "eval a; b / [w] a ; [w] b"},
    {"command -v a", "command -v a / [w] a"},
};

static const struct {
    const char *text, *want; /* place and words of the first error, and the commands */
} errors[] = {
    {"a 'b; c", "2 second '"},
    {"a && \"b", "5 second \""},
    {"a $(b", "2 expected a )"},
    {"a ${b", "2 expected a }"},
    {"a `b", "2 second `"},
    {"a $((b", "3 expected a ))"},
    {"if a; b", "0 expected then"},
    {"if a; then b", "0 expected fi"},
    {"x; for i in a; b", "3 expected do"},
    {"while a; do b", "0 expected done"},
    {"case a in b) c", "0 expected esac"},
    {"case a of", "0 expected in"},
    {"(a", "0 expected )"},
    {"{ a", "0 expected }"},
    {"a; fi; b", "3 found fi"},
    {"a )", "2 found )"},
    {"a <<E\nx", "4 a line E"},
    {"a <<E", "5 body of"},
    {"a >", "2 expected a word"},
    {"[[ a", "4 expected a ]]"},
    {"[[ a ", "5 expected a ]]"},
};

static void dump_command(struct buf *b, const struct shell_script *s, size_t i)
{
    static const char *const joins[] = {"", " ; ", " && ", " || ", " | ", " & "};
    static const struct {
        unsigned flag;
        char letter;
    } flags[] = {{SHELL_IN_SUBSTITUTION, 's'}, {SHELL_IN_FUNCTION, 'f'}, {SHELL_IN_SUBSHELL, 'u'},
                 {SHELL_IN_LOOP, 'l'},         {SHELL_IN_BRANCH, 'b'},   {SHELL_IN_CONDITION, 'c'},
                 {SHELL_NEGATED, 'n'},         {SHELL_WRAPPED, 'w'}};
    const struct shell_command *c = &s->commands.v[i];
    bool inner =
        i && (c->join == SHELL_FIRST || c->via == i - 1 ||
              (c->via != SHELL_NONE && s->commands.v[c->via].words.n > c->words.n &&
               c->words.v >= s->commands.v[c->via].words.v &&
               c->words.v < s->commands.v[c->via].words.v + s->commands.v[c->via].words.n));
    buf_addz(b, inner ? " / " : i ? joins[c->join] : "");
    size_t mark = b->n;
    for (size_t k = 0; k < 8; k++)
        if (c->flags & flags[k].flag)
            buf_addf(b, "%s%c", b->n == mark ? "[" : "", flags[k].letter);
    if (b->n > mark)
        buf_addz(b, "] ");
    mark = b->n;
    vec_each (&c->assignments, k)
        buf_addf(b, "%s" STR_F, b->n > mark ? " " : "", STR_A(c->assignments.v[k].text.s));
    vec_each (&c->words, k)
        buf_addf(b, "%s" STR_F, b->n > mark ? " " : "", STR_A(c->words.v[k].text.s));
    vec_each (&c->redirects, k) {
        const struct shell_redirect *r = c->redirects.v[k];
        buf_addf(b, "%s" STR_F STR_F STR_F, b->n > mark ? " " : "", STR_A(r->fd),
                 STR_A(r->operator), STR_A(r->target.text.s));
        if (r->body.s.n)
            buf_addf(b, ":" STR_F, STR_A(r->body.s));
    }
}

static void test_errors(struct arena *a)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        struct placed text = placed_plain(a, str_of(errors[i].text), 0);
        struct shell_script s;
        struct str place, words;
        shell_read(a, &text, &s);
        str_cut(str_of(errors[i].want), ' ', &place, &words);
        const struct shell_error *e = s.errors.n ? &s.errors.v[0] : NULL;
        if (!ok(e && str_has(e->text, words) && str_eq(place, str_fmt(a, "%u", e->place.from)),
                "errors: %s", errors[i].want) &&
            e)
            printf("# got %u " STR_F "\n", e->place.from, STR_A(e->text));
    }
}

/* The file's bytes under a command's word. */
static struct str under(struct str file, const struct shell_script *s, size_t command, size_t word)
{
    if (command >= s->commands.n || word >= s->commands.v[command].words.n)
        return STR("(none)");
    struct span at = s->commands.v[command].words.v[word].place;
    return str_slice(file, at.from, at.to);
}

static void test_places(struct arena *a)
{
    struct str file = STR("RUN a && \\\n # c\n  b \"c d\" && sh -c 'e && f \"g\"'\n"
                          "CMD [\"sh\", \"-c\", \"h \\\"i\\\" && j\"]\nRUN <<E\nk\n l\nE\n");
    struct dockerfile d;
    struct shell_script s;
    dockerfile_parse(a, file, &d);
    struct placed text = dockerfile_script(a, &d, d.items.v[0].instruction);
    shell_read(a, &text, &s);
    is_int(s.commands.n, 5, "places: commands");
    is_str(under(file, &s, 1, 0), "b", "places: through a continuation and a comment");
    is_str(under(file, &s, 1, 1), "\"c d\"", "places: with quotes");
    is_str(under(file, &s, 4, 0), "f", "places: in a script in quotes");
    is_str(under(file, &s, 4, 1), "\"g\"", "places: quotes in it");

    const struct dockerfile_instruction *cmd = d.items.v[1].instruction;
    struct placed words[3] = {cmd->words.v[0].text, cmd->words.v[1].text, cmd->words.v[2].text};
    shell_read_words(a, words, 3, &s);
    is_int(s.commands.n, 3, "places: a JSON form's commands");
    is_str(under(file, &s, 1, 1), "\\\"i\\\"", "places: in a JSON string");
    is_str(under(file, &s, 2, 0), "j", "places: behind escapes");

    text = dockerfile_script(a, &d, d.items.v[2].instruction);
    shell_read(a, &text, &s);
    is_str(under(file, &s, 1, 0), "l", "places: in a here-document");
}

static bool lookup(const void *ctx, struct str name, struct str *value)
{
    (void)ctx;
    *value = STR("1.2");
    return str_is(name, "V");
}

static void test_values(struct arena *a)
{
    struct placed text = placed_plain(a, STR("x a=$V \"b-${V}\" $W ${V%.*} c"), 0);
    struct shell_script s;
    bool known;
    shell_read(a, &text, &s);
    const struct shell_word *w = s.commands.v[0].words.v;
    is_str(shell_word_value(a, &w[1], lookup, NULL, &known), "a=1.2", "a variable");
    ok(known, "it is known");
    is_str(shell_word_value(a, &w[2], lookup, NULL, &known), "b-1.2", "in quotes and braces");
    is_str(shell_word_value(a, &w[3], lookup, NULL, &known), "$W", "an unknown one stays");
    ok(!known, "and it says so");
    is_str(shell_word_value(a, &w[4], lookup, NULL, &known), "${V%.*}", "as does an operator");
    is_str(shell_word_value(a, &w[5], lookup, NULL, &known), "c", "a plain word");
    ok(shell_command_has(&s.commands.v[0], "c"), "has c");
}

static void test_deep(void)
{
    static const struct {
        const char *part;
        size_t n;
    } parts[] = {
        {"$(", 1000},
        {"a $(b ", 1000},
        {"(", 1000},
        {"{ ", 1000},
        {"`", 1001},
        {"\"$(", 1000},
        {"${a:-", 1000},
        {"$((", 100000},
        {"if ", 1000},
        {"case a in b) ", 1000},
        {"sudo ", 1000},
        {"sh -c ", 1000},
        {"find -exec ", 9999},
        {"a <<E\n", 100000},
        {"x=(", 1000},
        {"f() ", 100000},
        {"((", 100000},
        {"a && ", 1000000},
        {"a ", 5000000},
        {"'", 1000001},
        {"fi;", 1000000},
        {"! ", 1000000},
        {"a'' $(", 100000},
        {"<<E ", 300000},
        {"case a in ", 100000},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct arena own = {0};
        struct buf b = {.a = &own};
        for (size_t k = 0; k < parts[i].n; k++)
            buf_addz(&b, parts[i].part);
        struct placed text = placed_plain(&own, buf_str(&b), 0);
        struct shell_script s;
        size_t before = own.held;
        clock_t from = clock();
        shell_read(&own, &text, &s);
        double seconds = (double)(clock() - from) / CLOCKS_PER_SEC;
        ok(seconds < 5 && own.held - before < (512u << 20), "deep: %zu times %.12s", parts[i].n,
           i == 13 || i == 23 ? "<<" : parts[i].part);
        printf("# %.2f s, %zu MB, %zu commands, %zu errors\n", seconds, own.held >> 20,
               s.commands.n, s.errors.n);
        arena_free(&own);
    }
}

struct counts {
    size_t files, scripts, broken, commands, bytes;
    double seconds;
};

static void see_real(void *ctx, struct str id, struct str text)
{
    struct counts *c = ctx;
    struct arena a = {0};
    struct dockerfile d;
    clock_t from = clock();
    dockerfile_parse(&a, text, &d);
    c->files++;
    c->bytes += text.n;
    vec_each (&d.items, i) {
        const struct dockerfile_instruction *in = d.items.v[i].instruction;
        if (!in || in->kind != DOCKERFILE_RUN)
            continue;
        struct placed script = dockerfile_script(&a, &d, in);
        struct shell_script s;
        shell_read(&a, &script, &s);
        c->scripts++;
        c->commands += s.commands.n;
        c->broken += s.errors.n > 0;
        if (s.errors.n) {
            struct dockerfile_position at = dockerfile_position(&d, s.errors.v[0].place.from);
            printf("# " STR_F ":%u:%u " STR_F "\n", STR_A(id), at.line, at.column,
                   STR_A(s.errors.v[0].text));
        }
    }
    c->seconds += (double)(clock() - from) / CLOCKS_PER_SEC;
    arena_free(&a);
}

int main(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct placed text = placed_plain(&a, str_of(cases[i].text), 0);
        struct shell_script s;
        struct buf b = {.a = &a};
        shell_read(&a, &text, &s);
        vec_each (&s.commands, k)
            dump_command(&b, &s, k);
        is_str(buf_str(&b), cases[i].want, "case %zu", i);
    }
    test_errors(&a);
    test_places(&a);
    test_values(&a);
    test_deep();
    struct counts c = {0};
    each_dockerfile(see_real, &c);
    if (c.files)
        ok(c.broken < c.scripts / 50, "%zu real scripts: %zu commands, %zu with errors", c.scripts,
           c.commands, c.broken);
    printf("# %zu files, %zu bytes in %.3f s\n", c.files, c.bytes, c.seconds);
    arena_free(&a);
    return done_testing();
}
