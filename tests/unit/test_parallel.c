/* Programs at once: their output, their time, and that none outlives what started it. */
#include "sys/parallel.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/tap.h"
#include "sys/file.h"

static struct arena a;

static struct strs words(const char *const *list)
{
    struct strs ret = {arena_array(&a, struct str, 16), 0};
    for (; *list; list++)
        ret.v[ret.n++] = str_of(*list);
    return ret;
}
#define WORDS(...) words((const char *const[]){__VA_ARGS__, NULL})
#define SHELL(script)                                                                              \
    {                                                                                              \
        .command = {.argv = WORDS("/bin/sh", "-c", script), .env = WORDS("A=b") }                  \
    }

static void outputs(void)
{
    struct err e = {0};
    struct sys_task t[3] = {SHELL("echo one; exit 3"), SHELL("echo two >&2; cat; cat <&3"),
                            SHELL("head -c 100000 /dev/zero | tr '\\0' x")};
    int fd = -1;
    ok(!sys_text_fd(STR("three"), &fd, &e), "a text as a descriptor");
    int fds[4] = {-1, -1, -1, fd};
    t[1].command.argv.v[2] = STR("echo two >&2; cat; cat /dev/fd/3; cat /dev/fd/3");
    t[1].command.fds = fds;
    t[1].command.n_fds = 4;
    ok(!sys_run_all(t, 3, 20000, 70000, &a, &e), "runs three: %s", e.text);
    ok(t[0].ended && t[0].status == 3, "with its status");
    is_str(t[0].output, "one\n", "and its output");
    is_str(t[1].output, "threethree", "a text can be opened twice; standard error is not kept");
    ok(t[2].ended && t[2].cut && t[2].output.n == 70000, "the output has a cap");
    ok(!t[0].cut && !t[1].cut, "the others were not cut");
    sys_fd_close(&fd);
    ok(sys_processors() >= 1, "a processor");
}

static void inputs(void)
{
    struct err e = {0};
    struct sys_task t[2] = {SHELL("cat; echo end"), SHELL("cat; echo end")};
    t[0].input = STR("what it reads ");
    ok(!sys_run_all(t, 2, 20000, 1000, &a, &e), "runs two: %s", e.text);
    is_str(t[0].output, "what it reads end\n", "one reads what it is given");
    is_str(t[1].output, "end\n", "the other one nothing");
}

static void time_is_over(void)
{
    struct err e = {0};
    struct sys_task t[2] = {SHELL("echo $$; exec sleep 100"), SHELL("echo done")};
    int64_t from = sys_now_ms();
    ok(!sys_run_all(t, 2, 300, 1000, &a, &e), "one that does not end");
    ok(sys_now_ms() - from < 20000, "is waited for no longer than its time");
    ok(!t[0].ended && t[1].ended, "and known");
    ok(kill((pid_t)strtol(t[0].output.p, NULL, 10), 0) < 0, "it does not outlive the call");
}

static void says_too_much(void)
{
    struct err e = {0};
    struct sys_task t[2] = {SHELL("exec yes"), SHELL("sleep 0.2; echo done")};
    int64_t from = sys_now_ms();
    ok(!sys_run_all(t, 2, 30000, 1000, &a, &e), "one that says too much: %s", e.text);
    ok(sys_now_ms() - from < 15000, "is not waited for");
    ok(!t[0].ended && t[0].cut && t[0].output.n == 1000, "and known");
    ok(t[1].ended && !t[1].cut, "the other one ends by itself");
}

static void start_fails(void)
{
    struct err e = {0};
    struct sys_task t[2] = {SHELL("echo $$; exec sleep 100"), SHELL("")};
    t[1].command.argv = WORDS("/no/such/program");
    is_err(sys_run_all(t, 2, 60000, 1000, &a, &e), e, ERR_MACHINE, "/no/such/program",
           "one that cannot be started");
    ok(waitpid(-1, NULL, WNOHANG) < 0, "the other does not outlive the call");
}

/* A child of ours runs one and gets the signal. */
static void a_signal(int number)
{
    int ends[2], status = 0;
    struct err e = {0};
    char text[32] = "";
    if (pipe(ends))
        return;
    pid_t pid = fork();
    if (!pid) {
        signal(number, SIG_DFL); /* whatever we were started with: nohup and & ignore some */
        struct sys_task t = SHELL("echo $$ >&3; exec sleep 100");
        int fds[4] = {-1, -1, -1, ends[1]};
        t.command.fds = fds;
        t.command.n_fds = 4;
        _exit(sys_run_all(&t, 1, 60000, 1000, &a, &e) ? 2 : 0);
    }
    close(ends[1]);
    ok(read(ends[0], text, sizeof text - 1) > 0, "it runs");
    kill(pid, number);
    waitpid(pid, &status, 0);
    ok(WIFSIGNALED(status) && WTERMSIG(status) == number, "signal %d ends us as ever", number);
    ok(kill((pid_t)strtol(text, NULL, 10), 0) < 0, "it does not outlive us");
    close(ends[0]);
}

/* Nobody is there any more to end it at its time. */
static void processor_time(void)
{
    struct err e = {0};
    struct sys_task t[1] = {SHELL("while [ $(ulimit -t) = unlimited ]; do :; done; ulimit -t")};
    ok(!sys_run_all(t, 1, 29000, 1000, &a, &e), "one that is asked for its processor time");
    char want[32];
    snprintf(want, sizeof want, "%zu\n", 30 * sys_processors());
    is_str(t[0].output, want, "has a bound to it");
}

int main(void)
{
    outputs();
    inputs();
    time_is_over();
    says_too_much();
    start_fails();
    a_signal(SIGTERM);
    a_signal(SIGINT);
    processor_time();
    arena_free(&a);
    return done_testing();
}
