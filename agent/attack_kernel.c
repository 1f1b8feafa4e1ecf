/* attack_kernel: moves that reach a risky system call (s.…), a file of the host (k.…) or a limit
 * (q.…). What is opened is closed again, unwritten. */
#include "agent/attack.h"

#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/userfaultfd.h>
#include <linux/wait.h>

/* The usual end: a descriptor, or 0, or −errno. */
static void judge(struct attack *t, long rc, const char *call, const char *done)
{
    if (rc < 0) {
        saw_failure(t, rc, "", call);
        return;
    }
    saw_success(t, "", done);
}

static void judge_fd(struct attack *t, long fd, const char *call, const char *done)
{
    judge(t, fd, call, done);
    if (fd > 0)
        SYS(close, fd);
}

void attack_userns(struct attack *t)
{
    judge(t, SYS(unshare, CLONE_NEWUSER), "unshare(CLONE_NEWUSER)", "a user namespace was made");
}

static void trace(struct attack *t, long pid)
{
    static const long word = 42;
    long seen = 0, rc = SYS(ptrace, PTRACE_ATTACH, pid, 0, 0);
    if (rc < 0) {
        saw_failure(t, rc, "", "ptrace(ATTACH)");
        return;
    }
    SYS(wait4, pid, NULL, __WALL, NULL);
    rc = SYS(ptrace, PTRACE_PEEKDATA, pid, &word, &seen);
    SYS(ptrace, PTRACE_DETACH, pid, 0, 0);
    if (rc < 0)
        saw_failure(t, rc, "", "ptrace(PEEKDATA)");
    else
        saw(t, seen == word ? WIRE_SUCCEEDED : WIRE_INCONCLUSIVE, 0,
            seen == word ? "another process's memory was read" : "another word was read", "");
}

void attack_ptrace(struct attack *t)
{
    long pid = sys_fork();
    if (pid == 0) {
        attack_sleep_ms(ATTACK_STEP_MS);
        sys_exit(0);
    }
    if (pid < 0) {
        saw(t, WIRE_INCONCLUSIVE, (int)-pid, "no child could be started", "");
        return;
    }
    trace(t, pid);
    attack_kill(pid);
}

void attack_keyctl(struct attack *t)
{
    judge(t, SYS(keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 1), "keyctl",
          "the session keyring answered");
}

void attack_iouring(struct attack *t)
{
    struct io_uring_params params = {0};
    judge_fd(t, SYS(io_uring_setup, 1, &params), "io_uring_setup", "a ring was set up");
}

void attack_uffd(struct attack *t)
{
    judge_fd(t, SYS(userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY), "userfaultfd",
             "a descriptor was given");
}

void attack_bpf(struct attack *t)
{
    union bpf_attr attr = {0};
    attr.map_type = BPF_MAP_TYPE_ARRAY;
    attr.key_size = attr.value_size = 4;
    attr.max_entries = 1;
    judge_fd(t, SYS(bpf, BPF_MAP_CREATE, &attr, sizeof attr), "bpf(MAP_CREATE)", "a map was made");
}

void attack_perf(struct attack *t)
{
    struct perf_event_attr attr = {
        .type = PERF_TYPE_SOFTWARE, .size = sizeof attr, .config = PERF_COUNT_SW_CPU_CLOCK};
    judge_fd(t, SYS(perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC), "perf_event_open",
             "a counter was opened");
}

void attack_host_file(struct attack *t)
{
    const char *path =
        text_is(t->move, "k.sysrq") ? "/proc/sysrq-trigger" : "/proc/sys/kernel/core_pattern";
    long fd = SYS(openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0);
    if (fd < 0) {
        saw_failure(t, fd, path, "open for writing");
        return;
    }
    SYS(close, fd);
    saw_success(t, path, "opened for writing (nothing was written)");
}

/* limit=N: how many children are enough to say that there is no limit. */
void attack_fork(struct attack *t)
{
    enum { MOST = 4200 };
    const char *word = attack_word(t, "limit=", 0);
    uint64_t enough = 0, n = 0;
    long pid = 0;
    if (!word || !text_number(&word, 10, MOST, &enough) || !enough)
        enough = 600;
    for (; n < enough; n++) {
        pid = sys_fork();
        if (pid < 0)
            break;
        if (pid == 0) { /* until the container ends with the reporter */
            attack_sleep_ms(ATTACK_MOVE_MS);
            sys_exit(0);
        }
    }
    struct line text = {0};
    line_number(&text, n);
    line_add(&text, " children were started");
    if (n == enough)
        saw_success(t, "", text.at);
    else
        saw_failure(t, pid, text.at, "then fork");
}
