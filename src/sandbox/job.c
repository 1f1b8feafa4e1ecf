/* job: a command of the runtime that is in the foreground, with its pipes.
 *
 * `run` and `exec` both stay until what they started ended. The pipes of all live jobs are drained
 * together, so that none waits for another.
 *
 * Invariants
 * 1. Memory for output is bounded whatever is written. (sandbox.t: flood)
 * 2. A program that ignores every signal ends at the job's deadline. (sandbox.t: deaf)
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/inside.h"
#include "sys/file.h"

enum {
    RUNTIME_GRACE_MS = 3000, /* a runtime gets to end after its container did */
    DRAIN_MS = 200,          /* and what outlived it, to close the pipes */
    PID_TEXT_MAX = 32,
    POLLED_MAX = 64,
};

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

/* ---- start ---- */

void job_init(struct job *j, struct arena *a, struct str folder)
{
    *j = (struct job){.a = a, .folder = folder, .runtime = SYS_NO_CHILD};
    j->out.fd = j->err.fd = j->report.fd = -1;
}

int job_start(struct sandbox *sb, struct job *j, struct strs argv, int64_t timeout_ms,
              struct err *e)
{
    int fds[5] = {-1, -1, -1, sb->agent_fd, -1};
    int rc = stream_open(&j->out, j->a, STREAM_MAX, &fds[1], e) ||
                     stream_open(&j->err, j->a, STREAM_MAX, &fds[2], e) ||
                     stream_open(&j->report, j->a, REPORT_MAX, &fds[4], e)
                 ? -1
                 : 0;
    struct sys_command command = {
        .argv = argv, .env = j->env.n ? j->env : runtime_env(), .fds = fds, .n_fds = 5};
    j->started_ms = sys_now_ms();
    j->deadline_ms = j->started_ms + timeout_ms;
    if (!rc)
        rc = sys_spawn(&command, &j->runtime, e);
    sys_fd_close(&fds[1]);
    sys_fd_close(&fds[2]);
    sys_fd_close(&fds[4]);
    if (rc)
        return -1;
    j->next = sb->live;
    sb->live = j;
    return 0;
}

void job_end(struct sandbox *sb, struct job *j)
{
    for (struct job **at = &sb->live; *at; at = &(*at)->next)
        if (*at == j) {
            *at = j->next;
            break;
        }
    sys_child_end(&j->runtime);
    sys_fd_close(&j->out.fd);
    sys_fd_close(&j->err.fd);
    sys_fd_close(&j->report.fd);
}

/* ---- signals ---- */

static pid_t first_pid(const struct job *j)
{
    struct arena a = {0};
    struct str text;
    struct err ignored;
    uint64_t pid = 0;
    if (!j->folder.n ||
        sys_read_file(str_fmt(&a, STR_F "/pid", STR_A(j->folder)), &a, PID_TEXT_MAX, &text,
                      &ignored) ||
        str_u64(str_trim(text), 10, &pid) || pid < 2 || pid > INT32_MAX)
        pid = 0;
    arena_free(&a);
    return (pid_t)pid;
}

bool job_signal(const struct job *j, int sig)
{
    pid_t pid = j->ended ? 0 : first_pid(j);
    return pid && kill(pid, sig) == 0;
}

/* The runtime ends by itself once its process did; if it does not, it is ended too. */
void job_kill(struct job *j)
{
    int64_t now = sys_now_ms();
    if (j->ended)
        return;
    if (!j->killed_ms)
        j->killed_ms = now;
    if (!job_signal(j, SIGKILL) || now - j->killed_ms > RUNTIME_GRACE_MS)
        kill(j->runtime.pid, SIGKILL);
}

/* ---- the pump ---- */

/* As process 1 the box inherits orphans; they are reaped, our own children left to their job. */
static void reap_orphans(const struct sandbox *sb)
{
    while (getpid() == 1) {
        siginfo_t info = {0};
        if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) || !info.si_pid)
            return;
        for (const struct job *j = sb->live; j; j = j->next)
            if (j->runtime.pid == info.si_pid)
                return;
        waitpid(info.si_pid, NULL, WNOHANG);
    }
}

static void notice_end(struct job *j)
{
    struct err ignored;
    if (j->ended || sys_child_wait(&j->runtime, 0, &j->status, &ignored) != 1)
        return;
    j->ended = true;
    j->ended_ms = sys_now_ms();
}

static int64_t wait_for(const struct job *j, int64_t most)
{
    int64_t left = j->killed_ms ? RUNTIME_GRACE_MS : j->deadline_ms - sys_now_ms();
    return j->ended || left > most ? most : left < 0 ? 0 : left;
}

void job_pump(struct sandbox *sb, int64_t timeout_ms)
{
    struct pollfd p[POLLED_MAX];
    nfds_t n = 0;
    for (struct job *j = sb->live; j && n + 4 <= POLLED_MAX; j = j->next) {
        int fds[] = {j->out.fd, j->err.fd, j->report.fd, j->ended ? -1 : j->runtime.pidfd};
        for (int i = 0; i < 4; i++)
            p[n++] = (struct pollfd){.fd = fds[i], .events = POLLIN};
        timeout_ms = wait_for(j, timeout_ms);
    }
    poll(p, n, (int)timeout_ms);
    for (struct job *j = sb->live; j; j = j->next) {
        stream_read(&j->out);
        stream_read(&j->err);
        stream_read(&j->report);
        notice_end(j);
        if (!j->ended && sys_now_ms() >= j->deadline_ms) {
            j->timed_out |= !j->killed_ms;
            job_kill(j);
        }
    }
    reap_orphans(sb);
}

void job_wait(struct sandbox *sb, struct job *j)
{
    while (!j->ended)
        job_pump(sb, 1000);
    int64_t until = sys_now_ms() + DRAIN_MS;
    while ((j->out.fd >= 0 || j->err.fd >= 0 || j->report.fd >= 0) && sys_now_ms() < until)
        job_pump(sb, 10);
}

/* A runtime that refused said so in its log, and nothing but it (crun and runc repeat themselves on
 * standard error) ever spoke. */
bool job_refused(const struct job *j, struct str *why)
{
    struct str spoken = str_trim(buf_str(&j->err.bytes));
    *why = j->status ? runtime_complaint(j->a, j->folder) : (struct str){0};
    return why->n && !j->report.bytes.n && !j->out.bytes.n &&
           (!spoken.n || str_find(spoken, '\n') == spoken.n);
}
