/* attack_kit: what the moves do again and again: start a program and see how it ends, copy the
 * agent somewhere, read /proc.
 *
 * Invariants
 * 1. That a program started is known from a pipe that exec closes, not from a wait status that the
 *    program chooses. (tests/prove.t: x.self)
 * 2. Every program is killed at its limit, with its process group. (tests/prove.t: a program that
 * never ends)
 */
#include "agent/attack.h"

#include <asm/poll.h>
#include <linux/prctl.h>
#include <linux/stat.h>
#include <linux/wait.h>

int64_t attack_now_ms(void)
{
    int64_t now[2];
    SYS(clock_gettime, 1 /* CLOCK_MONOTONIC */, now);
    return now[0] * 1000 + now[1] / 1000000;
}

void attack_sleep_ms(int ms)
{
    int64_t wait[2] = {ms / 1000, (int64_t)(ms % 1000) * 1000000};
    SYS(nanosleep, wait, NULL);
}

/* ---- programs ---- */

__attribute__((noreturn)) static void become(const struct task *task, int pipe)
{
    long null = SYS(openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC, 0);
    for (int fd = 0; null >= 0 && fd <= 2; fd++)
        SYS(dup3, null, fd, 0);
    SYS(setsid);
    long rc = 0;
    if (task->as_uid)
        rc = SYS(setresuid, task->as_uid, task->as_uid, task->as_uid);
    if (rc >= 0 && !task->path)
        rc = SYS(execveat, WIRE_PROGRAM_FD, "", task->argv, task->envp, AT_EMPTY_PATH);
    else if (rc >= 0 && text_find(task->path, '/'))
        rc = SYS(execve, task->path, task->argv, task->envp);
    else if (rc >= 0)
        rc = launch_exec((char **)task->argv, (char **)task->envp);
    int error = (int)-rc;
    SYS(write, pipe, &error, sizeof error);
    sys_exit(127);
}

long attack_start(const struct task *task)
{
    int pipe[2], error = 0;
    long rc = SYS(pipe2, pipe, O_CLOEXEC);
    if (rc < 0)
        return rc;
    /* Programs of the image may not look into us: their answer would be theirs to write. */
    SYS(prctl, PR_SET_DUMPABLE, 0, 0, 0, 0);
    long pid = sys_fork();
    if (pid == 0)
        become(task, pipe[1]);
    SYS(close, pipe[1]);
    if (pid > 0 && SYS(read, pipe[0], &error, sizeof error) == sizeof error) {
        SYS(wait4, pid, NULL, 0, NULL);
        pid = -error;
    }
    SYS(close, pipe[0]);
    return pid;
}

void attack_kill(long pid)
{
    SYS(kill, -pid, 9);
    SYS(kill, pid, 9);
    SYS(wait4, pid, NULL, 0, NULL);
}

/* Takes what is waiting and answers it as a web server would, so that downloaders end at once. */
static int answer(int listen_fd)
{
    static const char text[] = "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nok\n";
    int n = 0;
    for (;;) {
        long fd = SYS(accept4, listen_fd, NULL, NULL, O_NONBLOCK | O_CLOEXEC);
        if (fd < 0)
            return n;
        SYS(sendto, fd, text, sizeof text - 1, 0x4000 /* MSG_NOSIGNAL */, NULL, 0);
        SYS(close, fd);
        n++;
    }
}

void attack_run(const struct task *task, struct ended *ret)
{
    struct ended e = {0};
    long pid = attack_start(task);
    if (pid < 0) {
        e.error = (int)-pid;
        *ret = e;
        return;
    }
    int64_t until = attack_now_ms() + (task->limit_ms ? task->limit_ms : ATTACK_STEP_MS);
    for (int pause = 1; SYS(wait4, pid, &e.status, WNOHANG, NULL) == 0;) {
        if (task->listen_fd > 0 && (e.accepted += answer(task->listen_fd)) > 0)
            break;
        if (attack_now_ms() > until) {
            e.late = true;
            break;
        }
        attack_sleep_ms(pause);
        pause = pause < 16 ? pause * 2 : 16;
    }
    if (task->listen_fd > 0)
        e.accepted += answer(task->listen_fd);
    attack_kill(pid);
    *ret = e;
}

void attack_self(struct self *s, const char *word, const char *value)
{
    s->argv[0] = (char *)"agent";
    s->argv[1] = (char *)"attack";
    s->argv[2] = (char *)word;
    s->argv[3] = (char *)value;
    s->argv[4] = NULL;
}

/* ---- files ---- */

long attack_copy_to(long fd)
{
    char part[4096];
    for (uint64_t at = 0;;) {
        long n = SYS(pread64, WIRE_PROGRAM_FD, part, sizeof part, at);
        if (n <= 0)
            return n;
        long done = SYS(write, fd, part, n);
        if (done < 0)
            return done;
        at += (uint64_t)done;
    }
}

long attack_copy_self(const char *path, uint32_t mode)
{
    long fd = SYS(openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
    if (fd < 0)
        return fd;
    long rc = attack_copy_to(fd);
    if (rc >= 0)
        rc = SYS(fchmod, fd, mode);
    SYS(close, fd);
    return rc < 0 ? rc : 0;
}

long attack_writable(const struct attack *t, const char *name, struct line *ret)
{
    const char *home = attack_word(t, "home=", 0);
    const char *const folders[] = {"/tmp", "/var/tmp", ".",       home ? home : "/root",
                                   "/run", "/",        "/dev/shm"};
    long matters = -ENOENT;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        ret->n = 0;
        line_add(ret, text_is(folders[i], "/") ? "" : folders[i]);
        line_add(ret, "/");
        line_add(ret, name);
        long fd = SYS(openat, AT_FDCWD, ret->at, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd >= 0)
            return fd;
        if (matters == -ENOENT)
            matters = fd;
    }
    return matters;
}

const char *path_name(const char *path)
{
    const char *name = path;
    for (; *path; path++)
        if (*path == '/')
            name = path + 1;
    return name;
}

bool name_is(const char *name, const char *base)
{
    if (!text_starts(name, base))
        return false;
    char next = name[text_length(base)];
    return next == 0 || next == '.' || (next >= '0' && next <= '9');
}

long read_text(const char *path, char *to, size_t n)
{
    long fd = SYS(openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0), rc = 1;
    if (fd < 0)
        return fd;
    size_t had = 0;
    while (rc > 0 && had < n - 1) {
        rc = SYS(read, fd, to + had, n - 1 - had);
        had += rc > 0 ? (size_t)rc : 0;
    }
    SYS(close, fd);
    to[had] = 0;
    return rc < 0 ? rc : (long)had;
}

bool status_number(long pid, const char *name, unsigned base, int which, uint64_t *ret)
{
    char text[8192];
    struct line path = {0};
    line_add(&path, "/proc/");
    line_number(&path, (uint64_t)pid);
    line_add(&path, "/status");
    if (read_text(path.at, text, sizeof text) <= 0)
        return false;
    for (const char *at = text; at; at = text_find(at, '\n')) {
        at += *at == '\n';
        size_t n = text_length(name);
        if (!text_starts(at, name) || at[n] != ':')
            continue;
        at += n + 1;
        for (;; which--) {
            while (*at == ' ' || *at == '\t')
                at++;
            if (!text_number(&at, base, UINT64_MAX, ret))
                return false;
            if (which == 0)
                return true;
        }
    }
    return false;
}
