/* rule_config: ports and volumes of the config → what should be neither. */
#include "base/buf.h"
#include "rules/rule.h"

/* ---- volumes ---- */

static const struct {
    const char *path;
    enum severity severity;
    const char *why;
} system_folders[] = {
    {"/", SEVERITY_HIGH, "all of the image"},
    {"/dev", SEVERITY_HIGH, "the host's devices, when someone mounts them there"},
    {"/proc", SEVERITY_HIGH, "the kernel's view of processes"},
    {"/sys", SEVERITY_HIGH, "the kernel's view of devices"},
    {"/boot", SEVERITY_HIGH, "the host's kernel, when someone mounts it there"},
    {"/var/run/docker.sock", SEVERITY_HIGH, "the container engine's socket: root on the host"},
    {"/run/docker.sock", SEVERITY_HIGH, "the container engine's socket: root on the host"},
    {"/etc", SEVERITY_MEDIUM, "accounts and settings, which a new image then does not bring"},
    {"/bin", SEVERITY_MEDIUM, "programs, which a new image then does not bring"},
    {"/sbin", SEVERITY_MEDIUM, "programs, which a new image then does not bring"},
    {"/lib", SEVERITY_MEDIUM, "libraries, which a new image then does not bring"},
    {"/lib64", SEVERITY_MEDIUM, "libraries, which a new image then does not bring"},
    {"/usr", SEVERITY_MEDIUM, "programs and libraries, which a new image then does not bring"},
    {"/usr/bin", SEVERITY_MEDIUM, "programs, which a new image then does not bring"},
    {"/usr/sbin", SEVERITY_MEDIUM, "programs, which a new image then does not bring"},
    {"/usr/lib", SEVERITY_MEDIUM, "libraries, which a new image then does not bring"},
    {"/usr/local", SEVERITY_MEDIUM, "programs, which a new image then does not bring"},
    {"/usr/local/bin", SEVERITY_MEDIUM, "programs, which a new image then does not bring"},
};

/* "//var/../etc/." is /etc. */
static struct str plain_path(struct arena *a, struct str path)
{
    struct buf b = {.a = a};
    struct str rest = path, part;
    while (rest.n) {
        str_cut(rest, '/', &part, &rest);
        if (str_is(part, ".."))
            b.n = b.n ? str_rfind(buf_str(&b), '/') : 0;
        else if (part.n && !str_is(part, "."))
            buf_addf(&b, "/" STR_F, STR_A(part));
    }
    return b.n ? buf_str(&b) : STR("/");
}

static void check_volumes(struct rule_context *c)
{
    const struct strs *volumes = &c->facts->image->config.volumes;
    for (size_t i = 0; i < volumes->n; i++) {
        struct str path = plain_path(c->a, volumes->v[i]);
        for (size_t k = 0; k < sizeof system_folders / sizeof *system_folders; k++)
            if (str_is(path, system_folders[k].path))
                rule_add(c, system_folders[k].severity, rule_at_config(c, "Volumes"),
                         STR_F " is a volume: %s", STR_A(path), system_folders[k].why);
    }
    rule_pass(c, STR_F ", none of a system folder",
              STR_A(rule_count_text(c->a, volumes->n, "volume")));
}

const struct rule rule_volume = {
    .info = {.id = "SHUCK-VOLUME",
             .aliases = {"DKL-DI-0002"},
             .severity = SEVERITY_MEDIUM,
             .title = "No system folder is a volume",
             .why =
                 "A volume outlives its container and is filled only once: programs and settings "
                 "in it stay as they were when the image is renewed, and what an intruder writes "
                 "there is there after a restart. Those of the host lead out of the container.",
             .remedy = "Make volumes of folders with data only.",
             .example = "VOLUME /var/lib/NAME"},
    .check = check_volumes,
    .of_config = true,
};

/* ---- ports ---- */

static const struct {
    const char *port, *what;
} logins[] = {
    {"22", "SSH"},     {"23", "Telnet"}, {"512", "rexec"},
    {"513", "rlogin"}, {"514", "rsh"},   {"3389", "Remote Desktop"},
};

static void check_ports(struct rule_context *c)
{
    const struct strs *ports = &c->facts->image->config.exposed_ports;
    for (size_t i = 0; i < ports->n; i++) {
        struct str number, protocol;
        str_cut(ports->v[i], '/', &number, &protocol);
        for (size_t k = 0; k < sizeof logins / sizeof *logins && !str_is(protocol, "udp"); k++)
            if (str_is(number, logins[k].port))
                rule_add(c, SEVERITY_MEDIUM, rule_at_config(c, "ExposedPorts"),
                         "port " STR_F ", %s", STR_A(ports->v[i]), logins[k].what);
    }
    rule_pass(c, STR_F ", none for remote logins", STR_A(rule_count_text(c->a, ports->n, "port")));
}

const struct rule rule_login_port = {
    .info = {.id = "SHUCK-LOGIN-PORT",
             .aliases = {"DS004"},
             .severity = SEVERITY_MEDIUM,
             .title = "No port for remote logins is exposed",
             .why =
                 "A login server in a container is a second way in, with accounts, keys and "
                 "updates of its own that nobody looks after. The engine's exec command does the "
                 "same without it.",
             .remedy = "Leave the server out and use the engine's exec command.",
             .example = "docker exec -it CONTAINER sh"},
    .check = check_ports,
    .of_config = true,
};
