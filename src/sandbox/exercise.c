/* exercise: a container is started, waited for, used and stopped → outcome.
 *
 * Each exercise has a network namespace of its own, so that a port just left by one run is free for
 * the next; the box moves into it to ask.
 *
 * Invariants
 * 1. A program that never becomes ready gives an outcome that says so in words, with its last
 * words. (sandbox.t: never ready)
 * 2. Readiness is seen without connecting: a server never gets a connection nobody asked for.
 *    (sandbox.t: ready)
 * 3. A container is never ended at its deadline while it is used as asked. (test_exercise)
 */
#include <signal.h>

#include "base/safe.h"
#include "sandbox/inside.h"
#include "sys/net.h"

enum {
    READY_TIMEOUT_MS = 30000,
    STOP_TIMEOUT_MS = 10000,
    STOP_UNREADY_MS = 1000,
    MORE_PORTS_MS = 500,   /* from the first port to the last, of those a config only announces */
    LOOK_EVERY_MS = 2,     /* at first; later … */
    LOOK_LATE_MS = 40,     /* … at most */
    HEALTH_EVERY_MS = 250, /* between tries */
    HEALTH_TRIES = 4,      /* once it is ready by something else */
    COMMAND_TIMEOUT_MS = 30000,
    SCRIPT_TIMEOUT_MS = 300000,
    LAST_MOMENT_MS = 200,
    LAST_LINES = 3,
    LAST_WORDS = 400,
};

struct session {
    struct sandbox *sb;
    struct arena *a;
    const struct sandbox_run *run;
    const struct exercise *ex;
    struct sandbox_container *c;
    struct outcome *o;
    struct sys_listeners listeners; /* as last looked; in … */
    struct arena looked;            /* … this arena, freed with the next look */
    struct strs commands_reports;   /* of the agents that ran commands */
    int64_t first_port_ms;          /* when the first port was seen; 0: none yet */
    int64_t next_health_ms;
};

static int64_t or_default(int64_t ms, int64_t usual)
{
    return ms > 0 ? ms : usual;
}

/* What the config says, in nanoseconds, but the image does not hold us up for ever. */
static int64_t health_timeout(const struct image_healthcheck *h)
{
    int64_t ms = h->timeout / 1000000 + (h->timeout % 1000000 > 0);
    return ms > 0 && ms < COMMAND_TIMEOUT_MS ? ms : COMMAND_TIMEOUT_MS;
}

int64_t exercise_most_ms(const struct exercise *ex)
{
    int64_t ms = or_default(ex->ready_timeout_ms, READY_TIMEOUT_MS) +
                 or_default(ex->stop_timeout_ms, STOP_TIMEOUT_MS);
    ms += (int64_t)ex->n_https * HTTP_TIMEOUT_MS + (int64_t)ex->n_execs * COMMAND_TIMEOUT_MS +
          (int64_t)ex->scripts.n * SCRIPT_TIMEOUT_MS;
    if (ex->health && ex->health->set) /* the last try to become ready, and those after */
        ms += (HEALTH_TRIES + 1) * (health_timeout(ex->health) + HEALTH_EVERY_MS);
    return ms;
}

/* ---- words ---- */

/* The last lines a program wrote, in one: what a person would look at first. */
static struct str last_words(struct session *s)
{
    const struct job *j = &s->c->job;
    struct str text = str_trim(buf_str(j->err.bytes.n ? &j->err.bytes : &j->out.bytes));
    size_t from = text.n;
    for (int lines = 0; from > 0 && text.n - from < LAST_WORDS; from--)
        if (text.p[from - 1] == '\n' && ++lines == LAST_LINES)
            break;
    struct buf b = {.a = s->a};
    struct str rest = str_from(text, from), line;
    while (str_line(&rest, &line))
        if (str_trim(line).n)
            buf_addf(&b, "%s" STR_F, b.n ? " | " : "", STR_A(str_trim(line)));
    return safe_text(s->a, buf_str(&b));
}

static struct str with_last_words(struct session *s, struct str why)
{
    struct str words = last_words(s);
    return words.n ? str_fmt(s->a, STR_F "; its last words: " STR_F, STR_A(why), STR_A(words))
                   : str_fmt(s->a, STR_F "; it wrote nothing", STR_A(why));
}

static struct str ended_early(struct session *s)
{
    const struct job *j = &s->c->job;
    struct str refused;
    if (job_refused(j, &refused))
        return str_fmt(s->a, "the container did not start: " STR_F, STR_A(refused));
    long long ms = (long long)(j->ended_ms - j->started_ms);
    return with_last_words(
        s, j->status > 128
               ? str_fmt(s->a, "ended by signal %d after %lld ms before it was ready",
                         j->status - 128, ms)
               : str_fmt(s->a, "exited with status %d after %lld ms before it was ready", j->status,
                         ms));
}

static struct str waited_for(struct session *s)
{
    struct buf b = {.a = s->a};
    const struct exercise *ex = s->ex;
    if (ex->ready_exit)
        buf_addz(&b, "did not end by itself");
    else if (ex->ready_log.n)
        buf_addf(&b, "did not log \"" STR_F "\"", STR_A(ex->ready_log));
    else if (ex->n_ports) {
        buf_addz(&b, "did not listen on port");
        for (size_t i = 0; i < ex->n_ports; i++)
            buf_addf(&b, "%s %u", i ? " or" : "", ex->ports[i]);
    } else if (ex->health && ex->health->set)
        buf_addz(&b, "did not pass its health check");
    else
        buf_addz(&b, "did not listen on any port");
    buf_addf(&b, " within %lld s",
             (long long)(or_default(ex->ready_timeout_ms, READY_TIMEOUT_MS) / 1000));
    for (size_t i = 0; i < s->listeners.n; i++)
        buf_addf(&b, "%s %u", i ? "," : "; it listens on", s->listeners.v[i].port);
    return with_last_words(s, buf_str(&b));
}

/* ---- commands ---- */

static struct outcome_exec command(struct session *s, struct strs argv, int64_t timeout_ms)
{
    struct str report;
    struct outcome_exec ret = inquire_exec(s->sb, s->a, s->c, argv, timeout_ms, &report);
    if (s->run->trace && report.n) {
        struct str *v = arena_array(s->a, struct str, s->commands_reports.n + 1);
        for (size_t i = 0; i < s->commands_reports.n; i++)
            v[i] = s->commands_reports.v[i];
        v[s->commands_reports.n++] = report;
        s->commands_reports.v = v;
    }
    return ret;
}

/* Docker's forms: CMD words, CMD-SHELL text. */
static bool health_argv(struct session *s, struct strs *ret)
{
    const struct image_healthcheck *h = s->ex->health;
    if (!h || !h->set || h->test.n < 2)
        return false;
    if (str_is(h->test.v[0], "CMD")) {
        *ret = (struct strs){h->test.v + 1, h->test.n - 1};
        return true;
    }
    struct str *v = arena_array(s->a, struct str, 3);
    v[0] = STR("/bin/sh");
    v[1] = STR("-c");
    v[2] = h->test.v[1];
    *ret = (struct strs){v, 3};
    return str_is(h->test.v[0], "CMD-SHELL");
}

/* Runs the health check up to `tries` times until it passes; −1: there is none. One that did not
 * end in time is not tried again. */
static int health(struct session *s, int tries)
{
    struct strs argv;
    if (!health_argv(s, &argv))
        return -1;
    int status = 1;
    for (int i = 0; i < tries && status && !s->c->job.ended; i++) {
        for (int64_t until = sys_now_ms() + (i ? HEALTH_EVERY_MS : 0); sys_now_ms() < until;)
            job_pump(s->sb, until - sys_now_ms());
        status = command(s, argv, health_timeout(s->ex->health)).status;
        if (status < 0)
            return 1;
    }
    return status;
}

/* ---- ready ---- */

static const struct sys_listener *listens_on(const struct session *s, uint16_t port)
{
    const struct sys_listener *found = NULL;
    vec_each (&s->listeners, i) {
        const struct sys_listener *l = &s->listeners.v[i];
        if (l->port == port && (!found || !l->v6))
            found = l;
    }
    return found;
}

static void look_for_listeners(struct session *s)
{
    struct err ignored;
    arena_free(&s->looked);
    s->listeners = (struct sys_listeners){0};
    if (sys_net_listeners(&s->looked, &s->listeners, &ignored))
        s->listeners.n = 0;
}

/* All ports, or some, and the others had a moment more: a config announces what may never come. */
static bool ports_ready(struct session *s)
{
    size_t open = 0;
    look_for_listeners(s);
    for (size_t i = 0; i < s->ex->n_ports; i++)
        open += listens_on(s, s->ex->ports[i]) != NULL;
    if (!open)
        return false;
    if (!s->first_port_ms)
        s->first_port_ms = sys_now_ms();
    return open == s->ex->n_ports || sys_now_ms() - s->first_port_ms >= MORE_PORTS_MS;
}

static bool log_ready(const struct session *s)
{
    const struct buf *streams[] = {&s->c->job.out.bytes, &s->c->job.err.bytes};
    for (int i = 0; i < 2; i++)
        if (str_has(buf_str(streams[i]), s->ex->ready_log))
            return true;
    return false;
}

static bool health_ready(struct session *s)
{
    if (sys_now_ms() < s->next_health_ms)
        return false;
    s->o->health = health(s, 1);
    s->next_health_ms = sys_now_ms() + HEALTH_EVERY_MS;
    return s->o->health == 0;
}

static enum ready_how look(struct session *s)
{
    const struct exercise *ex = s->ex;
    struct strs ignored;
    if (ex->ready_exit)
        return READY_NEVER;
    if (ex->ready_log.n)
        return log_ready(s) ? READY_LOG : READY_NEVER;
    if (ex->n_ports)
        return ports_ready(s) ? READY_PORT : READY_NEVER;
    if (health_argv(s, &ignored))
        return health_ready(s) ? READY_HEALTH : READY_NEVER;
    look_for_listeners(s);
    return s->listeners.n ? READY_PORT : READY_NEVER;
}

static void wait_until_ready(struct session *s)
{
    const struct job *j = &s->c->job;
    int64_t until = j->started_ms + or_default(s->ex->ready_timeout_ms, READY_TIMEOUT_MS);
    int64_t pause = s->ex->ready_exit ? LOOK_LATE_MS : LOOK_EVERY_MS;
    while (!j->ended && s->o->ready == READY_NEVER && sys_now_ms() < until) {
        s->o->ready = look(s);
        if (s->o->ready == READY_NEVER)
            job_pump(s->sb, pause);
        pause = pause + pause / 2 > LOOK_LATE_MS ? LOOK_LATE_MS : pause + pause / 2 + 1;
    }
    s->o->ready_ms = (j->ended ? j->ended_ms : sys_now_ms()) - j->started_ms;
    if (s->o->ready != READY_NEVER)
        return;
    if (j->ended && s->ex->ready_exit && !job_refused(j, &s->o->why)) {
        s->o->why = (struct str){0};
        s->o->ready = READY_EXIT;
        return;
    }
    s->o->exited_early = j->ended;
    s->o->why = j->ended ? ended_early(s) : waited_for(s);
}

/* ---- use ---- */

static struct outcome_http request(struct session *s, const struct exercise_http *asked)
{
    uint16_t port = asked->port;
    look_for_listeners(s);
    for (size_t i = 0; !port && i < s->ex->n_ports; i++)
        if (listens_on(s, s->ex->ports[i]))
            port = s->ex->ports[i];
    if (!port)
        port = s->listeners.n ? s->listeners.v[0].port : s->ex->n_ports ? s->ex->ports[0] : 80;
    const struct sys_listener *l = listens_on(s, port);
    return inquire_http(s->sb, s->a, asked, port, l && l->v6 && !l->wildcard);
}

static void use(struct session *s)
{
    const struct exercise *ex = s->ex;
    struct outcome *o = s->o;
    o->https = arena_array(s->a, struct outcome_http, ex->n_https);
    for (size_t i = 0; i < ex->n_https; i++)
        o->https[o->n_https++] = request(s, &ex->https[i]);
    o->execs = arena_array(s->a, struct outcome_exec, ex->n_execs);
    for (size_t i = 0; i < ex->n_execs; i++)
        o->execs[o->n_execs++] = command(s, ex->execs[i], COMMAND_TIMEOUT_MS);
    o->scripts = arena_array(s->a, struct outcome_exec, ex->scripts.n);
    for (size_t i = 0; i < ex->scripts.n; i++)
        o->scripts[o->n_scripts++] =
            inquire_script(s->sb, s->a, ex->scripts.v[i], SCRIPT_TIMEOUT_MS);
    if (o->ready != READY_HEALTH)
        o->health = health(s, HEALTH_TRIES);
}

/* ---- stop ---- */

/* What did not answer may be about to end by itself. */
static int64_t last_moment(const struct outcome *o)
{
    for (size_t i = 0; i < o->n_https; i++)
        if (!o->https[i].status)
            return sys_now_ms() + LAST_MOMENT_MS;
    return sys_now_ms();
}

static void stop(struct session *s)
{
    struct job *j = &s->c->job;
    int64_t moment = last_moment(s->o), from = sys_now_ms();
    do
        job_pump(s->sb, moment > from ? moment - from : 0);
    while (!j->ended && (from = sys_now_ms()) < moment);
    s->o->exited_early |= j->ended && s->o->ready != READY_EXIT;
    if (j->ended)
        return;
    /* what never became ready gets no long farewell: how it stops says nothing any more */
    int64_t until =
        from + (s->o->ready == READY_NEVER ? STOP_UNREADY_MS
                                           : or_default(s->ex->stop_timeout_ms, STOP_TIMEOUT_MS));
    job_signal(j, s->ex->stop_signal ? s->ex->stop_signal : SIGTERM);
    while (!j->ended && sys_now_ms() < until)
        job_pump(s->sb, until - sys_now_ms());
    if (!j->ended) {
        s->o->stopped_by_kill = true;
        job_kill(j);
    }
    while (!j->ended)
        job_pump(s->sb, 1000);
    s->o->stop_ms = j->ended_ms - from;
}

static int read_traces(struct session *s, struct str report, struct err *e)
{
    if (!s->run->trace)
        return 0;
    if (trace_read(report, s->a, &s->o->trace, e))
        return -1;
    for (size_t i = 0; i < s->commands_reports.n; i++) {
        struct trace more;
        if (trace_read(s->commands_reports.v[i], s->a, &more, e))
            return -1;
        trace_merge(s->a, &s->o->trace, &more);
    }
    return 0;
}

static int conclude(struct session *s, struct err *e)
{
    struct sandbox_result r;
    bool cut = s->c->job.report.cut;
    if (sandbox_finish(s->sb, s->c, s->a, &r, e))
        return -1;
    if (r.timed_out) /* what it would have done is not known, so it must not count as done */
        return err_set(e, ERR_MACHINE, "the run took longer than %lld s",
                       (long long)(s->run->timeout_ms / 1000));
    s->o->exit_status = r.status;
    s->o->out = r.out;
    s->o->err = r.started ? r.err : (struct str){0};
    s->o->written = r.written;
    if (read_traces(s, r.agent_bytes, e))
        return err_wrap(e, "the agent's report");
    if (cut)
        s->o->trace.complete = false;
    return 0;
}

int sandbox_exercise(struct sandbox *sb, const struct sandbox_run *run, const struct exercise *ex,
                     struct arena *a, struct outcome *ret, struct err *e)
{
    struct sandbox_policy policy = *run->policy;
    struct sandbox_run mine = *run;
    struct outcome o = {.ready = READY_NEVER, .health = -1};
    struct session s = {.sb = sb, .a = a, .run = &mine, .ex = ex, .o = &o};
    policy.own_network = false; /* this exercise's, which the box is about to enter */
    mine.policy = &policy;
    mine.timeout_ms = or_default(run->timeout_ms, RUN_TIMEOUT_MS) + exercise_most_ms(ex);
    if (sys_net_fresh(e) || sandbox_start(sb, &mine, &s.c, e))
        return -1;
    wait_until_ready(&s);
    if (o.ready != READY_NEVER && o.ready != READY_EXIT)
        use(&s);
    stop(&s);
    arena_free(&s.looked);
    if (conclude(&s, e))
        return err_wrap(e, "exercising the container");
    *ret = o;
    return 0;
}
