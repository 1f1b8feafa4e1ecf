/* A command added at the end of a RUN. What is added is "X"; NULL where none may be. */
#include "lib/tap.h"
#include "lint/lint_extend.h"

static const struct {
    const char *run, *want;
} cases[] = {
    {"RUN a", "RUN a && X"},
    {"RUN a  ", "RUN a && X  "},
    {"RUN a;", "RUN a && X;"},
    {"RUN a ; ", "RUN a && X ; "},
    {"RUN a || b", "RUN a || b && X"},
    {"RUN (a; b) > c", "RUN (a; b) > c && X"},
    {"RUN a | b", "RUN a | b && X"},
    {"RUN for i in a; do b; done", "RUN for i in a; do b; done && X"},
    {"RUN a \"b#c\"", "RUN a \"b#c\" && X"},
    {"RUN a \\\n  b", "RUN a \\\n  b \\\n  && X"},
    {"RUN a \\\r\n  b\r\n", "RUN a \\\r\n  b \\\r\n  && X\r\n"},
    {"RUN a \\\n\t&& b \\\n\t\tc", "RUN a \\\n\t&& b \\\n\t\tc \\\n\t&& X"},
    {"RUN a && \\\n # d\n  b \\\n    c", "RUN a && \\\n # d\n  b \\\n    c && \\\n  X"},
    {"RUN a; \\\n  b", "RUN a; \\\n  b && \\\n  X"},
    {"RUN set -e; \\\n  b", "RUN set -e; \\\n  b; \\\n  X"},
    {"RUN set -o errexit; \\\n  b;", "RUN set -o errexit; \\\n  b; \\\n  X;"},
    {"RUN --mount=type=cache,target=/a \\\n    a",
     "RUN --mount=type=cache,target=/a \\\n    a \\\n    && X"},
    {"RUN a \\\n  b \\\n\n", "RUN a \\\n  b \\\n  && X \\\n\n"},
    {"RUN <<E\n a\n b\nE\n", "RUN <<E\n a\n b &&\n X\nE\n"},
    {"RUN <<E\n set -eu\n b \\\n   c\n\nE\n", "RUN <<E\n set -eu\n b \\\n   c\n X\n\nE\n"},
    {"RUN <<-E\n\tset -e\n\tb\n\tE\n", "RUN <<-E\n\tset -e\n\tb\n\tX\n\tE\n"},
    {"RUN <<E\n#!/bin/sh -e\na\nE\n", "RUN <<E\n#!/bin/sh -e\na\nX\nE\n"},
    {"RUN <<E\nif a\nthen\n  b\nfi\nE\n", "RUN <<E\nif a\nthen\n  b\nfi &&\nX\nE\n"},
    {"RUN a \\\n  && (b \\\n    && c)", "RUN a \\\n  && (b \\\n    && c) \\\n  && X"},
    {"ONBUILD RUN a", "ONBUILD RUN a && X"},
};

static const char *const refused[] = {
    "RUN a &",
    "RUN a # b",
    "RUN # b",
    "RUN a && exit",
    "RUN exec a",
    "RUN a 'b",
    "RUN [\"a\"]",
    "RUN <<E\na # b\nE",
    "RUN <<E\ncat <<F\nb\nF\nE",
    "RUN a <<E\nb\nE",
    "RUN <<E\n#!/usr/bin/python3\nE",
    "SHELL [\"pwsh\"]\nRUN a",
};

static struct str extended(struct arena *a, const char *run)
{
    struct lint_file file;
    struct lint_options options = {0};
    struct lint_finding f = {0};
    struct fix_set set;
    struct str text = str_fmt(a, "FROM x\n%s", run);
    lint_file_read(a, STR("Dockerfile"), text, &(struct lint_reading){0}, &file);
    struct lint_context c = {.a = a, .file = &file, .d = &file.d, .options = &options};
    if (!lint_extend_script(&c, &f, &file.steps.v[file.steps.n - 1], "X"))
        return (struct str){0};
    fix_begin(&set, a, text);
    return fix_take(&set, &f.fix) ? str_from(fix_apply(&set), 7) : STR("?");
}

static void test_cases(struct arena *a)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str got = extended(a, cases[i].run);
        ok(str_is(got, cases[i].want), "cases: %s", cases[i].run);
        if (!str_is(got, cases[i].want))
            printf("# got " STR_F "\n", STR_A(got));
    }
}

static void test_refused(struct arena *a)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        ok(!extended(a, refused[i]).n, "refused: %s", refused[i]);
}

int main(void)
{
    struct arena a = {0};
    test_cases(&a);
    test_refused(&a);
    arena_free(&a);
    return done_testing();
}
