/* outcome_normal and outcome_compare. */
#include "trace/outcome.h"

#include "lib/tap.h"

static struct arena a;

static const struct row {
    const char *from, *to;
} rows[] = {
    /* dates and times, as programs print them */
    {"2026-11-21T20:59:33Z", "<date>"},
    {"2026-11-21T20:59:33.123456+02:00 up", "<date> up"},
    {"time=\"2026-11-21T20:59:33Z\"", "time=\"<date>\""},
    {"2026-11-21 20:59:33,123 INFO x", "<date> INFO x"},
    {"2026/11/21 20:59:33 [notice] 12#12: start", "<date> [notice] <pid>: start"},
    {"on 2026-11-21.", "on <date>."},
    {"Date: Sat, 21 Nov 2026 20:59:33 GMT", "Date: <date>"},
    {"Saturday, 21-Nov-26 20:59:33 GMT", "<date>"},
    {"Sat Nov 21 20:59:33 2026", "<date>"},
    {"Sat Nov 21 20:59:33 UTC 2026", "<date>"},
    {"Sat Nov  1 20:59:33 CET 2026 x", "<date> x"},
    {"[21/Nov/2026:20:59:33 +0000] \"GET /\"", "[<date>] \"GET /\""},
    {"Nov 21 20:59:33 host app[812]: hi", "<date> host app[<pid>]: hi"},
    {"Nov 21, 2026 8:59:33 PM app", "<date> app"},
    {"1:M 21 Nov 2026 20:59:33.123 * Ready", "<pid>:M <date> * Ready"},
    {"20261121T205933Z", "<date>"},
    {"at 20:59:33", "at <time>"},
    {"at 20:59:33.250 UTC", "at <time>"},
    {"now 1795294773", "now <time>"},
    {"now 1795294773.25 and 1795294773250", "now <time> and <time>"},
    /* processes */
    {"pid 17", "pid <pid>"},
    {"PID: 17, ppid=1", "PID: <pid>, ppid=<pid>"},
    {"start worker process 29", "start worker process <pid>"},
    {"Started server process [7]", "Started server process [<pid>]"},
    {"{\"pid\":17,\"n\":3}", "{\"pid\":<pid>,\"n\":3}"},
    /* addresses and ids */
    {"at 0x7ffe12345678", "at <hex>"},
    {"id 123e4567-e89b-12d3-a456-426614174000", "id <hex>"},
    {"container 3f2a9c1b7d6e up", "container <hex> up"},
    {"127.0.0.1:54321 - GET", "127.0.0.1:<port> - GET"},
    {"[::1]:40012", "[::1]:<port>"},
    /* durations */
    {"took 12.5ms", "took <number-ms>"},
    {"took 3 seconds", "took <number-ms>"},
    {"in 0.004s.", "in <number-ms>."},
    /* what stays: counters, codes, versions, ports, words */
    {"Hello, World for the 3'th time", "Hello, World for the 3'th time"},
    {"status 200, 1024 bytes, 3 items", "status 200, 1024 bytes, 3 items"},
    {"nginx/1.22.1", "nginx/1.22.1"},
    {"Python 3.11.2 on linux", "Python 3.11.2 on linux"},
    {"listening on 0.0.0.0:8080", "listening on 0.0.0.0:8080"},
    {"listen tcp :8080: bind", "listen tcp :8080: bind"},
    {"flags 0x1f", "flags 0x1f"},
    {"deadbeef cafe", "deadbeef cafe"},
    {"processed 12", "processed 12"},
    {"line 1234567890123", "line 1234567890123"},
    {"line 9234567890", "line 9234567890"},
    {"May be 12", "May be 12"},
    {"Monday", "Monday"},
    {"x20:59:33", "x20:59:33"},
    {"a_2026-11-21", "a_2026-11-21"},
    {"00:11:22:33:44:55", "00:11:22:33:44:55"},
    {"", ""},
};

static void test_normal(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        is_str(outcome_normal(&a, str_of(rows[i].from)), rows[i].to, "%s", rows[i].from);
    char every[256];
    for (int i = 0; i < 256; i++)
        every[i] = (char)i;
    struct str bytes = {every, sizeof every};
    ok(str_eq(outcome_normal(&a, bytes), bytes), "kept: every byte");
}

static void test_large(void)
{
    static const char *const units[] = {"1", "a1", "1-", "Nov 1 ", "1:", "pid ", "2026-11-21T"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct arena big = {0};
        size_t n = strlen(units[i]), count = (4u << 20) / n;
        char *p = arena_alloc(&big, n * count);
        for (size_t j = 0; j < count; j++)
            memcpy(p + j * n, units[i], n);
        ok(outcome_normal(&big, (struct str){p, n * count}).n > 0, "large: 4 MiB of \"%s\"",
           units[i]);
        arena_free(&big);
    }
}

static struct outcome_http http_was = {
    .request = STR_INIT("GET :80/"),
    .status = 200,
    .headers = {(struct str_pair[]){{STR_INIT("Date"), STR_INIT("Sat, 21 Nov 2026 20:59:33 GMT")},
                                    {STR_INIT("ETag"), STR_INIT("\"1-2\"")},
                                    {STR_INIT("Server"), STR_INIT("nginx")}},
                3},
    .body = STR_INIT("Hello at 20:59:33"),
};

static struct outcome base(struct outcome_http *http)
{
    struct outcome o = {.ready = READY_PORT, .exit_status = 0, .health = -1};
    o.https = http;
    o.n_https = 1;
    o.out = STR("2026-11-21 started\nready\n");
    o.trace.complete = true;
    *vec_push(&a, &o.trace.listens) = (struct trace_listen){.family = 4, .port = 80};
    return o;
}

static size_t compare(const struct outcome *was, const struct outcome *is, struct str *what)
{
    struct outcome_differences d = {0};
    outcome_compare(&a, was, is, &d);
    *what = d.n ? d.v[0].what : (struct str){0};
    for (size_t i = 0; i < d.n; i++)
        printf("# " STR_F ": " STR_F " / " STR_F "\n", STR_A(d.v[i].what), STR_A(d.v[i].was),
               STR_A(d.v[i].is));
    return d.n;
}

#define differs_in(o, name)                                                                        \
    do {                                                                                           \
        size_t n = compare(&was, &(o), &what);                                                     \
        ok(n == 1 && str_is(what, name), "differs in %s", name);                                   \
    } while (0)

static void test_same(void)
{
    struct outcome was = base(&http_was);
    struct str what;
    is_int(compare(&was, &was, &what), 0, "itself: no difference");

    struct outcome_http later = http_was;
    later.headers =
        (struct str_pairs){(struct str_pair[]){{STR("server"), STR("nginx")},
                                               {STR("date"), STR("Sat, 21 Nov 2026 21:00:00 GMT")},
                                               {STR("etag"), STR("\"3-4\"")}},
                           3};
    later.body = STR("Hello at 21:00:00");
    struct outcome is = base(&later);
    is.out = STR("ready\nready\n2026-11-22 started\n");
    is_int(compare(&was, &is, &what), 0,
           "another moment, other case and order of headers, other order of log lines");

    is = base(&http_was);
    is.trace = (struct trace){0};
    is_int(compare(&was, &is, &what), 0, "listeners of an untraced run are not compared");
}

static void test_differences(void)
{
    struct outcome was = base(&http_was), is = base(&http_was);
    struct outcome_http other = http_was;
    struct str what;

    is.ready = READY_NEVER;
    differs_in(is, "readiness");
    is = base(&http_was);
    is.exit_status = 1;
    differs_in(is, "exit status");
    is = base(&http_was);
    is.exited_early = true;
    differs_in(is, "end");
    is = base(&http_was);
    is.stopped_by_kill = true;
    differs_in(is, "stopping");
    is = base(&http_was);
    is.health = 1;
    differs_in(is, "health check");
    is = base(&http_was);
    is.trace.listens.v[0].port = 81;
    differs_in(is, "listeners");
    is = base(&http_was);
    is.err = STR("cannot open /etc/x\n");
    differs_in(is, "standard error");
    is = base(&http_was);
    is.n_https = 0;
    differs_in(is, "number of requests");

    is = base(&other);
    other.status = 404;
    differs_in(is, "GET :80/: status");
    other = http_was;
    other.status = 0;
    other.error = STR("connection refused");
    differs_in(is, "GET :80/: status");
    other = http_was;
    other.body = STR("Hello 2 at 20:59:33");
    differs_in(is, "GET :80/: body");
    other = http_was;
    other.headers.n = 2;
    differs_in(is, "GET :80/: header server");
    other.headers = (struct str_pairs){(struct str_pair[]){http_was.headers.v[0],
                                                           http_was.headers.v[1],
                                                           {STR("Server"), STR("apache")}},
                                       3};
    differs_in(is, "GET :80/: header server");
}

static void test_execs(void)
{
    struct outcome_exec x = {.argv = {(struct str[]){STR_INIT("psql"), STR_INIT("-c")}, 2},
                             .status = 0,
                             .out = STR_INIT("ok\n")};
    struct outcome_exec y = x;
    struct outcome was = base(&http_was), is = base(&http_was);
    struct str what;
    was.execs = &x;
    is.execs = &y;
    was.n_execs = is.n_execs = 1;
    y.status = 127;
    differs_in(is, "command psql -c: exit status");
    y = x;
    y.out = STR("no\n");
    differs_in(is, "command psql -c: output");
}

static void test_to_the_end(void)
{
    struct outcome was = base(&http_was), is = base(&http_was);
    struct str what;
    was.ready = is.ready = READY_EXIT;
    was.out = STR("1\n2\n");
    is.out = STR("2\n1\n");
    differs_in(is, "standard output");
}

static void test_bodies_cut(void)
{
    struct outcome_http x = http_was, y = http_was;
    char *big = arena_alloc(&a, 1 << 20);
    memset(big, 'x', 1 << 20);
    x.body = y.body = (struct str){big, 1 << 20};
    x.body_digest = digest_of(STR("1"));
    y.body_digest = digest_of(STR("2"));
    struct outcome was = base(&x), is = base(&y);
    struct str what;
    differs_in(is, "GET :80/: body");
}

/* Two runs of the original: another body, another log line, and once it did not come up. */
static void test_noise(void)
{
    struct outcome_http other = http_was, silent = http_was;
    other.body = STR("Hello 7 at 20:59:33");
    silent.status = 0;
    silent.error = STR("connection refused");
    struct outcome was = base(&http_was), again = base(&other), is = base(&other);
    struct outcome_differences all = {0}, noise = {0}, left = {0};
    struct outcome_names varies = {0};
    is.err = STR("cannot open /etc/x\n");
    outcome_compare(&a, &was, &is, &all);
    outcome_compare(&a, &was, &again, &noise);
    outcome_less_noise(&a, &all, &noise, &left, &varies);
    ok(left.n == 1 && str_is(left.v[0].what, "standard error"), "names: what both show is noise");
    ok(varies.n == 1 && str_is(varies.v[0], "GET :80/: body"), "names: and is named");
    outcome_less_noise(&a, &all, &noise, &left, &varies);
    is_int(varies.n, 1, "names: once");

    again = is = base(&silent);
    again.ready = is.ready = READY_NEVER;
    all = noise = left = (struct outcome_differences){0};
    outcome_compare(&a, &was, &is, &all);
    outcome_compare(&a, &was, &again, &noise);
    outcome_less_noise(&a, &all, &noise, &left, &varies);
    is_int(left.n, 2, "firm: an original that came up once only excuses no result that does not");
}

static void test_no_answer(void)
{
    struct outcome_http x = http_was, y = http_was;
    x.status = y.status = 0;
    x.error = STR("timed out after 20001 milliseconds");
    y.error = STR("timed out after 20003 milliseconds");
    struct outcome was = base(&x), is = base(&y);
    struct str what;
    is_int(compare(&was, &is, &what), 0, "no answer, twice for one reason");
    y.error = STR("empty reply");
    differs_in(is, "GET :80/: no answer");
}

int main(void)
{
    test_normal();
    test_large();
    test_same();
    test_differences();
    test_execs();
    test_to_the_end();
    test_bodies_cut();
    test_noise();
    test_no_answer();
    arena_free(&a);
    return done_testing();
}
