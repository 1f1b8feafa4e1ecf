/* attack_tools: moves that look for tools (t.…).
 *
 * Invariants
 * 1. A downloader counts only when a connection arrived at the sink. (tests/prove.t: t.dl)
 */
#include "agent/attack.h"

static const struct manager {
    const char *name;
    const char *locks[3];
} managers[] = {
    {"apt-get", {"/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock"}},
    {"apt", {"/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock"}},
    {"dpkg", {"/var/lib/dpkg/lock", "/var/lib/dpkg/status"}},
    {"apk", {"/lib/apk/db/lock", "/lib/apk/db/installed"}},
    {"rpm", {"/var/lib/rpm/.rpm.lock", "/usr/lib/sysimage/rpm/.rpm.lock"}},
    {"dnf", {"/var/lib/rpm/.rpm.lock", "/usr/lib/sysimage/rpm/.rpm.lock"}},
    {"microdnf", {"/var/lib/rpm/.rpm.lock", "/usr/lib/sysimage/rpm/.rpm.lock"}},
    {"yum", {"/var/lib/rpm/.rpm.lock"}},
    {"zypper", {"/run/zypp.pid", "/usr/lib/sysimage/rpm/.rpm.lock"}},
    {"pacman", {"/var/lib/pacman/db.lck"}},
    {"opkg", {"/var/lock/opkg.lock", "/usr/lib/opkg/status"}},
};

static const struct manager *manager_of(const char *path)
{
    for (size_t i = 0; i < sizeof managers / sizeof *managers; i++)
        if (name_is(path_name(path), managers[i].name))
            return &managers[i];
    return NULL;
}

/* 1 when it ran and a lock opened, 0 when it did not run well, else −errno of the first lock. */
static long try_manager(struct attack *t, const char *path, const struct manager *m)
{
    char *argv[] = {(char *)path, (char *)"--version", NULL};
    struct ended e;
    long first = 0;
    attack_run(&(struct task){.path = path, .argv = argv, .envp = t->envp}, &e);
    if (e.error || e.late || e.status)
        return 0;
    for (size_t i = 0; i < 3 && m->locks[i]; i++) {
        long fd = SYS(openat, AT_FDCWD, m->locks[i], O_RDWR | O_CREAT | O_CLOEXEC, 0640);
        if (fd >= 0) {
            SYS(close, fd);
            saw_success(t, path, "runs, and opens ");
            line_add(&t->saw.text, m->locks[i]);
            return 1;
        }
        first = first ? first : fd;
    }
    return first;
}

void attack_pkg(struct attack *t)
{
    const char *path, *worst = NULL;
    long worst_rc = 0;
    if (t->control) { /* a lock of our own, in an empty image */
        long fd = SYS(openat, AT_FDCWD, "/shuck-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0640);
        if (fd < 0)
            saw_failure(t, fd, "", "opening a lock");
        else
            saw_success(t, "", "a lock opens");
        return;
    }
    for (int i = 0; (path = attack_word(t, "", i)) && !t->saw.outcome; i++) {
        const struct manager *m = manager_of(path);
        long rc = m ? try_manager(t, path, m) : 0;
        if (rc < 0 && !worst) {
            worst = path;
            worst_rc = rc;
        }
    }
    if (worst)
        saw_failure(t, worst_rc == -ENOENT ? -ENOTDIR : worst_rc, worst, "runs, but its lock");
    saw_absent(t, "no package manager");
}

/* ---- download ---- */

enum { PARTS = 6 };

/* "@" is the sink's port. */
static const struct downloader {
    const char *name;
    const char *words[PARTS];
} downloaders[] = {
    {"curl", {"-s", "-m", "2", "http://127.0.0.1:@/"}},
    {"wget", {"-q", "-O", "/dev/null", "http://127.0.0.1:@/"}},
    {"busybox", {"wget", "-q", "-O", "/dev/null", "http://127.0.0.1:@/"}},
    {"nc", {"127.0.0.1", "@"}},
    {"ncat", {"127.0.0.1", "@"}},
    {"netcat", {"127.0.0.1", "@"}},
    {"socat", {"-", "TCP:127.0.0.1:@"}},
    {"telnet", {"127.0.0.1", "@"}},
    {"openssl", {"s_client", "-connect", "127.0.0.1:@"}},
    {"bash", {"-c", "exec 3<>/dev/tcp/127.0.0.1/@"}},
    {"gawk", {"BEGIN { s = \"/inet/tcp/0/127.0.0.1/@\"; print \"x\" |& s }"}},
    {"python", {"-c", "import socket; socket.create_connection(('127.0.0.1', @), 2)"}},
    {"perl",
     {"-e", "socket(S,2,1,0); connect(S,pack(\"S n a4 x8\",2,@,\"\\x7f\\0\\0\\1\")) or exit 1"}},
    {"ruby", {"-rsocket", "-e", "TCPSocket.new('127.0.0.1', @)"}},
    {"node", {"-e", "require('net').connect(@, '127.0.0.1', () => process.exit(0))"}},
    {"php", {"-r", "fsockopen('127.0.0.1', @);"}},
};

static const struct downloader *downloader_of(const char *path)
{
    for (size_t i = 0; i < sizeof downloaders / sizeof *downloaders; i++)
        if (name_is(path_name(path), downloaders[i].name))
            return &downloaders[i];
    return NULL;
}

/* A listening socket on loopback and its port as text. */
static long open_sink(struct line *port)
{
    struct {
        uint16_t family, port;
        uint32_t address;
        uint64_t zero;
    } at = {.family = 2, .address = 0x0100007f};
    uint32_t size = sizeof at;
    long fd = SYS(socket, 2, 1 | O_NONBLOCK | O_CLOEXEC, 0);
    if (fd < 0)
        return fd;
    long rc = SYS(bind, fd, &at, sizeof at);
    if (rc >= 0)
        rc = SYS(listen, fd, 16);
    if (rc >= 0)
        rc = SYS(getsockname, fd, &at, &size);
    if (rc < 0) {
        SYS(close, fd);
        return rc;
    }
    line_number(port, __builtin_bswap16(at.port));
    return fd;
}

static void with_port(const char *word, const char *port, struct line *ret)
{
    for (; *word; word++)
        if (*word == '@')
            line_add(ret, port);
        else
            line_bytes(ret, word, 1);
}

static bool try_downloader(struct attack *t, const char *path, const struct downloader *d,
                           const char *port, long sink)
{
    struct line words[PARTS] = {0};
    char *argv[PARTS + 2] = {(char *)path};
    struct ended e;
    for (size_t i = 0; i < PARTS && d->words[i]; i++) {
        with_port(d->words[i], port, &words[i]);
        argv[i + 1] = words[i].at;
    }
    attack_run(&(struct task){.path = path, .argv = argv, .envp = t->envp, .listen_fd = (int)sink},
               &e);
    if (e.accepted)
        saw_success(t, path, "connected to the sink");
    return e.error == 0;
}

void attack_dl(struct attack *t)
{
    struct line port = {0};
    const char *path, *ran = NULL;
    long sink = open_sink(&port);
    if (sink < 0) {
        saw(t, WIRE_INCONCLUSIVE, (int)-sink, "no sink could be opened", "");
        return;
    }
    if (t->control) {
        struct self self;
        struct ended e;
        attack_self(&self, ".connect", port.at);
        attack_run(&(struct task){.argv = self.argv, .envp = t->envp, .listen_fd = (int)sink}, &e);
        if (e.accepted)
            saw_success(t, "the agent in its place", "connected to the sink");
        saw(t, WIRE_BLOCKED, e.error, "no connection arrived", "the agent in its place");
        return;
    }
    for (int i = 0; (path = attack_word(t, "", i)) && !t->saw.outcome; i++) {
        const struct downloader *d = downloader_of(path);
        if (d && try_downloader(t, path, d, port.at, sink) && !ran)
            ran = path;
    }
    if (ran)
        saw(t, WIRE_BLOCKED, 0, "ran, but no connection arrived", ran);
    saw_absent(t, "no downloader");
}

void attack_lotl(struct attack *t)
{
    enum { SHOWN = 12 };
    struct line names = {0};
    const char *path;
    uint64_t n = 0;
    if (t->control) {
        saw_success(t, "", "the agent in its place may be executed");
        return;
    }
    for (int i = 0; (path = attack_word(t, "", i)); i++) {
        if (SYS(faccessat, AT_FDCWD, path, 1 /* X_OK */) < 0)
            continue;
        if (n++ < SHOWN) {
            line_add(&names, n == 1 ? "" : ", ");
            line_add(&names, path_name(path));
        }
    }
    if (!n) {
        saw_absent(t, "no program with a known use");
        return;
    }
    struct line text = {0};
    line_number(&text, n);
    line_add(&text, n == 1 ? " program: " : " programs: ");
    line_add(&text, names.at);
    line_add(&text, n > SHOWN ? ", …" : "");
    saw_success(t, "", text.at);
}
