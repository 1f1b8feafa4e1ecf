/* container: a run → a container started by the runtime → what came out of it.
 *
 * The runtime stays in the foreground as our child: its end is the container's. Its pipes are
 * drained together with those of all other live containers, so that none waits for another.
 *
 * Invariants
 * 1. After sandbox_finish() no process of the container, no mount and no file of it is left.
 *    (sandbox.t)
 * 2. Memory for its output is bounded whatever it writes. (sandbox.t: flood)
 * 3. A program that ignores every signal ends at the timeout. (sandbox.t: deaf)
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "sandbox/inside.h"
#include "sys/file.h"
#include "sys/mounts.h"
#include "sys/net.h"

static const char host_name[] = "shuck";

enum { RUNTIME_GRACE_MS = 3000, DRAIN_MS = 200, PID_TEXT_MAX = 32 };

int inside_folder(struct sandbox *sb, const char *name, struct str *ret, struct err *e)
{
    *ret = str_fmt(sb->a, STR_F "/%s-%u", STR_A(sb->work->path), name, ++sb->made);
    return sys_make_dir(*ret, e);
}

/* ---- streams ---- */

static void stream_read(struct stream *s)
{
    char chunk[65536];
    for (int rounds = 0; s->fd >= 0 && rounds < 16; rounds++) {
        ssize_t got = read(s->fd, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        if (got <= 0) {
            sys_fd_close(&s->fd);
            return;
        }
        size_t room = s->max - s->bytes.n, n = (size_t)got < room ? (size_t)got : room;
        s->cut |= n < (size_t)got;
        buf_add(&s->bytes, (struct str){chunk, n});
    }
}

static int stream_open(struct stream *s, struct arena *a, size_t max, int *writer, struct err *e)
{
    int ends[2];
    if (sys_pipe(ends, e))
        return -1;
    *s = (struct stream){.fd = ends[0], .max = max, .bytes = {.a = a}};
    *writer = ends[1];
    return 0;
}

/* ---- signals ---- */

static pid_t first_pid(struct sandbox_container *c)
{
    struct arena a = {0};
    struct str text;
    struct err ignored;
    uint64_t pid = 0;
    if (sys_read_file(str_fmt(&a, STR_F "/pid", STR_A(c->folder)), &a, PID_TEXT_MAX, &text,
                      &ignored) ||
        str_u64(str_trim(text), 10, &pid) || pid < 2 || pid > INT32_MAX)
        pid = 0;
    arena_free(&a);
    return (pid_t)pid;
}

bool container_signal(struct sandbox_container *c, int sig)
{
    pid_t pid = c->ended ? 0 : first_pid(c);
    return pid && kill(pid, sig) == 0;
}

/* The runtime ends by itself once its container did; if it does not, it is ended too. */
void container_kill(struct sandbox_container *c)
{
    int64_t now = sys_now_ms();
    if (c->ended)
        return;
    if (!c->killed_ms)
        c->killed_ms = now;
    if (!container_signal(c, SIGKILL) || now - c->killed_ms > RUNTIME_GRACE_MS)
        kill(c->runtime.pid, SIGKILL);
}

/* ---- the pump ---- */

/* As process 1 the box inherits orphans; they are reaped, our own children left to their owner. */
static void reap_orphans(const struct sandbox *sb)
{
    for (;;) {
        siginfo_t info = {0};
        if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) || !info.si_pid)
            return;
        for (const struct sandbox_container *c = sb->live; c; c = c->next)
            if (c->runtime.pid == info.si_pid)
                return;
        if (getpid() != 1 || info.si_pid == sb->helper)
            return;
        waitpid(info.si_pid, NULL, WNOHANG);
    }
}

static void notice_end(struct sandbox_container *c)
{
    struct err ignored;
    if (c->ended || sys_child_wait(&c->runtime, 0, &c->status, &ignored) != 1)
        return;
    c->ended = true;
    c->ended_ms = sys_now_ms();
}

static int64_t shorter(int64_t wait, const struct sandbox_container *c)
{
    int64_t now = sys_now_ms();
    int64_t left = c->killed_ms ? RUNTIME_GRACE_MS : c->deadline_ms - now;
    if (c->ended)
        return wait;
    return left < 0 ? 0 : left < wait ? left : wait;
}

void container_pump(struct sandbox *sb, int64_t timeout_ms)
{
    struct pollfd p[64];
    nfds_t n = 0;
    for (struct sandbox_container *c = sb->live; c && n + 4 <= 64; c = c->next) {
        int fds[] = {c->out.fd, c->err.fd, c->report.fd, c->ended ? -1 : c->runtime.pidfd};
        for (int i = 0; i < 4; i++)
            p[n++] = (struct pollfd){.fd = fds[i], .events = POLLIN};
        timeout_ms = shorter(timeout_ms, c);
    }
    poll(p, n, (int)timeout_ms);
    for (struct sandbox_container *c = sb->live; c; c = c->next) {
        stream_read(&c->out);
        stream_read(&c->err);
        stream_read(&c->report);
        notice_end(c);
        if (!c->ended && sys_now_ms() >= c->deadline_ms) {
            c->timed_out |= !c->killed_ms;
            container_kill(c);
        }
    }
    reap_orphans(sb);
}

/* ---- start ---- */

/* Docker gives every container its own three; a lookup through our resolver fails at once. */
static int add_etc(struct sandbox_container *c, struct err *e)
{
    static const struct {
        const char *name, *content;
    } files[] = {
        {"hosts", "127.0.0.1\tlocalhost shuck\n::1\tlocalhost ip6-localhost ip6-loopback\n"},
        {"hostname", "shuck\n"},
        {"resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct str path = str_fmt(&c->a, STR_F "/%s", STR_A(c->folder), files[i].name);
        if (sys_write_scratch(path, str_of(files[i].content), e))
            return -1;
        *vec_push(&c->a, &c->bundle.mounts) = (struct bundle_mount){
            str_fmt(&c->a, "/etc/%s", files[i].name), path, c->run->policy->read_only};
    }
    return 0;
}

static int prepare(struct sandbox *sb, struct sandbox_container *c, struct err *e)
{
    const struct sandbox_root *root = c->run->root;
    FD_AUTO int lower = -1;
    if (inside_folder(sb, "container", &c->folder, e) || sys_open_dir(root->path, &lower, e) ||
        sys_mount_overlay(c->folder, lower, sb->in_userns, e))
        return -1;
    c->bundle = (struct bundle){
        .run = c->run,
        .root = str_fmt(&c->a, STR_F "/root", STR_A(c->folder)),
        .capabilities = sb->capabilities,
        .trusted = root->ours,
        .in_userns = sb->in_userns,
        .host_name = host_name,
    };
    if ((!root->ours && add_etc(c, e)) || volume_mounts(sb, &c->a, c->run, &c->bundle.mounts, e))
        return -1;
    return sys_write_scratch(str_fmt(&c->a, STR_F "/config.json", STR_A(c->folder)),
                             bundle_config(&c->a, &c->bundle), e);
}

static int launch(struct sandbox *sb, struct sandbox_container *c, struct err *e)
{
    int fds[5] = {-1, -1, -1, sb->agent_fd, -1};
    int rc = stream_open(&c->out, &c->a, STREAM_MAX, &fds[1], e) ||
                     stream_open(&c->err, &c->a, STREAM_MAX, &fds[2], e) ||
                     stream_open(&c->report, &c->a, REPORT_MAX, &fds[4], e)
                 ? -1
                 : 0;
    struct sys_command command = {
        .argv = runtime_run(&c->a, sb, c->folder), .env = runtime_env(), .fds = fds, .n_fds = 5};
    c->started_ms = sys_now_ms();
    c->deadline_ms = c->started_ms + (c->run->timeout_ms ? c->run->timeout_ms : RUN_TIMEOUT_MS);
    if (!rc)
        rc = sys_spawn(&command, &c->runtime, e);
    sys_fd_close(&fds[1]);
    sys_fd_close(&fds[2]);
    sys_fd_close(&fds[4]);
    return rc;
}

/* Takes down what is left of the container outside of its own memory. */
static void dismantle(struct sandbox *sb, struct sandbox_container *c)
{
    struct err ignored;
    sys_child_end(&c->runtime);
    sys_fd_close(&c->out.fd);
    sys_fd_close(&c->err.fd);
    sys_fd_close(&c->report.fd);
    if (!c->folder.n)
        return;
    struct str state = str_fmt(&c->a, STR_F "/run/" STR_F, STR_A(sb->work->path),
                               STR_A(str_from(c->folder, str_rfind(c->folder, '/') + 1)));
    if (sys_exists(state)) { /* the runtime was killed: it tidies up after itself otherwise */
        struct str output;
        int status;
        struct sys_command delete = {.argv = runtime_delete(&c->a, sb, c->folder),
                                     .env = runtime_env()};
        if (sys_run(&delete, RUNTIME_TIMEOUT_MS, 4096, &c->a, &output, &status, &ignored))
            status = -1; /* the work folder goes with the box all the same */
    }
    sys_unmount(str_fmt(&c->a, STR_F "/root", STR_A(c->folder)));
    if (sys_remove_tree(sb->work->fd, str_from(c->folder, sb->work->path.n + 1), &ignored))
        return; /* goes with the work folder */
}

static void forget(struct sandbox *sb, struct sandbox_container *c)
{
    for (struct sandbox_container **at = &sb->live; *at; at = &(*at)->next)
        if (*at == c) {
            *at = c->next;
            break;
        }
    dismantle(sb, c);
    struct arena a = c->a; /* c itself is in it */
    arena_free(&a);
}

int sandbox_start(struct sandbox *sb, const struct sandbox_run *run, struct sandbox_container **ret,
                  struct err *e)
{
    struct arena a = {0};
    struct sandbox_container *c = arena_new(&a, struct sandbox_container);
    c->a = a;
    c->run = run;
    c->runtime = SYS_NO_CHILD;
    c->out.fd = c->err.fd = c->report.fd = -1;
    if (prepare(sb, c, e) || launch(sb, c, e)) {
        forget(sb, c);
        return err_wrap(e, "starting a container");
    }
    c->next = sb->live;
    sb->live = c;
    *ret = c;
    return 0;
}

/* ---- finish ---- */

/* A runtime that refused said so in its log, and nothing but it (crun and runc repeat themselves on
 * standard error) ever spoke. */
static bool refused(struct sandbox_container *c, struct str *why)
{
    struct str spoken = str_trim(buf_str(&c->err.bytes));
    *why = c->status ? runtime_complaint(&c->a, c->folder) : (struct str){0};
    return why->n && !c->report.bytes.n && !c->out.bytes.n &&
           (!spoken.n || str_find(spoken, '\n') == spoken.n);
}

int sandbox_finish(struct sandbox *sb, struct sandbox_container *c, struct arena *a,
                   struct sandbox_result *ret, struct err *e)
{
    while (!c->ended)
        container_pump(sb, 1000);
    /* the pipes are at their end, unless somebody outlived the container, who has a moment left */
    int64_t until = sys_now_ms() + DRAIN_MS;
    while ((c->out.fd >= 0 || c->err.fd >= 0 || c->report.fd >= 0) && sys_now_ms() < until)
        container_pump(sb, 10);
    struct str why;
    struct sandbox_result r = {
        .status = c->status,
        .timed_out = c->timed_out,
        .started = !refused(c, &why),
        .agent_bytes = str_dup(a, buf_str(&c->report.bytes)),
        .out = str_dup(a, buf_str(&c->out.bytes)),
        .ran_ms = c->ended_ms - c->started_ms,
    };
    r.err = str_dup(a, r.started ? buf_str(&c->err.bytes) : why);
    int rc = written_list(a, str_fmt(&c->a, STR_F "/upper", STR_A(c->folder)), c->run->root,
                          &c->bundle.mounts, c->run->cwd, &r.written, e);
    forget(sb, c);
    if (!rc)
        *ret = r;
    return rc;
}
