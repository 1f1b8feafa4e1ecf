/* outcome_compare: two runs under the same exercise → in what they differ, as a client, an
 * orchestrator or a reader of the log would see it.
 *
 * A server's log is compared as the set of its lines: workers write in any order, and how often it
 * was asked whether it is ready is chance. What ran to its end by itself is compared line by line.
 *
 * Invariants
 * 1. A run does not differ from itself. (test_outcome: itself)
 * 2. `what` names the same thing in every comparison of one exercise, so that differences between
 *    two runs of the original can be taken off. (test_outcome: names)
 * 3. What is firm is never taken off. (test_outcome: firm)
 */
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "trace/outcome.h"

enum { SHORT = 160, BODY_MOST = 1024 * 1024, PORTS_CHOSEN = 32768 };

struct compare {
    struct arena *a;
    struct outcome_differences *list;
};

static struct str shorten(struct arena *a, struct str s)
{
    if (s.n <= SHORT)
        return str_dup0(a, s);
    return str_fmt(a, STR_F "… (%zu bytes)", STR_A(str_slice(s, 0, SHORT)), s.n);
}

enum weight { SOFT, FIRM };

static void differ(struct compare *c, enum weight weight, struct str what, struct str was,
                   struct str is)
{
    *vec_push(c->a, c->list) =
        (struct outcome_difference){what, shorten(c->a, was), shorten(c->a, is), weight == FIRM};
}

static void same_number(struct compare *c, enum weight weight, struct str what, int64_t was,
                        int64_t is)
{
    if (was != is)
        differ(c, weight, what, str_fmt(c->a, "%lld", (long long)was),
               str_fmt(c->a, "%lld", (long long)is));
}

static void same_words(struct compare *c, enum weight weight, const char *what, const char *was,
                       const char *is)
{
    if (strcmp(was, is) != 0)
        differ(c, weight, str_of(what), str_of(was), str_of(is));
}

/* ---- text ---- */

/* The first line of one text that the other does not have, or has elsewhere; none when it is how
 * the other begins. */
static struct str first_other(struct str of, struct str in)
{
    struct str a, b;
    bool more = true;
    while (str_line(&of, &a)) {
        more = more && str_line(&in, &b);
        if (!more || !str_eq(a, b))
            return a;
    }
    return STR(OUTCOME_NO_LINE);
}

static void same_text(struct compare *c, struct str what, struct str was, struct str is)
{
    if (str_eq(was, is))
        return;
    struct str old = outcome_normal(c->a, was), new = outcome_normal(c->a, is);
    if (!str_eq(old, new))
        differ(c, SOFT, what, first_other(old, new), first_other(new, old));
}

static void lines_of(struct arena *a, struct str text, struct map *ret)
{
    struct str line, rest = outcome_normal(a, text);
    ret->a = a;
    while (str_line(&rest, &line))
        *map_at(ret, str_trim(line)) = ret;
}

/* The first line that the other set lacks, or the absent string. */
static struct str lacking(const struct map *of, const struct map *in)
{
    map_each (of, i)
        if (!map_has(in, of->v[i].key))
            return of->v[i].key;
    return (struct str){0};
}

static void same_lines(struct compare *c, struct str what, struct str was, struct str is)
{
    struct map old = {0}, new = {0};
    lines_of(c->a, was, &old);
    lines_of(c->a, is, &new);
    struct str gone = lacking(&old, &new), came = lacking(&new, &old);
    if (gone.p || came.p)
        differ(c, SOFT, what, gone.p ? gone : STR(OUTCOME_NO_LINE),
               came.p ? came : STR(OUTCOME_NO_LINE));
}

/* ---- HTTP ---- */

/* Headers whose value belongs to the moment, the request or the body, which is compared itself. */
static bool is_of_the_moment(struct str name)
{
    static const char *const names[] = {"date",
                                        "etag",
                                        "expires",
                                        "age",
                                        "set-cookie",
                                        "content-length",
                                        "x-request-id",
                                        "x-runtime",
                                        "x-response-time",
                                        "x-trace-id",
                                        "x-correlation-id",
                                        "traceparent",
                                        "server-timing",
                                        "content-md5",
                                        "digest"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(name, names[i]))
            return true;
    return false;
}

/* Name → its first value; names mean the same in any case. */
static void headers_of(struct arena *a, const struct str_pairs *headers, struct map *ret)
{
    ret->a = a;
    for (size_t i = 0; i < headers->n; i++) {
        void **at = map_at(ret, str_lower(a, headers->v[i].key));
        if (!*at)
            *at = &headers->v[i].value;
    }
}

static void same_headers(struct compare *c, struct str request, const struct str_pairs *was,
                         const struct str_pairs *is)
{
    struct map old = {0}, new = {0};
    headers_of(c->a, was, &old);
    headers_of(c->a, is, &new);
    map_each (&old, i) {
        struct str name = old.v[i].key, *value = old.v[i].value, *other = map_get(&new, name);
        struct str what = str_fmt(c->a, STR_F ": header " STR_F, STR_A(request), STR_A(name));
        if (!other)
            differ(c, SOFT, what, *value, STR("(absent)"));
        else if (!is_of_the_moment(name))
            same_text(c, what, *value, *other);
    }
    map_each (&new, i)
        if (!map_has(&old, new.v[i].key))
            differ(c, SOFT,
                   str_fmt(c->a, STR_F ": header " STR_F, STR_A(request), STR_A(new.v[i].key)),
                   STR("(absent)"), *(struct str *)new.v[i].value);
}

static void same_body(struct compare *c, const struct outcome_http *was,
                      const struct outcome_http *is)
{
    struct str what = str_fmt(c->a, STR_F ": body", STR_A(was->request));
    if (was->body.n < BODY_MOST && is->body.n < BODY_MOST)
        same_text(c, what, was->body, is->body);
    else if (!digest_eq(&was->body_digest, &is->body_digest)) /* cut: only the digest saw all */
        differ(c, SOFT, what, digest_text(c->a, &was->body_digest),
               digest_text(c->a, &is->body_digest));
}

static void same_http(struct compare *c, const struct outcome_http *was,
                      const struct outcome_http *is)
{
    struct str status = str_fmt(c->a, STR_F ": status", STR_A(was->request));
    if (was->status == 0 || is->status == 0) {
        if (was->status == is->status) /* no answer from either, but perhaps not for one reason */
            same_text(c, str_fmt(c->a, STR_F ": no answer", STR_A(was->request)), was->error,
                      is->error);
        else
            differ(c, FIRM, status,
                   was->status ? str_fmt(c->a, "%d", was->status)
                               : str_fmt(c->a, "no answer: " STR_F, STR_A(was->error)),
                   is->status ? str_fmt(c->a, "%d", is->status)
                              : str_fmt(c->a, "no answer: " STR_F, STR_A(is->error)));
        return;
    }
    same_number(c, FIRM, status, was->status, is->status);
    same_headers(c, was->request, &was->headers, &is->headers);
    same_body(c, was, is);
}

/* ---- commands ---- */

struct str outcome_command(struct arena *a, const struct outcome_exec *x)
{
    struct buf b = {.a = a};
    for (size_t i = 0; i < x->argv.n; i++) {
        if (i)
            buf_addc(&b, ' ');
        buf_add(&b, x->argv.v[i]);
    }
    return buf_str(&b);
}

static void same_execs(struct compare *c, const char *kind, const struct outcome_exec *was,
                       size_t n_was, const struct outcome_exec *is, size_t n_is)
{
    same_number(c, FIRM, str_fmt(c->a, "number of %ss run", kind), (int64_t)n_was, (int64_t)n_is);
    for (size_t i = 0; i < n_was && i < n_is; i++) {
        struct str name = str_fmt(c->a, "%s " STR_F, kind, STR_A(outcome_command(c->a, &was[i])));
        same_number(c, FIRM, str_fmt(c->a, STR_F ": exit status", STR_A(name)), was[i].status,
                    is[i].status);
        same_text(c, str_fmt(c->a, STR_F ": output", STR_A(name)), was[i].out, is[i].out);
    }
}

/* ---- listeners ---- */

/* "tcp 80", "tcp6 a port the system chose", "unix /run/app.sock". */
static void listeners_of(struct arena *a, const struct trace *t, struct map *ret)
{
    ret->a = a;
    vec_each (&t->listens, i) {
        const struct trace_listen *l = &t->listens.v[i];
        const char *family = l->family == 6 ? "tcp6" : "tcp";
        struct str name;
        if (l->family == 1)
            name = str_fmt(a, "unix " STR_F, STR_A(outcome_normal(a, l->path)));
        else if (l->port >= PORTS_CHOSEN)
            name = str_fmt(a, "%s, a port over %d", family, PORTS_CHOSEN - 1);
        else
            name = str_fmt(a, "%s %u", family, l->port);
        *map_at(ret, name) = ret;
    }
}

static struct str list_of(struct arena *a, const struct map *m)
{
    struct buf b = {.a = a};
    map_each (m, i) {
        buf_addz(&b, i ? ", " : "");
        buf_add(&b, m->v[i].key);
    }
    return m->n ? buf_str(&b) : STR("none");
}

static bool was_traced(const struct trace *t)
{
    return t->complete || t->lookups.n;
}

static void same_listeners(struct compare *c, const struct trace *was, const struct trace *is)
{
    if (!was_traced(was) || !was_traced(is))
        return;
    struct map old = {0}, new = {0};
    listeners_of(c->a, was, &old);
    listeners_of(c->a, is, &new);
    if (lacking(&old, &new).p || lacking(&new, &old).p)
        differ(c, SOFT, STR("listeners"), list_of(c->a, &old), list_of(c->a, &new));
}

/* ---- all ---- */

static const char *ready_name(enum ready_how how)
{
    static const char *const names[] = {
        [READY_NEVER] = "never ready",
        [READY_PORT] = "its port opened",
        [READY_HEALTH] = "its health check passed",
        [READY_LOG] = "its log said so",
        [READY_EXIT] = "it ran to its end",
    };
    return names[how];
}

static void same_end(struct compare *c, const struct outcome *was, const struct outcome *is)
{
    same_words(c, FIRM, "end",
               was->exited_early ? "ended before it was asked to" : "ran until stopped",
               is->exited_early ? "ended before it was asked to" : "ran until stopped");
    same_words(c, SOFT, "stopping",
               was->stopped_by_kill ? "had to be killed" : "stopped when asked to",
               is->stopped_by_kill ? "had to be killed" : "stopped when asked to");
    same_number(c, was->ready == READY_EXIT ? FIRM : SOFT, STR("exit status"), was->exit_status,
                is->exit_status);
}

void outcome_compare(struct arena *a, const struct outcome *was, const struct outcome *is,
                     struct outcome_differences *ret)
{
    struct outcome_differences list = {0};
    struct compare c = {a, &list};
    same_words(&c, FIRM, "readiness", ready_name(was->ready), ready_name(is->ready));
    same_number(&c, FIRM, STR("number of requests"), (int64_t)was->n_https, (int64_t)is->n_https);
    for (size_t i = 0; i < was->n_https && i < is->n_https; i++)
        same_http(&c, &was->https[i], &is->https[i]);
    same_execs(&c, "command", was->execs, was->n_execs, is->execs, is->n_execs);
    same_execs(&c, "script", was->scripts, was->n_scripts, is->scripts, is->n_scripts);
    same_number(&c, FIRM, STR("health check"), was->health, is->health);
    same_listeners(&c, &was->trace, &is->trace);
    same_end(&c, was, is);
    void (*same)(struct compare *, struct str, struct str, struct str) =
        was->ready == READY_EXIT ? same_text : same_lines;
    same(&c, STR("standard output"), was->out, is->out);
    same(&c, STR("standard error"), was->err, is->err);
    *ret = list;
}

/* ---- noise ---- */

static bool names(const struct outcome_names *list, struct str what)
{
    vec_each (list, i)
        if (str_eq(list->v[i], what))
            return true;
    return false;
}

static bool is_noise(const struct outcome_differences *noise, const struct outcome_difference *d)
{
    vec_each (noise, i)
        if (!d->firm && str_eq(noise->v[i].what, d->what))
            return true;
    return false;
}

void outcome_less_noise(struct arena *a, const struct outcome_differences *all,
                        const struct outcome_differences *noise, struct outcome_differences *left,
                        struct outcome_names *varies)
{
    vec_each (all, i)
        if (!is_noise(noise, &all->v[i]))
            *vec_push(a, left) = all->v[i];
        else if (!names(varies, all->v[i].what))
            *vec_push(a, varies) = all->v[i].what;
}
