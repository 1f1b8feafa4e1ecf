/* What rules look at: steps, values, commands, stages and shells of small Dockerfiles, as text. */
#include "base/buf.h"
#include "lib/tap.h"
#include "lint/lint_compat.h"
#include "lint/lint_file.h"

static const struct lint_reading native = {0}, compat = {.compat = true};

static void read_text(struct arena *a, struct str text, const struct lint_reading *how,
                      struct lint_file *ret)
{
    lint_file_read(a, STR("Dockerfile"), text, how, ret);
}

static void test_steps(struct arena *a)
{
    struct lint_file f;
    struct buf b = {.a = a};
    read_text(a,
              STR("# comment\nARG A\nFROM a\nONBUILD RUN x\n\nRUN y && \\\n  z\nWHAT\nFROM b\n"
                  "COPY c d\n"),
              &native, &f);
    vec_each (&f.steps, i) {
        const struct lint_step *s = &f.steps.v[i];
        struct str kind = dockerfile_kind_name(s->i->kind);
        buf_addf(&b, "%s" STR_F "%s%d", i ? " " : "", STR_A(kind), s->onbuild ? "!" : "", s->stage);
        ok(s->index == i, "steps: number %zu", i);
    }
    is_str(buf_str(&b), "ARG-1 FROM0 RUN!0 RUN0 0 FROM1 COPY1", "steps: each instruction is one");
    ok(f.stages.n == 2 && f.stages.v[0].step == 1 && f.stages.v[0].end == 5 &&
           f.stages.v[1].step == 5 && f.stages.v[1].end == 7,
       "steps: where stages begin and end");
    is_int(f.errors.n, f.d.errors.n, "steps: errors are those of the file");
    read_text(a, (struct str){0}, &native, &f);
    ok(f.steps.n == 0 && f.stages.n == 0, "steps: of an empty file there are none");
}

/* The last step of the file: its words, values or whole, commands; ? behind what is not known. */
static const struct {
    const char *text;
    bool compat;
    const char *want;
} values[] = {
    {"FROM a\nARG x=1 y\nCOPY $x/$y $x/ ", false, "$x/$y? 1/"},
    {"FROM a\nARG x=1\nCOPY $x b", true, "$x? b"},
    {"FROM a\nARG y\nCOPY ${y:-2} ${y:?needed}", false, "2 ${y:?needed}?"},
    {"FROM a\nENV x=\"a b\"\nWORKDIR $x/c", false, "a b/c"},
    {"FROM a\nENV x=1\nENV y=$x z=$q", false, "y=1 z=$q?"},
    {"FROM a\nENV x=1\nRUN echo $x '$x' \"$y\"-$x", false, "[echo: echo 1 $x $y-1?]"},
    {"FROM a\nENV x=1\nRUN echo $x '$x' \"$y\"-$x", true, "[echo: echo ${x}? $x ${y}-${x}?]"},
    {"FROM a\nRUN diff <(a) $(b) | $c", true, "[diff: diff ? ${b}?][a: a][b: b][: ${c}?]"},
    {"FROM a\nRUN $v/bin/pip x && $pip y", false, "[pip: $v/bin/pip? x][: $pip? y]"},
    {"FROM a\nRUN /bin/pip x && exec pip y && sudo pip z", false,
     "[pip: /bin/pip x][exec: exec pip y][pip: pip y][sudo: sudo pip z][pip: pip z]"},
    {"FROM a\nRUN /bin/pip x && exec pip y && sudo pip z", true,
     "[/bin/pip: /bin/pip x][pip: exec pip y][sudo: sudo pip z]"},
    {"FROM a\nRUN [\"sh\", \"-c\", \"a b && c\"]", false,
     "sh -c a b && c[sh: sh -c a b && c][a: a b][c: c]"},
    {"FROM a\nRUN [\"sh\", \"-c\", \"a b && c\"]", true, "sh -c a b && c[sh: sh -c a b][c: c]"},
    {"FROM a\nHEALTHCHECK CMD curl x", false, "[curl: curl x]"},
    {"FROM a\nRUN a 'b", true, ""},
};

static struct str shown(struct arena *a, const struct lint_step *s)
{
    struct buf b = {.a = a};
    vec_each (&s->words, i)
        buf_addf(&b, "%s" STR_F "%s", i ? " " : "", STR_A(s->words.v[i].text),
                 s->words.v[i].known ? "" : "?");
    vec_each (&s->keys, i)
        buf_addf(&b, "%s" STR_F "=" STR_F "%s", i ? " " : "", STR_A(s->keys.v[i].text),
                 STR_A(s->values.v[i].text), s->values.v[i].known ? "" : "?");
    if (s->i->kind == DOCKERFILE_WORKDIR)
        buf_addf(&b, STR_F "%s", STR_A(s->whole.text), s->whole.known ? "" : "?");
    vec_each (&s->commands, k) {
        const struct lint_command *c = &s->commands.v[k];
        buf_addf(&b, "[" STR_F ":", STR_A(c->program));
        vec_each (&c->words, i)
            buf_addf(&b, " " STR_F "%s", STR_A(c->words.v[i].text), c->words.v[i].known ? "" : "?");
        buf_addz(&b, "]");
    }
    return buf_str(&b);
}

static void test_values(struct arena *a)
{
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct lint_file f;
        read_text(a, str_of(values[i].text), values[i].compat ? &compat : &native, &f);
        is_str(shown(a, &f.steps.v[f.steps.n - 1]), values[i].want, "values: number %zu", i);
    }
}

static void test_uses(struct arena *a)
{
    struct lint_file f;
    struct buf b = {.a = a};
    read_text(a, STR("FROM a\nARG x\nCOPY $x $y ${z:-1} /\nONBUILD COPY $q /\n"), &native, &f);
    for (size_t i = 2; i < f.steps.n; i++)
        vec_each (&f.steps.v[i].uses, k) {
            const struct lint_use *u = &f.steps.v[i].uses.v[k];
            buf_addf(&b, STR_F "%s%s ", STR_A(u->name), u->declared ? "" : "?",
                     u->excused ? "!" : "");
        }
    is_str(buf_str(&b), "x y? z?! q ", "uses: what is declared, what is excused");
}

static struct str result_of(struct arena *a, const char *text)
{
    struct lint_file f;
    struct buf b = {.a = a};
    read_text(a, str_of(text), &native, &f);
    vec_each (&f.stages, i)
        buf_addf(&b, "%d%s ", f.stages.v[i].parent, f.stages.v[i].result ? "!" : "");
    return buf_str(&b);
}

static void test_result(struct arena *a)
{
    is_str(result_of(a, "FROM a\nFROM b\n"), "-1 -1! ", "result: the last stage");
    is_str(result_of(a, "FROM a AS one\nFROM b AS two\nFROM one\nCOPY --from=two x y\n"),
           "-1! -1 0! ", "result: and what it is made from, not what it copies from");
    is_str(result_of(a, "ARG base=one\nFROM a AS one\nFROM $base AS two\nFROM ${two:-two}\n"),
           "-1! 0! 1! ", "result: bases by variables");
    is_str(result_of(a, "FROM one AS one\nFROM one\n"), "-1! 0! ", "result: only earlier stages");
}

static void test_shells(struct arena *a)
{
    static const char want[] = "0 1p 1p 5 0 0 1p 6 ";
    struct lint_file f;
    struct buf b = {.a = a};
    read_text(
        a,
        STR("FROM a AS one\nRUN x\nSHELL [\"/bin/bash\", \"-eo\", \"pipefail\", \"-c\"]\nRUN x\n"
            "FROM one\nRUN x\nSHELL [\"zsh\", \"-c\"]\nRUN x\nFROM b\nRUN x\n"
            "ONBUILD SHELL [\"bash\", \"-c\"]\nRUN x\nFROM one\nRUN x\n"
            "SHELL [\"pwsh\"]\nRUN x\n"),
        &native, &f);
    vec_each (&f.steps, i)
        if (f.steps.v[i].i->kind == DOCKERFILE_RUN)
            buf_addf(&b, "%d%s ", (int)f.steps.v[i].shell, f.steps.v[i].pipefail ? "p" : "");
    is_str(buf_str(&b), want, "shells: by SHELL, of the stage before, of the base");
    is_str(f.steps.v[3].shell_text, "/bin/bash -eo pipefail -c", "shells: as it is said");
    is_int(lint_shell_named(STR("/usr/bin/ksh")), LINT_KSH, "shells: with a folder");
}

static void test_triggers(struct arena *a)
{
    struct lint_file f;
    read_text(a, STR("FROM a\nENV x=1\nONBUILD ENV x=2\nONBUILD ARG y=3\nCOPY $x $y\n"), &native,
              &f);
    is_str(shown(a, &f.steps.v[4]), "1 $y?", "triggers: of a variable");
    ok(f.steps.v[2].onbuild && f.steps.v[2].i->kind == DOCKERFILE_ENV &&
           f.steps.v[2].outer->kind == DOCKERFILE_ONBUILD,
       "triggers: the step is what is triggered");
    read_text(a, STR("FROM a\nONBUILD FROM b AS c\nRUN x\nFROM c\n"), &native, &f);
    ok(f.stages.n == 2 && f.stages.v[1].parent < 0, "triggers: no stage begins");
}

static void test_references(struct arena *a)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"debian", "|debian||"},
        {"debian:12", "|debian|12|"},
        {"registry.example/a/b:1@sha256:00", "registry.example|a/b|1|sha256:00"},
        {"localhost/a", "localhost|a||"},
        {"host:5000/a", "host:5000|a||"},
        {"library/debian", "|library/debian||"},
        {"a:${V:-1}", "|a|${V:-1}|"},
        {"", "|||"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lint_reference r = lint_reference_read(str_of(cases[i].text));
        struct str got = str_fmt(a, STR_F "|" STR_F "|" STR_F "|" STR_F, STR_A(r.registry),
                                 STR_A(r.repository), STR_A(r.tag), STR_A(r.digest));
        is_str(got, cases[i].want, "references: %s", cases[i].text);
    }
}

/* As hadolint reads them: of FROM, and of --from=. */
static void test_compat_references(struct arena *a)
{
    static const struct {
        const char *text, *from, *source;
    } cases[] = {
        {"debian:12@sha256:00", "|debian|12|sha256:00", "|debian:12@sha256:00||"},
        {"registry.example/a/b:1", "registry.example|a/b|1|", "registry.example|a/b:1||"},
        {"registry.example:5000/a", "registry.example:5000|a||", "registry.example:5000|a||"},
        {"localhost:5000/a", "|localhost|5000/a|", "|localhost:5000/a||"},
        {"a/b.c/d", "a/b.c|d||", "|a/b.c/d||"},
        {"a:1.2", "|a|1.2|", "|a:1.2||"},
        {"${A:-b.c/d}/e:${F:-1}", "|${A:-b.c/d}/e|${F:-1}|", "${A:-b.c|d}/e:${F:-1}||"},
        {".a/b", "|.a/b||", ".a|b||"},
        {"", "|||", "|||"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lint_reference r = lint_reference_compat(str_of(cases[i].text));
        struct lint_reference s = lint_source_compat(str_of(cases[i].text));
        struct str got = str_fmt(a, STR_F "|" STR_F "|" STR_F "|" STR_F, STR_A(r.registry),
                                 STR_A(r.repository), STR_A(r.tag), STR_A(r.digest));
        is_str(got, cases[i].from, "compat references: FROM %s", cases[i].text);
        got = str_fmt(a, STR_F "|" STR_F "|" STR_F "|" STR_F, STR_A(s.registry),
                      STR_A(s.repository), STR_A(s.tag), STR_A(s.digest));
        is_str(got, cases[i].source, "compat references: --from=%s", cases[i].text);
    }
}

/* A word that brings much, asked for often. */
static void test_bounded(struct arena *a)
{
    struct lint_file f;
    struct buf b = {.a = a};
    buf_addz(&b, "FROM a\nENV x=");
    for (int i = 0; i < 30000; i++)
        buf_addz(&b, "y");
    buf_addz(&b, "\nRUN ");
    for (int i = 0; i < 20000; i++)
        buf_addz(&b, "$x ");
    read_text(a, buf_str(&b), &native, &f);
    const struct lint_values *words = &f.steps.v[2].commands.v[0].words;
    ok(words->n == 20000 && words->v[1].text.n == 30000 && str_is(words->v[19999].text, "$x") &&
           a->held < (size_t)64 << 20,
       "bounded: what variables bring is paid for");
}

int main(void)
{
    struct arena a = {0};
    test_steps(&a);
    test_values(&a);
    test_uses(&a);
    test_result(&a);
    test_shells(&a);
    test_triggers(&a);
    test_references(&a);
    test_compat_references(&a);
    test_bounded(&a);
    arena_free(&a);
    return done_testing();
}
