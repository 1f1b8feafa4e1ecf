/* attack_run: moves that run what is there (x.…).
 *
 * Invariants
 * 1. A program counts as run only by an effect that no other would have: it ends with the status
 *    it was told to. (tests/prove.t: hostile)
 */
#include "agent/attack.h"

#include <linux/mman.h>

enum { WORDS_MAX = 10 };

/* How a program of a name is told to end with ATTACK_EFFECT. */
struct recipe {
    const char *name;
    const char *words[4];
};

static const struct recipe shells[] = {
    {"busybox", {"sh", "-c", "exit 42"}}, {"sh", {"-c", "exit 42"}},
    {"bash", {"-c", "exit 42"}},          {"dash", {"-c", "exit 42"}},
    {"ash", {"-c", "exit 42"}},           {"ksh", {"-c", "exit 42"}},
    {"zsh", {"-f", "-c", "exit 42"}},     {"mksh", {"-c", "exit 42"}},
    {"fish", {"-c", "exit 42"}},          {"tcsh", {"-f", "-c", "exit 42"}},
    {"csh", {"-f", "-c", "exit 42"}},
};

static const struct recipe interpreters[] = {
    {"python", {"-S", "-E", "-c", "import sys; sys.exit(42)"}},
    {"perl", {"-e", "exit 42"}},
    {"ruby", {"-e", "exit 42"}},
    {"node", {"-e", "process.exit(42)"}},
    {"nodejs", {"-e", "process.exit(42)"}},
    {"php", {"-r", "exit(42);"}},
    {"luajit", {"-e", "os.exit(42)"}},
    {"lua", {"-e", "os.exit(42)"}},
};

static const struct recipe *recipe_for(const char *path, const struct recipe *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (name_is(path_name(path), v[i].name))
            return &v[i];
    return NULL;
}

static void tell_end(struct attack *t, const char *path, const struct ended *e)
{
    int signal = e->status & 127;
    saw(t, e->late ? WIRE_INCONCLUSIVE : WIRE_BLOCKED, 0,
        e->late  ? "did not end in time"
        : signal ? "ran, but was ended by signal "
                 : "ran, but ended with ",
        path);
    if (!e->late)
        line_number(&t->saw.text, (uint64_t)(signal ? signal : e->status >> 8 & 255));
}

static void try_self(struct attack *t)
{
    struct self self;
    struct ended e;
    attack_self(&self, ".effect", NULL);
    attack_run(&(struct task){.argv = self.argv, .envp = t->envp}, &e);
    if (had_effect(&e))
        saw_success(t, "the agent in its place", "ran");
    else if (e.error)
        saw_failure(t, -e.error, "the agent in its place", "exec");
    else
        tell_end(t, "the agent in its place", &e);
}

/* Runs each candidate by its recipe until one has the effect. The failure that is told is the one
 * that says most: not permitted over not there. */
static void try_recipes(struct attack *t, const struct recipe *v, size_t n, const char *last_word,
                        const char *none)
{
    struct ended worst = {.error = ENOENT};
    const char *worst_path = NULL, *path;
    for (int i = 0; (path = attack_word(t, "", i)); i++) {
        const struct recipe *r = recipe_for(path, v, n);
        char *argv[WORDS_MAX] = {(char *)path};
        struct ended e;
        if (!r)
            continue;
        for (size_t k = 0; k < 4 && r->words[k]; k++)
            argv[k + 1] = (char *)r->words[k];
        if (last_word) { /* a script file in place of -c 'exit 42' */
            bool busybox = text_is(r->name, "busybox");
            argv[busybox ? 2 : 1] = (char *)last_word;
            argv[busybox ? 3 : 2] = NULL;
        }
        attack_run(&(struct task){.path = path, .argv = argv, .envp = t->envp}, &e);
        if (had_effect(&e)) {
            saw_success(t, path, last_word ? "ran the script" : "ran");
            return;
        }
        if (worst.error == ENOENT && e.error != ENOENT) {
            worst = e;
            worst_path = path;
        }
    }
    if (!worst_path)
        saw_absent(t, none);
    else if (worst.error)
        saw_failure(t, -worst.error, worst_path, "exec");
    else
        tell_end(t, worst_path, &worst);
}

void attack_ls(struct attack *t)
{
    char *argv[] = {(char *)"ls", NULL};
    struct ended e;
    if (t->control) {
        try_self(t);
        return;
    }
    attack_run(&(struct task){.path = "ls", .argv = argv, .envp = t->envp}, &e);
    /* ls ends with 1 or 2 when it cannot read the folder: it ran all the same */
    if (!e.error && !e.late && !(e.status & 127) && e.status >> 8 <= 2)
        saw_success(t, "ls", "ran");
    else if (e.error == ENOENT)
        saw_absent(t, "exec: \"ls\": executable file not found in $PATH");
    else if (e.error)
        saw_failure(t, -e.error, "ls", "exec");
    else
        tell_end(t, "ls", &e);
}

void attack_sh(struct attack *t)
{
    if (t->control)
        try_self(t);
    else
        try_recipes(t, shells, sizeof shells / sizeof *shells, NULL, "no shell");
}

void attack_interp(struct attack *t)
{
    if (t->control)
        try_self(t);
    else
        try_recipes(t, interpreters, sizeof interpreters / sizeof *interpreters, NULL,
                    "no interpreter");
}

void attack_shmscript(struct attack *t)
{
    static const char path[] = "/dev/shm/.shuck-script", text[] = "exit 42\n";
    if (t->control) {
        try_self(t);
        return;
    }
    if (!attack_word(t, "", 0)) {
        saw_absent(t, "no shell");
        return;
    }
    long fd = SYS(openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) {
        saw_failure(t, fd, "/dev/shm", "open");
        return;
    }
    SYS(write, fd, text, sizeof text - 1);
    SYS(close, fd);
    try_recipes(t, shells, sizeof shells / sizeof *shells, path, "no shell");
    SYS(unlinkat, AT_FDCWD, path, 0);
}

/* ---- compile ---- */

static void compile(struct attack *t, const char *cc, const char *source, const char *program)
{
    char *build[] = {(char *)cc, (char *)"-o", (char *)program, (char *)source, NULL};
    char *run[] = {(char *)program, NULL};
    struct ended e;
    attack_run(&(struct task){.path = cc, .argv = build, .envp = t->envp, .limit_ms = 8000}, &e);
    if (e.error) {
        if (e.error != ENOENT)
            saw_failure(t, -e.error, cc, "exec");
        return;
    }
    if (e.late || e.status) {
        tell_end(t, cc, &e);
        return;
    }
    attack_run(&(struct task){.path = program, .argv = run, .envp = t->envp}, &e);
    SYS(unlinkat, AT_FDCWD, program, 0);
    if (had_effect(&e))
        saw_success(t, cc, "compiled a program, and it ran");
    else if (e.error)
        saw_failure(t, -e.error, program, "compiled, but exec");
    else
        tell_end(t, program, &e);
}

void attack_cc(struct attack *t)
{
    static const char text[] = "int main(void) { return 42; }\n";
    struct line source = {0}, program = {0};
    const char *cc;
    if (t->control) {
        try_self(t);
        return;
    }
    if (!attack_word(t, "", 0)) {
        saw_absent(t, "no compiler");
        return;
    }
    long fd = attack_writable(t, ".shuck-cc.c", &source);
    if (fd < 0) {
        saw_failure(t, fd, "", "no folder takes the source");
        return;
    }
    SYS(write, fd, text, sizeof text - 1);
    SYS(close, fd);
    line_bytes(&program, source.at, source.n - 2);
    for (int i = 0; (cc = attack_word(t, "", i)) && !t->saw.outcome; i++)
        compile(t, cc, source.at, program.at);
    SYS(unlinkat, AT_FDCWD, source.at, 0);
    saw_absent(t, "no compiler");
}

/* ---- the program itself, and memory ---- */

void attack_program(struct attack *t)
{
    const char *path = attack_word(t, "", 0);
    char *argv[] = {(char *)path, NULL};
    if (t->control) {
        try_self(t);
        return;
    }
    if (!path) {
        saw(t, WIRE_NOT_APPLICABLE, 0, "the image names no program that it holds", "");
        return;
    }
    long pid = attack_start(&(struct task){.path = path, .argv = argv, .envp = t->envp});
    if (pid < 0) {
        saw_failure(t, pid, path, "exec");
        return;
    }
    attack_kill(pid);
    saw_success(t, path, "started a second time (killed at once)");
}

void attack_memfd(struct attack *t)
{
    struct self self;
    struct ended e;
    long fd = SYS(memfd_create, "shuck", 1 /* MFD_CLOEXEC */);
    if (fd < 0) {
        saw_failure(t, fd, "", "memfd_create");
        return;
    }
    long rc = attack_copy_to(fd);
    if (rc < 0) {
        saw_failure(t, rc, "", "writing the memory file");
        return;
    }
    /* attack_run() knows paths and the agent itself: the copy takes the agent's place. It has to be
     * opened for reading, or exec would say ETXTBSY. */
    struct line path = {0};
    line_add(&path, "/proc/self/fd/");
    line_number(&path, (uint64_t)fd);
    long copy = SYS(openat, AT_FDCWD, path.at, O_RDONLY | O_CLOEXEC, 0);
    SYS(close, copy < 0 ? -1 : fd);
    SYS(dup3, copy < 0 ? fd : copy, WIRE_PROGRAM_FD, O_CLOEXEC);
    attack_self(&self, ".effect", NULL);
    attack_run(&(struct task){.argv = self.argv, .envp = t->envp}, &e);
    if (had_effect(&e))
        saw_success(t, "", "a program ran from memfd_create");
    else if (e.error)
        saw_failure(t, -e.error, "", "execveat of a memory file");
    else
        tell_end(t, "the memory file", &e);
}

void attack_anonrx(struct attack *t)
{
#if defined __x86_64__
    static const unsigned char code[] = {0xb8, 42, 0, 0, 0, 0xc3}; /* mov $42, %eax; ret */
#else
    static const unsigned char code[] = {0x40, 0x05, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6};
#endif
    long at = SYS(mmap, NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at < 0 && at > -4096) {
        saw_failure(t, at, "", "mmap");
        return;
    }
    memcpy((void *)at, code, sizeof code);
    long rc = SYS(mprotect, at, 4096, PROT_READ | PROT_EXEC);
    if (rc < 0) {
        saw_failure(t, rc, "", "mprotect");
        return;
    }
#if defined __aarch64__
    __asm__ volatile("dc cvau, %0; dsb ish; ic ivau, %0; dsb ish; isb" ::"r"(at) : "memory");
#endif
    if (((int (*)(void))at)() == ATTACK_EFFECT)
        saw_success(t, "", "code ran from memory that was written");
    else
        saw(t, WIRE_INCONCLUSIVE, 0, "the code ran, but with another result", "");
}

void attack_procmem(struct attack *t)
{
    long at = SYS(mmap, NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long fd = SYS(openat, AT_FDCWD, "/proc/self/mem", O_RDWR | O_CLOEXEC, 0);
    if (fd < 0) {
        saw_failure(t, fd, "/proc/self/mem", "open");
        return;
    }
    long rc = SYS(pwrite64, fd, "*", 1, at);
    if (rc < 0)
        saw_failure(t, rc, "/proc/self/mem", "write to a read-only page");
    else if (*(volatile char *)at == '*')
        saw_success(t, "/proc/self/mem", "a read-only page was changed");
    else
        saw(t, WIRE_INCONCLUSIVE, 0, "the write did not arrive", "/proc/self/mem");
}
