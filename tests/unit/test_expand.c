/* Words with variables. The environment: A=aa, E= (empty), P=a/b.c.c, S="x y", T=*é*; others unset.
 */
#include "base/limits.h"
#include "dockerfile/expand.h"
#include "lib/tap.h"

static bool lookup(void *ctx, struct str name, struct str *value)
{
    static const struct {
        const char *name, *value;
    } env[] = {{"A", "aa"},         {"E", ""},     {"P", "a/b.c.c"}, {"S", "x y"},
               {"T", "*\xc3\xa9*"}, {"0", "zero"}, {"12", "twelve"}};
    (void)ctx;
    for (size_t i = 0; i < sizeof env / sizeof *env; i++)
        if (str_is(name, env[i].name)) {
            *value = str_of(env[i].value);
            return true;
        }
    return false;
}

static const struct {
    const char *text, *want; /* starting with "!": the error */
} cases[] = {
    {"a$A-${A}b", "aaa-aab"},
    {"$U|${U}|", "||"},
    {"$", "$"},
    {"a$ b", "a$ b"},
    {"$12$0", "twelvezero"},
    {"'$A' \"$A\" \\$A", "$A aa $A"},
    {"\"a\\\"b\\$A\\c\\\\\"", "a\"b$A\\c\\"},
    {"a\\ b\\", "a b"},
    {"''", ""},
    {"${U:-d}|${E:-d}|${A:-d}|${U-d}|${E-d}", "d|d|aa|d|"},
    {"${U:+d}|${E:+d}|${A:+d}|${U+d}|${E+d}", "||d||d"},
    {"${A:?m}|${A?m}|${E?m}", "aa|aa|"},
    {"${U:?}", "!U must be set"},
    {"${E:?}", "!E must be set to something"},
    {"${U?my words}", "!U: my words"},
    {"${U:-${V:-$A}}", "aa"},
    {"${U:-'a}b'}c", "a}bc"},
    {"${U:-\"$A\"}", "aa"},
    {"${P#*/}|${P##*.}|${P%.*}|${P%%.*}", "b.c.c|c|a/b.c|a/b"},
    {"${P#a}|${P#b}|${P%x}|${P#?}|${P%?}", "/b.c.c|a/b.c.c|a/b.c.c|/b.c.c|a/b.c."},
    {"${T#\\*}|${T#?}|${T%\\*}|${T%??}", "\xc3\xa9*|\xc3\xa9*|*\xc3\xa9|*"},
    {"${P#*}|${P##*}|${P%*}|${P%%*}", "a/b.c.c||a/b.c.c|"},
    {"${P/c/X}|${P//c/X}|${P//\\//-}|${P/./}", "a/b.X.c|a/b.X.X|a-b.c.c|a/bc.c"},
    {"${P/b*/X}|${P//?.c/X}|${P/q/X}|${P//[/X}", "a/X|a/X.c|a/b.c.c|a/b.c.c"},
    {"${E/*/X}|${A//*/X}", "X|X"},
    {"${A//$A/$P}", "a/b.c.c"},
    {"${U#x}|${U/x/y}", "|"},
    {"${", "!a }"},
    {"${A", "!a }"},
    {"${A:-x", "!a }"},
    {"${A#x", "!a }"},
    {"${A/x", "!second /"},
    {"${A/x/", "!a }"},
    {"${}", "!a name"},
    {"${:-x}", "!a name"},
    {"${A:x}", "!one of"},
    {"${A^}", "!one of"},
    {"${A#\\x}", "!after the \\"},
    {"'a", "!second '"},
    {"a\"b", "!second \""},
};

static const struct {
    const char *text, *want; /* words with their places */
} splits[] = {
    {"a  b c", "a@0-1 b@3-4 c@5-6"},
    {"$A $S", "aa@0-2 x@3-5 y@3-5"},
    {"a$S.", "ax@0-3 y.@1-4"},
    {"\"$S\" 'a b'", "x y@0-4 a b@5-10"},
    {"a\\ b", "a b@0-4"},
    {"\"\"$U $E x", "@0-4 x@8-9"},
    {"  ", ""},
};

static struct placed plain(struct arena *a, struct str s)
{
    return placed_plain(a, s, 0);
}

static void test_work(struct arena *a)
{
    struct buf b = {.a = a};
    struct expand_env env = {.lookup = lookup, .escape = '\\'};
    struct str got;
    struct span where;
    struct err e;
    for (size_t i = 0; i < 1000; i++)
        buf_addz(&b, "${U:-");
    struct placed text = plain(a, buf_str(&b));
    int rc = expand_text(a, &text, &env, &got, NULL, &where, &e);
    is_err(rc, e, ERR_INPUT, "nested deeper", "deep: braces");
    ok(where.from == 5 * LIMIT_EXPANSION_DEPTH, "deep: its place");

    b = (struct buf){.a = a};
    for (size_t i = 0; i < LIMIT_EXPANSION_BYTES; i++)
        buf_addz(&b, "$A");
    text = plain(a, buf_str(&b));
    rc = expand_text(a, &text, &env, &got, NULL, &where, &e);
    is_err(rc, e, ERR_INPUT, "expands to more than", "work: a long word");

    uint64_t work = 100;
    env.work = &work;
    text = plain(a, STR("${P//*a*b*c/x}${P//*a*b*c/x}"));
    rc = expand_text(a, &text, &env, &got, NULL, &where, &e);
    is_err(rc, e, ERR_INPUT, "cost too much", "work: patterns");
}

static void test_places(struct arena *a)
{
    struct expand_env env = {.lookup = lookup, .escape = '`'};
    struct expand_uses uses = {0};
    struct placed text = placed_plain(a, STR("a `$A $A ${U:-$V}"), 100);
    struct str got;
    struct span where;
    struct err e;
    int rc = expand_text(a, &text, &env, &got, &uses, &where, &e);
    ok(!rc, "places: the other escape character");
    is_str(got, "a $A aa ", "places: text");
    is_int(uses.n, 3, "places: uses");
    ok(uses.v[0].place.from == 106 && uses.v[0].place.to == 108 && uses.v[0].set, "places: $A");
    ok(str_is(uses.v[1].name, "V") && !uses.v[1].set && !uses.v[1].excused, "places: $V");
    ok(str_is(uses.v[2].name, "U") && uses.v[2].excused && uses.v[2].place.to == 117, "places: $U");
}

int main(void)
{
    struct arena a = {0};
    struct expand_env env = {.lookup = lookup, .escape = '\\'};
    struct span where;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct placed text = plain(&a, str_of(cases[i].text));
        struct str got = {0};
        struct err e = {0};
        int rc = expand_text(&a, &text, &env, &got, NULL, &where, &e);
        if (cases[i].want[0] == '!')
            is_err(rc, e, ERR_INPUT, cases[i].want + 1, "%s", cases[i].text);
        else if (rc)
            ok(false, "%s: %s", cases[i].text, e.text);
        else
            is_str(got, cases[i].want, "%s", cases[i].text);
    }
    for (size_t i = 0; i < sizeof splits / sizeof *splits; i++) {
        struct placed text = plain(&a, str_of(splits[i].text));
        struct expand_words words = {0};
        struct err e;
        struct buf b = {.a = &a};
        ok(!expand_split(&a, &text, &env, &words, NULL, &where, &e), "splits");
        vec_each (&words, k)
            buf_addf(&b, "%s" STR_F "@%u-%u", k ? " " : "", STR_A(words.v[k].text),
                     words.v[k].place.from, words.v[k].place.to);
        is_str(buf_str(&b), splits[i].want, "split: %s", splits[i].text);
    }
    test_work(&a);
    test_places(&a);
    arena_free(&a);
    return done_testing();
}
