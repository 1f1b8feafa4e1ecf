/* spawn: a program by path → a child process.
 *
 * Invariants
 * 1. The child has the descriptors it was given and no others, whatever the caller has open or
 *    which numbers they have. (test_spawn: descriptors)
 * 2. The child's signals are at their defaults and unblocked, though shuck ignores SIGPIPE and
 *    blocks others. (test_spawn: signals)
 */
#include "sys/spawn.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "sys/file.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

int64_t sys_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void sys_sleep_ms(int ms)
{
    poll(NULL, 0, ms);
}

static int to_vector(struct arena *a, struct strs list, char ***ret, struct err *e)
{
    char **v = arena_array(a, char *, list.n + 1);
    for (size_t i = 0; i < list.n; i++) {
        if (str_find(list.v[i], 0) < list.v[i].n)
            return err_set(e, ERR_INPUT, "a word with a NUL byte: " STR_F, STR_A(list.v[i]));
        v[i] = str_cstr(a, list.v[i]);
    }
    *ret = v;
    return 0;
}

/* Copies every descriptor above the numbers the child will use, so that no dup2 of the child
 * overwrites the source of a later one. */
static int lift(const struct sys_command *c, int *lifted, struct err *e)
{
    for (size_t i = 0; i < c->n_fds; i++) {
        int fd = c->fds[i] >= 0 ? fcntl(c->fds[i], F_DUPFD_CLOEXEC, (int)c->n_fds)
                                : open("/dev/null", O_RDWR | O_CLOEXEC);
        if (fd >= 0 && fd < (int)c->n_fds) {
            int high = fcntl(fd, F_DUPFD_CLOEXEC, (int)c->n_fds);
            close(fd);
            fd = high;
        }
        if (fd < 0)
            return err_sys(e, ERR_MACHINE, errno, "descriptor %zu for a child", i);
        lifted[i] = fd;
    }
    return 0;
}

static int start(char *const *argv, char *const *env, const int *fds, size_t n_fds, pid_t *ret)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setsigdefault(&attr, &all);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    int rc = 0;
    for (size_t i = 0; i < n_fds && !rc; i++)
        rc = posix_spawn_file_actions_adddup2(&actions, fds[i], (int)i);
    if (!rc)
        rc = posix_spawn_file_actions_addclosefrom_np(&actions, (int)n_fds);
    if (!rc)
        rc = posix_spawn(ret, argv[0], &actions, &attr, argv, env);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attr);
    return rc;
}

int sys_spawn(const struct sys_command *command, struct sys_child *ret, struct err *e)
{
    struct arena a = {0};
    char **argv, **env;
    int *fds = arena_array(&a, int, command->n_fds);
    for (size_t i = 0; i < command->n_fds; i++)
        fds[i] = -1;
    struct sys_child child = SYS_NO_CHILD;
    int rc = to_vector(&a, command->argv, &argv, e) || to_vector(&a, command->env, &env, e) ||
                     lift(command, fds, e)
                 ? -1
                 : 0;
    if (!rc) {
        int errnum = start(argv, env, fds, command->n_fds, &child.pid);
        if (errnum)
            rc = err_sys(e, ERR_MACHINE, errnum, "running %s", argv[0]);
    }
    if (!rc) {
        child.pidfd = (int)syscall(SYS_pidfd_open, child.pid, 0);
        if (child.pidfd < 0) {
            rc = err_sys(e, ERR_MACHINE, errno, "watching %s", argv[0]);
            sys_child_end(&child);
        }
    }
    for (size_t i = 0; i < command->n_fds; i++)
        sys_fd_close(&fds[i]);
    arena_free(&a);
    if (!rc)
        *ret = child;
    return rc;
}

static int status_of(int wait_status)
{
    return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

static int reap(struct sys_child *child)
{
    int raw = 0;
    while (waitpid(child->pid, &raw, 0) < 0 && errno == EINTR)
        ;
    sys_fd_close(&child->pidfd);
    child->pid = 0;
    return status_of(raw);
}

/* Milliseconds left for poll(2); −1 stays without limit. */
static int left(int64_t deadline)
{
    if (deadline < 0)
        return -1;
    int64_t ms = deadline - sys_now_ms();
    return ms < 0 ? 0 : ms > INT_MAX ? INT_MAX : (int)ms;
}

int sys_child_wait(struct sys_child *child, int64_t timeout_ms, int *status, struct err *e)
{
    int64_t deadline = timeout_ms < 0 ? -1 : sys_now_ms() + timeout_ms;
    struct pollfd p = {.fd = child->pidfd, .events = POLLIN};
    int n;
    while ((n = poll(&p, 1, left(deadline))) < 0 && errno == EINTR)
        ;
    if (n < 0)
        return err_sys(e, ERR_MACHINE, errno, "waiting for a child");
    if (n == 0)
        return 0;
    *status = reap(child);
    return 1;
}

void sys_child_end(struct sys_child *child)
{
    if (child->pid <= 0)
        return;
    kill(child->pid, SIGKILL);
    reap(child);
}

/* Reads until the end of the pipe or the deadline; false at the deadline. */
static bool collect(int fd, int64_t deadline, size_t cap, struct buf *b)
{
    char chunk[16384];
    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int n = poll(&p, 1, left(deadline));
        if (n == 0)
            return false;
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got <= 0)
            return true;
        size_t room = cap - b->n;
        buf_add(b, (struct str){chunk, (size_t)got < room ? (size_t)got : room});
    }
}

int sys_run(const struct sys_command *command, int64_t timeout_ms, size_t cap, struct arena *a,
            struct str *output, int *status, struct err *e)
{
    int ends[2];
    if (sys_pipe(ends, e))
        return -1;
    struct sys_command c = *command;
    int fds[3] = {-1, ends[1], ends[1]};
    c.fds = fds;
    c.n_fds = 3;
    struct sys_child child;
    int rc = sys_spawn(&c, &child, e);
    sys_fd_close(&ends[1]);
    if (!rc) {
        int64_t deadline = timeout_ms < 0 ? -1 : sys_now_ms() + timeout_ms;
        struct buf b = {.a = a};
        bool whole = collect(ends[0], deadline, cap, &b);
        int ended = sys_child_wait(&child, whole ? left(deadline) : 0, status, e);
        if (ended == 0) {
            sys_child_end(&child);
            rc = err_set(e, ERR_MACHINE, STR_F " did not end within %lld ms",
                         STR_A(command->argv.v[0]), (long long)timeout_ms);
        }
        if (ended < 0)
            rc = -1;
        *output = buf_str(&b);
    }
    sys_fd_close(&ends[0]);
    return rc;
}

static bool runnable(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

struct strs sys_environment(struct arena *a)
{
    size_t n = 0;
    while (environ[n])
        n++;
    struct strs env = {arena_array(a, struct str, n), n};
    for (size_t i = 0; i < n; i++)
        env.v[i] = str_of(environ[i]);
    return env;
}

bool sys_which(struct arena *a, struct str name, struct str *ret)
{
    if (str_find(name, '/') < name.n) {
        char *real = realpath(str_cstr(a, name), NULL);
        bool found = real && runnable(real);
        if (found)
            *ret = str_dup0(a, str_of(real));
        free(real);
        return found;
    }
    const char *path = getenv("PATH");
    struct str rest = str_of(path ? path : ""), dir;
    /* the folders of administration are often missing from an ordinary user's PATH */
    struct str whole =
        str_fmt(a, STR_F ":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin", STR_A(rest));
    for (rest = whole; rest.n;) {
        str_cut(rest, ':', &dir, &rest);
        if (!dir.n || dir.p[0] != '/')
            continue;
        struct str at = str_fmt(a, STR_F "/" STR_F, STR_A(dir), STR_A(name));
        if (runnable(at.p)) {
            *ret = at;
            return true;
        }
    }
    return false;
}

int sys_pipe(int ret[2], struct err *e)
{
    if (pipe2(ret, O_CLOEXEC))
        return err_sys(e, ERR_MACHINE, errno, "making a pipe");
    fcntl(ret[0], F_SETFL, O_NONBLOCK);
    fcntl(ret[0], F_SETPIPE_SZ, 1 << 20); /* refused: the default size does too */
    return 0;
}

/* A descriptor that is open for writing cannot be executed, so the file is opened again. */
static int reopen(int fd, int *ret, struct err *e)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int again = open(path, O_RDONLY | O_CLOEXEC);
    close(fd);
    if (again < 0)
        return err_sys(e, ERR_MACHINE, errno, "opening a program again");
    *ret = again;
    return 0;
}

int sys_program_fd(struct str bytes, int dir_fd, int *ret, struct err *e)
{
    unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    int fd = memfd_create("agent", flags | MFD_EXEC);
    if (fd < 0 && errno == EINVAL) /* a kernel before 6.3 */
        fd = memfd_create("agent", flags);
    bool memory = fd >= 0;
    if (!memory)
        fd = openat(dir_fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0555);
    if (fd < 0)
        return err_sys(e, ERR_MACHINE, errno, "a place for a program");
    if (sys_write_all(fd, bytes.p, bytes.n, e) || fchmod(fd, 0555)) {
        close(fd);
        return err_wrap(e, "a place for a program");
    }
    if (memory)
        fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    return reopen(fd, ret, e);
}
