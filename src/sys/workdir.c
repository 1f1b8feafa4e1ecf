/* workdir: a folder for one run of shuck.
 *
 * Invariants
 * 1. A folder whose lock is held is never removed by another run. (test_workdir: sweep)
 * 2. A folder of a dead run is removed by the next start; one of another user, or a symlink of that
 *    name, is not touched. (test_workdir: sweep)
 */
#include "sys/workdir.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/vec.h"
#include "sys/file.h"
#include "sys/machine.h"

static const char prefix[] = "shuck-work-";
enum { DIR_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

/* flock(2): its header's name is taken by our own. */
static bool lock(int fd)
{
    return syscall(SYS_flock, fd, LOCK_EX | LOCK_NB) == 0;
}

/* Opens and locks name; −1: it is not ours, not there, or in use. */
static int take(int parent_fd, const char *name, uid_t owner)
{
    int fd = openat(parent_fd, name, DIR_FLAGS);
    struct stat of_fd, of_name;
    if (fd < 0)
        return -1;
    /* between opening and locking a sweep may have removed it, so the name is looked up again */
    if (fstat(fd, &of_fd) || of_fd.st_uid != owner || !lock(fd) ||
        fstatat(parent_fd, name, &of_name, AT_SYMLINK_NOFOLLOW) || of_fd.st_ino != of_name.st_ino ||
        of_fd.st_dev != of_name.st_dev)
        sys_fd_close(&fd);
    return fd;
}

int sys_workdir_make(struct arena *a, struct str parent, struct sys_workdir *ret, struct err *e)
{
    parent = sys_work_parent(a, parent);
    int parent_fd = -1;
    if (sys_open_dir(parent, &parent_fd, e))
        return err_wrap(e, "the folder for work (--work-dir or TMPDIR)");
    for (int tries = 0; tries < 16; tries++) {
        uint64_t random = 0;
        if (getrandom(&random, sizeof random, 0) != sizeof random)
            break;
        struct str name = str_fmt(a, "%s%016llx", prefix, (unsigned long long)random);
        if (mkdirat(parent_fd, name.p, 0700) && errno != EEXIST)
            break;
        int fd = take(parent_fd, name.p, geteuid());
        if (fd < 0)
            continue;
        mode_t mask = umask(0); /* it can only be read by setting it */
        umask(mask);
        *ret = (struct sys_workdir){str_fmt(a, STR_F "/" STR_F, STR_A(parent), STR_A(name)), name,
                                    parent_fd, fd, mask};
        return 0;
    }
    int errnum = errno;
    close(parent_fd);
    return err_sys(e, ERR_MACHINE, errnum,
                   "making a work folder in " STR_F " (--work-dir or TMPDIR)", STR_A(parent));
}

void sys_workdir_sweep(const struct sys_workdir *w, uid_t owner)
{
    DIR *d = fdopendir(openat(w->parent_fd, ".", DIR_FLAGS));
    if (!d)
        return;
    for (struct dirent *entry; (entry = readdir(d));) {
        if (strncmp(entry->d_name, prefix, sizeof prefix - 1) != 0 ||
            str_is(w->name, entry->d_name))
            continue;
        FD_AUTO int fd = take(w->parent_fd, entry->d_name, owner);
        struct err ignored;
        if (fd >= 0 && sys_remove_tree(w->parent_fd, str_of(entry->d_name), &ignored))
            continue; /* the next start tries again */
    }
    closedir(d);
}

int sys_workdir_remove(const struct sys_workdir *w, struct err *e)
{
    return sys_remove_tree(w->parent_fd, w->name, e);
}

void sys_workdir_close(struct sys_workdir *w)
{
    sys_fd_close(&w->fd);
    sys_fd_close(&w->parent_fd);
}

int sys_write_scratch(struct str path, struct str content, struct err *e)
{
    char name[PATH_MAX];
    if (sys_to_path(path, name, e))
        return -1;
    FD_AUTO int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        return err_sys(e, ERR_MACHINE, errno, "writing %s", name);
    return sys_write_all(fd, content.p, content.n, e);
}
