/* attack: what the moves of the attacker share.
 *
 * `attack MOVE [control] [WORD…]`: one process reports, its child is the intruder: it does what an
 * intruder in the program would do, and says what it saw. The image's programs that it starts can
 * neither reach the report nor trace it.
 *
 * WORDs are what the host knows about the image: paths to try, or home=DIR, for=PATH (a program
 * that makes the move worth it), limit=N. With `control` the move brings what it needs itself: the
 * agent stands in for the shell, the downloader, the setuid file.
 *
 * To add a move: write a `void attack_NAME(struct attack *t)` that ends with one saw_…(), give it a
 * row in attack.c and a constant in src/prove/moves.c. */
#ifndef AGENT_ATTACK_H
#define AGENT_ATTACK_H

#include "agent/agent.h"

enum {
    ATTACK_EFFECT = 42,     /* the exit status that shows that our code ran, and no other */
    ATTACK_STEP_MS = 3000,  /* for one program that is tried */
    ATTACK_MOVE_MS = 20000, /* for a whole move */
};

/* What the intruder saw. */
struct sight {
    int32_t outcome; /* enum wire_mark; 0: nothing yet */
    int32_t error;
    struct line text;
};

struct attack {
    const char *move;
    bool control;
    int argc;
    char **argv, **envp;
    struct sight saw;
};

/* ---- attack.c: saying what was seen; the first word counts ---- */

void saw(struct attack *t, enum wire_mark outcome, int error, const char *what, const char *of);
static inline void saw_success(struct attack *t, const char *of, const char *what)
{
    saw(t, WIRE_SUCCEEDED, 0, what, of);
}
/* The image does not hold what the move needs: ENOENT, in words of our own. */
static inline void saw_absent(struct attack *t, const char *what)
{
    saw(t, WIRE_BLOCKED, ENOENT, what, "");
}
/* "OF: WHAT: no such file or directory", with -rc as errno. */
void saw_failure(struct attack *t, long rc, const char *of, const char *what);

/* The value of the i-th WORD that starts with prefix ("for="), or NULL. With "" the words without
 * such a prefix: paths and names. */
const char *attack_word(const struct attack *t, const char *prefix, int i);

/* ---- attack_kit.c: what every intruder does ---- */

/* A program to start. Its input is empty and its output goes nowhere. */
struct task {
    const char *path; /* NULL: the agent itself */
    char *const *argv, *const *envp;
    int listen_fd;   /* > 0: connections to it are answered and counted while the program runs */
    uint32_t as_uid; /* > 0: become that user first */
    int limit_ms;    /* 0: ATTACK_STEP_MS */
};
struct ended {
    int error;    /* errno of what kept it from starting, 0 when it ran */
    int status;   /* as wait(2) has it */
    bool late;    /* killed at its limit */
    int accepted; /* connections */
};
void attack_run(const struct task *task, struct ended *ret);

/* Starts a program without waiting for its end: its process id, or −errno of exec. */
long attack_start(const struct task *task);
void attack_kill(long pid);

static inline bool had_effect(const struct ended *e)
{
    return !e->error && !e->late && e->status == ATTACK_EFFECT << 8;
}

/* The agent with `attack WORD VALUE`, to stand in for something. value may be NULL. */
struct self {
    char *argv[5];
};
void attack_self(struct self *s, const char *word, const char *value);

/* Writes a copy of the agent to path with this mode. Returns 0 or −errno. */
long attack_copy_self(const char *path, uint32_t mode);
long attack_copy_to(long fd);

/* The first folder that lets a file be made in it: its path with "/NAME" in *ret and an open
 * descriptor, or −errno of the failure that tells most. */
long attack_writable(const struct attack *t, const char *name, struct line *ret);

/* Last part of a path. */
const char *path_name(const char *path);
/* True when the name is `base`, or `base` and a version: python, python3, python3.11. */
bool name_is(const char *name, const char *base);

/* Reads a file of /proc, at most n-1 bytes, NUL-terminated. Bytes read or −errno. */
long read_text(const char *path, char *to, size_t n);

/* Value of "NAME:" in /proc/PID/status: `which`-th number in base, counted from 0. */
bool status_number(long pid, const char *name, unsigned base, int which, uint64_t *ret);

void attack_sleep_ms(int ms);
int64_t attack_now_ms(void);

/* ---- the moves ---- */

void attack_ls(struct attack *t);
void attack_sh(struct attack *t);
void attack_interp(struct attack *t);
void attack_cc(struct attack *t);
void attack_shmscript(struct attack *t);
void attack_ldso(struct attack *t);
void attack_program(struct attack *t); /* x.self */
void attack_memfd(struct attack *t);
void attack_anonrx(struct attack *t);
void attack_procmem(struct attack *t);
void attack_drop(struct attack *t); /* d.* but d.app */
void attack_app(struct attack *t);
void attack_pkg(struct attack *t);
void attack_dl(struct attack *t);
void attack_lotl(struct attack *t);
void attack_stay(struct attack *t); /* p.* */
void attack_suid(struct attack *t);
void attack_fcap(struct attack *t);
void attack_setuid0(struct attack *t);
void attack_mksuid(struct attack *t);
void attack_shadow(struct attack *t);
void attack_raw(struct attack *t);
void attack_chroot(struct attack *t);
void attack_mount(struct attack *t);
void attack_mknod(struct attack *t);
void attack_port80(struct attack *t);
void attack_userns(struct attack *t);
void attack_ptrace(struct attack *t);
void attack_keyctl(struct attack *t);
void attack_iouring(struct attack *t);
void attack_uffd(struct attack *t);
void attack_bpf(struct attack *t);
void attack_perf(struct attack *t);
void attack_host_file(struct attack *t); /* k.* */
void attack_env(struct attack *t);
void attack_file(struct attack *t);
void attack_token(struct attack *t);
void attack_fork(struct attack *t);

#endif
