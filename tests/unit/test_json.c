#include "base/json.h"

#include "base/buf.h"
#include "base/limits.h"
#include "lib/tap.h"

static struct arena a;

static void test_refused(void)
{
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"{\"a\":1,\"a\":2}", "duplicate"}, {"{\"a\":1} x", "end of file"},
        {"\"\xff\"", "decode byte"},        {"", "line 1"},
        {"\"a\\u0000b\"", "u0000"},         {"[1,\n2,]", "line 2"},
    };
    json_t *j;
    struct err e = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        is_err(json_read(str_of(cases[i].text), &j, &e), e, ERR_INPUT, cases[i].part, "refused: %s",
               cases[i].part);
    struct buf deep = {.a = &a};
    for (int i = 0; i < 100000; i++)
        buf_addc(&deep, '[');
    is_err(json_read(buf_str(&deep), &j, &e), e, ERR_INPUT, "nested 100000 deep", "depth");
    struct buf dense = {.a = &a};
    buf_addz(&dense, "[\",,::[[\"");
    for (int i = 0; i < LIMIT_JSON_MARKS / 2; i++)
        buf_addz(&dense, ",{}");
    is_err(json_read(buf_str(&dense), &j, &e), e, ERR_INPUT, "JSON of 1048577 brackets", "density");
    is_err(json_read((struct str){deep.p, 9 << 20}, &j, &e), e, ERR_INPUT, "at most", "size");
}

static void test_members(void)
{
    struct err e = {0};
    JSON_AUTO json_t *j = NULL;
    ok(!json_read(STR("{\"z\":\"s\",\"l\":[\"x\",\"y\"],\"o\":{\"k\":\"v\"},\"n\":null,\"i\":-3,"
                      "\"b\":true,\"mixed\":[1]}"),
                  &j, &e),
       "read");
    struct str s = {0};
    struct strs l = {0};
    struct str_pairs p = {0};
    int64_t i = 0;
    bool b = false;
    ok(!json_get_str(j, "z", &a, &s, &e) && str_is(s, "s"), "string");
    ok(!json_get_str(j, "n", &a, &s, &e) && str_is(s, "s"), "null leaves the value");
    ok(!json_get_str(j, "absent", &a, &s, &e) && str_is(s, "s"), "absent leaves the value");
    ok(!json_get_strs(j, "l", &a, &l, &e) && l.n == 2 && str_is(l.v[1], "y"), "list");
    ok(!json_get_pairs(j, "o", &a, &p, &e) && p.n == 1 && str_is(p.v[0].value, "v"), "pairs");
    ok(!json_get_keys(j, "o", &a, &l, &e) && l.n == 1 && str_is(l.v[0], "k"), "keys");
    ok(!json_get_i64(j, "i", &i, &e) && i == -3, "number");
    ok(!json_get_bool(j, "b", &b, &e) && b, "bool");
    is_err(json_get_str(j, "i", &a, &s, &e), e, ERR_INPUT, "\"i\" is a number, not a string",
           "type");
    is_err(json_get_strs(j, "mixed", &a, &l, &e), e, ERR_INPUT, "item 0", "item type");
    is_err(json_get_bool(j, "z", &b, &e), e, ERR_INPUT, "not true or false", "bool type");
}

int main(void)
{
    struct err e = {0};
    test_refused();
    test_members();
    JSON_AUTO json_t *j = NULL;
    struct str text = STR("{\"z\":1,\"a\":[2.5,\"\xc3\xa4\"]}");
    ok(!json_read(text, &j, &e), "read");
    ok(str_eq(json_write(&a, j, 0), text), "order of keys is kept");
    JSON_AUTO json_t *t = json_text(STR("a\xff\xc3z"));
    is_str(str_of(json_string_value(t)), "a\xef\xbf\xbd\xef\xbf\xbdz", "bad bytes are replaced");
    JSON_AUTO json_t *u = json_text(STR("a\x7f\xc2\x9b\xe2\x80\xae\xc3\xa4\n"));
    struct str safe = json_show(&a, u, 0);
    is_str(safe, "\"a\\u007f\\u009b\\u202e\xc3\xa4\\n\"", "unsafe characters are escaped");
    JSON_AUTO json_t *again = json_loadb(safe.p, safe.n, JSON_DECODE_ANY, NULL);
    ok(again && json_equal(u, again), "unsafe characters keep their value");
    arena_free(&a);
    return done_testing();
}
