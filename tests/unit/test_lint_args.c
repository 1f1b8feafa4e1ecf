/* Words of a command as flags and plain arguments, and mounts of a RUN. Printed: flags as -name or
 * -name=value, then | and the plain arguments; ? behind what is not known. */
#include "base/buf.h"
#include "lib/tap.h"
#include "lint/lint_args.h"
#include "lint/lint_mounts.h"

static const struct {
    const char *text, *values;
    bool compat;
    const char *want;
} cases[] = {
    {"p a -b c", "", false, "-b | a c"},
    {"p -yq --long --name=v x", "", false, "-y -q -long -name=v | x"},
    {"p -t stable x -o A=b -- -y", " t o ", false, "-t=stable -o=A=b | x -y"},
    {"p -tstable --target next x", " t target ", false, "-t=stable -target=next | x"},
    {"p --target=now x", " target ", false, "-target=now | x"},
    {"p -q=2 -yt stable - x", " t ", false, "-q=2 -y -t=stable | - x"},
    {"p -t", " t ", false, "-t |"},
    {"p $A \"$A\" $B x$B", "", false, "-y | one two one two -y $B? x$B?"},
    {"p --o=$B -$B", "", false, "-o=$B? -$? -B? |"},
    {"p", "", false, "|"},
    /* hadolint's view */
    {"p -yq -- -x a$A b$(c)d", "", true, "-y -q -x | -- a${A}? b${c}d?"},
    {"p -tstable x y", " t ", true, "-t=x -s -t -a -b -l -e | y"},
    {"p --target=now x y", " target ", true, "-target=now | x y"},
    {"p -t -y x", " t ", true, "-t=-y -y | x"},
    {"p -t=a -ot=b x", " t o ", true, "-t -= -a -o -t -= -b | x"},
    {"p ${A:-x} $((1)) `c` \"$(c /d=$A; e | f)\" <(c)", "", true,
     "| ${A:-x}? ${VAR}? ${VAR}? ${c/d=${A}}? ?"},
};

static struct lint_context context(struct arena *a, struct lint_file *file,
                                   const struct lint_options *options, const char *text)
{
    struct lint_reading how = {.compat = options->compat};
    lint_file_read(a, STR("Dockerfile"), str_of(text), &how, file);
    return (struct lint_context){.a = a, .file = file, .d = &file->d, .options = options};
}

static struct str printed(struct arena *a, const struct lint_args *args)
{
    struct buf b = {.a = a};
    vec_each (&args->flags, i) {
        const struct lint_flag *f = &args->flags.v[i];
        buf_addf(&b, "-" STR_F "%s" STR_F "%s ", STR_A(f->name), f->has_value ? "=" : "",
                 STR_A(f->value), f->known ? "" : "?");
    }
    buf_addz(&b, "|");
    vec_each (&args->plain, i)
        buf_addf(&b, " " STR_F "%s", STR_A(args->plain.v[i].text),
                 args->plain.v[i].known ? "" : "?");
    return buf_str(&b);
}

static void test_cases(struct arena *a)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lint_options options = {.compat = cases[i].compat};
        struct lint_file file;
        struct str text = str_fmt(a, "FROM x\nARG A=\"one two -y\"\nRUN %s\n", cases[i].text);
        struct lint_context c = context(a, &file, &options, text.p);
        struct lint_args args;
        lint_args_read(&c, &file.steps.v[2].commands.v[0], cases[i].values, &args);
        struct str got = printed(a, &args);
        ok(str_is(got, cases[i].want), "cases: %s", cases[i].text);
        if (!str_is(got, cases[i].want))
            printf("# want %s\n# got  " STR_F "\n", cases[i].want, STR_A(got));
    }
}

static void test_asking(struct arena *a)
{
    struct lint_options options = {0}, compat = {.compat = true};
    struct lint_file file;
    struct lint_context c = context(a, &file, &options, "RUN p -qq -y get install x");
    struct lint_args args;
    lint_args_read(&c, &file.steps.v[0].commands.v[0], "", &args);
    ok(lint_args_flag(&args, " yes y ") && !lint_args_flag(&args, " n "), "asking: flags");
    ok(lint_args_count(&args, " q quiet ") == 2, "asking: counts");
    ok(lint_args_plain(&args, " install ") == &args.plain.v[1], "asking: plain arguments");
    ok(lint_args_does(&args, &options, " get ") && !lint_args_does(&args, &options, " install "),
       "asking: the subcommand is the first of them");
    ok(lint_args_does(&args, &compat, " install ") != NULL, "asking: or any of them for hadolint");
}

static void test_long(struct arena *a)
{
    struct buf b = {.a = a};
    struct lint_options options = {0};
    struct lint_file file;
    struct lint_args args;
    buf_addz(&b, "RUN p");
    for (int i = 0; i < 20000; i++)
        buf_addz(&b, i % 2 ? " a" : " -b");
    buf_addc(&b, '\0');
    struct lint_context c = context(a, &file, &options, buf_str(&b).p);
    lint_args_read(&c, &file.steps.v[0].commands.v[0], "", &args);
    ok(args.flags.n == 10000 && args.plain.n == 10000, "long: a command of 20,000 words");
}

static void test_mounts(struct arena *a)
{
    struct lint_options options = {0}, compat = {.compat = true};
    struct lint_file file;
    struct lint_mounts m;
    context(a, &file, &options,
            "RUN --mount=type=cache,target=/var/cache/ --mount=type=tmpfs,dst=/tmp/a "
            "--mount=from=x,source=/y,target=/z true");
    lint_mounts_read(a, &file.steps.v[0], &m);
    ok(m.n == 3 && str_is(m.v[0].type, "cache") && str_is(m.v[0].target, "/var/cache") &&
           str_is(m.v[1].target, "/tmp/a") && str_is(m.v[2].type, "bind") &&
           str_is(m.v[2].from, "x") && str_is(m.v[2].source, "/y"),
       "mounts: what they say");
    ok(lint_mounts_keep(&m, &options, "/var/cache") &&
           lint_mounts_keep(&m, &options, "/var/cache/apt") &&
           lint_mounts_keep(&m, &options, "/tmp/a") && !lint_mounts_keep(&m, &options, "/tmp/ab") &&
           !lint_mounts_keep(&m, &options, "/tmp") && !lint_mounts_keep(&m, &options, "/z"),
       "mounts: a cache or tmpfs covers what is below");
    ok(lint_mounts_keep(&m, &compat, "/tmp") && lint_mounts_keep(&m, &compat, "/var/cach") &&
           !lint_mounts_keep(&m, &compat, "/var/cache/apt"),
       "mounts: for hadolint where its name is part of the target");
    context(a, &file, &options, "COPY --mount=type=cache,target=/a b c");
    lint_mounts_read(a, &file.steps.v[0], &m);
    ok(m.n == 0, "mounts: only of RUN");
}

int main(void)
{
    struct arena a = {0};
    test_cases(&a);
    test_asking(&a);
    test_long(&a);
    test_mounts(&a);
    arena_free(&a);
    return done_testing();
}
