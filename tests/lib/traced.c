/* traced: small programs with one peculiarity each, for the tracer's test. traced NAME [ARG…] */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static char **words;

/* A path whose last byte is the last of its page, before a page that cannot be read. */
static int page_end(void)
{
    size_t n = strlen(words[0]) + 1;
    char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(p + 4096, 4096, PROT_NONE);
    memcpy(p + 4096 - n, words[0], n);
    return access(p + 4096 - n, F_OK) != 0;
}

static void *exec_it(void *arg)
{
    (void)arg;
    execv(words[0], words);
    return NULL;
}

/* execve by a thread that is not the first. */
static int thread_exec(void)
{
    pthread_t t;
    pthread_create(&t, NULL, exec_it, NULL);
    pthread_join(t, NULL);
    return 1;
}

static void *stat_some(void *arg)
{
    for (int i = 0; i < 50; i++) {
        char path[64];
        struct stat st;
        snprintf(path, sizeof path, "/none/%ld/%d", (long)(intptr_t)arg, i);
        if (stat(path, &st) == 0 || errno != ENOENT)
            abort();
    }
    return NULL;
}

static int threads(void)
{
    pthread_t t[40];
    for (intptr_t i = 0; i < 40; i++)
        pthread_create(&t[i], NULL, stat_some, (void *)i);
    for (int i = 0; i < 40; i++)
        pthread_join(t[i], NULL);
    return 0;
}

/* glibc does this by vfork. */
static int spawn(void)
{
    extern char **environ;
    pid_t pid;
    int status = 1;
    if (posix_spawn(&pid, words[0], NULL, NULL, words, environ) == 0)
        waitpid(pid, &status, 0);
    return status != 0;
}

static int ring(void)
{
    char params[256] = {0};
    long fd = syscall(SYS_io_uring_setup, 8, params);
    printf("%ld %d\n", fd, errno);
    fd = syscall(SYS_io_uring_setup, 8, params);
    return 0;
}

static void on_alarm(int signal)
{
    (void)signal;
}

/* An open that a handled signal interrupts and the kernel starts again. */
static int restarted(void)
{
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    struct itimerval soon = {{0, 20000}, {0, 20000}};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &soon, NULL);
    return open(words[0], O_RDONLY) < 0;
}

#if defined __x86_64__
/* The i386 table, as a 64-bit program may call it too. */
static int old_table(void)
{
    char *low =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    long ret;
    strcpy(low, words[0]);
    __asm__ volatile("int $0x80" : "=a"(ret) : "a"(5L), "b"(low), "c"(0L), "d"(0L) : "memory");
    return ret < 0;
}
#endif

struct how {
    unsigned long long flags, mode, resolve;
};

/* openat2 with RESOLVE_IN_ROOT: an absolute path starts at the folder. */
static int in_root(void)
{
    struct how how = {.flags = O_RDONLY, .resolve = 0x10};
    int dir = open(words[0], O_PATH | O_DIRECTORY);
    return syscall(437, dir, words[1], &how, sizeof how) < 0;
}

/* What the tracer must not allow: to be traced, read or killed. */
static int attack(void)
{
    int bad = 0;
    if (ptrace(PTRACE_ATTACH, 1, 0, 0) == 0 || errno != EPERM)
        bad |= 1;
    if (open("/proc/1/mem", O_RDWR) >= 0)
        bad |= 2;
    if (open("/proc/1/fd/4", O_WRONLY) >= 0)
        bad |= 4;
    kill(1, SIGKILL);
    kill(1, SIGSTOP);
    kill(1, SIGSEGV);
    return bad;
}

static const struct {
    const char *name;
    int (*run)(void);
} table[] = {
    {"page-end", page_end},   {"thread-exec", thread_exec},
    {"threads", threads},     {"spawn", spawn},
    {"ring", ring},           {"restarted", restarted},
    {"in-root", in_root},     {"attack", attack},
#if defined __x86_64__
    {"old-table", old_table},
#endif
};

int main(int argc, char **argv)
{
    words = argv + 2;
    for (size_t i = 0; argc > 1 && i < sizeof table / sizeof *table; i++)
        if (strcmp(argv[1], table[i].name) == 0)
            return table[i].run();
    return 99;
}
