/* shell_parse: what the files of the shell's reader share. */
#ifndef DOCKERFILE_SHELL_PARSE_H
#define DOCKERFILE_SHELL_PARSE_H

#include "dockerfile/shell.h"

struct shell_pending VEC(struct shell_redirect *);

struct shell_reader {
    struct arena *a;
    struct shell_script *out;
    struct placed text;
    size_t at;
    unsigned depth;               /* of recursion, over all readers of a script */
    unsigned flags;               /* of the commands that are read now */
    enum shell_join join;         /* of the next command */
    size_t parent, via;           /* of the next command */
    struct shell_pending pending; /* here-documents whose bodies come after this line */
};

void shell_complain(struct shell_reader *r, size_t from, size_t to, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* True when nesting is deeper than LIMIT_SHELL_DEPTH: complained about, and the text is at its end.
 */
bool shell_too_deep(struct shell_reader *r);

/* Commands up to a closing bracket or the end. */
void shell_read_list_to(struct shell_reader *r, char close);

/* A script inside another: a string given to sh -c, the text between backticks. */
void shell_read_inner(struct shell_reader *r, const struct placed *text, unsigned flags,
                      size_t parent, size_t via);

/* The word at r->at; false when none begins there. */
bool shell_next_word(struct shell_reader *r, struct shell_word *ret, size_t command);

/* Passes blanks and continuations. */
void shell_pass_blanks(struct shell_reader *r);

/* At a newline: passes it and the here-documents that wait for it. */
void shell_pass_newline(struct shell_reader *r);

/* From behind (( to behind )). False, and nothing passed, when it is no arithmetic. */
bool shell_pass_arithmetic(struct shell_reader *r, size_t command);

/* Adds the commands that command `index` runs. */
void shell_unwrap(struct shell_reader *r, size_t index);

static inline char shell_peek(const struct shell_reader *r, size_t ahead)
{
    return r->at + ahead < r->text.s.n ? r->text.s.p[r->at + ahead] : '\0';
}

static inline bool shell_name_char(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

#endif
