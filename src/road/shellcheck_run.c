/* shellcheck_run: see shellcheck_run.h.
 *
 * Invariants
 * 1. A text is checked once, however many scripts have it. (lint_shellcheck.t: same)
 * 2. A script that takes too long costs the others of its process at most; a large one has a
 *    process of its own. (lint_shellcheck.t: alone)
 */
#include "road/shellcheck_run.h"

#include "base/limits.h"
#include "sys/file.h"
#include "sys/parallel.h"

enum {
    LANES = 8,         /* processes at once, if there are processors for them */
    FEW = 4,           /* scripts that are not worth a process of their own */
    MANY = 128,        /* of one process: each is a descriptor */
    LARGE = 32 * 1024, /* bytes of a script that has a process of its own */
    FULL = 128 * 1024, /* of one process */
    TIME = 30 * 1000,  /* milliseconds; real scripts take 5 to 50 each */
};

struct runner {
    struct arena *a;
    struct str program;
    struct strs options, texts; /* no two alike */
    struct lint_comments *said;
    struct str *failed; /* why a text was not checked; n 0: it was */
};

/* One process: texts from `first` on. */
struct lane {
    size_t first, n;
    int fds[3 + MANY];
};

/* How many texts from `at` on go into the next process. */
static size_t share(const struct runner *r, size_t at, size_t lanes)
{
    size_t left = r->texts.n - at, n = 0, bytes = 0, most = (left + lanes - 1) / lanes;
    most = most < FEW ? FEW : most > MANY ? MANY : most;
    while (n < left && n < most) {
        size_t size = r->texts.v[at + n].n;
        if (n && (size > LARGE || bytes + size > FULL))
            break;
        bytes += size;
        n++;
        if (size > LARGE)
            break;
    }
    return n;
}

static int prepare(struct runner *r, struct lane *l, struct sys_task *t, struct err *e)
{
    struct str *argv = arena_array(r->a, struct str, 1 + r->options.n + l->n);
    static struct str env[] = {STR_INIT("LC_ALL=C.UTF-8"), STR_INIT("PATH=/usr/bin:/bin")};
    size_t n = 0;
    argv[n++] = r->program;
    for (size_t i = 0; i < r->options.n; i++)
        argv[n++] = r->options.v[i];
    for (size_t i = 0; i < l->n; i++) {
        if (sys_text_fd(r->texts.v[l->first + i], &l->fds[3 + i], e))
            return -1;
        argv[n++] = str_fmt(r->a, "/dev/fd/%zu", 3 + i);
    }
    *t = (struct sys_task){
        .command = {.argv = {argv, n}, .env = {env, 2}, .fds = l->fds, .n_fds = 3 + l->n}};
    return 0;
}

static void fail(struct runner *r, const struct lane *l, struct str why)
{
    for (size_t i = 0; i < l->n; i++) {
        r->said[l->first + i] = (struct lint_comments){0};
        r->failed[l->first + i] = why;
    }
}

/* 0: nothing to say, 1: something; beyond that it could not do all that it was asked. */
static void take(struct runner *r, const struct lane *l, const struct sys_task *t)
{
    struct err e = {0};
    if (t->cut)
        fail(r, l, STR("it said too much"));
    else if (!t->ended)
        fail(r, l, str_fmt(r->a, "it did not end within %d seconds", TIME / 1000));
    else if (t->status > 1)
        fail(r, l, str_fmt(r->a, "it ended with status %d", t->status));
    else if (lint_shellcheck_read(r->a, t->output, STR("/dev/fd/"), 3, r->said + l->first, l->n,
                                  &e))
        fail(r, l, str_fmt(r->a, "its reply cannot be read: %s", e.text));
}

/* A round: as many processes as there are lanes. Returns the first text that is left. */
static size_t run_round(struct runner *r, size_t at, size_t lanes)
{
    struct lane *l = arena_array(r->a, struct lane, lanes);
    struct sys_task *t = arena_array(r->a, struct sys_task, lanes);
    struct err e = {0};
    size_t n = 0;
    int rc = 0;
    for (; n < lanes && at < r->texts.n && !rc; n++) {
        l[n] = (struct lane){at, share(r, at, lanes - n), {0}};
        for (size_t i = 0; i < 3 + MANY; i++)
            l[n].fds[i] = -1;
        at += l[n].n;
        rc = prepare(r, &l[n], &t[n], &e);
    }
    if (!rc)
        rc = sys_run_all(t, n, TIME, LIMIT_JSON_BYTES, r->a, &e);
    for (size_t k = 0; k < n; k++) {
        if (rc)
            fail(r, &l[k], str_dup(r->a, str_of(e.text)));
        else
            take(r, &l[k], &t[k]);
        for (size_t i = 0; i < 3 + MANY; i++)
            sys_fd_close(&l[k].fds[i]);
    }
    return at;
}

size_t shellcheck_run(struct arena *a, struct str program, bool compat,
                      const struct lint_scripts *scripts, struct lint_comments *comments,
                      size_t *first, struct err *why)
{
    struct map index = {.a = a}; /* text → its number + 1 */
    size_t *number = arena_array(a, size_t, scripts->n), unchecked = 0;
    struct runner r = {.a = a, .program = program, .options = lint_shellcheck_options(compat)};
    r.texts.v = arena_array(a, struct str, scripts->n);
    vec_each (scripts, i) {
        void **at = map_at(&index, scripts->v[i].text);
        if (!*at) {
            r.texts.v[r.texts.n++] = scripts->v[i].text;
            *at = (void *)(uintptr_t)r.texts.n;
        }
        number[i] = (uintptr_t)*at - 1;
    }
    r.said = arena_array(a, struct lint_comments, r.texts.n);
    r.failed = arena_array(a, struct str, r.texts.n);
    size_t lanes = sys_processors();
    lanes = lanes < LANES ? lanes : LANES;
    for (size_t at = 0; at < r.texts.n;)
        at = run_round(&r, at, lanes);
    vec_each (scripts, i) {
        comments[i] = r.said[number[i]];
        if (!r.failed[number[i]].n)
            continue;
        if (!unchecked++) {
            *first = i;
            err_set(why, ERR_MACHINE, STR_F, STR_A(r.failed[number[i]]));
        }
    }
    return unchecked;
}
