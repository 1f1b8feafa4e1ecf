/* lint_around: users, folders and systems over stages; places above an instruction. */
#include "lib/tap.h"
#include "lint/lint_around.h"

static struct lint_file file;

static struct lint_around *read(struct arena *a, const char *text)
{
    struct lint_reading how = {0};
    lint_file_read(a, STR("Dockerfile"), str_of(text), &how, &file);
    return lint_around_read(a, &file);
}

static void states(struct arena *a)
{
    struct lint_around *at = read(a, "FROM debian\nRUN a\nUSER app\nRUN b\nUSER 0\nRUN c\n");
    ok(at[1].root && !at[3].root && at[5].root, "a distribution begins as root, USER changes it");
    at = read(a, "FROM registry.example/debian\nRUN a\n");
    ok(!at[1].root, "what another image sets is not known");
    at = read(a, "FROM debian\nWORKDIR a\nWORKDIR /b\nWORKDIR c\nWORKDIR $X\nRUN d\n");
    ok(!at[2].workdir.n && str_is(at[3].workdir, "/b") && str_is(at[4].workdir, "/b/c") &&
           !at[5].workdir.n,
       "folders are followed as long as they are known");
}

static void parents(struct arena *a)
{
    struct lint_around *at =
        read(a, "FROM alpine:3 AS x\nUSER app\nWORKDIR /w\nFROM x\nRUN a\nFROM scratch\nRUN b\n");
    ok(!at[4].root && str_is(at[4].workdir, "/w"), "a stage begins as its parent ends");
    ok(lint_system_of(&file, 1) == LINT_SYSTEM_BUSYBOX, "and on its system");
    ok(lint_system_of(&file, 2) == LINT_SYSTEM_EMPTY, "scratch has none");
    read(a, "FROM python:3-slim\nFROM me/tool\nFROM python:3-alpine\n");
    ok(lint_system_of(&file, 0) == LINT_SYSTEM_GNU &&
           lint_system_of(&file, 1) == LINT_SYSTEM_UNKNOWN &&
           lint_system_of(&file, 2) == LINT_SYSTEM_BUSYBOX,
       "systems by the names of images");
}

static void above(struct arena *a)
{
    read(a, "# syntax=x\n# why\nRUN a\n\n# one\n# two\n  RUN b\n");
    ok(lint_above(&file, &file.steps.v[0]) == 11, "above comments, below directives");
    ok(lint_above(&file, &file.steps.v[1]) == 24, "above all comments that stand together");
}

int main(void)
{
    struct arena a = {0};
    states(&a);
    parents(&a);
    above(&a);
    arena_free(&a);
    return done_testing();
}
