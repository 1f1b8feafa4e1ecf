/* A run → config.json: what the runtime is told. */
#include <linux/capability.h>

#include "base/json.h"
#include "lib/tap.h"
#include "sandbox/inside.h"

#define CAP(name) (1ull << CAP_##name)

static struct arena a;
static struct str program[] = {STR_INIT("/bin/web"), STR_INIT("-p"), STR_INIT("80")};
static struct str attack[] = {STR_INIT("attack"), STR_INIT("x.sh")};
static struct str env[] = {STR_INIT("PATH=/x"), STR_INIT("A=b")};

static json_t *config(const struct bundle *b)
{
    json_t *v = NULL;
    struct err e;
    ok(json_read(bundle_config(&a, b), &v, &e) == 0, "config.json is JSON");
    return v;
}

static const json_t *at(const json_t *v, const char *one, const char *two, const char *three)
{
    v = json_object_get(v, one);
    v = two ? json_object_get(v, two) : v;
    return three ? json_object_get(v, three) : v;
}

static struct str joined(const json_t *list)
{
    struct str ret = {0};
    for (size_t i = 0; i < json_array_size(list); i++)
        ret = str_fmt(&a, STR_F "%s%s", STR_A(ret), i ? " " : "",
                      json_string_value(json_array_get(list, i)));
    return ret;
}

static bool has_mount(const json_t *v, const char *destination)
{
    const json_t *list = json_object_get(v, "mounts");
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!strcmp(json_string_value(json_object_get(json_array_get(list, i), "destination")),
                    destination))
            return true;
    return false;
}

static void traced(void)
{
    uint32_t groups[] = {7, 8};
    struct sandbox_run run = {.policy = &sandbox_permissive,
                              .argv = {program, 3},
                              .env = {env, 2},
                              .cwd = STR("/srv"),
                              .uid = 1000,
                              .gid = 100,
                              .groups = groups,
                              .n_groups = 2,
                              .trace = true};
    struct bundle b = {
        .run = &run, .root = STR("/w/root"), .capabilities = ~0ull, .host_name = "h"};
    JSON_AUTO json_t *v = config(&b);
    is_str(joined(at(v, "process", "args", NULL)),
           "/proc/self/fd/3 trace 1000:100:7,8 00000000a80425fb /srv -- /bin/web -p 80",
           "the agent gets the user, the capabilities, the folder and the program");
    is_str(joined(at(v, "process", "env", NULL)), "PATH=/x A=b HOSTNAME=h HOME=/",
           "what every engine sets is added, what is there stays");
    is_int(json_integer_value(at(v, "process", "user", "uid")), 0, "the agent itself is root");
    ok(str_has(joined(at(v, "process", "capabilities", "effective")), STR("CAP_SYS_PTRACE")),
       "and may trace");
    ok(!json_object_get(json_object_get(v, "process"), "rlimits"), "no limit is asked for");
    ok(!at(v, "linux", "resources", NULL) && !at(v, "linux", "cgroupsPath", NULL), "nor a cgroup");
    ok(has_mount(v, "/dev/null"), "devices are bound in, for /dev has nodev");
    b.in_userns = true;
    JSON_AUTO json_t *in = config(&b);
    ok(!has_mount(in, "/dev/null"), "in a user namespace the runtime does that");
}

static void confined(void)
{
    struct sandbox_run run = {
        .policy = &sandbox_restricted, .agent = {attack, 2}, .uid = 5, .gid = 6};
    struct bundle b = {
        .run = &run, .root = STR("/w/root"), .capabilities = ~0ull, .host_name = "h"};
    JSON_AUTO json_t *v = config(&b);
    is_str(joined(at(v, "process", "args", NULL)), "/proc/self/fd/3 attack x.sh",
           "an attack is the agent alone");
    is_int(json_integer_value(at(v, "process", "user", "uid")), 5, "as the user");
    is_int(json_array_size(at(v, "process", "capabilities", "bounding")), 0, "no capability");
    ok(json_is_true(at(v, "process", "noNewPrivileges", NULL)), "no new privileges");
    ok(json_is_true(at(v, "root", "readonly", NULL)), "a root that is read-only");
    ok(at(v, "linux", "seccomp", NULL) != NULL, "a system call filter");
    ok(json_array_size(at(v, "linux", "maskedPaths", NULL)) > 5, "masked paths");
    is_str(STR(""),
           json_string_value(at(v, "linux", "sysctl", "net.ipv4.ip_unprivileged_port_start"))
               ? ""
               : "none",
           "low ports are free in a network of its own");
}

static void capped(void)
{
    struct sandbox_run run = {.policy = &sandbox_control, .agent = {attack, 2}};
    struct bundle b = {
        .run = &run, .root = STR("/w/root"), .capabilities = ~0ull, .host_name = "h"};
    JSON_AUTO json_t *image = config(&b);
    is_int(json_array_size(at(image, "process", "capabilities", "bounding")), 14,
           "as root, an image's code never gets more than the default capabilities");
    ok(at(image, "linux", "maskedPaths", NULL) != NULL, "and its paths are masked");
    b.trusted = true;
    JSON_AUTO json_t *empty = config(&b);
    is_int(json_array_size(at(empty, "process", "capabilities", "bounding")), 41,
           "the agent alone gets all");
    ok(!at(empty, "linux", "maskedPaths", NULL), "and sees all paths");
    b.trusted = false;
    b.in_userns = true;
    JSON_AUTO json_t *mapped = config(&b);
    is_int(json_array_size(at(mapped, "process", "capabilities", "bounding")), 41,
           "so does an image's code in a user namespace");
    b.capabilities = CAP(KILL) | CAP(CHOWN);
    JSON_AUTO json_t *poor = config(&b);
    is_str(joined(at(poor, "process", "capabilities", "bounding")), "CAP_CHOWN CAP_KILL",
           "what the box lacks cannot be given");
}

static bool allows(const json_t *profile, const char *name)
{
    const json_t *calls = json_object_get(profile, "syscalls");
    for (size_t i = 0; i < json_array_size(calls); i++) {
        const json_t *rule = json_array_get(calls, i), *names = json_object_get(rule, "names");
        bool allow = !strcmp(json_string_value(json_object_get(rule, "action")), "SCMP_ACT_ALLOW");
        for (size_t k = 0; k < json_array_size(names) && allow; k++)
            if (!strcmp(json_string_value(json_array_get(names, k)), name))
                return !json_object_get(rule, "args");
    }
    return false;
}

static void filtered(void)
{
    static const char *const usual[] = {"read", "openat", "execve", "futex", "accept4", "clone"};
    static const char *const never[] = {"bpf",
                                        "mount",
                                        "unshare",
                                        "keyctl",
                                        "add_key",
                                        "userfaultfd",
                                        "io_uring_setup",
                                        "kexec_load",
                                        "init_module",
                                        "swapon",
                                        "open_by_handle_at",
                                        "perf_event_open",
                                        "setns",
                                        "clone3",
                                        "reboot",
                                        "quotactl",
                                        "ptrace_nothing"};
    JSON_AUTO json_t *none = seccomp_default(0), *all = seccomp_default(~0ull);
    for (size_t i = 0; i < 5; i++)
        ok(allows(none, usual[i]), "%s is allowed", usual[i]);
    ok(!allows(none, usual[5]) && allows(all, usual[5]), "clone's flags are looked at");
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        ok(!allows(none, never[i]), "%s is not", never[i]);
    ok(allows(all, "mount") && allows(all, "bpf") && allows(all, "reboot"),
       "capabilities open what they govern");
    ok(!allows(all, "io_uring_setup") && !allows(all, "keyctl"), "but nothing else");
}

int main(void)
{
    traced();
    confined();
    capped();
    filtered();
    arena_free(&a);
    return done_testing();
}
