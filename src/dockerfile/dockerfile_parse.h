/* dockerfile_parse: what the files of the parser share. */
#ifndef DOCKERFILE_DOCKERFILE_PARSE_H
#define DOCKERFILE_DOCKERFILE_PARSE_H

#include "dockerfile/dockerfile.h"

struct dockerfile_parser {
    struct arena *a;
    struct dockerfile *d;
    uint32_t at;         /* next byte of the file */
    size_t in_vain;      /* bytes passed in search of terminators that were not there */
    size_t instructions; /* so far */
    unsigned seen;       /* directives */
    bool directives;     /* may still come */
};

void dockerfile_complain(struct dockerfile_parser *p, struct span place, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Takes the next line; *line is without its end. False at the end of the file. */
bool dockerfile_next_line(struct dockerfile_parser *p, struct str *line);

/* Keyword, flags and arguments of i->text. */
void dockerfile_read_instruction(struct dockerfile_parser *p, struct dockerfile_instruction *i);

/* The arguments of i->kind, from i->args. */
void dockerfile_read_args(struct dockerfile_parser *p, struct dockerfile_instruction *i);

/* Bodies that i->args ask for, from the lines that follow. */
void dockerfile_read_heredocs(struct dockerfile_parser *p, struct dockerfile_instruction *i);

/* A JSON array of strings: true when it is one. An array of other things is complained about, and
 * then true as well; all else is false. */
bool dockerfile_read_json(struct dockerfile_parser *p, const struct placed *text,
                          struct dockerfile_words *ret);

/* The next word at *at, quotes and escapes kept; false at the end. Blanks in quotes do not end it.
 */
bool dockerfile_next_word(const struct placed *text, char escape, size_t *at,
                          struct dockerfile_word *ret);

static inline bool dockerfile_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline struct placed dockerfile_trimmed(const struct placed *p)
{
    size_t from = 0, to = p->s.n;
    while (from < to && dockerfile_blank(p->s.p[from]))
        from++;
    while (to > from && dockerfile_blank(p->s.p[to - 1]))
        to--;
    return placed_sub(p, from, to);
}

#endif
