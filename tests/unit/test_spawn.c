/* Children get what they are given: descriptors, signals, environment. */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "lib/tap.h"
#include "sys/file.h"
#include "sys/spawn.h"

static struct arena a;

static struct strs words(const char *const *list)
{
    struct strs ret = {arena_array(&a, struct str, 16), 0};
    for (; *list; list++)
        ret.v[ret.n++] = str_of(*list);
    return ret;
}
#define WORDS(...) words((const char *const[]){__VA_ARGS__, NULL})

static int run(struct strs argv, struct str *out, int *status, struct err *e)
{
    return sys_run(&(struct sys_command){.argv = argv, .env = WORDS("A=b")}, 10000, 4096, &a, out,
                   status, e);
}

static void descriptors(void)
{
    struct err e;
    struct str out;
    int status = -1, ends[2];
    int left_open = open("/dev/zero", O_RDONLY); /* not close-on-exec, on purpose */
    ok(run(WORDS("/bin/sh", "-c", "ls /proc/self/fd | tr '\\n' ' '"), &out, &status, &e) == 0 &&
           status == 0,
       "runs a program");
    /* ls has one more open: the folder it lists */
    is_str(out, "0 1 2 3 ", "no descriptor is inherited");
    close(left_open);

    /* sources whose numbers are the targets of others */
    ok(sys_pipe(ends, &e) == 0, "a pipe");
    int fds[5] = {-1, 2, 1, -1, ends[1]};
    struct sys_child child;
    ok(sys_spawn(&(struct sys_command){.argv = WORDS("/bin/sh", "-c", "echo four >&4"),
                                       .fds = fds,
                                       .n_fds = 5},
                 &child, &e) == 0,
       "starts with five descriptors");
    sys_fd_close(&ends[1]);
    ok(sys_child_wait(&child, 5000, &status, &e) == 1 && status == 0, "ends well");
    char text[16] = "";
    ok(read(ends[0], text, sizeof text - 1) == 5 && !strcmp(text, "four\n"),
       "descriptor 4 is the one given");
    sys_fd_close(&ends[0]);
}

static void signals(void)
{
    struct err e;
    struct str out;
    int status = -1;
    sigset_t blocked;
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    ok(run(WORDS("/bin/grep", "-E", "^Sig(Blk|Ign):", "/proc/self/status"), &out, &status, &e) == 0,
       "reads its own status");
    struct str line;
    while (str_line(&out, &line)) {
        uint64_t set = ~0ull;
        /* 32 and 33 belong to the C library, whose posix_spawn() ignores them */
        ok(str_u64(str_from(line, 8), 16, &set) == 0 && (set & ~(3ull << 31)) == 0,
           STR_F ": no signal is blocked or ignored", STR_A(line));
    }
    sigprocmask(SIG_UNBLOCK, &blocked, NULL);
}

static void endings(void)
{
    struct err e = {0};
    struct str out;
    int status = -1;
    ok(run(WORDS("/bin/sh", "-c", "kill -9 $$"), &out, &status, &e) == 0, "runs");
    is_int(status, 137, "a signal is 128 and its number");
    struct strs cut = {(struct str[]){STR("/bin/echo"), STR("a\0b")}, 2};
    is_err(run(cut, &out, &status, &e), e, ERR_INPUT, "NUL byte", "no word is cut at a NUL");
    is_err(run(WORDS("/nonexistent/program"), &out, &status, &e), e, ERR_MACHINE,
           "/nonexistent/program", "a program that is not there is named");
    is_err(sys_run(&(struct sys_command){.argv = WORDS("/bin/sleep", "60")}, 50, 4096, &a, &out,
                   &status, &e),
           e, ERR_MACHINE, "did not end within 50 ms", "one that stays is ended");
    ok(run(WORDS("/usr/bin/env"), &out, &status, &e) == 0, "runs");
    is_str(out, "A=b\n", "the environment is the one given");
    ok(sys_run(&(struct sys_command){.argv = WORDS("/bin/sh", "-c",
                                                   "head -c 100000 /dev/zero; echo end")},
               10000, 4096, &a, &out, &status, &e) == 0 &&
           out.n == 4096,
       "output over the cap is read and dropped");
}

static void programs(void)
{
    struct err e;
    struct str out, bytes, path;
    int fd = -1, status = -1;
    ok(sys_which(&a, STR("sh"), &path) && path.p[0] == '/', "finds sh on the PATH");
    ok(!sys_which(&a, STR("no-such-program"), &path), "does not find what is not there");
    ok(!sys_which(&a, STR("/etc/passwd"), &path), "a file that cannot be executed is no program");
    ok(sys_read_file(STR("/bin/echo"), &a, 1 << 20, &bytes, &e) == 0, "reads a program");
    ok(sys_program_fd(bytes, AT_FDCWD, &fd, &e) == 0, "keeps it as a descriptor");
    int fds[4] = {-1, -1, -1, fd}, ends[2];
    ok(sys_pipe(ends, &e) == 0, "a pipe");
    fds[1] = ends[1];
    struct sys_child child;
    ok(sys_spawn(
           &(struct sys_command){.argv = WORDS("/proc/self/fd/3", "hello"), .fds = fds, .n_fds = 4},
           &child, &e) == 0,
       "executes the descriptor");
    ok(sys_child_wait(&child, 5000, &status, &e) == 1 && status == 0, "ends well");
    char text[16] = "";
    ok(read(ends[0], text, sizeof text - 1) == 6 && !strcmp(text, "hello\n"), "and it is echo");
    ok(open("/proc/self/fd/3", O_WRONLY) < 0 || write(fd, "x", 1) < 0, "nobody can change it");
    (void)out;
}

int main(void)
{
    descriptors();
    signals();
    endings();
    programs();
    arena_free(&a);
    return done_testing();
}
