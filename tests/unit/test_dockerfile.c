/* Dockerfiles as trees: what is read, where it stands, what is refused, and that it prints back. */
#include "base/limits.h"
#include "dockerfile/dockerfile.h"
#include "lib/dockerdata.h"
#include "lib/dockerdump.h"
#include "lib/tap.h"

static const struct {
    const char *text, *want;
} cases[] = {
    /* words */
    {"FROM a\nRUN x y", "FROM (a)\nRUN [x y]\n"},
    {"from a as B\nrun x\n", "FROM (a)(as)(B)\nRUN [x]\n"},
    {"\xef\xbb\xbf"
     "FROM a\r\nRUN b \\\r\n  c\r\n",
     "FROM (a)\nRUN [b   c]\n"},
    {"  FROM --platform=linux/amd64   a\t\n", "FROM --platform=linux/amd64 (a)\n"},
    {"COPY --from=b --link -- --x y", "COPY --from=b --link (--x)(y)\n"},
    {"RUN --mount=type=cache,target=\"/a b\" x", "RUN --mount=type=cache,target=/a b [x]\n"},
    {"ENV a=1 b=\"x y\" c=x\\ y d='p q'", "ENV {a=1} {b=\"x y\"} {c=x\\ y} {d='p q'}\n"},
    {"ENV a b=c  d", "ENV legacy {a=b=c  d}\n"},
    {"ARG a b=1\nARG c", "ARG {a} {b=1}\nARG {c}\n"},
    {"LABEL \"a b\"=c\\\n  d=e", "LABEL {\"a b\"=c} {d=e}\n"},
    {"EXPOSE 80 443/tcp", "EXPOSE (80)(443/tcp)\n"},
    {"VOLUME /a /b", "VOLUME (/a)(/b)\n"},
    {"HEALTHCHECK --interval=5s CMD [\"a\"]\nHEALTHCHECK NONE",
     "HEALTHCHECK --interval=5s json (a)\nHEALTHCHECK [NONE]\n"},
    /* json */
    {"CMD [\"a\", \"b\\\"\\u00e9\\n\"]", "CMD json (a)(b\"\xc3\xa9\n)\n"},
    {"CMD [\"\\ud83d\\ude00\"]", "CMD json (\xf0\x9f\x98\x80)\n"},
    {"CMD ['a']\nRUN [ -f x ] && y\nCMD []", "CMD [['a']]\nRUN [[ -f x ] && y]\nCMD json [[]]\n"},
    {"CMD [\"a\",]\nCMD [\"a\"] b", "CMD [[\"a\",]]\nCMD [[\"a\"] b]\n"},
    /* lines */
    {"RUN a \\\n# c\n\n  # d\n b \\", "RUN [a  b]\n"},
    {"RUN a \\  \n b\\\\\nUSER c", "RUN [a  b\\\\]\nUSER [c]\n"},
    {"# escape=`\nRUN a `\n b \\\nUSER x", "RUN [a  b \\]\nUSER [x]\n"},
    {"# a comment\n# escape=`\nRUN a \\\n b", "RUN [a  b]\n"},
    {"\\\n\\\nRUN x", "RUN [x]\n"},
    {"", ""},
    /* onbuild */
    {"ONBUILD RUN [\"a\"]", "ONBUILD RUN json (a)\n"},
    {"ONBUILD ONBUILD COPY --from=x a b", "ONBUILD ONBUILD COPY --from=x (a)(b)\n"},
    {"ONBUILD COPY <<A b\nx\nA\nRUN y", "ONBUILD COPY (<<A)(b) <<A:x\n\nRUN [y]\n"},
    /* heredocs */
    {"RUN <<A\nx \\\n# y\nA\n# c\nRUN z", "RUN [<<A] <<A:x \\\n# y\n\nRUN [z]\n"},
    {"RUN <<-'A' cat <<B\n\tx\n\tA\ny\nB", "RUN [<<-'A' cat <<B] <<A':x\n <<B:y\n\n"},
    {"COPY <<A <<\"B\" /d\r\n1\r\nA\r\n2\r\nB\r\n", "COPY (<<A)(<<\"B\")(/d) <<A:1\n <<B':2\n\n"},
    {"RUN cat <<< x\nRUN echo \"<<A\"\nRUN a<<B",
     "RUN [cat <<< x]\nRUN [echo \"<<A\"]\nRUN [a<<B]\n"},
    {"RUN [\"<<A\"]\nENV a=<<A", "RUN json (<<A)\nENV {a=<<A}\n"},
    {"RUN <<A\nA", "RUN [<<A] <<A:\n"},
    {"RUN --mount=from=x", "RUN --mount=from=x\n"},
    {"RUN <<A\nx\nFROM b", "RUN [<<A] <<A:x\n\nFROM (b)\n"},
};

static const struct {
    const char *text, *want; /* line:column words, one a line */
} errors[] = {
    {"FORM a\nFROM b\nFRMO c", "1:1 found FORM/3:1 found FRMO"},
    {"FROM", "1:5 needs an image"},
    {"FROM a b", "1:8 one image, or"},
    {"FROM a x b", "1:8 one image, or"},
    {"RUN\nRUN \\\n", "1:4 needs an argument/2:4 needs an argument"},
    {"\xef\xbb\xbfXX", "1:1 found XX"},
    {"ENV a", "1:5 a name and a value"},
    {"ENV a=1 \\\n  b", "2:3 no ="},
    {"ENV =1", "1:5 a name before"},
    {"ARG", "1:4 a name"},
    {"COPY a", "1:7 a source and"},
    {"RUN [1, \"a\"]\nCMD [[\"x\"]]", "1:5 only strings/2:5 only strings"},
    {"SHELL bash", "1:7 JSON array"},
    {"HEALTHCHECK curl x", "1:13 NONE, or CMD"},
    {"HEALTHCHECK NONE x", "1:18 nothing after"},
    {"CMD --x y", "1:5 takes no flags"},
    {"RUN a <<X <<Y\nX\nz", "1:11 a line Y"},
    {"# escape=x\n# escape=`\nRUN a", "1:10 must be/2:3 only one escape"},
    {"# syntax=a\n#SYNTAX=b", "2:2 only one syntax"},
    {"a\0b", "1:1 found a"},
};

static struct str dump(struct arena *a, struct dockerfile *d)
{
    struct buf b = {.a = a};
    vec_each (&d->items, i)
        if (d->items.v[i].instruction)
            dump_instruction(&b, d->items.v[i].instruction);
    return buf_str(&b);
}

static bool tiles(struct arena *a, const struct dockerfile *d)
{
    uint32_t at = 0;
    struct buf b = {.a = a};
    vec_each (&d->items, i) {
        if (d->items.v[i].place.from != at)
            return false;
        at = d->items.v[i].place.to;
    }
    dockerfile_print(d, &b);
    return at == d->text.n && str_eq(buf_str(&b), d->text);
}

static void test_errors(struct arena *a)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        struct dockerfile d;
        struct str rest = str_of(errors[i].want), want;
        dockerfile_parse(a, str_of(errors[i].text), &d);
        bool fits = true;
        size_t n = 0;
        for (bool more = true; more; n++) {
            more = str_cut(rest, '/', &want, &rest);
            struct str place, words;
            str_cut(want, ' ', &place, &words);
            const struct dockerfile_error *e = n < d.errors.n ? &d.errors.v[n] : NULL;
            fits &= e && str_has(e->text, words) &&
                    str_eq(place, str_fmt(a, "%u:%u", e->at.line, e->at.column));
        }
        ok(fits && n == d.errors.n && tiles(a, &d), "errors: case %zu", i);
        for (size_t k = 0; k < d.errors.n && !fits; k++)
            printf("# got %u:%u " STR_F "\n", d.errors.v[k].at.line, d.errors.v[k].at.column,
                   STR_A(d.errors.v[k].text));
    }
}

static void test_places(struct arena *a)
{
    struct str text =
        STR("FROM x AS one\n# c\nRUN a && \\\n  # d\n  bb \\\n\n cc\nCMD [\"p\\\"q\", \"r\"]\n");
    struct dockerfile d;
    dockerfile_parse(a, text, &d);
    const struct dockerfile_instruction *run = d.items.v[2].instruction;
    size_t bb = str_find_str(run->args.s, STR("bb"));
    struct span place = placed_span(&run->args, bb, bb + 2);
    is_str(str_slice(text, place.from, place.to), "bb", "a word in a continuation stands there");
    struct dockerfile_position at = dockerfile_position(&d, place.from);
    ok(at.line == 5 && at.column == 3, "its line and column");
    ok(run->comments.n == 1 && run->empty_lines.n == 1, "what stands between is kept");
    is_str(str_slice(text, run->comments.v[0].from, run->comments.v[0].to), "# d", "the comment");
    is_str(str_slice(text, run->place.from, run->place.to), "RUN a && \\\n  # d\n  bb \\\n\n cc",
           "an instruction's place");
    const struct dockerfile_word *p = &d.items.v[3].instruction->words.v[0];
    is_str(str_slice(text, p->place.from, p->place.to), "\"p\\\"q\"", "a JSON string's place");
    struct span quote = placed_span(&p->text, 1, 2);
    is_str(str_slice(text, quote.from, quote.to), "\\\"", "an escape's place");
    ok(d.items.v[1].kind == DOCKERFILE_ITEM_COMMENT && str_is(d.items.v[1].text, "# c"), "comment");
}

static void test_stages(struct arena *a)
{
    struct dockerfile d;
    dockerfile_parse(a, STR("ARG V=1\nFROM a:$V AS Base\nRUN x\nFROM base\nUSER y\nFROM 0\n"), &d);
    is_int(d.stages.n, 3, "stages");
    is_str(d.stages.v[0].base.s, "a:$V", "base as it stands");
    is_str(d.stages.v[0].name.s, "Base", "name as it stands");
    is_int(d.stages.v[1].parent, 0, "a stage from another, whatever its case");
    is_int(d.stages.v[2].parent, DOCKERFILE_NO_STAGE, "a number is no parent");
    is_int(d.items.v[0].instruction->stage, DOCKERFILE_NO_STAGE, "ARG before FROM");
    is_int(d.items.v[4].instruction->stage, 1, "an instruction's stage");
    is_int(dockerfile_stage_named(&d, STR("1"), 2), 1, "a stage by number");
    is_int(dockerfile_stage_named(&d, STR("2"), 2), DOCKERFILE_NO_STAGE, "not a later one");
    is_int(dockerfile_stage_named(&d, STR("BASE"), 0), DOCKERFILE_NO_STAGE, "nor by name");
}

static void test_scripts(struct arena *a)
{
    static const struct {
        const char *text, *want;
    } scripts[] = {
        {"RUN --x a \\\n b", "a  b"},
        {"RUN <<A\nx\ny\nA\n", "x\ny\n"},
        {"RUN <<A\n#!/bin/bash -e\nA", "#!/bin/bash -e\n"},
        {"RUN <<A\n#!/usr/bin/env python3\nA", ""},
        {"RUN cat <<A >b && c\nx\nA\n", "cat <<A >b && c\nx\nA"},
        {"RUN [\"a\"]", ""},
        {"HEALTHCHECK CMD a b", "a b"},
    };
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        struct dockerfile d;
        dockerfile_parse(a, str_of(scripts[i].text), &d);
        struct placed got = dockerfile_script(a, &d, d.items.v[0].instruction);
        is_str(got.s, scripts[i].want, "script %zu", i);
    }
}

static struct str times(struct arena *a, const char *part, size_t n, const char *end)
{
    struct buf b = {.a = a};
    while (n--)
        buf_addz(&b, part);
    buf_addz(&b, end);
    return buf_str(&b);
}

static void test_hostile(struct arena *a)
{
    struct dockerfile d;
    dockerfile_parse(a, times(a, "ONBUILD ", 1000, "RUN x\nFRM"), &d);
    ok(d.errors.n == 2 && d.errors.v[1].at.line == 2 && tiles(a, &d), "onbuild: nested deeply");
    dockerfile_parse(a, times(a, "RUN <<A\n", 200000, "FRM"), &d);
    ok(d.errors.n > 1 && tiles(a, &d), "vain: unterminated here-documents");
    dockerfile_parse(a, times(a, "x", 70000, "\nFRM"), &d);
    ok(d.errors.n == 2 && d.errors.v[0].at.line == 1 && tiles(a, &d), "a line that is too long");
    dockerfile_parse(a, times(a, "x", 10 << 20, "\nFRM"), &d);
    ok(d.errors.n == 1 && tiles(a, &d), "a file that is too large");
    dockerfile_parse(a, (struct str){"FROM a\nR\0N", 10}, &d);
    ok(d.errors.n == 1 && d.errors.v[0].at.line == 2 && d.errors.v[0].at.column == 2 &&
           tiles(a, &d),
       "a NUL byte");
    dockerfile_parse(a, times(a, "FROM a AS b\n", 100000, ""), &d);
    ok(d.stages.n == LIMIT_STAGES && tiles(a, &d), "too many stages");
    dockerfile_parse(a, times(a, "RUN a\n", 100000, ""), &d);
    ok(d.items.n == LIMIT_DOCKERFILE_INSTRUCTIONS + 1 && d.errors.n == 1 && tiles(a, &d),
       "too many instructions");
    dockerfile_parse(a, times(a, "a\\\n", 1000000, ""), &d);
    ok(d.items.n == 1 && tiles(a, &d), "a million continuations");
    dockerfile_parse(a, times(a, "CMD [[[[[[[[[[[[[[[[\n", 20000, ""), &d);
    ok(tiles(a, &d), "brackets");
}

struct counts {
    size_t files, bad, refused;
};

static void see_real(void *ctx, struct str id, struct str text)
{
    struct counts *c = ctx;
    struct arena a = {0};
    struct dockerfile d;
    dockerfile_parse(&a, text, &d);
    c->files++;
    c->bad += !tiles(&a, &d);
    c->refused += d.errors.n > 0;
    if (d.errors.n)
        printf("# " STR_F ":%u:%u " STR_F "\n", STR_A(id), d.errors.v[0].at.line,
               d.errors.v[0].at.column, STR_A(d.errors.v[0].text));
    arena_free(&a);
}

int main(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dockerfile d;
        dockerfile_parse(&a, str_of(cases[i].text), &d);
        is_str(dump(&a, &d), cases[i].want, "case %zu", i);
        ok(tiles(&a, &d), "tiles: case %zu", i);
    }
    test_errors(&a);
    test_places(&a);
    test_stages(&a);
    test_scripts(&a);
    test_hostile(&a);
    struct counts counts = {0};
    each_dockerfile(see_real, &counts);
    if (counts.files)
        ok(!counts.bad, "%zu real files print back, %zu have errors", counts.files, counts.refused);
    arena_free(&a);
    return done_testing();
}
