/* policies: the three ways a container is confined. */
#include <linux/capability.h>

#include "sandbox/sandbox.h"

#define CAP(name) (1ull << CAP_##name)

/* What Docker and the Kubernetes runtimes leave to a container that asks for nothing. */
#define DEFAULT_CAPS                                                                               \
    (CAP(CHOWN) | CAP(DAC_OVERRIDE) | CAP(FSETID) | CAP(FOWNER) | CAP(MKNOD) | CAP(NET_RAW) |      \
     CAP(SETGID) | CAP(SETUID) | CAP(SETFCAP) | CAP(SETPCAP) | CAP(NET_BIND_SERVICE) |             \
     CAP(SYS_CHROOT) | CAP(KILL) | CAP(AUDIT_WRITE))

const struct sandbox_policy sandbox_permissive = {
    .name = "permissive",
    .capabilities = DEFAULT_CAPS,
    .masked_paths = true,
    .own_network = true,
};

const struct sandbox_policy sandbox_restricted = {
    .name = "restricted",
    .read_only = true,
    .no_new_privs = true,
    .seccomp = true,
    .masked_paths = true,
    .pids = 128,
    .own_network = true,
};

const struct sandbox_policy sandbox_control = {
    .name = "control",
    .capabilities = ~0ull,
    .own_network = true,
};
