/* mounts: file systems made visible to the calling process's mount namespace only.
 *
 * Invariants
 * 1. No mount is visible outside the namespace that made it. (sandbox.t: no mount is left)
 */
#include "sys/mounts.h"

#include <errno.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/file.h"

int sys_mounts_private(struct err *e)
{
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
        return err_sys(e, ERR_MACHINE, errno,
                       errno == EINVAL ? "making mounts private: the root folder is no mount "
                                         "point, as in a chroot (mount --bind it on itself before)"
                                       : "making mounts private");
    return 0;
}

int sys_mount_proc(struct err *e)
{
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
        return err_sys(e, ERR_MACHINE, errno,
                       "mounting /proc (inside another container it must not be masked)");
    return 0;
}

void sys_mount_cgroup2(void)
{
    unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY;
    int ignored = mount("cgroup2", "/sys/fs/cgroup", "cgroup2", flags, NULL);
    (void)ignored;
}

int sys_mount_memory(struct str at, struct err *e)
{
    char path[PATH_MAX];
    if (sys_to_path(at, path, e))
        return -1;
    if (mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755"))
        return err_sys(e, ERR_MACHINE, errno, "mounting a tmpfs on %s", path);
    return 0;
}

/* The joined root shows the upper folder's own mode and owner, so they are the lower's. */
static int make_like(int dir_fd, const char *name, const struct stat *like)
{
    if (mkdirat(dir_fd, name, 0700) && errno != EEXIST)
        return -1;
    return fchownat(dir_fd, name, like->st_uid, like->st_gid, AT_SYMLINK_NOFOLLOW) ||
                   fchmodat(dir_fd, name, like->st_mode & 07777, 0)
               ? -1
               : 0;
}

/* By descriptor, so that no byte of a path can end an option. index and metacopy off: what changed
 * is to be found in the upper folder as plain files. volatile (Linux 5.10): nothing of it outlives
 * the box, so taking it down need not wait for the disk. */
static int join(int fd, int lower, int upper, int work, bool in_userns)
{
    char options[256], at[32];
    snprintf(at, sizeof at, "/proc/self/fd/%d/root", fd);
    for (int quick = 1; quick >= 0; quick--) {
        snprintf(options, sizeof options,
                 "lowerdir=/proc/self/fd/%d,upperdir=/proc/self/fd/%d,workdir=/proc/self/fd/%d%s%s",
                 lower, upper, work, in_userns ? ",userxattr" : ",index=off,metacopy=off",
                 quick ? ",volatile" : "");
        if (mount("overlay", at, "overlay", MS_NODEV, options) == 0)
            return 0;
    }
    return -1;
}

int sys_mount_overlay(struct str dir, int lower_fd, bool in_userns, struct err *e)
{
    FD_AUTO int fd = -1, upper = -1, work = -1;
    struct stat like;
    if (sys_open_dir(dir, &fd, e))
        return -1;
    if (fstat(lower_fd, &like) || make_like(fd, "upper", &like) || make_like(fd, "work", &like) ||
        make_like(fd, "root", &like))
        return err_sys(e, ERR_MACHINE, errno, "preparing an overlay in " STR_F, STR_A(dir));
    if (sys_open_beneath(fd, STR("upper"), O_PATH | O_DIRECTORY, 0, &upper, e) ||
        sys_open_beneath(fd, STR("work"), O_PATH | O_DIRECTORY, 0, &work, e))
        return -1;
    return join(fd, lower_fd, upper, work, in_userns)
               ? err_sys(e, ERR_MACHINE, errno, "mounting an overlay in " STR_F, STR_A(dir))
               : 0;
}

void sys_unmount(struct str at)
{
    char path[PATH_MAX];
    struct err ignored;
    if (!sys_to_path(at, path, &ignored))
        umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW);
}
