/* machine: what kind of machine this is, read off the system. */
#include "sys/machine.h"

#include <errno.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/file.h"

static bool is_cgroup2(const char *path)
{
    struct statfs fs;
    return statfs(path, &fs) == 0 && fs.f_type == CGROUP2_SUPER_MAGIC;
}

const char *sys_cgroup_layout(void)
{
    if (is_cgroup2("/sys/fs/cgroup"))
        return "unified";
    if (is_cgroup2("/sys/fs/cgroup/unified"))
        return "hybrid";
    return sys_exists(STR("/sys/fs/cgroup/memory")) ? "legacy" : "none";
}

int sys_disk_free(struct str path, uint64_t *ret, struct err *e)
{
    char name[PATH_MAX];
    struct statvfs fs;
    if (sys_to_path(path, name, e))
        return -1;
    if (statvfs(name, &fs))
        return err_sys(e, ERR_MACHINE, errno, "%s", name);
    *ret = (uint64_t)fs.f_bavail * fs.f_frsize;
    return 0;
}

uint64_t sys_memory_free(void)
{
    struct arena a = {0};
    struct str text, line, word;
    struct err absent;
    uint64_t kib = 0;
    if (sys_read_file(STR("/proc/meminfo"), &a, 64 * 1024, &text, &absent))
        text = (struct str){0};
    while (str_line(&text, &line))
        if (str_word(&line, &word) && str_is(word, "MemAvailable:") && str_word(&line, &word) &&
            str_u64(word, 10, &kib))
            kib = 0;
    arena_free(&a);
    return kib * 1024;
}

struct str sys_work_parent(struct arena *a, struct str asked)
{
    const char *tmp = getenv("TMPDIR");
    struct str path = asked.n ? asked : tmp && *tmp ? str_of(tmp) : STR("/var/tmp");
    char *real = realpath(str_cstr(a, path), NULL);
    struct str ret = real ? str_dup0(a, str_of(real)) : path;
    free(real);
    return ret;
}

size_t sys_terminal_columns(int fd)
{
    struct winsize size;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int sys_memfd_noexec(void)
{
    struct arena a = {0};
    struct str text;
    struct err absent;
    uint64_t value = 0;
    if (sys_read_file(STR("/proc/sys/vm/memfd_noexec"), &a, 64, &text, &absent) ||
        str_u64(str_trim(text), 10, &value))
        value = 0;
    arena_free(&a);
    return (int)value;
}

int sys_try_user_namespace(struct err *e)
{
    pid_t pid = fork();
    int raw = 0;
    if (pid == 0)
        _exit(unshare(CLONE_NEWUSER) ? errno : 0);
    while (pid > 0 && waitpid(pid, &raw, 0) < 0 && errno == EINTR)
        ;
    if (pid < 0 || raw)
        return err_sys(e, ERR_MACHINE, pid < 0 ? errno : WEXITSTATUS(raw),
                       "making a user namespace");
    return 0;
}
