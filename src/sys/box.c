/* box: a function run as process 1 of its own namespaces, that leaves nothing behind.
 *
 * Invariants
 * 1. When sys_box_run() has returned, no process of the box lives and its work folder is gone.
 *    (sandbox.t: interrupted)
 * 2. When the caller is killed, every process of the box dies with it. (sandbox.t: killed)
 *
 * A box that could not be made says at which step and, where there is one, the remedy.
 */
#include "sys/box.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "sys/file.h"
#include "sys/idmap.h"
#include "sys/mounts.h"
#include "sys/net.h"
#include "sys/spawn.h"

#define REPLY_MAX (64u << 20)

/* What the first process (or the keeper, when it fails before) sends to the caller. */
struct frame {
    int rc;
    struct err err;
    size_t n; /* bytes of the reply that follow */
};

/* What keeper and first process know. */
struct job {
    const struct sys_box *box;
    const struct sys_workdir *work;
    sys_box_fn *fn;
    void *ctx;
    bool map_ids;
    uid_t owner;
    pid_t caller;
    int sync;  /* socket to the caller: 'n' I have a user namespace, 'm' its ids are mapped */
    int reply; /* pipe to the caller */
};

static int tell(int fd, int rc, struct str reply, struct err *e)
{
    if (!rc && reply.n > REPLY_MAX)
        rc = err_set(e, ERR_MACHINE, "the box's answer has %zu bytes; at most %u are carried",
                     reply.n, REPLY_MAX);
    struct frame f = {.rc = rc, .err = *e, .n = rc ? 0 : reply.n};
    struct err ignored;
    if (sys_write_all(fd, &f, sizeof f, &ignored) || sys_write_all(fd, reply.p, f.n, &ignored))
        return 1;
    return 0;
}

/* ---- the first process ---- */

static int set_up(const struct job *job, struct err *e)
{
    if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP))
        return err_sys(e, ERR_MACHINE, errno, "making namespaces");
    if (sys_mounts_private(e) || sys_mount_proc(e) || sys_net_loopback_up(e))
        return -1;
    sys_mount_cgroup2();
    if (sethostname(job->box->host_name, strlen(job->box->host_name)))
        return err_sys(e, ERR_MACHINE, errno, "setting the host name");
    umask(022); /* folders of containers are for their users; outputs: sys_workdir.umask */
    return 0;
}

static int first(const struct job *job)
{
    struct err e = {0};
    struct str reply = {0};
    struct arena a = {0};
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int rc = set_up(job, &e);
    if (!rc)
        rc = job->fn(job->work, job->ctx, &a, &reply, &e);
    rc = tell(job->reply, rc, reply, &e);
    fflush(NULL);
    return rc;
}

/* Dies with its parent. PR_SET_PDEATHSIG is forgotten when credentials change, and comes too late
 * for a parent that is dead already; inside a new pid namespace getppid() cannot tell, so the
 * parent holds the writing end of a pipe. */
static bool die_with_parent(int alive)
{
    struct pollfd p = {.fd = alive, .events = POLLIN};
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && poll(&p, 1, 0) == 0;
}

/* ---- the keeper ---- */

static int own_user_namespace(const struct job *job, struct err *e)
{
    char word = 'n';
    if (unshare(CLONE_NEWUSER))
        return err_sys(e, ERR_MACHINE, errno,
                       "making a user namespace (not from inside a chroot; see the sysctls "
                       "user.max_user_namespaces, "
                       "kernel.unprivileged_userns_clone and "
                       "kernel.apparmor_restrict_unprivileged_userns)");
    if (write(job->sync, &word, 1) != 1 || read(job->sync, &word, 1) != 1)
        return err_set(e, ERR_MACHINE, "the ids of the user namespace were not mapped");
    if (setgroups(0, NULL) || setresgid(0, 0, 0) || setresuid(0, 0, 0))
        return err_sys(e, ERR_MACHINE, errno, "becoming root of the user namespace");
    prctl(PR_SET_DUMPABLE, 1); /* else /proc/self is not ours */
    return 0;
}

/* Waits for the end of the first process; SIGTERM from the caller brings it about. */
static int keep_watch(pid_t pid, const sigset_t *watched)
{
    int raw = 0;
    for (;;) {
        pid_t got = waitpid(pid, &raw, WNOHANG);
        if (got == pid)
            return WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
        if (got < 0 && errno != EINTR)
            return 255;
        int sig = sigwaitinfo(watched, NULL);
        if (sig == SIGTERM || sig == SIGINT || sig == SIGHUP)
            kill(pid, SIGKILL);
    }
}

static int start_first(const struct job *job, pid_t *ret, struct err *e)
{
    int alive[2];
    if (unshare(CLONE_NEWPID))
        return err_sys(e, ERR_MACHINE, errno, "making a pid namespace%s",
                       job->map_ids ? "" : " (root without CAP_SYS_ADMIN, as in a container)");
    if (pipe2(alive, O_CLOEXEC))
        return err_sys(e, ERR_MACHINE, errno, "making a pipe");
    pid_t pid = fork();
    if (pid == 0) {
        close(alive[1]);
        _exit(die_with_parent(alive[0]) ? first(job) : 1);
    }
    close(alive[0]); /* alive[1] stays open as long as the keeper lives */
    if (pid < 0)
        return err_sys(e, ERR_MACHINE, errno, "starting the box");
    *ret = pid;
    return 0;
}

static int keeper(const struct job *job)
{
    struct err e = {0};
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGCHLD);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGHUP);
    sigprocmask(SIG_BLOCK, &watched, NULL);
    signal(SIGCHLD, SIG_DFL); /* ignored, it would reap the first process */
    setsid();                 /* a terminal's signals are the caller's to handle */
    pid_t pid = -1;
    int rc = job->map_ids ? own_user_namespace(job, &e) : 0;
    close(job->sync); /* the caller may be waiting for a word on it */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != job->caller)
        return 1;
    sys_workdir_sweep(job->work, job->map_ids ? 0 : job->owner);
    if (!rc)
        rc = start_first(job, &pid, &e);
    if (rc)
        rc = tell(job->reply, rc, (struct str){0}, &e);
    int status = pid > 0 ? keep_watch(pid, &watched) : rc;
    if (!job->box->keep && sys_workdir_remove(job->work, &e))
        return status ? status : 254;
    return status;
}

/* ---- the caller ---- */

struct wait {
    pid_t pid; /* of the keeper */
    int signals, reply;
    const struct sys_idmap *map; /* NULL: none to write */
    int sync;
    struct buf bytes;
    int interrupts;
};

static int write_maps(struct wait *w, struct err *e)
{
    char word;
    if (read(w->sync, &word, 1) != 1) /* it failed and says why in its reply */
        return 0;
    if (sys_idmap_write(w->map, w->pid, e))
        return -1;
    return write(w->sync, "m", 1) == 1 ? 0 : err_set(e, ERR_MACHINE, "the box is gone");
}

/* The first interruption asks the keeper to end the box and clean up; the third does not wait. */
static void interrupt(struct wait *w)
{
    struct signalfd_siginfo info;
    while (read(w->signals, &info, sizeof info) == (ssize_t)sizeof info)
        w->interrupts++;
    kill(w->pid, w->interrupts > 2 ? SIGKILL : SIGTERM);
}

/* Until the reply's pipe is closed by keeper and first process. */
static void listen_to(struct wait *w)
{
    struct pollfd p[2] = {{.fd = w->reply, .events = POLLIN}, {.fd = w->signals, .events = POLLIN}};
    for (;;) {
        if (poll(p, 2, -1) < 0 && errno != EINTR)
            return;
        if (p[1].revents)
            interrupt(w);
        if (!p[0].revents)
            continue;
        char *room = buf_room(&w->bytes, 65536);
        ssize_t got = read(w->reply, room, 65536);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            return;
        if (got > 0 && w->bytes.n < REPLY_MAX + sizeof(struct frame))
            buf_took(&w->bytes, (size_t)got);
    }
}

static int conclude(const struct wait *w, int raw, struct str *reply, struct err *e)
{
    if (w->interrupts)
        return err_set(e, ERR_MACHINE, "interrupted");
    struct frame f;
    if (w->bytes.n < sizeof f) {
        int status = WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
        return err_set(e, ERR_MACHINE, "the sandbox ended unexpectedly (%s %d%s)",
                       status > 128 ? "signal" : "status", status > 128 ? status - 128 : status,
                       status == 128 + SIGKILL ? "; was there enough memory?" : "");
    }
    memcpy(&f, w->bytes.p, sizeof f);
    if (f.rc) {
        *e = f.err;
        return f.rc;
    }
    if (w->bytes.n - sizeof f != f.n)
        return err_set(e, ERR_MACHINE, "the sandbox's answer was cut off");
    *reply = str_slice(buf_str(&w->bytes), sizeof f, w->bytes.n);
    return 0;
}

static int attend(struct wait *w, struct str *reply, struct err *e)
{
    int raw = 0, rc = w->map ? write_maps(w, e) : 0;
    if (rc)
        kill(w->pid, SIGKILL);
    else
        listen_to(w);
    while (waitpid(w->pid, &raw, 0) < 0 && errno == EINTR)
        ;
    return rc ? rc : conclude(w, raw, reply, e);
}

static int run_keeper(struct arena *a, struct job *job, const struct sys_idmap *map, int signals,
                      struct str *reply, struct err *e)
{
    int sync[2], ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sync))
        return err_sys(e, ERR_MACHINE, errno, "making a socket");
    if (sys_pipe(ends, e)) {
        close(sync[0]);
        close(sync[1]);
        return -1;
    }
    fflush(NULL); /* what is buffered must not be written twice */
    pid_t pid = fork();
    if (pid == 0) {
        close(sync[0]);
        close(ends[0]);
        job->sync = sync[1];
        job->reply = ends[1];
        _exit(keeper(job));
    }
    close(sync[1]);
    close(ends[1]);
    struct wait w = {.pid = pid,
                     .signals = signals,
                     .reply = ends[0],
                     .map = map,
                     .sync = sync[0],
                     .bytes = {.a = a}};
    int rc = pid < 0 ? err_sys(e, ERR_MACHINE, errno, "starting the box") : attend(&w, reply, e);
    close(sync[0]);
    close(ends[0]);
    return rc;
}

int sys_box_run(struct arena *a, const struct sys_box *box, sys_box_fn *fn, void *ctx,
                struct str *reply, struct err *e)
{
    struct sys_workdir work;
    struct sys_idmap map;
    struct job job = {.box = box,
                      .work = &work,
                      .fn = fn,
                      .ctx = ctx,
                      .map_ids = geteuid() != 0,
                      .owner = geteuid(),
                      .caller = getpid()};
    if (job.map_ids && sys_idmap_own(a, &map, e))
        return -1;
    if (sys_workdir_make(a, box->work_parent, &work, e))
        return -1;
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    sigprocmask(SIG_BLOCK, &ends, &before);
    FD_AUTO int signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
    int rc = signals < 0 ? err_sys(e, ERR_MACHINE, errno, "watching signals")
                         : run_keeper(a, &job, job.map_ids ? &map : NULL, signals, reply, e);
    sigprocmask(SIG_SETMASK, &before, NULL);
    struct err ignored; /* the keeper did it, unless it was killed */
    if (!box->keep && sys_workdir_remove(&work, &ignored) && !rc) {
        *e = ignored;
        rc = err_wrap(e, "the work folder stays: " STR_F, STR_A(work.path));
    }
    if (box->keep && box->kept)
        *box->kept = work.path;
    sys_workdir_close(&work);
    return rc;
}
