/* trace_read: good streams, streams cut anywhere, and what is refused. */
#include "trace/trace.h"

#include "base/limits.h"
#include "lib/tap.h"
#include "lib/wire.h"

static struct arena a;

static struct str good(void)
{
    struct buf b = {.a = &a};
    struct str words[] = {STR_INIT("sh"), STR_INIT("-c"), STR_INIT("")};
    wire_hello(&b);
    wire_lookup(&b, 7, TRACE_OPEN, WIRE_WRITE | WIRE_CREATE, 0, "/var/../tmp//x");
    wire_lookup(&b, 8, TRACE_OPEN, WIRE_WRITE | WIRE_CREATE, 0, "/var/../tmp//x");
    wire_lookup(&b, 8, TRACE_STAT, WIRE_NOFOLLOW, 2, "/etc/none");
    wire_lookup(&b, 8, TRACE_STAT, 0, 2, "/etc/none");
    wire_exec(&b, 7, "/bin/sh", (struct strs){words, 3});
    wire_listen(&b, 4, 8080, "");
    wire_listen(&b, 4, 8080, "");
    wire_listen(&b, 1, 0, "/run/app.sock");
    wire_refused(&b, "io_uring: answered as not implemented");
    wire_refused(&b, "io_uring: answered as not implemented");
    wire_exit(&b, 8, 0x0900, 0);
    wire_exit(&b, 7, 15, 1);
    wire_add(&b, WIRE_BYE, STR(""));
    return buf_str(&b);
}

static void test_good(void)
{
    struct trace t;
    struct err e = {0};
    struct str bytes = good(), copy = str_dup(&a, bytes);
    ok(trace_read(copy, &a, &t, &e) == 0, "a whole stream is read");
    memset((char *)copy.p, 'x', copy.n);
    is_int(t.lookups.n, 3, "once: the same path, call, flags and result is one lookup");
    is_str(t.lookups.v[0].path, "/var/../tmp//x", "copies: paths are kept as they came");
    ok(t.lookups.v[0].write && t.lookups.v[0].create && !t.lookups.v[0].nofollow &&
           t.lookups.v[0].pid == 7 && t.lookups.v[0].call == TRACE_OPEN,
       "flags, process and call");
    is_int(t.lookups.v[1].error, 2, "errno");
    ok(t.lookups.v[1].nofollow && !t.lookups.v[2].nofollow, "flags tell lookups apart");
    is_int(t.execs.n, 1, "one exec");
    is_str(t.execs.v[0].path, "/bin/sh", "its path");
    is_int(t.execs.v[0].argv.n, 3, "its words");
    is_str(t.execs.v[0].argv.v[1], "-c", "one of them");
    is_int(t.listens.n, 2, "listeners, once");
    is_int(t.listens.v[0].port, 8080, "a port");
    is_str(t.listens.v[1].path, "/run/app.sock", "a path");
    is_int(t.refused.n, 1, "refusals, once");
    is_int(t.exits.n, 2, "exits");
    ok(t.exits.v[1].main && t.exits.v[1].status == 15, "the program's own");
    ok(t.complete, "complete");
}

static void test_cut(void)
{
    struct str bytes = good();
    bool all = true;
    for (size_t n = 0; n < bytes.n; n++) {
        struct trace t = {.complete = true};
        struct err e = {0};
        struct arena scratch = {0};
        char *exact = malloc(n ? n : 1); /* so that asan sees a read past the end */
        memcpy(exact, bytes.p, n);
        all = all && trace_read((struct str){exact, n}, &scratch, &t, &e) == 0 && !t.complete;
        free(exact);
        arena_free(&scratch);
    }
    ok(all, "cut: at every byte, read so far and not complete");
}

static struct str with(unsigned type, const char *payload, size_t n)
{
    struct buf b = {.a = &a};
    wire_hello(&b);
    wire_add(&b, type, (struct str){payload, n});
    return buf_str(&b);
}

static struct str lookup(unsigned call, unsigned flags, unsigned error, const char *path)
{
    struct buf b = {.a = &a};
    wire_hello(&b);
    wire_lookup(&b, 1, call, flags, error, path);
    return buf_str(&b);
}

static void refused(struct str bytes, const char *part, const char *name)
{
    struct trace t;
    struct err e = {0};
    int rc = trace_read(bytes, &a, &t, &e);
    is_err(rc, e, ERR_INPUT, part, "refused: %s", name);
}

static void test_refused(void)
{
    struct buf b = {.a = &a};
    refused(lookup(TRACE_OTHER + 1, 0, 0, "/x"), "offset 9, type 2", "no such call");
    refused(lookup(0, 16, 0, "/x"), "not laid out", "no such flag");
    refused(lookup(0, 0, 5000, "/x"), "not laid out", "no such errno");
    refused(lookup(0, 0, 0, "x"), "not laid out", "a relative path");
    refused(lookup(0, 0, 0, ""), "not laid out", "no path");
    refused(with(WIRE_LOOKUP, "\1\0\0\0\0\0\0\0\0\0\3\0/\0x", 15), "not laid out", "NUL in a path");
    refused(with(WIRE_LOOKUP, "\1\0\0\0\0\0\0\0\0\0\1\0/x", 14), "not laid out", "bytes left");
    refused(with(WIRE_LOOKUP, "\1\0\0\0\0\0\0\0\0\0\3\0/x", 14), "not laid out", "bytes lacking");
    refused(with(WIRE_LOOKUP, "\1\0", 2), "not laid out", "cut inside its length");
    refused(with(WIRE_EXEC, "\1\0\0\0\2\0/x\377\377", 10), "not laid out", "65535 words");
    refused(with(WIRE_LISTEN, "\1\0\0\0\5\0\0\0\0", 9), "not laid out", "no such family");
    refused(with(WIRE_EXIT, "\1\0\0\0\0\0\0\0\2", 9), "not laid out", "neither main nor not");
    refused(with(WIRE_HELLO, "\1\0\0\0", 4), "second greeting", "two greetings");
    refused(with(99, "", 0), "no such type", "an unknown type");
    refused(with(WIRE_BYE, "x", 1), "not laid out", "a last record with bytes");
    wire_add(&b, WIRE_BYE, STR(""));
    refused(buf_str(&b), "does not start", "no greeting");
    refused((struct str){"\5\0\0\0\1\2\0\0\0", 9}, "another version", "another version");
    refused((struct str){"\0\0\0\0", 4}, "offset 0: a record of 0 bytes", "an empty record");
    refused((struct str){"\377\377\377\377", 4}, "a record of 4294967295", "a record too long");
    refused((struct str){"", LIMIT_TRACE_BYTES + 1ul}, "at most", "a stream too long");
    b = (struct buf){.a = &a};
    buf_add(&b, good());
    wire_refused(&b, "x");
    refused(buf_str(&b), "behind the last", "something after the end");
    b = (struct buf){.a = &a};
    wire_hello(&b);
    for (int i = 0; i <= TRACE_REFUSED_MOST; i++)
        wire_refused(&b, str_fmt(&a, "%d", i).p);
    refused(buf_str(&b), "not laid out", "too many words of refusal");
    b = (struct buf){.a = &a};
    wire_hello(&b);
    for (int i = 0; i < LIMIT_TRACE_RECORDS; i++)
        wire_add(&b, WIRE_MARK, STR(""));
    refused(buf_str(&b), "more than", "too many records");
}

static void test_mark(void)
{
    struct trace t;
    struct err e = {0};
    struct str bytes = with(WIRE_MARK, "whatever", 8);
    ok(trace_read(bytes, &a, &t, &e) == 0 && !t.lookups.n, "the attacker's marks are passed over");
}

int main(void)
{
    test_good();
    test_cut();
    test_refused();
    test_mark();
    arena_free(&a);
    return done_testing();
}
