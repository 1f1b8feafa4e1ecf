/* unpack_at: names in a folder → files, folders, links with owners, modes and times.
 *
 * Invariants
 * 1. A name leads to nothing outside dir_fd. (test_unpack_at: names)
 * 2. What exists is not touched. (test_unpack_at: exists)
 */
#include "sys/unpack_at.h"

#include <limits.h>

#include <errno.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "sys/file.h"

static int to_name(struct str name, char to[NAME_MAX + 1], struct err *e)
{
    if (!name.n || name.n > NAME_MAX || str_is(name, ".") || str_is(name, "..") ||
        str_find(name, '/') < name.n || str_find(name, 0) < name.n)
        return err_set(e, ERR_INPUT, "\"" STR_F "\" is no name for a file", STR_A(name));
    memcpy(to, name.p, name.n);
    to[name.n] = 0;
    return 0;
}

int sys_at_make_dir(int dir_fd, struct str name, struct err *e)
{
    char at[NAME_MAX + 1];
    if (to_name(name, at, e))
        return -1;
    if (mkdirat(dir_fd, at, 0700))
        return err_sys(e, ERR_MACHINE, errno, "making folder %s", at);
    return 0;
}

int sys_at_create(int dir_fd, struct str name, int *ret, struct err *e)
{
    char at[NAME_MAX + 1];
    if (to_name(name, at, e))
        return -1;
    int fd = openat(dir_fd, at, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_sys(e, ERR_MACHINE, errno, "creating %s", at);
    *ret = fd;
    return 0;
}

int sys_at_link(int from_fd, struct str from, int dir_fd, struct str name, struct err *e)
{
    char at[NAME_MAX + 1], was[NAME_MAX + 1];
    if (to_name(name, at, e) || to_name(from, was, e))
        return -1;
    if (linkat(from_fd, was, dir_fd, at, 0))
        return err_sys(e, ERR_MACHINE, errno, "linking %s to %s", at, was);
    return 0;
}

static int no_owner(const struct sys_owner *o, int errnum, struct err *e)
{
    if (errnum == EINVAL)
        return err_set(e, ERR_MACHINE,
                       "owner %u:%u does not exist in this user namespace; it needs more "
                       "subordinate ids (/etc/subuid, /etc/subgid)",
                       o->uid, o->gid);
    return err_sys(e, ERR_MACHINE, errnum, "giving it to owner %u:%u", o->uid, o->gid);
}

static struct timespec *times_of(const struct sys_owner *o, struct timespec times[2])
{
    times[0] = (struct timespec){.tv_sec = (time_t)o->mtime};
    times[1] = times[0];
    return times;
}

/* A time the file system cannot hold is cut by the kernel; one it refuses is left as it is. */
static int own_at(int dir_fd, const char *at, const struct sys_owner *o, struct err *e)
{
    struct timespec times[2];
    if (fchownat(dir_fd, at, o->uid, o->gid, AT_SYMLINK_NOFOLLOW))
        return no_owner(o, errno, e);
    if (utimensat(dir_fd, at, times_of(o, times), AT_SYMLINK_NOFOLLOW) && errno != EINVAL)
        return err_sys(e, ERR_MACHINE, errno, "setting the times of %s", at);
    return 0;
}

int sys_at_symlink(int dir_fd, struct str name, struct str target, const struct sys_owner *o,
                   struct err *e)
{
    char at[NAME_MAX + 1], to[PATH_MAX];
    if (to_name(name, at, e))
        return -1;
    if (!target.n || target.n >= sizeof to || str_find(target, 0) < target.n)
        return err_set(e, ERR_INPUT, "symlink %s has a target that is empty, too long or no path",
                       at);
    memcpy(to, target.p, target.n);
    to[target.n] = 0;
    if (symlinkat(to, dir_fd, at))
        return err_sys(e, ERR_MACHINE, errno, "making symlink %s", at);
    return own_at(dir_fd, at, o, e);
}

int sys_at_fifo(int dir_fd, struct str name, const struct sys_owner *o, struct err *e)
{
    char at[NAME_MAX + 1];
    if (to_name(name, at, e))
        return -1;
    if (mkfifoat(dir_fd, at, 0600))
        return err_sys(e, ERR_MACHINE, errno, "making fifo %s", at);
    if (own_at(dir_fd, at, o, e))
        return -1;
    if (fchmodat(dir_fd, at, o->mode & 07777, 0))
        return err_sys(e, ERR_MACHINE, errno, "setting the mode of %s", at);
    return 0;
}

int sys_fd_owner(int fd, const struct sys_owner *o, struct err *e)
{
    if (fchown(fd, o->uid, o->gid))
        return no_owner(o, errno, e);
    if (fchmod(fd, o->mode & 07777))
        return err_sys(e, ERR_MACHINE, errno, "setting its mode");
    return 0;
}

int sys_fd_times(int fd, const struct sys_owner *o, struct err *e)
{
    struct timespec times[2];
    if (futimens(fd, times_of(o, times)) && errno != EINVAL)
        return err_sys(e, ERR_MACHINE, errno, "setting its times");
    return 0;
}

bool sys_fd_xattr(int fd, struct str name, struct str value)
{
    char key[XATTR_NAME_MAX + 1];
    if (!name.n || name.n > XATTR_NAME_MAX || str_find(name, 0) < name.n)
        return false;
    memcpy(key, name.p, name.n);
    key[name.n] = 0;
    return fsetxattr(fd, key, value.p, value.n, 0) == 0;
}
