#include "cli/command.h"

#include "lib/tap.h"

struct values {
    bool flag;
    struct str name;
    struct option_list list;
    int64_t number;
};

static const struct option_spec options[] = {
    {"flag", 'f', OPTION_FLAG, offsetof(struct values, flag), NULL, "a flag", NULL},
    {"name", 'n', OPTION_STR, offsetof(struct values, name), "NAME", "a name", "a|b"},
    {"list", 0, OPTION_STRS, offsetof(struct values, list), "X", "many", NULL},
    {"number", 0, OPTION_NUMBER, offsetof(struct values, number), "N", "a number", NULL},
};
static const struct command command = {.name = "test",
                                       .arguments = "IMAGE",
                                       .summary = "Test",
                                       OPTIONS(options),
                                       .min_arguments = 1,
                                       .max_arguments = 2};

static struct arena a;

static int parse(const char *line, struct values *v, struct strs *args, struct err *e)
{
    struct strs words = {arena_array(&a, struct str, 20), 0};
    struct str rest = str_of(line), word;
    while (str_word(&rest, &word))
        words.v[words.n++] = word;
    *v = (struct values){0};
    return command_parse(&command, &a, words, v, args, e);
}

int main(void)
{
    struct values v;
    struct strs args;
    struct err e = {0};
    ok(!parse("x -f --name a --list=1 --list 2 --number 7 y", &v, &args, &e), "all kinds");
    ok(v.flag && str_is(v.name, "a") && v.list.n == 2 && v.number == 7 && args.n == 2,
       "their values");
    ok(!parse("-nb -- --flag", &v, &args, &e) && str_is(v.name, "b") && str_is(args.v[0], "--flag"),
       "a joined letter, and -- ends options");
    static const char *const bad[][2] = {
        {"", "needs IMAGE"},         {"x y z", "too many"},
        {"x --nope", "--nope"},      {"x -z", "-z"},
        {"x --name c", "a|b"},       {"x --name", "a value"},
        {"x --number -1", "number"}, {"x --flag=1", "no value"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        is_err(parse(bad[i][0], &v, &args, &e), e, ERR_USAGE, bad[i][1], "refused: \"%s\"",
               bad[i][0]);
    struct str help = command_help(&command, &a);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        ok(str_has(help, str_of(options[i].name)), "help lists --%s", options[i].name);
    arena_free(&a);
    return done_testing();
}
