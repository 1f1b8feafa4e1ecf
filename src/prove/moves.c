/* moves: what an intruder tries, each move one constant. Documentation, `shuck explain`, the table
 * and the JSON are made from these.
 *
 * The grade is what success puts in reach, by the worst capability: F the host or a secret, E uid
 * 0, D a file that stays and runs, C a shell, interpreter or downloader, B kernel surface or
 * network, A what no image can stop, A+ that without memfd.
 *
 * Invariants
 * 1. Ids are unique, in groups, and "x.y" of lower-case letters and digits. (test_moves: ids)
 * 2. Every move has a technique, words for why, remedy and how. (test_moves: complete)
 * 3. The agent knows every id. (tests/prove.t: every move has a mark)
 */
#include "prove/prove.h"

const struct prove_move prove_moves[] = {
    /* ---- x: run what is there, or what needs no file ---- */
    {
        .id = "x.ls",
        .title = "run ls",
        .technique = {"T1083"},
        .grade = GRADE_C,
        .stopped_by = {STEP_SHELL},
        .needs = PROVE_NEEDS_FILE,
        .why = "The first command of every intruder. Each program in the image is a tool that does "
               "not have to be brought along.",
        .remedy = "Keep only the files the program runs with: shuck harden.",
        .how = "Searches ls on the image's PATH and runs it; succeeded when it ran and ended.",
    },
    {
        .id = "x.sh",
        .title = "run a shell",
        .technique = {"T1059.004"},
        .grade = GRADE_C,
        .stopped_by = {STEP_SHELL},
        .needs = PROVE_NEEDS_FILE,
        .why = "A shell turns one executed command into scripts, pipes, loops and reverse shells; "
               "most exploits assume one.",
        .remedy =
            "Leave the shell out of the final image; use the exec form of CMD, ENTRYPOINT and "
            "HEALTHCHECK so that nothing needs it.",
        .how = "Runs each shell of the image with -c 'exit 42'; succeeded when one ended with 42.",
    },
    {
        .id = "x.interp",
        .title = "run an interpreter",
        .technique = {"T1059"},
        .grade = GRADE_C,
        .stopped_by = {STEP_INTERPRETER},
        .needs = PROVE_NEEDS_FILE,
        .why = "An interpreter runs any program the intruder can type, system calls included, "
               "without a file being written.",
        .remedy = "Leave out interpreters the program does not itself run in; perl-base comes with "
                  "Debian's minimal system, so build on scratch or distroless.",
        .how = "Has each python, perl, ruby, node, php and lua of the image end with status 42.",
    },
    {
        .id = "x.cc",
        .title = "compile and run",
        .technique = {"T1027.004"},
        .grade = GRADE_C,
        .stopped_by = {STEP_INTERPRETER},
        .needs = PROVE_NEEDS_FILE,
        .why = "A compiler lets source pass where binaries are filtered, and builds exploits for "
               "the very kernel it runs on.",
        .remedy = "Build in one stage and copy the result into another: FROM … AS build.",
        .how = "Compiles a program that ends with 42 by a C compiler of the image, and runs it.",
    },
    {
        .id = "x.shmscript",
        .title = "run a script from /dev/shm",
        .technique = {"T1059.004"},
        .grade = GRADE_C,
        .stopped_by = {STEP_SHELL},
        .needs = PROVE_NEEDS_FILE,
        .why = "noexec and a read-only root do not stop scripts: the shell reads them as data, and "
               "/dev/shm is writable for everyone.",
        .remedy = "Leave the shell out; no mount option replaces that.",
        .how = "Writes 'exit 42' to a file in /dev/shm and has a shell of the image read it.",
    },
    {
        .id = "x.ldso",
        .title = "run a dropped file through ld.so",
        .technique = {"T1218"},
        .grade = GRADE_D,
        .stopped_by = {STEP_SHELL, STEP_READ_ONLY},
        .needs = PROVE_NEEDS_FILE,
        .why = "ld.so runs a file that has no execute permission, which gets around controls that "
               "watch the bit.",
        .remedy = "Link the program statically and build FROM scratch; mount writable folders "
                  "noexec.",
        .how = "Writes a small dynamic program without execute permission to a writable folder and "
               "starts it as ld.so FILE; succeeded when it ended with 42.",
    },
    {
        .id = "x.self",
        .title = "run the program a second time",
        .technique = {"T1106"},
        .grade = GRADE_A_PLUS,
        .why = "The program itself is always there. Started again it can do what it can do, with "
               "arguments of the intruder's choice.",
        .remedy = "Nothing stops it. A program with few abilities gives the intruder few.",
        .how = "Executes the image's program by its path and kills it at once; succeeded when the "
               "kernel accepted it.",
    },
    {
        .id = "x.memfd",
        .title = "run a binary from memory",
        .technique = {"T1620"},
        .grade = GRADE_A,
        .stopped_by = {STEP_SECCOMP},
        .why = "A binary in an anonymous memory file needs no writable folder and leaves nothing "
               "on disk.",
        .remedy = "No image can stop it. Set vm.memfd_noexec=2 on the host, or a seccomp profile "
                  "that refuses memfd_create.",
        .how = "Copies the agent into memfd_create() and starts it with execveat(); succeeded when "
               "it ended with 42.",
    },
    {
        .id = "x.anonrx",
        .title = "make written memory executable",
        .technique = {"T1620"},
        .grade = GRADE_A_PLUS,
        .why = "Code of the intruder runs inside the program with no file at all.",
        .remedy = "No image can stop it; a Linux security module (SELinux execmem) can.",
        .how = "Maps memory read-write, writes two instructions, makes it read-execute and calls "
               "them; succeeded when they returned 42.",
    },
    {
        .id = "x.procmem",
        .title = "write read-only memory through /proc",
        .technique = {"T1055.009"},
        .grade = GRADE_A_PLUS,
        .why = "/proc/self/mem writes where page permissions forbid it, so code can be changed in "
               "place.",
        .remedy = "No image can stop it; kernels since 6.12 can be built or started with "
                  "proc_mem.force_override=never.",
        .how = "Writes a byte of a read-only page through /proc/self/mem and reads it back.",
    },
    /* ---- d: drop a binary and run it ---- */
    {
        .id = "d.root",
        .title = "drop a binary in / and run it",
        .technique = {"T1105"},
        .grade = GRADE_D,
        .stopped_by = {STEP_USER, STEP_READ_ONLY},
        .why = "A place to write and run from is where tools are unpacked: miners, scanners, "
               "tunnels.",
        .remedy = "Run as a non-root user; run with a read-only root file system.",
        .how = "Writes the agent to the folder, makes it executable and runs it; succeeded when it "
               "ended with 42. It is removed again.",
    },
    {
        .id = "d.home",
        .title = "drop a binary in the home folder and run it",
        .technique = {"T1105"},
        .grade = GRADE_D,
        .stopped_by = {STEP_READ_ONLY},
        .why = "The user's own folder is writable by design, so a non-root user alone does not "
               "close it.",
        .remedy = "Give the user no home folder in the image, or run with a read-only root.",
        .how = "As d.root, in the home folder of the image's user.",
    },
    {
        .id = "d.tmp",
        .title = "drop a binary in /tmp and run it",
        .technique = {"T1105"},
        .grade = GRADE_D,
        .stopped_by = {STEP_READ_ONLY},
        .why = "/tmp is writable for everyone and is the first folder that malware tries.",
        .remedy = "Leave /tmp out of the image when the program does not need it; run with a "
                  "read-only root and mount /tmp noexec.",
        .how = "As d.root, in /tmp, then in /var/tmp.",
    },
    {
        .id = "d.dev",
        .title = "drop a binary in /dev and run it",
        .technique = {"T1105"},
        .grade = GRADE_D,
        .stopped_by = {STEP_USER},
        .why = "The runtime mounts /dev writable for root whatever the root file system is, so a "
               "read-only root does not close it.",
        .remedy = "Run as a non-root user.",
        .how = "As d.root, in /dev.",
    },
    {
        .id = "d.shm",
        .title = "drop a binary in /dev/shm and run it",
        .technique = {"T1105"},
        .grade = GRADE_D,
        .stopped_by = {STEP_NONE},
        .why = "/dev/shm is writable for everyone; when a runtime or an emptyDir mounts it without "
               "noexec, a read-only root does not matter.",
        .remedy = "Keep the runtime's noexec on /dev/shm; do not replace it by a volume without.",
        .how = "As d.root, in /dev/shm.",
    },
    {
        .id = "d.vol",
        .title = "drop a binary in a volume and run it",
        .technique = {"T1105"},
        .grade = GRADE_D,
        .stopped_by = {STEP_USER, STEP_READ_ONLY},
        .why = "What is dropped in a volume outlives the container and is seen by whoever mounts "
               "it next.",
        .remedy = "Declare no VOLUME that the program does not write; mount volumes noexec and "
                  "read-only where it only reads.",
        .how = "As d.root, in each folder the image declares as a volume.",
    },
    {
        .id = "d.app",
        .title = "replace the program's own binary",
        .technique = {"T1554"},
        .grade = GRADE_D,
        .stopped_by = {STEP_USER, STEP_READ_ONLY},
        .why = "A program that can replace itself runs the intruder's code at the next start, with "
               "the same trust.",
        .remedy = "Let root own the program and its folder and run as another user; run with a "
                  "read-only root.",
        .how =
            "Renames a copy of the agent over the program (a running binary cannot be opened for "
            "writing, but it can be replaced; a script is overwritten) and runs it.",
    },
    /* ---- t: tools ---- */
    {
        .id = "t.pkg",
        .title = "install with a package manager",
        .technique = {"T1105"},
        .grade = GRADE_D,
        .stopped_by = {STEP_PACKAGE_MANAGER, STEP_USER, STEP_READ_ONLY},
        .needs = PROVE_NEEDS_FILE,
        .why = "A package manager brings every tool that the image left out, signed and with its "
               "dependencies.",
        .remedy = "Leave package managers out of the final image.",
        .how = "Runs each package manager of the image with --version and opens its lock or "
               "database for writing; succeeded when one did both.",
    },
    {
        .id = "t.dl",
        .title = "download",
        .technique = {"T1105"},
        .grade = GRADE_C,
        .stopped_by = {STEP_DOWNLOADER, STEP_NETWORK},
        .needs = PROVE_NEEDS_FILE,
        .why = "A downloader fetches the second stage of an attack and carries data away.",
        .remedy =
            "Leave curl, wget, nc, interpreters and bash (its /dev/tcp) out; close the network "
            "outward by policy.",
        .how = "Listens on 127.0.0.1 in a network of the container's own and points each program "
               "that can connect at it; succeeded when a connection arrived.",
    },
    {
        .id = "t.lotl",
        .title = "live off the land",
        .technique = {"T1218"},
        .grade = GRADE_C,
        .stopped_by = {STEP_SHELL, STEP_INTERPRETER, STEP_DOWNLOADER},
        .needs = PROVE_NEEDS_FILE,
        .why =
            "Ordinary programs (tar, find, vi, awk) read and write files, start programs and open "
            "connections for whoever runs them.",
        .remedy = "Keep only the files the program runs with: shuck harden.",
        .how = "Counts the programs with such a use that the image's user may execute; succeeded "
               "when there is one.",
    },
    /* ---- p: ways to stay ---- */
    {
        .id = "p.passwd",
        .title = "add a user with uid 0",
        .technique = {"T1136.001"},
        .grade = GRADE_D,
        .stopped_by = {STEP_USER, STEP_READ_ONLY},
        .why = "A line in /etc/passwd gives the intruder a name and uid 0 to come back with.",
        .remedy = "Run as a non-root user; run with a read-only root.",
        .how = "Appends a user to /etc/passwd and reads it back.",
    },
    {
        .id = "p.preload",
        .title = "load a library into every program",
        .technique = {"T1574.006"},
        .grade = GRADE_D,
        .stopped_by = {STEP_USER, STEP_READ_ONLY},
        .why = "The dynamic loader loads what /etc/ld.so.preload names into every program, setuid "
               "ones too.",
        .remedy = "Run as a non-root user; run with a read-only root; a static program in an image "
                  "without a loader has nothing that would read the file.",
        .how = "Writes /etc/ld.so.preload and reads it back; succeeded when the image also has a "
               "dynamic loader that honours it.",
    },
    {
        .id = "p.cron",
        .title = "plant a cron job",
        .technique = {"T1053.003"},
        .grade = GRADE_D,
        .stopped_by = {STEP_USER, STEP_READ_ONLY},
        .why = "A job comes back after the hole is closed.",
        .remedy = "Leave cron out of images; run as a non-root user.",
        .how =
            "Writes a crontab to the places cron reads; succeeded when one took it and the image "
            "has a cron program.",
    },
    {
        .id = "p.ssh",
        .title = "plant an ssh key",
        .technique = {"T1098.004"},
        .grade = GRADE_D,
        .stopped_by = {STEP_USER, STEP_READ_ONLY},
        .why = "A key in authorized_keys is a door that no password change closes.",
        .remedy = "Leave sshd out of images; run with a read-only root.",
        .how = "Writes authorized_keys in the home folder of the user and of root; succeeded when "
               "one took it and the image has sshd.",
    },
    {
        .id = "p.rc",
        .title = "change a shell's start file",
        .technique = {"T1546.004"},
        .grade = GRADE_D,
        .stopped_by = {STEP_SHELL, STEP_USER, STEP_READ_ONLY},
        .why = "Whoever next opens a shell in the container runs the intruder's line.",
        .remedy = "Leave the shell out; run with a read-only root.",
        .how =
            "Appends to /etc/profile, the home folder's .profile and .bashrc; succeeded when one "
            "took it and the image has a shell.",
    },
    /* ---- e: become uid 0 ---- */
    {
        .id = "e.suid",
        .title = "become root by a setuid file",
        .technique = {"T1548.001"},
        .grade = GRADE_E,
        .stopped_by = {STEP_SETUID, STEP_NO_NEW_PRIVS},
        .needs = PROVE_NEEDS_FILE,
        .why = "Every setuid program is code that runs as root for whoever asks, with a history of "
               "holes; dropping capabilities alone does not stop it.",
        .remedy = "Clear the bits: RUN find / -xdev -perm /6000 -type f -exec chmod a-s {} +; set "
                  "allowPrivilegeEscalation: false.",
        .how = "Starts each setuid file of the image and reads its effective uid from /proc before "
               "it is killed; succeeded when one ran as uid 0.",
    },
    {
        .id = "e.fcap",
        .title = "gain capabilities by a file",
        .technique = {"T1548"},
        .grade = GRADE_E,
        .stopped_by = {STEP_SETUID, STEP_NO_NEW_PRIVS},
        .needs = PROVE_NEEDS_FILE,
        .why = "A file with capabilities gives part of root's power to whoever runs it.",
        .remedy = "Remove them: setcap -r FILE; set allowPrivilegeEscalation: false.",
        .how =
            "Starts each file with capabilities and reads its permitted set from /proc before it "
            "is killed; succeeded when it was larger than the intruder's.",
    },
    {
        .id = "e.setuid0",
        .title = "be or become uid 0",
        .technique = {"T1548"},
        .grade = GRADE_E,
        .stopped_by = {STEP_USER},
        .why = "Root in a container owns every file of the image and is one kernel or runtime hole "
               "away from the host.",
        .remedy = "Set USER to a number over 0 in the image; set runAsNonRoot: true.",
        .how = "Asks for uid 0 with setresuid() and reads back who it is.",
    },
    {
        .id = "e.mksuid",
        .title = "leave a setuid root file behind",
        .technique = {"T1548.001"},
        .grade = GRADE_E,
        .stopped_by = {STEP_USER, STEP_CAPABILITIES, STEP_NO_NEW_PRIVS},
        .why = "A setuid copy of any program turns a later visit as an ordinary user into root.",
        .remedy = "Run as a non-root user; mount writable folders nosuid; set "
                  "allowPrivilegeEscalation: false.",
        .how =
            "Writes the agent to a folder, gives it to root with mode 4755, runs it as uid 65534; "
            "succeeded when it found itself to be uid 0.",
    },
    /* ---- c: capabilities put to use ---- */
    {
        .id = "c.shadow",
        .title = "read the password hashes",
        .technique = {"T1003.008"},
        .grade = GRADE_E,
        .stopped_by = {STEP_USER, STEP_CAPABILITIES},
        .needs = PROVE_NEEDS_FILE,
        .why = "Hashes are cracked at leisure elsewhere; reading them shows that file permissions "
               "no longer hold.",
        .remedy = "Run as a non-root user; leave /etc/shadow out of the image.",
        .how = "Opens /etc/shadow and reads one byte, which is not kept.",
    },
    {
        .id = "c.raw",
        .title = "open a raw socket",
        .technique = {"T1040"},
        .grade = GRADE_B,
        .stopped_by = {STEP_USER, STEP_CAPABILITIES},
        .why = "Raw sockets sniff and forge packets on the pod's network: ARP and DNS spoofing.",
        .remedy = "Drop all capabilities (NET_RAW is one that runtimes give by default); run as a "
                  "non-root user.",
        .how = "Opens an AF_PACKET socket, then an ICMP raw socket, and closes it.",
    },
    {
        .id = "c.chroot",
        .title = "change the root folder",
        .technique = {"T1611"},
        .grade = GRADE_B,
        .stopped_by = {STEP_USER, STEP_CAPABILITIES},
        .why = "chroot is a step of classic escapes once a host folder is in reach.",
        .remedy = "Drop all capabilities; run as a non-root user.",
        .how = "Calls chroot() on the present root.",
    },
    {
        .id = "c.mount",
        .title = "mount a file system",
        .technique = {"T1611"},
        .grade = GRADE_F,
        .stopped_by = {STEP_USER, STEP_CAPABILITIES, STEP_SECCOMP},
        .why =
            "Whoever can mount can mount the host's disk or a cgroup tree that starts programs on "
            "the host.",
        .remedy = "Never run privileged nor with SYS_ADMIN.",
        .how = "Mounts an empty tmpfs in the container and unmounts it.",
    },
    {
        .id = "c.mknod",
        .title = "open the host's disk",
        .technique = {"T1611"},
        .grade = GRADE_F,
        .stopped_by = {STEP_USER, STEP_CAPABILITIES},
        .why = "The raw disk holds every file of the host, whatever the mount points show.",
        .remedy = "Drop MKNOD; never run privileged: the device rules stop the opening.",
        .how = "Makes a node for a disk listed in /proc/partitions and opens it; nothing is read.",
    },
    {
        .id = "c.port80",
        .title = "listen on a low port",
        .technique = {"T1071"},
        .grade = GRADE_A_PLUS,
        .stopped_by = {STEP_USER, STEP_CAPABILITIES},
        .why = "A listener on port 80 or 53 looks like a service of the system.",
        .remedy = "No image can stop it: engines let every container do it by "
                  "net.ipv4.ip_unprivileged_port_start=0. Where they do not, a non-root user and "
                  "dropped capabilities stop it.",
        .how = "Binds port 80 of the loopback address and closes it.",
    },
    /* ---- s: risky system calls ---- */
    {
        .id = "s.userns",
        .title = "make a user namespace",
        .technique = {"T1611", "T1068"},
        .grade = GRADE_B,
        .stopped_by = {STEP_SECCOMP},
        .why = "Inside a user namespace of its own a process holds every capability, which opens "
               "kernel code that most container escapes of recent years started in.",
        .remedy = "Keep the default seccomp profile: seccompProfile: RuntimeDefault.",
        .how = "Calls unshare(CLONE_NEWUSER).",
    },
    {
        .id = "s.ptrace",
        .title = "trace another process",
        .technique = {"T1055.008"},
        .grade = GRADE_B,
        .stopped_by = {STEP_SECCOMP},
        .why = "A tracer reads and changes the memory of its neighbours: keys, tokens, code.",
        .remedy = "One process a container; a seccomp profile without ptrace.",
        .how = "Attaches to a child of its own, reads a word of it and lets it go.",
    },
    {
        .id = "s.keyctl",
        .title = "use the kernel's keyrings",
        .technique = {"T1068"},
        .grade = GRADE_B,
        .stopped_by = {STEP_SECCOMP},
        .why = "Keyrings are not separated by containers and have had holes of their own.",
        .remedy = "Keep the default seccomp profile.",
        .how = "Asks for the session keyring with keyctl().",
    },
    {
        .id = "s.iouring",
        .title = "use io_uring",
        .technique = {"T1068"},
        .grade = GRADE_B,
        .stopped_by = {STEP_SECCOMP},
        .why = "io_uring does file and network work that system call filters do not see, and led "
               "the list of kernel holes for years.",
        .remedy = "Keep the default seccomp profile of a current runtime, or set "
                  "kernel.io_uring_disabled=2.",
        .how = "Sets up a ring of one entry with io_uring_setup() and closes it.",
    },
    {
        .id = "s.uffd",
        .title = "handle page faults itself",
        .technique = {"T1068"},
        .grade = GRADE_B,
        .stopped_by = {STEP_SECCOMP},
        .why = "userfaultfd stops the kernel in the middle of a copy, which makes races in it easy "
               "to win.",
        .remedy = "Keep the default seccomp profile; vm.unprivileged_userfaultfd=0.",
        .how = "Calls userfaultfd() and closes it.",
    },
    {
        .id = "s.bpf",
        .title = "load a BPF map",
        .technique = {"T1068"},
        .grade = GRADE_B,
        .stopped_by = {STEP_CAPABILITIES, STEP_SECCOMP},
        .why = "The BPF verifier is a large piece of kernel code fed by the intruder.",
        .remedy = "Drop all capabilities; kernel.unprivileged_bpf_disabled=2.",
        .how = "Makes an array map of one element with bpf() and closes it.",
    },
    {
        .id = "s.perf",
        .title = "open a performance counter",
        .technique = {"T1068"},
        .grade = GRADE_B,
        .stopped_by = {STEP_CAPABILITIES, STEP_SECCOMP},
        .why = "perf_event_open measures what neighbours do and has had holes of its own.",
        .remedy = "Keep the default seccomp profile; kernel.perf_event_paranoid=3.",
        .how = "Opens a software counter of its own process and closes it.",
    },
    /* ---- k: host surfaces, opened only ---- */
    {
        .id = "k.corepat",
        .title = "choose what the host runs on a crash",
        .technique = {"T1611"},
        .grade = GRADE_F,
        .stopped_by = {STEP_USER, STEP_MASKED},
        .why = "The program named in core_pattern is started by the host as root when any process "
               "crashes.",
        .remedy = "Keep the runtime's read-only /proc/sys; never run privileged.",
        .how = "Opens /proc/sys/kernel/core_pattern for writing and closes it unwritten.",
    },
    {
        .id = "k.sysrq",
        .title = "reach the host's emergency keys",
        .technique = {"T1499"},
        .grade = GRADE_F,
        .stopped_by = {STEP_USER, STEP_MASKED},
        .why = "One letter written to sysrq-trigger restarts or halts the host.",
        .remedy = "Keep the runtime's read-only /proc/sysrq-trigger; never run privileged.",
        .how = "Opens /proc/sysrq-trigger for writing and closes it unwritten.",
    },
    /* ---- r: reach for secrets ---- */
    {
        .id = "r.env",
        .title = "read secrets from the environment",
        .technique = {"T1552.007"},
        .grade = GRADE_F,
        .stopped_by = {STEP_SECRETS},
        .needs = PROVE_NEEDS_FILE,
        .why = "ENV in an image is readable for everyone who can pull it, and for every process in "
               "the container.",
        .remedy = "Take secrets out of ENV and ARG and change them; hand them over at run time as "
                  "files.",
        .how = "Looks for variables that are named like secrets and have a value; only names are "
               "reported.",
    },
    {
        .id = "r.file",
        .title = "read secrets from files",
        .technique = {"T1552.001"},
        .grade = GRADE_F,
        .stopped_by = {STEP_SECRETS, STEP_USER},
        .needs = PROVE_NEEDS_FILE,
        .why = "Keys and credential files in an image open other systems.",
        .remedy = "Remove them from every layer and change them; hand them over at run time.",
        .how = "Opens files whose names say key or credential; keys count when they hold a private "
               "one. Only paths are reported.",
    },
    {
        .id = "r.token",
        .title = "read a service account token",
        .technique = {"T1528"},
        .grade = GRADE_F,
        .stopped_by = {STEP_TOKEN},
        .why = "The token speaks for the pod to the cluster's API.",
        .remedy =
            "Set automountServiceAccountToken: false where the program does not call the API.",
        .how = "Opens the paths where clusters mount tokens. The sandbox mounts none, so only a "
               "token in the image itself is found; without one the move is not applicable.",
    },
    /* ---- q: exhaust ---- */
    {
        .id = "q.fork",
        .title = "start processes without limit",
        .technique = {"T1499"},
        .grade = GRADE_B,
        .stopped_by = {STEP_LIMITS},
        .why = "Without a limit one container can take every process slot of the machine.",
        .remedy = "Set a limit of processes: --pids-limit, or podPidsLimit of the kubelet.",
        .how = "Starts up to 1100 sleeping children; blocked when the system refuses one.",
    },
};
const size_t prove_n_moves = sizeof prove_moves / sizeof *prove_moves;

const struct prove_move *prove_move_find(struct str id)
{
    for (size_t i = 0; i < prove_n_moves; i++)
        if (str_is(id, prove_moves[i].id))
            return &prove_moves[i];
    return NULL;
}

const char *prove_move_group(const struct prove_move *move)
{
    static const struct {
        char letter;
        const char *name;
    } groups[] = {
        {'x', "Run something"},
        {'d', "Drop a binary and run it"},
        {'t', "Find tools"},
        {'p', "Stay"},
        {'e', "Become root"},
        {'c', "Use capabilities"},
        {'s', "Reach into the kernel"},
        {'k', "Reach the host"},
        {'r', "Read secrets"},
        {'q', "Exhaust the machine"},
    };
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (groups[i].letter == move->id[0])
            return groups[i].name;
    return "Other";
}
