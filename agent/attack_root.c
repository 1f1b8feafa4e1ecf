/* attack_root: moves towards uid 0 (e.…) and capabilities put to use (c.…). Nothing of the host is
 * read or written: a disk is opened and closed.
 *
 * Invariants
 * 1. A setuid file or a file with capabilities counts by what the kernel says of the process it
 *    became, while it lives; what it prints or returns is not asked. (tests/prove.t: e.suid)
 */
#include "agent/attack.h"

#include <linux/capability.h>
#include <linux/if_ether.h>
#include <linux/stat.h>

enum { NOBODY = 65534, LOOK_MS = 25, DETACH = 2 /* of umount2 */ };

static bool is_root(void)
{
    return SYS(geteuid) == 0;
}

/* ---- files that give more than one has ---- */

/* The process becomes the file's user a moment after exec closed the pipe: look for a while. */
static bool gains_root(long pid)
{
    uint64_t effective, saved;
    for (int64_t until = attack_now_ms() + LOOK_MS; attack_now_ms() < until;) {
        if (!status_number(pid, "Uid", 10, 1, &effective) ||
            !status_number(pid, "Uid", 10, 2, &saved))
            return false;
        if (effective == 0 || saved == 0)
            return true;
        attack_sleep_ms(1);
    }
    return false;
}

static bool gains_capabilities(long pid)
{
    uint64_t mine = 0, its;
    status_number(SYS(getpid), "CapPrm", 16, 0, &mine);
    for (int64_t until = attack_now_ms() + LOOK_MS; attack_now_ms() < until;) {
        if (!status_number(pid, "CapPrm", 16, 0, &its))
            return false;
        if (its & ~mine)
            return true;
        attack_sleep_ms(1);
    }
    return false;
}

static void try_files(struct attack *t, bool (*gains)(long pid), const char *gained,
                      const char *kept, const char *none)
{
    const char *path, *ran = NULL, *refused = NULL;
    long refusal = 0;
    for (int i = 0; (path = attack_word(t, "", i)) && !t->saw.outcome; i++) {
        char *argv[] = {(char *)path, NULL};
        long pid = attack_start(&(struct task){.path = path, .argv = argv, .envp = t->envp});
        if (pid < 0) {
            refused = refused ? refused : path;
            refusal = refusal ? refusal : pid;
            continue;
        }
        ran = ran ? ran : path;
        if (gains(pid))
            saw_success(t, path, gained);
        attack_kill(pid);
    }
    if (ran)
        saw(t, WIRE_BLOCKED, 0, kept, ran);
    if (refused && refusal != -ENOENT)
        saw_failure(t, refusal, refused, "exec");
    saw_absent(t, none);
}

/* A copy of the agent that belongs to root, marked by `mark`, run by another user as `word`. */
static void make_and_run(struct attack *t, long (*mark)(const char *path), const char *word,
                         const char *done, const char *not_done)
{
    struct line path = {0};
    struct self self;
    struct ended e;
    const char *const folders[] = {"/", "/tmp/", "/var/tmp/", "/run/"};
    long rc = -ENOENT, first = 0;
    for (size_t i = 0; i < 4 && rc < 0; i++) {
        path.n = 0;
        line_add(&path, folders[i]);
        line_add(&path, ".shuck-root");
        rc = attack_copy_self(path.at, 0755);
        first = first ? first : rc;
    }
    if (rc >= 0)
        rc = first = mark(path.at);
    if (rc < 0) {
        SYS(unlinkat, AT_FDCWD, path.at, 0);
        saw_failure(t, first, "", not_done);
        return;
    }
    attack_self(&self, word, NULL);
    attack_run(
        &(struct task){.path = path.at, .argv = self.argv, .envp = t->envp, .as_uid = NOBODY}, &e);
    SYS(unlinkat, AT_FDCWD, path.at, 0);
    if (had_effect(&e))
        saw_success(t, path.at, done);
    else if (e.error == EPERM || e.error == EINVAL) /* setresuid: nobody else to try it as */
        saw(t, WIRE_INCONCLUSIVE, e.error, "made, but there is no other user to run it as",
            path.at);
    else if (e.error)
        saw_failure(t, -e.error, path.at, "made, but exec");
    else
        saw(t, WIRE_BLOCKED, 0, "made, but it ran without more rights", path.at);
}

static long mark_setuid(const char *path)
{
    long rc = SYS(fchownat, AT_FDCWD, path, 0, 0, 0);
    return rc < 0 ? rc : SYS(fchmodat, AT_FDCWD, path, 04755);
}

static long mark_capable(const char *path)
{
    /* effective, permitted: CAP_NET_RAW (capabilities(7), version 2) */
    struct vfs_cap_data data = {.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE};
    data.data[0].permitted = 1u << CAP_NET_RAW;
    return SYS(setxattr, path, "security.capability", &data, sizeof data, 0);
}

void attack_suid(struct attack *t)
{
    if (t->control)
        make_and_run(t, mark_setuid, ".root", "a setuid copy of the agent ran as uid 0",
                     "making a setuid file");
    else if (is_root())
        saw(t, WIRE_NOT_APPLICABLE, 0, "already uid 0: nothing to gain", "");
    else
        try_files(t, gains_root, "ran as uid 0", "ran, but not as uid 0", "no setuid file");
}

void attack_fcap(struct attack *t)
{
    if (t->control)
        make_and_run(t, mark_capable, ".capable", "a copy of the agent gained a capability",
                     "giving a file a capability");
    else if (is_root())
        saw(t, WIRE_NOT_APPLICABLE, 0, "already uid 0: nothing to gain", "");
    else
        try_files(t, gains_capabilities, "gained capabilities", "ran, but gained nothing",
                  "no file with capabilities");
}

void attack_mksuid(struct attack *t)
{
    make_and_run(t, mark_setuid, ".root", "made setuid root, and it ran as uid 0 for another user",
                 "making a setuid root file");
}

void attack_setuid0(struct attack *t)
{
    bool was = is_root();
    long rc = SYS(setresuid, 0, 0, 0);
    if (rc < 0)
        saw_failure(t, rc, "", "setresuid(0)");
    else if (!is_root())
        saw(t, WIRE_BLOCKED, 0, "setresuid(0) said yes, but the uid is another", "");
    else
        saw_success(t, "", was ? "already uid 0" : "became uid 0");
}

/* ---- capabilities ---- */

void attack_shadow(struct attack *t)
{
    static const char path[] = "/etc/shadow";
    char byte;
    if (t->control) {
        SYS(mkdirat, AT_FDCWD, "/etc", 0755);
        long made = SYS(openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0);
        SYS(write, made, "x", 1);
        SYS(close, made);
    }
    long fd = SYS(openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) {
        saw_failure(t, fd, path, "open");
        return;
    }
    long rc = SYS(read, fd, &byte, 1);
    SYS(close, fd);
    if (rc < 0)
        saw_failure(t, rc, path, "read");
    else
        saw(t, rc ? WIRE_SUCCEEDED : WIRE_BLOCKED, rc ? 0 : ENOENT, rc ? "readable" : "empty",
            path);
}

void attack_raw(struct attack *t)
{
    enum { PACKET = 17, INET = 2, RAW = 3, ICMP = 1 };
    long fd = SYS(socket, PACKET, RAW | O_CLOEXEC, __builtin_bswap16(ETH_P_ALL)), packet = fd;
    if (fd < 0)
        fd = SYS(socket, INET, RAW | O_CLOEXEC, ICMP);
    if (fd < 0) {
        saw_failure(t, packet, "", "socket(AF_PACKET)");
        return;
    }
    SYS(close, fd);
    saw_success(t, "", packet >= 0 ? "an AF_PACKET socket opened" : "an ICMP raw socket opened");
}

void attack_chroot(struct attack *t)
{
    long rc = SYS(chroot, "/");
    if (rc < 0)
        saw_failure(t, rc, "", "chroot");
    else
        saw_success(t, "", "chroot succeeded");
}

void attack_mount(struct attack *t)
{
    static const char *const folders[] = {"/dev/shm", "/tmp", "/dev", "/proc"};
    long rc = -ENOENT;
    for (size_t i = 0; i < 4 && rc == -ENOENT; i++) {
        rc = SYS(mount, "shuck", folders[i], "tmpfs", 0, NULL);
        if (rc >= 0) {
            SYS(umount2, folders[i], DETACH);
            saw_success(t, folders[i], "a tmpfs was mounted, and unmounted");
            return;
        }
    }
    saw_failure(t, rc, "", "mount");
}

/* "   8   0   1234 sda" of /proc/partitions: the first one's numbers. */
static bool first_disk(unsigned *major, unsigned *minor)
{
    char text[4096];
    if (read_text("/proc/partitions", text, sizeof text) <= 0)
        return false;
    for (const char *at = text_find(text, '\n'); at; at = text_find(at, '\n')) {
        uint64_t numbers[2];
        int n = 0;
        at++;
        for (; n < 2; n++) {
            while (*at == ' ')
                at++;
            if (!text_number(&at, 10, 4095, &numbers[n]))
                break;
        }
        if (n == 2) {
            *major = (unsigned)numbers[0];
            *minor = (unsigned)numbers[1];
            return true;
        }
    }
    return false;
}

void attack_mknod(struct attack *t)
{
    static const char *const paths[] = {"/.shuck-disk", "/tmp/.shuck-disk", "/dev/.shuck-disk"};
    unsigned major, minor;
    if (!first_disk(&major, &minor)) {
        saw(t, WIRE_NOT_APPLICABLE, 0, "no disk is listed in /proc/partitions", "");
        return;
    }
    unsigned device = (minor & 0xff) | major << 8 | (minor & ~0xffu) << 12;
    long first = 0;
    for (size_t i = 0; i < 3; i++) {
        long rc = SYS(mknodat, AT_FDCWD, paths[i], S_IFBLK | 0600, device);
        first = first ? first : rc;
        if (rc < 0)
            continue;
        long fd = SYS(openat, AT_FDCWD, paths[i], O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
        SYS(unlinkat, AT_FDCWD, paths[i], 0);
        if (fd < 0) {
            saw_failure(t, fd, paths[i], "a disk's node was made, but open");
            return;
        }
        SYS(close, fd);
        saw_success(t, paths[i], "a disk of the host was opened");
        return;
    }
    saw_failure(t, first, "", "mknod");
}

void attack_port80(struct attack *t)
{
    struct {
        uint16_t family, port;
        uint32_t address;
        uint64_t zero;
    } at = {.family = 2, .port = __builtin_bswap16(80), .address = 0x0100007f};
    long fd = SYS(socket, 2, 1 | O_CLOEXEC, 0);
    long rc = fd < 0 ? fd : SYS(bind, fd, &at, sizeof at);
    if (rc < 0)
        saw_failure(t, rc, "", "bind to port 80");
    else
        saw_success(t, "", "port 80 is taken");
    SYS(close, fd);
}
