/* attack: `attack MOVE …` → one WIRE_MARK.
 *
 * Invariants
 * 1. One mark is reported whatever becomes of the intruder: killed, stuck or silent, the reporter
 *    says so. (tests/prove.t: every move has a mark)
 * 2. What the intruder starts holds neither the report's descriptor nor that of the pipe to the
 *    reporter, and may not look into the processes that do: a hostile program of the image cannot
 *    write its own verdict. (tests/prove.t: cannot write its own verdict)
 * 3. A move ends in ATTACK_MOVE_MS. (tests/prove.t: a program that never ends)
 */
#include "agent/attack.h"

#include <asm/poll.h>
#include <linux/prctl.h>
#include <linux/uio.h>
#include <linux/wait.h>

enum { KILL = 9, SIGSYS = 31, EVIDENCE_MAX = 900 };

static const struct row {
    const char *move;
    void (*run)(struct attack *t);
    bool one_call; /* being killed by SIGSYS means that this very call was refused */
} rows[] = {
    {"x.ls", attack_ls, false},
    {"x.sh", attack_sh, false},
    {"x.interp", attack_interp, false},
    {"x.cc", attack_cc, false},
    {"x.shmscript", attack_shmscript, false},
    {"x.ldso", attack_ldso, false},
    {"x.self", attack_program, false},
    {"x.memfd", attack_memfd, true},
    {"x.anonrx", attack_anonrx, true},
    {"x.procmem", attack_procmem, false},
    {"d.root", attack_drop, false},
    {"d.home", attack_drop, false},
    {"d.tmp", attack_drop, false},
    {"d.dev", attack_drop, false},
    {"d.shm", attack_drop, false},
    {"d.vol", attack_drop, false},
    {"d.app", attack_app, false},
    {"t.pkg", attack_pkg, false},
    {"t.dl", attack_dl, false},
    {"t.lotl", attack_lotl, false},
    {"p.passwd", attack_stay, false},
    {"p.preload", attack_stay, false},
    {"p.cron", attack_stay, false},
    {"p.ssh", attack_stay, false},
    {"p.rc", attack_stay, false},
    {"e.suid", attack_suid, false},
    {"e.fcap", attack_fcap, false},
    {"e.setuid0", attack_setuid0, true},
    {"e.mksuid", attack_mksuid, false},
    {"c.shadow", attack_shadow, false},
    {"c.raw", attack_raw, true},
    {"c.chroot", attack_chroot, true},
    {"c.mount", attack_mount, true},
    {"c.mknod", attack_mknod, true},
    {"c.port80", attack_port80, true},
    {"s.userns", attack_userns, true},
    {"s.ptrace", attack_ptrace, true},
    {"s.keyctl", attack_keyctl, true},
    {"s.iouring", attack_iouring, true},
    {"s.uffd", attack_uffd, true},
    {"s.bpf", attack_bpf, true},
    {"s.perf", attack_perf, true},
    {"k.corepat", attack_host_file, false},
    {"k.sysrq", attack_host_file, false},
    {"r.env", attack_env, false},
    {"r.file", attack_file, false},
    {"r.token", attack_token, false},
    {"q.fork", attack_fork, false},
};

/* ---- saying what was seen ---- */

void saw(struct attack *t, enum wire_mark outcome, int error, const char *what, const char *of)
{
    struct sight *s = &t->saw;
    if (s->outcome)
        return;
    s->outcome = (int32_t)outcome;
    s->error = error;
    if (of && *of) {
        line_add(&s->text, of);
        line_add(&s->text, *what ? ": " : "");
    }
    line_add(&s->text, what);
}

void saw_failure(struct attack *t, long rc, const char *of, const char *what)
{
    if (t->saw.outcome)
        return;
    saw(t, WIRE_BLOCKED, (int)-rc, what, of);
    line_add(&t->saw.text, ": ");
    line_errno(&t->saw.text, (int)-rc);
}

const char *attack_word(const struct attack *t, const char *prefix, int i)
{
    static const char *const prefixes[] = {"home=", "for=", "limit="};
    for (int k = 0; k < t->argc; k++) {
        const char *word = t->argv[k];
        bool prefixed = false;
        for (size_t p = 0; p < sizeof prefixes / sizeof *prefixes; p++)
            prefixed |= text_starts(word, prefixes[p]);
        if (*prefix ? !text_starts(word, prefix) : prefixed)
            continue;
        if (i-- == 0)
            return word + text_length(prefix);
    }
    return NULL;
}

/* ---- the intruder ---- */

struct message {
    int32_t outcome, error;
    uint32_t n;
};

static void send_sight(int fd, struct sight *s)
{
    struct message m = {(int32_t)s->outcome, s->error, (uint32_t)s->text.n};
    if (m.n > EVIDENCE_MAX)
        m.n = EVIDENCE_MAX;
    struct iovec parts[2] = {{&m, sizeof m}, {s->text.at, m.n}};
    SYS(writev, fd, parts, 2); /* under PIPE_BUF: whole or not at all */
}

__attribute__((noreturn)) static void intrude(struct attack *t, const struct row *row, int pipe)
{
    SYS(close, WIRE_REPORT_FD);
    SYS(setsid); /* its children end with it: the reporter kills the group */
    SYS(prctl, PR_SET_DUMPABLE, 1, 0, 0, 0); /* as the program would be */
    SYS(prctl, PR_SET_PDEATHSIG, KILL, 0, 0, 0);
    row->run(t);
    saw(t, WIRE_INCONCLUSIVE, 0, "the move said nothing", "");
    send_sight(pipe, &t->saw);
    sys_exit(0);
}

/* ---- the reporter ---- */

static bool receive(int fd, struct sight *ret)
{
    struct {
        struct message m;
        char text[EVIDENCE_MAX];
    } in;
    long n = SYS(read, fd, &in, sizeof in);
    if (n < (long)sizeof in.m || in.m.n > (unsigned long)n - sizeof in.m)
        return false;
    ret->outcome = in.m.outcome;
    ret->error = in.m.error;
    line_bytes(&ret->text, in.text, in.m.n);
    return true;
}

static void died(struct sight *s, const struct row *row, int status)
{
    int signal = status & 127;
    s->outcome = signal == SIGSYS && row->one_call ? WIRE_BLOCKED : WIRE_INCONCLUSIVE;
    line_add(&s->text, signal == SIGSYS ? "killed by a seccomp filter (SIGSYS)"
                                        : "the intruder ended without a word: ");
    if (signal == SIGSYS)
        return;
    line_add(&s->text, signal ? "signal " : "status ");
    line_number(&s->text, (uint64_t)(signal ? signal : status >> 8 & 255));
}

/* Waits for the intruder's message, its death or the time limit. */
static void watch(struct sight *s, const struct row *row, int fd, long pid)
{
    int64_t until = attack_now_ms() + ATTACK_MOVE_MS;
    while (attack_now_ms() < until) {
        struct pollfd p = {fd, POLLIN, 0};
        int64_t wait[2] = {0, 50 * 1000 * 1000};
        int status = 0;
        long ended = SYS(wait4, pid, &status, WNOHANG, NULL);
        SYS(ppoll, &p, 1, wait, NULL, 8);
        if (p.revents & POLLIN && receive(fd, s)) {
            attack_kill(pid);
            return;
        }
        if (ended == pid) {
            died(s, row, status);
            return;
        }
    }
    attack_kill(pid);
    s->outcome = WIRE_INCONCLUSIVE;
    line_add(&s->text, "did not end in time");
}

static int report(struct attack *t, const struct row *row)
{
    int pipe[2];
    struct sight seen = {0};
    SYS(fcntl, WIRE_PROGRAM_FD, F_SETFD, FD_CLOEXEC);
    SYS(fcntl, WIRE_REPORT_FD, F_SETFD, FD_CLOEXEC);
    report_hello();
    SYS(prctl, PR_SET_DUMPABLE, 0, 0, 0, 0);
    long rc = SYS(pipe2, pipe, O_CLOEXEC);
    long pid = rc < 0 ? rc : sys_fork();
    if (pid == 0)
        intrude(t, row, pipe[1]);
    if (pid > 0) {
        SYS(close, pipe[1]);
        watch(&seen, row, pipe[0], pid);
    } else {
        seen.outcome = WIRE_INCONCLUSIVE;
        line_add(&seen.text, "the intruder could not be started: ");
        line_errno(&seen.text, (int)-pid);
    }
    report_mark((enum wire_mark)seen.outcome, seen.error, seen.text.at);
    report_bye();
    return 0;
}

/* ---- standing in: what a copy of the agent does when it is run as the effect of a move ---- */

static int connect_loopback(const char *word)
{
    struct {
        uint16_t family, port;
        uint32_t address;
        uint64_t zero;
    } to = {.family = 2, .address = 0x0100007f};
    uint64_t port;
    if (!text_number(&word, 10, 65535, &port))
        return 1;
    to.port = __builtin_bswap16((uint16_t)port);
    long fd = SYS(socket, 2, 1, 0);
    return fd >= 0 && SYS(connect, fd, &to, sizeof to) >= 0 ? ATTACK_EFFECT : 1;
}

static int stand_in(const char *word, const char *value)
{
    uint64_t n;
    if (text_is(word, ".effect"))
        return ATTACK_EFFECT;
    if (text_is(word, ".root"))
        return SYS(geteuid) == 0 ? ATTACK_EFFECT : 1;
    if (text_is(word, ".capable"))
        return status_number(SYS(getpid), "CapPrm", 16, 0, &n) && n ? ATTACK_EFFECT : 1;
    if (text_is(word, ".connect") && value)
        return connect_loopback(value);
    return 125;
}

int mode_attack(struct words *w)
{
    if (w->argc < 1)
        return 125;
    struct attack t = {.move = w->argv[0], .envp = w->envp};
    if (t.move[0] == '.')
        return stand_in(t.move, w->argc > 1 ? w->argv[1] : NULL);
    t.argc = w->argc - 1;
    t.argv = w->argv + 1;
    if (t.argc && text_is(t.argv[0], "control")) {
        t.control = true;
        t.argc--;
        t.argv++;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (text_is(t.move, rows[i].move))
            return report(&t, &rows[i]);
    return 125;
}
