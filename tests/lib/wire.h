/* wire: agent records built by hand, for tests of their readers. */
#ifndef TESTS_WIRE_H
#define TESTS_WIRE_H

#include "agent/wire.h"
#include "base/buf.h"

__attribute__((unused)) static void wire_number(struct buf *b, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_addc(b, (char)(v >> 8 * i & 0xff));
}

__attribute__((unused)) static void wire_str(struct buf *b, struct str s)
{
    wire_number(b, s.n, 2);
    buf_add(b, s);
}

/* One record around its payload. */
__attribute__((unused)) static void wire_add(struct buf *b, unsigned type, struct str payload)
{
    wire_number(b, payload.n + 1, 4);
    wire_number(b, type, 1);
    buf_add(b, payload);
}

__attribute__((unused)) static void wire_hello(struct buf *b)
{
    wire_add(b, WIRE_HELLO, (struct str){"\1\0\0\0", 4});
}

__attribute__((unused)) static void wire_lookup(struct buf *b, uint32_t pid, unsigned call,
                                                unsigned flags, unsigned error, const char *path)
{
    struct buf p = {.a = b->a};
    wire_number(&p, pid, 4);
    wire_number(&p, call, 1);
    wire_number(&p, flags, 1);
    wire_number(&p, error, 4);
    wire_str(&p, str_of(path));
    wire_add(b, WIRE_LOOKUP, buf_str(&p));
}

__attribute__((unused)) static void wire_exec(struct buf *b, uint32_t pid, const char *path,
                                              struct strs argv)
{
    struct buf p = {.a = b->a};
    wire_number(&p, pid, 4);
    wire_str(&p, str_of(path));
    wire_number(&p, argv.n, 2);
    for (size_t i = 0; i < argv.n; i++)
        wire_str(&p, argv.v[i]);
    wire_add(b, WIRE_EXEC, buf_str(&p));
}

__attribute__((unused)) static void wire_listen(struct buf *b, unsigned family, unsigned port,
                                                const char *path)
{
    struct buf p = {.a = b->a};
    wire_number(&p, 1, 4);
    wire_number(&p, family, 1);
    wire_number(&p, port, 2);
    wire_str(&p, str_of(path));
    wire_add(b, WIRE_LISTEN, buf_str(&p));
}

__attribute__((unused)) static void wire_exit(struct buf *b, uint32_t pid, int status, int is_main)
{
    struct buf p = {.a = b->a};
    wire_number(&p, pid, 4);
    wire_number(&p, (uint32_t)status, 4);
    wire_number(&p, (unsigned)is_main, 1);
    wire_add(b, WIRE_EXIT, buf_str(&p));
}

__attribute__((unused)) static void wire_refused(struct buf *b, const char *words)
{
    struct buf p = {.a = b->a};
    wire_str(&p, str_of(words));
    wire_add(b, WIRE_REFUSED, buf_str(&p));
}

#endif
