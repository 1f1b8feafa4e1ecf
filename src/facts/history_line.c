/* history_line: history text → instruction and its text.
 *
 * Invariants
 * 1. Every line reads as something; what is unknown is free text, never an error.
 *    (test_history_line)
 */
#include "facts/history_line.h"

#include "base/vec.h"

static bool is_instruction(struct str word)
{
    static const char *const known[] = {
        "ADD",        "ARG",         "CMD",    "COPY",       "ENTRYPOINT", "ENV", "EXPOSE",
        "FROM",       "HEALTHCHECK", "LABEL",  "MAINTAINER", "ONBUILD",    "RUN", "SHELL",
        "STOPSIGNAL", "USER",        "VOLUME", "WORKDIR",    NULL};
    for (size_t i = 0; known[i]; i++)
        if (str_is(word, known[i]))
            return true;
    return false;
}

/* "|2 A=b C=d /bin/sh -c …": takes the arguments off. */
static void take_build_args(struct arena *a, struct str *text, struct strs *ret)
{
    struct str rest = *text, word;
    uint64_t n;
    if (!str_word(&rest, &word) || word.n < 2 || word.p[0] != '|' ||
        str_u64(str_from(word, 1), 10, &n))
        return;
    struct list VEC(struct str) list = {0};
    for (;;) {
        struct str before = rest;
        if (!str_word(&rest, &word) || word.p[0] == '/') {
            *text = str_trim(before); /* values may hold blanks: the shell ends the list */
            break;
        }
        *vec_push(a, &list) = word;
    }
    *ret = (struct strs){list.v, list.n};
}

/* "--mount=type=cache,target=/var/cache/apt /bin/sh -c …": takes the flags off. */
static void take_flags(struct str *text)
{
    struct str rest = *text, word;
    while (str_word(&rest, &word) && str_starts(word, STR("--")))
        *text = str_trim(rest);
}

/* "/bin/sh -c COMMAND", "/bin/bash -o pipefail -c COMMAND": COMMAND. */
static bool take_shell(struct str *text)
{
    struct str rest = *text, word;
    if (!str_starts(rest, STR("/")))
        return false;
    for (int i = 0; i < 6 && str_word(&rest, &word); i++)
        if (word.n <= 6 && str_starts(word, STR("-")) && str_ends(word, STR("c"))) { /* -c, -exc */
            *text = str_trim(rest);
            return true;
        }
    return false;
}

void history_line_read(struct arena *a, struct str created_by, struct history_line *ret)
{
    static const struct str nop = STR_INIT("#(nop)"), buildkit = STR_INIT("# buildkit");
    struct history_line line = {0};
    struct str text = str_trim(created_by), word, rest;
    if (str_ends(text, buildkit))
        text = str_trim(str_slice(text, 0, text.n - buildkit.n));
    take_build_args(a, &text, &line.build_args);
    bool shell = take_shell(&text);
    if (shell && str_starts(text, nop)) {
        text = str_trim(str_from(text, nop.n));
        line.old_form = true;
        shell = false;
    }
    rest = text;
    if (shell) {
        line.instruction = STR("RUN");
    } else if (str_word(&rest, &word) && is_instruction(word)) {
        line.instruction = word;
        text = str_trim(rest);
        if (str_is(word, "RUN")) {
            take_flags(&text);
            take_build_args(a, &text, &line.build_args);
            take_shell(&text);
        }
    }
    line.text = text;
    *ret = line;
}
