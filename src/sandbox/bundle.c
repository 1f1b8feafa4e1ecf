/* bundle: a run → the OCI runtime specification's config.json. Pure.
 *
 * Invariants
 * 1. The program's capabilities are the policy's, less what the box lacks; outside of a user
 *    namespace never more than the default ones when the root holds an image's code. (test_bundle)
 * 2. No rlimit is asked for, no cgroup path, and no device rule: the machine may refuse them. What
 *    a device rule would do is done by mounts: nothing an image can write to opens devices.
 *    (test_bundle)
 */
#include <linux/capability.h>

#include "base/json.h"
#include "sandbox/inside.h"

#define CAP(name) (1ull << CAP_##name)

static const char *const cap_names[] = {
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
};
enum { N_CAPS = sizeof cap_names / sizeof *cap_names };

/* What the agent needs to trace, to change to the program's user and to signal it. */
#define AGENT_CAPS                                                                                 \
    (CAP(SYS_ADMIN) | CAP(SYS_PTRACE) | CAP(SETUID) | CAP(SETGID) | CAP(SETPCAP) | CAP(KILL) |     \
     CAP(DAC_OVERRIDE))

static uint64_t program_caps(const struct bundle *b)
{
    uint64_t caps = b->run->policy->capabilities & b->capabilities;
    return b->in_userns || b->trusted ? caps : caps & sandbox_permissive.capabilities;
}

/* Runs of the agent alone are confined as the policy says; else the agent drops to it itself. */
static bool direct(const struct bundle *b)
{
    return b->run->agent.n > 0;
}

struct strs bundle_argv(struct arena *a, const struct bundle *b, struct strs program)
{
    const struct sandbox_run *r = b->run;
    struct strs words = {arena_array(a, struct str, 6 + program.n + r->agent.n), 0};
    words.v[words.n++] = STR("/proc/self/fd/3");
    if (direct(b)) {
        for (size_t i = 0; i < r->agent.n; i++)
            words.v[words.n++] = r->agent.v[i];
        return words;
    }
    struct buf ids = {.a = a};
    buf_addf(&ids, "%u:%u:", r->uid, r->gid);
    for (size_t i = 0; i < r->n_groups; i++)
        buf_addf(&ids, "%s%u", i ? "," : "", r->groups[i]);
    words.v[words.n++] = r->trace ? STR("trace") : STR("init");
    words.v[words.n++] = buf_str(&ids);
    words.v[words.n++] = str_fmt(a, "%016llx", (unsigned long long)program_caps(b));
    words.v[words.n++] = r->cwd.n ? r->cwd : STR("/");
    words.v[words.n++] = STR("--");
    for (size_t i = 0; i < program.n; i++)
        words.v[words.n++] = program.v[i];
    return words;
}

static json_t *texts(struct strs list)
{
    json_t *v = json_array();
    for (size_t i = 0; i < list.n; i++)
        json_array_append_new(v, json_text(list.v[i]));
    return v;
}

static json_t *cap_list(uint64_t caps)
{
    json_t *v = json_array();
    for (unsigned i = 0; i < N_CAPS; i++)
        if (caps >> i & 1)
            json_array_append_new(v, json_string(cap_names[i]));
    return v;
}

/* As Docker has it: a user other than root gets capabilities in the bounding set only. */
static json_t *capabilities(const struct bundle *b)
{
    uint64_t bounding = program_caps(b);
    bool root = b->run->uid == 0;
    if (!direct(b)) {
        bounding |= AGENT_CAPS & b->capabilities;
        root = true;
    }
    return json_pack("{so so so so so}", "bounding", cap_list(bounding), "effective",
                     cap_list(root ? bounding : 0), "permitted", cap_list(root ? bounding : 0),
                     "inheritable", json_array(), "ambient", json_array());
}

static json_t *user(const struct bundle *b)
{
    if (!direct(b))
        return json_pack("{si si}", "uid", 0, "gid", 0);
    json_t *groups = json_array();
    for (size_t i = 0; i < b->run->n_groups; i++)
        json_array_append_new(groups, json_integer(b->run->groups[i]));
    return json_pack("{sI sI so}", "uid", (json_int_t)b->run->uid, "gid", (json_int_t)b->run->gid,
                     "additionalGids", groups);
}

/* What every engine sets when the image does not; without HOME the two runtimes would differ. */
static json_t *environment(const struct bundle *b)
{
    static const struct {
        struct str name;
        const char *whole;
    } missing[] = {
        {STR_INIT("PATH="), "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        {STR_INIT("HOSTNAME="), NULL},
        {STR_INIT("HOME="), "HOME=/"},
    };
    json_t *v = texts(b->run->env);
    for (size_t m = 0; m < sizeof missing / sizeof *missing; m++) {
        bool there = false;
        for (size_t i = 0; i < b->run->env.n; i++)
            there |= str_starts(b->run->env.v[i], missing[m].name);
        if (!there)
            json_array_append_new(v, missing[m].whole ? json_string(missing[m].whole)
                                                      : json_sprintf("HOSTNAME=%s", b->host_name));
    }
    return v;
}

static json_t *process(struct arena *a, const struct bundle *b, struct strs program)
{
    const struct sandbox_run *r = b->run;
    return json_pack("{sb so so so so so sb}", "terminal", 0, "user", user(b), "args",
                     texts(bundle_argv(a, b, program)), "env", environment(b), "cwd",
                     json_text(r->cwd.n ? r->cwd : STR("/")), "capabilities", capabilities(b),
                     "noNewPrivileges", r->policy->no_new_privs);
}

/* Docker's mounts, and nodev on all: a device node made by the program opens nothing. */
struct standard_mount {
    const char *destination, *type, *source, *options[8];
};
static const struct standard_mount standard[] = {
    {"/proc", "proc", "proc", {"nosuid", "noexec", "nodev"}},
    {"/dev", "tmpfs", "tmpfs", {"nosuid", "nodev", "strictatime", "mode=755", "size=65536k"}},
    {"/dev/pts",
     "devpts",
     "devpts",
     {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"}},
    {"/dev/mqueue", "mqueue", "mqueue", {"nosuid", "noexec", "nodev"}},
    {"/dev/shm", "tmpfs", "shm", {"nosuid", "noexec", "nodev", "mode=1777", "size=65536k"}},
    {"/sys", "sysfs", "sysfs", {"nosuid", "noexec", "nodev", "ro"}},
};

/* So the devices are bound in one by one, as runtimes do by themselves in a user namespace. */
static const char *const devices[] = {"/dev/null",   "/dev/zero",    "/dev/full",
                                      "/dev/random", "/dev/urandom", "/dev/tty"};

static json_t *standard_mount(const struct standard_mount *m)
{
    json_t *options = json_array();
    for (size_t i = 0; i < sizeof m->options / sizeof *m->options && m->options[i]; i++)
        json_array_append_new(options, json_string(m->options[i]));
    return json_pack("{ss ss ss so}", "destination", m->destination, "type", m->type, "source",
                     m->source, "options", options);
}

static json_t *mounts(const struct bundle *b)
{
    json_t *v = json_array();
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
        json_array_append_new(v, standard_mount(&standard[i]));
    for (size_t i = 0; i < sizeof devices / sizeof *devices && !b->in_userns; i++)
        json_array_append_new(
            v, standard_mount(&(struct standard_mount){devices[i], "bind", devices[i], {"bind"}}));
    vec_each (&b->mounts, i) {
        const struct bundle_mount *m = &b->mounts.v[i];
        json_array_append_new(v, json_pack("{so ss so s[s s s s]}", "destination",
                                           json_text(m->destination), "type", "bind", "source",
                                           json_text(m->source), "options", "rbind", "nosuid",
                                           "nodev", m->read_only ? "ro" : "rw"));
    }
    return v;
}

static json_t *namespaces(const struct bundle *b)
{
    json_t *v = json_pack("[{ss}{ss}{ss}{ss}]", "type", "pid", "type", "ipc", "type", "uts", "type",
                          "mount");
    if (b->run->policy->own_network)
        json_array_append_new(v, json_pack("{ss}", "type", "network"));
    return v;
}

static json_t *linux_part(const struct bundle *b)
{
    const struct sandbox_policy *p = b->run->policy;
    json_t *v = json_pack("{so}", "namespaces", namespaces(b));
    if (p->own_network)
        json_object_set_new(v, "sysctl",
                            json_pack("{ss}", "net.ipv4.ip_unprivileged_port_start", "0"));
    /* outside of a user namespace these files would obey an image's root as the machine's own */
    if (p->masked_paths || !(b->in_userns || b->trusted)) {
        json_object_set_new(v, "maskedPaths",
                            json_pack("[s s s s s s s s s s]", "/proc/asound", "/proc/acpi",
                                      "/proc/kcore", "/proc/keys", "/proc/latency_stats",
                                      "/proc/timer_list", "/proc/sched_debug", "/proc/scsi",
                                      "/sys/firmware", "/sys/devices/virtual/powercap"));
        json_object_set_new(v, "readonlyPaths",
                            json_pack("[s s s s s]", "/proc/bus", "/proc/fs", "/proc/irq",
                                      "/proc/sys", "/proc/sysrq-trigger"));
    }
    if (p->seccomp)
        json_object_set_new(v, "seccomp", seccomp_default(program_caps(b)));
    return v;
}

struct str bundle_config(struct arena *a, const struct bundle *b)
{
    JSON_AUTO json_t *config = json_pack(
        "{ss so s{so sb} ss so so}", "ociVersion", "1.0.2", "process", process(a, b, b->run->argv),
        "root", "path", json_text(b->root), "readonly", b->run->policy->read_only, "hostname",
        b->host_name, "mounts", mounts(b), "linux", linux_part(b));
    return json_write(a, config, 0);
}

struct str bundle_process(struct arena *a, const struct bundle *b, struct strs program)
{
    JSON_AUTO json_t *value = process(a, b, program);
    return json_write(a, value, 0);
}
