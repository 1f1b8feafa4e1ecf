/* seccomp_default: the field's default system call filter, as OCI's linux.seccomp. Pure.
 *
 * What ordinary programs need is allowed; what reaches rarely used kernel code or acts on the whole
 * machine is answered EPERM, unless a capability that governs it is held. clone3 is answered
 * ENOSYS, since its flags cannot be looked at: callers then fall back to clone, whose namespace
 * flags are refused.
 */
#include <errno.h>
#include <linux/capability.h>
#include <sched.h>

#include "base/json.h"
#include "sandbox/inside.h"

#define NEVER 64 /* a capability number that nobody holds */

/* Names in one string, by blanks; needs: a capability's number, or -1. */
static const struct {
    int needs;
    const char *names;
} allowed[] = {
    /* files and folders */
    {-1,
     "access faccessat faccessat2 chdir fchdir chmod fchmod fchmodat fchmodat2 chown chown32 "
     "fchown fchown32 fchownat lchown lchown32 close close_range creat open openat openat2 dup "
     "dup2 dup3 fcntl fcntl64 flock fsync fdatasync sync syncfs sync_file_range ftruncate "
     "ftruncate64 truncate truncate64 getcwd getdents getdents64 link linkat symlink symlinkat "
     "readlink readlinkat rename renameat renameat2 unlink unlinkat mkdir mkdirat mknod mknodat "
     "rmdir lseek _llseek read readv pread64 preadv preadv2 write writev pwrite64 pwritev "
     "pwritev2 readahead fadvise64 fadvise64_64 arm_fadvise64_64 fallocate copy_file_range "
     "sendfile sendfile64 splice tee vmsplice umask utime utimes utimensat utimensat_time64 "
     "futimesat cachestat"},
    {-1,
     "stat stat64 lstat lstat64 fstat fstat64 fstatat64 newfstatat statx statfs statfs64 fstatfs "
     "fstatfs64 statmount listmount getxattr lgetxattr fgetxattr getxattrat listxattr llistxattr "
     "flistxattr listxattrat setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr "
     "fremovexattr removexattrat inotify_init inotify_init1 inotify_add_watch inotify_rm_watch "
     "fanotify_mark name_to_handle_at ioctl ioprio_get ioprio_set memfd_create memfd_secret"},
    {-1, "io_setup io_submit io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64"},
    /* memory */
    {-1, "brk mmap mmap2 munmap mprotect mremap madvise process_madvise mincore msync mlock mlock2 "
         "mlockall munlock munlockall membarrier mseal remap_file_pages pkey_alloc pkey_free "
         "pkey_mprotect map_shadow_stack process_mrelease"},
    /* processes, threads, ids */
    {-1,
     "fork vfork execve execveat exit exit_group wait4 waitid waitpid getpid getppid gettid "
     "getpgid "
     "getpgrp setpgid getsid setsid getuid getuid32 geteuid geteuid32 getgid getgid32 getegid "
     "getegid32 getresuid getresuid32 getresgid getresgid32 getgroups getgroups32 setuid setuid32 "
     "setgid setgid32 setreuid setreuid32 setregid setregid32 setresuid setresuid32 setresgid "
     "setresgid32 setgroups setgroups32 setfsuid setfsuid32 setfsgid setfsgid32 capget capset "
     "prctl arch_prctl ptrace pidfd_open pidfd_send_signal process_vm_readv process_vm_writev "
     "getrlimit ugetrlimit setrlimit prlimit64 getrusage times getpriority setpriority kill tkill "
     "tgkill set_tid_address set_robust_list get_robust_list rseq restart_syscall "
     "set_thread_area get_thread_area modify_ldt landlock_create_ruleset landlock_add_rule "
     "landlock_restrict_self seccomp"},
    {-1, "futex futex_time64 futex_wait futex_wake futex_requeue futex_waitv sched_yield "
         "sched_getaffinity sched_setaffinity sched_getattr sched_setattr sched_getparam "
         "sched_setparam sched_getscheduler sched_setscheduler sched_get_priority_max "
         "sched_get_priority_min sched_rr_get_interval sched_rr_get_interval_time64 getcpu"},
    /* signals, timers, clocks */
    {-1, "rt_sigaction rt_sigprocmask rt_sigpending rt_sigreturn rt_sigsuspend rt_sigtimedwait "
         "rt_sigtimedwait_time64 rt_sigqueueinfo rt_tgsigqueueinfo sigaction sigprocmask sigreturn "
         "sigaltstack signal signalfd signalfd4 pause alarm getitimer setitimer nanosleep "
         "clock_nanosleep clock_nanosleep_time64 clock_gettime clock_gettime64 clock_getres "
         "clock_getres_time64 gettimeofday time timer_create timer_delete timer_gettime "
         "timer_gettime64 timer_settime timer_settime64 timer_getoverrun timerfd_create "
         "timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 adjtimex"},
    /* waiting, pipes, sockets, IPC */
    {-1, "poll ppoll ppoll_time64 select _newselect pselect6 pselect6_time64 epoll_create "
         "epoll_create1 epoll_ctl epoll_ctl_old epoll_wait epoll_wait_old epoll_pwait epoll_pwait2 "
         "eventfd eventfd2 pipe pipe2 socketpair socketcall bind listen accept accept4 connect "
         "getsockname getpeername getsockopt setsockopt shutdown send sendto sendmsg sendmmsg recv "
         "recvfrom recvmsg recvmmsg recvmmsg_time64 ipc msgctl msgget msgrcv msgsnd semctl semget "
         "semop semtimedop semtimedop_time64 shmat shmctl shmdt shmget mq_open mq_unlink "
         "mq_timedsend mq_timedsend_time64 mq_timedreceive mq_timedreceive_time64 mq_notify "
         "mq_getsetattr"},
    {-1, "uname sysinfo getrandom"},
    /* governed by a capability */
    {CAP_DAC_READ_SEARCH, "open_by_handle_at"},
    {CAP_SYS_ADMIN, "bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie "
                    "mount mount_setattr move_mount open_tree perf_event_open quotactl quotactl_fd "
                    "setdomainname sethostname setns syslog umount umount2 unshare"},
    {CAP_SYS_BOOT, "reboot"},
    {CAP_SYS_CHROOT, "chroot"},
    {CAP_SYS_MODULE, "delete_module init_module finit_module"},
    {CAP_SYS_PACCT, "acct"},
    {CAP_SYS_PTRACE, "kcmp pidfd_getfd process_madvise"},
    {CAP_SYS_RAWIO, "iopl ioperm"},
    {CAP_SYS_TIME, "settimeofday stime clock_settime clock_settime64"},
    {CAP_SYS_TTY_CONFIG, "vhangup"},
    {CAP_SYS_NICE, "get_mempolicy mbind set_mempolicy set_mempolicy_home_node"},
    {CAP_SYSLOG, "syslog"},
    {CAP_BPF, "bpf"},
    {CAP_PERFMON, "perf_event_open"},
};

/* Allowed only when the argument, masked when there is a mask, has the value. */
static const struct {
    const char *name;
    unsigned argument;
    const char *op; /* SCMP_CMP_… */
    uint64_t value, masked;
    int unless; /* a capability that makes the rule needless */
} conditional[] = {
    {"personality", 0, "SCMP_CMP_EQ", 0, 0, NEVER},
    {"personality", 0, "SCMP_CMP_EQ", 8, 0, NEVER},          /* PER_LINUX32 */
    {"personality", 0, "SCMP_CMP_EQ", 0x20000, 0, NEVER},    /* UNAME26 */
    {"personality", 0, "SCMP_CMP_EQ", 0x20008, 0, NEVER},    /* both */
    {"personality", 0, "SCMP_CMP_EQ", 0xffffffff, 0, NEVER}, /* ask */
    {"socket", 0, "SCMP_CMP_NE", 40, 0, NEVER},              /* AF_VSOCK reaches the host */
    {"clone", 0, "SCMP_CMP_MASKED_EQ",
     CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET |
         CLONE_NEWCGROUP,
     0, CAP_SYS_ADMIN},
};

static bool holds(uint64_t capabilities, int capability)
{
    return capability < 0 || (capability < 64 && (capabilities >> capability & 1));
}

static json_t *names_of(const char *words)
{
    json_t *v = json_array();
    struct str rest = str_of(words), word;
    while (str_word(&rest, &word))
        json_array_append_new(v, json_text(word));
    return v;
}

json_t *seccomp_default(uint64_t capabilities)
{
    json_t *calls = json_array();
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (holds(capabilities, allowed[i].needs))
            json_array_append_new(calls, json_pack("{so ss}", "names", names_of(allowed[i].names),
                                                   "action", "SCMP_ACT_ALLOW"));
    for (size_t i = 0; i < sizeof conditional / sizeof *conditional; i++) {
        if (conditional[i].unless != NEVER && holds(capabilities, conditional[i].unless))
            continue;
        json_t *arg = json_pack("{sI sI ss}", "index", (json_int_t)conditional[i].argument, "value",
                                (json_int_t)conditional[i].value, "op", conditional[i].op);
        if (!strcmp(conditional[i].op, "SCMP_CMP_MASKED_EQ"))
            json_object_set_new(arg, "valueTwo", json_integer((json_int_t)conditional[i].masked));
        json_array_append_new(calls, json_pack("{s[s] ss s[o]}", "names", conditional[i].name,
                                               "action", "SCMP_ACT_ALLOW", "args", arg));
    }
    if (!holds(capabilities, CAP_SYS_ADMIN))
        json_array_append_new(calls, json_pack("{s[s] ss si}", "names", "clone3", "action",
                                               "SCMP_ACT_ERRNO", "errnoRet", ENOSYS));
    json_t *architectures =
#ifdef __x86_64__
        json_pack("[s s s]", "SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
#else
        json_pack("[s s]", "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM");
#endif
    return json_pack("{ss si so so}", "defaultAction", "SCMP_ACT_ERRNO", "defaultErrnoRet", EPERM,
                     "architectures", architectures, "syscalls", calls);
}
