/* trace_read: the agent's bytes (agent/wire.h) → trace.
 *
 * The bytes come out of a container, so they are as hostile as its image: every length is checked,
 * and what the agent never writes is refused with its offset.
 *
 * Invariants
 * 1. The same path, call, flags and result is one lookup, whoever made it. (test_trace_read: once)
 * 2. complete is set only by the record that says so; a stream cut at any byte is read up to there
 *    and is not complete. (test_trace_read: cut)
 * 3. All strings belong to the arena. (test_trace_read: copies)
 */
#include "base/limits.h"
#include "base/map.h"
#include "trace/trace.h"

enum { ERRNO_MOST = 4095, CALLS = TRACE_OTHER + 1, HEAD = 4 };
enum { FLAGS = WIRE_NOFOLLOW | WIRE_WRITE | WIRE_CREATE | WIRE_DIR };

/* The unread part of one record. Reading past its end sets bad and gives zeros. */
struct record {
    struct str rest;
    bool bad;
};

struct reader {
    struct arena *a;
    struct trace *t;
    struct map seen; /* payload behind the process number → whatever */
};

static uint64_t take(struct record *r, size_t n)
{
    uint64_t v = 0;
    if (r->rest.n < n) {
        r->bad = true;
        return 0;
    }
    for (size_t i = 0; i < n; i++)
        v |= (uint64_t)(unsigned char)r->rest.p[i] << 8 * i;
    r->rest = str_from(r->rest, n);
    return v;
}

static struct str take_str(struct record *r)
{
    size_t n = (size_t)take(r, 2);
    if (r->rest.n < n)
        r->bad = true;
    struct str s = r->bad ? STR("") : str_slice(r->rest, 0, n);
    r->rest = str_from(r->rest, s.n);
    return s;
}

/* An absolute path, as the agent makes them. */
static struct str take_path(struct record *r)
{
    struct str s = take_str(r);
    if (s.n == 0 || s.p[0] != '/' || str_find(s, 0) < s.n)
        r->bad = true;
    return s;
}

/* Whether these bytes are new under this record type. They must live as long as the reader. */
static bool is_new(struct reader *rd, struct str key)
{
    void **at = map_at(&rd->seen, key);
    if (*at)
        return false;
    *at = rd;
    return true;
}

static void read_lookup(struct reader *rd, struct record *r)
{
    uint32_t pid = (uint32_t)take(r, 4);
    struct str key = str_dup(rd->a, r->rest);
    struct record in = {key, r->bad};
    struct trace_lookup l = {.pid = pid, .call = (enum trace_call)take(&in, 1)};
    unsigned flags = (unsigned)take(&in, 1);
    uint64_t error = take(&in, 4);
    l.path = take_path(&in);
    *r = in;
    if ((unsigned)l.call >= CALLS || flags & ~(unsigned)FLAGS || error > ERRNO_MOST)
        r->bad = true;
    l.error = (int)error;
    l.nofollow = flags & WIRE_NOFOLLOW;
    l.write = flags & WIRE_WRITE;
    l.create = flags & WIRE_CREATE;
    l.dir = flags & WIRE_DIR;
    if (!r->bad && is_new(rd, key))
        *vec_push(rd->a, &rd->t->lookups) = l;
}

static void read_exec(struct reader *rd, struct record *r)
{
    struct trace_exec x = {.pid = (uint32_t)take(r, 4)};
    x.path = str_dup0(rd->a, take_path(r));
    size_t n = (size_t)take(r, 2);
    if (n > TRACE_EXEC_WORDS)
        r->bad = true;
    if (r->bad)
        return;
    x.argv = (struct strs){arena_array(rd->a, struct str, n), n};
    for (size_t i = 0; i < n; i++) {
        x.argv.v[i] = str_dup0(rd->a, take_str(r));
        if (x.argv.v[i].n > TRACE_EXEC_WORD_BYTES)
            r->bad = true;
    }
    *vec_push(rd->a, &rd->t->execs) = x;
}

static void read_listen(struct reader *rd, struct record *r)
{
    take(r, 4);
    struct str key = str_fmt(rd->a, "listen" STR_F, STR_A(str_dup(rd->a, r->rest)));
    struct trace_listen l = {.family = (uint8_t)take(r, 1), .port = (uint16_t)take(r, 2)};
    l.path = str_dup0(rd->a, take_str(r));
    if (l.family != 4 && l.family != 6 && l.family != 1)
        r->bad = true;
    if (!r->bad && is_new(rd, key))
        *vec_push(rd->a, &rd->t->listens) = l;
}

static void read_exit(struct reader *rd, struct record *r)
{
    struct trace_exit x = {.pid = (uint32_t)take(r, 4), .status = (int)(uint32_t)take(r, 4)};
    uint64_t is_main = take(r, 1);
    if (is_main > 1)
        r->bad = true;
    x.main = is_main == 1;
    if (!r->bad)
        *vec_push(rd->a, &rd->t->exits) = x;
}

void trace_add_refused(struct arena *a, struct trace *t, struct str words)
{
    for (size_t i = 0; i < t->refused.n; i++)
        if (str_eq(t->refused.v[i], words))
            return;
    struct str *v = arena_array(a, struct str, t->refused.n + 1);
    for (size_t i = 0; i < t->refused.n; i++)
        v[i] = t->refused.v[i];
    v[t->refused.n] = str_dup0(a, words);
    t->refused = (struct strs){v, t->refused.n + 1};
}

/* The agent says each thing once, and has few to say. */
static void read_refused(struct reader *rd, struct record *r)
{
    struct str words = take_str(r);
    if (rd->t->refused.n >= TRACE_REFUSED_MOST)
        r->bad = true;
    if (!r->bad)
        trace_add_refused(rd->a, rd->t, words);
}

static int read_record(struct reader *rd, unsigned type, struct str payload, bool first,
                       const char **why)
{
    static void (*const readers[])(struct reader *, struct record *) = {
        [WIRE_LOOKUP] = read_lookup, [WIRE_EXEC] = read_exec,       [WIRE_LISTEN] = read_listen,
        [WIRE_EXIT] = read_exit,     [WIRE_REFUSED] = read_refused,
    };
    struct record r = {payload, false};
    *why = NULL;
    if (first != (type == WIRE_HELLO))
        *why = first ? "the stream does not start with a greeting" : "a second greeting";
    else if (rd->t->complete)
        *why = "a record behind the last one";
    else if (type == WIRE_HELLO && take(&r, 4) != WIRE_VERSION)
        *why = "another version of the agent";
    else if (type == WIRE_BYE)
        rd->t->complete = true;
    else if (type == WIRE_MARK)
        r.rest = STR(""); /* the attacker's, read elsewhere */
    else if (type < sizeof readers / sizeof *readers && readers[type])
        readers[type](rd, &r);
    else if (type != WIRE_HELLO)
        *why = "no such type";
    if (!*why && (r.bad || r.rest.n))
        *why = "not laid out as its type says";
    return *why ? -1 : 0;
}

int trace_read(struct str bytes, struct arena *a, struct trace *ret, struct err *e)
{
    if (bytes.n > LIMIT_TRACE_BYTES)
        return err_set(e, ERR_INPUT, "the trace has %zu bytes; at most %d are read", bytes.n,
                       LIMIT_TRACE_BYTES);
    struct trace t = {0};
    struct reader rd = {.a = a, .t = &t, .seen = {.a = a}};
    size_t records = 0;
    for (size_t at = 0; bytes.n - at >= HEAD;) {
        struct record head = {str_from(bytes, at), false};
        size_t n = (size_t)take(&head, 4);
        if (n < 1 || n > WIRE_RECORD_MAX - HEAD)
            return err_set(e, ERR_INPUT, "trace, offset %zu: a record of %zu bytes", at, n);
        if (++records > LIMIT_TRACE_RECORDS)
            return err_set(e, ERR_INPUT, "trace, offset %zu: more than %d records", at,
                           LIMIT_TRACE_RECORDS);
        if (bytes.n - at - HEAD < n)
            break; /* cut off in the middle of a record */
        unsigned type = (unsigned char)bytes.p[at + HEAD];
        struct str payload = str_slice(bytes, at + HEAD + 1, at + HEAD + n);
        const char *why;
        if (read_record(&rd, type, payload, records == 1, &why))
            return err_set(e, ERR_INPUT, "trace, offset %zu, type %u: %s", at, type, why);
        at += HEAD + n;
    }
    *ret = t;
    return 0;
}
