/* Which variables are seen: each LABEL of a file shows what its value expands to there; FROM shows
 * its base. */
#include "base/limits.h"
#include "dockerfile/scope.h"
#include "lib/dockerdata.h"
#include "lib/tap.h"

static const struct {
    const char *text, *want;
} cases[] = {
    {"ARG V=1\nFROM a:$V\nLABEL x=$V\nARG V\nLABEL x=$V", "a:1 [] [1]"},
    {"ARG V=1\nFROM a\nARG V=2\nLABEL x=$V", "a [2]"},
    {"FROM a\nARG V\nLABEL x=${V-unset}", "a [unset]"},
    {"FROM a\nENV a=1\nENV a=2 b=$a\nLABEL x=$a$b", "a [21]"},
    {"FROM a\nARG v=1\nENV v=2\nARG v=3\nLABEL x=$v", "a [2]"},
    {"FROM a AS one\nENV e=1\nARG g=2\nFROM b\nLABEL x=$e$g\nFROM one\nLABEL x=$e$g",
     "a b [] one [12]"},
    {"ARG B=one\nFROM a AS one\nENV e=1\nFROM $B\nLABEL x=$e", "a one [1]"},
    {"FROM --platform=$BUILDPLATFORM a:$TARGETARCH\nLABEL x=$TARGETARCH\nARG TARGETARCH\n"
     "LABEL x=$TARGETARCH",
     "a:amd64 [] [amd64]"},
    {"ARG G=d\nFROM a\nARG G\nLABEL x=$G", "a [given]"},
    {"FROM a\nLABEL x=$G", "a []"},
    {"FROM a\nARG v=1\nARG v\nLABEL x=$v", "a [1]"},
    {"FROM a\nENV k v w\nLABEL x=$k", "a [v w]"},
    {"# escape=`\nFROM a\nENV k=1\nLABEL x=`$k-$k", "a [$k-1]"},
    {"ARG A=$B B=$A\nARG C=$A$B\nFROM a:$C", "a:"},
    {"LABEL x=${y:-fragment}", "[fragment]"},
};

static struct str shown(struct arena *a, struct scope *s, const struct dockerfile *d)
{
    struct buf b = {.a = a};
    vec_each (&d->items, i) {
        const struct dockerfile_instruction *in = d->items.v[i].instruction;
        if (!in)
            continue;
        scope_enter(s, in);
        struct expand_env env = scope_env(s);
        struct span where;
        struct err e;
        struct str got = {0};
        const struct placed *text = in->kind == DOCKERFILE_LABEL  ? &in->pairs.v[0].value.text
                                    : in->kind == DOCKERFILE_FROM ? &in->words.v[0].text
                                                                  : NULL;
        if (text && expand_text(a, text, &env, &got, NULL, &where, &e))
            got = STR("?");
        if (text)
            buf_addf(&b, in->kind == DOCKERFILE_FROM ? "%s" STR_F : "%s[" STR_F "]", b.n ? " " : "",
                     STR_A(got));
        scope_leave(s, in);
    }
    return buf_str(&b);
}

static void test_bounded(struct arena *a)
{
    struct buf b = {.a = a};
    struct dockerfile d;
    struct scope s;
    buf_addz(&b, "FROM x\nENV a=12345678\n");
    for (size_t i = 0; i < 20000; i++)
        buf_addz(&b, "ENV a=$a$a\nENV b=${a//*1*2*3*4*5*z/}\n");
    dockerfile_parse(a, buf_str(&b), &d);
    scope_begin(&s, a, &d, NULL);
    shown(a, &s, &d);
    ok(s.errors.n == LIMIT_DOCKERFILE_ERRORS && a->held < (size_t)1 << 30,
       "bounded: values that double");
    is_int(s.errors.v[0].at.column, 7, "bounded: their place");

    b = (struct buf){.a = a};
    buf_addz(&b, "FROM x AS s0\n");
    for (unsigned i = 1; i < 1000; i++)
        buf_addf(&b, "FROM s%u AS s%u\n", i - 1, i);
    for (unsigned i = 0; i < 100000; i++)
        buf_addz(&b, "LABEL a=$u$u$u\n");
    dockerfile_parse(a, buf_str(&b), &d);
    scope_begin(&s, a, &d, NULL);
    shown(a, &s, &d);
    ok(s.work == 0, "bounded: chains of stages");
}

struct counts {
    size_t files, wrong;
};

/* All words that a builder expands, in a real file. */
static void see_real(void *ctx, struct str id, struct str text)
{
    struct counts *c = ctx;
    struct arena a = {0};
    struct dockerfile d;
    struct scope s;
    struct str got;
    struct span where = {0};
    struct err e;
    dockerfile_parse(&a, text, &d);
    scope_begin(&s, &a, &d, NULL);
    struct expand_env env = scope_env(&s);
    c->files++;
    vec_each (&d.items, i) {
        const struct dockerfile_instruction *in = d.items.v[i].instruction;
        if (!in)
            continue;
        scope_enter(&s, in);
        vec_each (&in->words, k)
            if (scope_expands(in->kind) &&
                expand_text(&a, &in->words.v[k].text, &env, &got, NULL, &where, &e)) {
                struct dockerfile_position at = dockerfile_position(&d, where.from);
                printf("# " STR_F ":%u:%u %s\n", STR_A(id), at.line, at.column, e.text);
                c->wrong++;
            }
        scope_leave(&s, in);
    }
    vec_each (&s.errors, i)
        printf("# " STR_F ":%u:%u " STR_F "\n", STR_A(id), s.errors.v[i].at.line,
               s.errors.v[i].at.column, STR_A(s.errors.v[i].text));
    c->wrong += s.errors.n;
    arena_free(&a);
}

int main(void)
{
    struct arena a = {0};
    struct str_pair given = {STR("G"), STR("given")};
    struct str_pairs args = {&given, 1};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dockerfile d;
        struct scope s;
        dockerfile_parse(&a, str_of(cases[i].text), &d);
        scope_begin(&s, &a, &d, &args);
        is_str(shown(&a, &s, &d), cases[i].want, "case %zu", i);
        ok(!s.errors.n && !d.errors.n, "case %zu has no errors", i);
    }
    ok(scope_is_proxy(STR("http_proxy")) && scope_is_proxy(STR("NO_PROXY")) &&
           !scope_is_proxy(STR("Http_proxy")) && !scope_is_proxy(STR("PATH")),
       "proxies");
    ok(scope_is_platform(STR("BUILDOS")) && !scope_is_platform(STR("OS")), "platform");
    ok(scope_expands(DOCKERFILE_WORKDIR) && !scope_expands(DOCKERFILE_RUN) &&
           !scope_expands(DOCKERFILE_CMD),
       "expands");
    test_bounded(&a);
    struct counts c = {0};
    each_dockerfile(see_real, &c);
    if (c.files)
        ok(c.wrong < c.files / 100, "%zu real files, %zu words refused", c.files, c.wrong);
    arena_free(&a);
    return done_testing();
}
