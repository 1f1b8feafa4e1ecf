/* buf: a growing string in an arena.
 *
 * A struct buf with only .a set is empty and ready. The bytes stay in the arena; buf_str() is a
 * view of what is there so far and dies with the next addition. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
    struct arena *a;
    char *p;
    size_t n, cap;
};

void buf_add(struct buf *b, struct str s);
void buf_addc(struct buf *b, char c);
void buf_addz(struct buf *b, const char *cstr);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Makes room for n more bytes and returns where they go; buf_took() then says how many were used.
 */
char *buf_room(struct buf *b, size_t n);
void buf_took(struct buf *b, size_t n);

static inline struct str buf_str(const struct buf *b)
{
    return (struct str){b->p ? b->p : "", b->n};
}

#endif
