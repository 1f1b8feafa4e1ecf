/* drive: the sandbox from a command line, for tests/sandbox.t.
 *
 *     drive [option…] ROOT PROGRAM ARG…      runs one container; prints what came out
 *     drive -x [option…] ROOT PROGRAM ARG…   the same through an exercise: -p PORT, -g PATH,
 *                                            -e COMMAND, -l LOG, -E (ends by itself), -H CHECK
 */
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/vec.h"
#include "sandbox/sandbox.h"

struct drive {
    struct str root, key, image;
    const struct sandbox_policy *policy;
    bool trace, twice;
    unsigned uid;
    int64_t timeout_ms;
    struct strs argv;
    struct strs agent;
    struct strs volumes;
    bool exercise;
    struct exercise ex;
    uint16_t ports[8];
    struct exercise_http https[8];
    struct strs execs[8];
    struct image_healthcheck health;
};

static void print_text(struct buf *b, const char *name, struct str text)
{
    if (text.n > 4000)
        buf_addf(b, "%s: %zu bytes\n", name, text.n);
    else if (text.n)
        buf_addf(b, "%s: " STR_F "%s", name, STR_A(text), text.p[text.n - 1] == '\n' ? "" : "\n");
}

static int exercised(struct sandbox *sb, const struct drive *d, const struct sandbox_run *run,
                     struct arena *a, struct buf *b, struct err *e)
{
    static const char *const how[] = {"never", "port", "health", "log", "exit"};
    struct outcome o;
    if (sandbox_exercise(sb, run, &d->ex, a, &o, e))
        return -1;
    buf_addf(b, "ready: %s\nexited early: %d\nexit: %d\nkilled: %d\nhealth: %d\n", how[o.ready],
             o.exited_early, o.exit_status, o.stopped_by_kill, o.health);
    if (getenv("DRIVE_TIME"))
        buf_addf(b, "ms: %d %d\n", (int)o.ready_ms, (int)o.stop_ms);
    print_text(b, "why", o.why);
    for (size_t i = 0; i < o.n_https; i++) {
        buf_addf(b, "http: " STR_F " %d " STR_F "\n", STR_A(o.https[i].request), o.https[i].status,
                 STR_A(o.https[i].error));
        for (size_t k = 0; k < o.https[i].headers.n; k++)
            buf_addf(b, "header: " STR_F ": " STR_F "\n", STR_A(o.https[i].headers.v[k].key),
                     STR_A(o.https[i].headers.v[k].value));
        print_text(b, "body", o.https[i].body);
        if (o.https[i].status)
            buf_addf(b, "digest: " STR_F "\n", STR_A(digest_text(a, &o.https[i].body_digest)));
    }
    for (size_t i = 0; i < o.n_execs; i++) {
        buf_addf(b, "exec: %d\n", o.execs[i].status);
        print_text(b, "exec out", o.execs[i].out);
    }
    buf_addf(b, "lookups: %s\ncomplete: %d\n", o.trace.lookups.n ? "some" : "none",
             o.trace.complete);
    vec_each (&o.trace.execs, i)
        buf_addf(b, "ran: " STR_F "\n", STR_A(o.trace.execs.v[i].path));
    print_text(b, "out", o.out);
    print_text(b, "err", o.err);
    for (size_t i = 0; i < o.written.n; i++)
        buf_addf(b, "written: " STR_F "\n", STR_A(o.written.v[i]));
    return 0;
}

static int one(struct sandbox *sb, const struct drive *d, struct sandbox_root *root,
               struct arena *a, struct buf *b, struct err *e)
{
    struct str env[] = {STR("PATH=/usr/bin:/bin")};
    struct sandbox_run run = {.root = root,
                              .policy = d->policy,
                              .argv = d->argv,
                              .env = {env, 1},
                              .cwd = STR("/"),
                              .uid = d->uid,
                              .gid = d->uid,
                              .volume_dirs = d->volumes.v,
                              .n_volumes = d->volumes.n,
                              .volume_key = d->key,
                              .trace = d->trace,
                              .agent = d->agent,
                              .timeout_ms = d->timeout_ms};
    if (d->exercise)
        return exercised(sb, d, &run, a, b, e);
    struct sandbox_container *c;
    struct sandbox_result r;
    if (sandbox_start(sb, &run, &c, e) || sandbox_finish(sb, c, a, &r, e))
        return -1;
    buf_addf(b, "started: %s\nstatus: %d\ntimed out: %s\nreport: %zu\n", r.started ? "yes" : "no",
             r.status, r.timed_out ? "yes" : "no", r.agent_bytes.n);
    if (getenv("DRIVE_TIME"))
        buf_addf(b, "ms: %d\n", (int)r.ran_ms);
    print_text(b, "out", r.out);
    print_text(b, "err", r.err);
    for (size_t i = 0; i < r.written.n; i++)
        buf_addf(b, "written: " STR_F "\n", STR_A(r.written.v[i]));
    return 0;
}

static int inside(struct sandbox *sb, void *ctx, struct arena *a, struct str *reply, struct err *e)
{
    const struct drive *d = ctx;
    struct sandbox_root *root;
    struct buf b = {.a = a};
    if (getenv("DRIVE_DESCRIBE"))
        buf_addf(&b, "box: " STR_F "\n", STR_A(sandbox_describe(sb, a)));
    if (d->image.n) {
        struct image_name name;
        struct image *image;
        struct tree *tree;
        struct tree_options none = {0};
        if (image_name_parse(a, d->image, &name, e) || image_open(a, &name, NULL, &image, e) ||
            tree_build(image, &none, &tree, e) || sandbox_unpack(sb, tree, image, &root, e))
            return -1;
    } else if (d->root.n ? sandbox_borrow(sb, d->root, &root, e) : sandbox_empty(sb, &root, e))
        return -1;
    for (int i = 0; i < (d->twice ? 2 : 1); i++)
        if (one(sb, d, root, a, &b, e))
            return -1;
    *reply = buf_str(&b);
    return 0;
}

static struct strs words_of(struct arena *a, struct str text)
{
    struct strs ret = {arena_array(a, struct str, text.n + 1), 0};
    struct str word;
    while (str_word(&text, &word))
        ret.v[ret.n++] = word;
    return ret;
}

/* The exercise's options; false: not one of them. */
static bool take_exercise(struct arena *a, struct drive *d, int opt)
{
    struct exercise *ex = &d->ex;
    switch (opt) {
    case 'x':
        d->exercise = true;
        return true;
    case 'p':
        d->ports[ex->n_ports++ % 8] = (uint16_t)strtoul(optarg, NULL, 10);
        return true;
    case 'g':
        d->https[ex->n_https++ % 8] =
            (struct exercise_http){STR("GET"), str_of(optarg), STR(""), 0};
        return true;
    case 'e':
        d->execs[ex->n_execs++ % 8] = words_of(a, str_of(optarg));
        return true;
    case 'l':
        ex->ready_log = str_of(optarg);
        return true;
    case 'E':
        ex->ready_exit = true;
        return true;
    case 'O':
        ex->ready_timeout_ms = ex->stop_timeout_ms = strtol(optarg, NULL, 10);
        return true;
    case 'H':
        d->health.set = true;
        d->health.test = (struct strs){arena_array(a, struct str, 2), 2};
        d->health.test.v[0] = STR("CMD-SHELL");
        d->health.test.v[1] = str_of(optarg);
        ex->health = &d->health;
        return true;
    default:
        return false;
    }
}

int main(int argc, char **argv)
{
    struct arena a = {0};
    struct drive d = {.policy = &sandbox_permissive, .key = STR("k")};
    struct sandbox_options options = {0};
    d.ex = (struct exercise){.ports = d.ports, .https = d.https, .execs = d.execs};
    int opt;
    d.volumes.v = arena_array(&a, struct str, (size_t)argc);
    while ((opt = getopt(argc, argv, "+rctAi:u:w:R:T:v:2xp:g:e:l:EO:H:")) != -1) {
        if (take_exercise(&a, &d, opt))
            continue;
        switch (opt) {
        case 'r':
            d.policy = &sandbox_restricted;
            break;
        case 'c':
            d.policy = &sandbox_control;
            break;
        case 't':
            d.trace = true;
            break;
        case 'A':
            d.agent = (struct strs){arena_array(&a, struct str, (size_t)argc), 0};
            break;
        case 'u':
            d.uid = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'i':
            d.image = str_of(optarg);
            break;
        case 'w':
            options.work_dir = str_of(optarg);
            break;
        case 'R':
            options.runtime = str_of(optarg);
            break;
        case 'T':
            d.timeout_ms = strtol(optarg, NULL, 10);
            break;
        case 'v':
            d.volumes.v[d.volumes.n++] = str_of(optarg);
            break;
        case '2':
            d.twice = true;
            break;
        default:
            return 2;
        }
    }
    if (optind >= argc)
        return 2;
    d.root = strcmp(argv[optind], "-") == 0 ? (struct str){0} : str_of(argv[optind]);
    d.argv.v = arena_array(&a, struct str, (size_t)argc);
    for (int i = optind + 1; i < argc; i++)
        *(d.agent.v ? &d.agent.v[d.agent.n++] : &d.argv.v[d.argv.n++]) = str_of(argv[i]);
    struct err e = {0};
    struct str reply = {0};
    if (sandbox_enter(&a, &options, inside, &d, &reply, &e)) {
        fprintf(stderr, "drive: %s\n", e.text);
        return (int)e.kind;
    }
    fwrite(reply.p, 1, reply.n, stdout);
    arena_free(&a);
    return 0;
}
