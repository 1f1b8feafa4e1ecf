/* buf: pieces → one string in an arena.
 *
 * Invariants
 * 1. p[n] is NUL whenever p is set, so buf_str() can go to the door of sys/ as it is. (test_buf:
 *    nul)
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

char *buf_room(struct buf *b, size_t n)
{
    if (b->cap - b->n <= n) {
        size_t cap = b->cap ? b->cap * 2 : 64;
        while (cap - b->n <= n)
            cap *= 2;
        b->p = arena_grow(b->a, b->p, b->cap, cap);
        b->cap = cap;
    }
    return b->p + b->n;
}

void buf_took(struct buf *b, size_t n)
{
    b->n += n;
    b->p[b->n] = 0;
}

void buf_add(struct buf *b, struct str s)
{
    char *to = buf_room(b, s.n);
    if (s.n)
        memcpy(to, s.p, s.n);
    buf_took(b, s.n);
}

void buf_addc(struct buf *b, char c)
{
    *buf_room(b, 1) = c;
    buf_took(b, 1);
}

void buf_addz(struct buf *b, const char *cstr)
{
    buf_add(b, str_of(cstr));
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n > 0) {
        vsnprintf(buf_room(b, (size_t)n), (size_t)n + 1, fmt, again);
        buf_took(b, (size_t)n);
    }
    va_end(again);
}
