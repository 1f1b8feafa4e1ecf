/* rewrite: a file that is there → the same file with other content.
 *
 * Invariants
 * 1. The file holds its old content or the whole new one, and keeps its mode, its owner where we
 *    may set it, and the links that led to it. (test_file: rewrite)
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "sys/file.h"

/* Mode and owner of the old file. Of an owner that we may not set, the group is tried alone; bits
 * that lend somebody's rights are not given to a file that is now another's. */
static int keep(int fd, const struct stat *old, struct err *e)
{
    mode_t mode = old->st_mode & 07777;
    struct stat now;
    if (fstat(fd, &now))
        return err_sys(e, ERR_MACHINE, errno, "looking at what was written");
    if ((now.st_uid != old->st_uid || now.st_gid != old->st_gid) &&
        fchown(fd, old->st_uid, old->st_gid)) {
        mode &= 0777;
        if (fchown(fd, (uid_t)-1, old->st_gid))
            mode &= 0707 | (mode & 07) << 3; /* no more to our group than to everybody */
    }
    if (fchmod(fd, mode))
        return err_sys(e, ERR_MACHINE, errno, "giving the mode of the old file");
    return 0;
}

static int write_whole(struct str path, const struct stat *old, struct str content, struct err *e)
{
    struct sys_atomic f;
    if (sys_atomic_begin(path, &f, e))
        return -1;
    if (sys_write_all(f.fd, content.p, content.n, e) || keep(f.fd, old, e)) {
        sys_atomic_abort(&f);
        return -1;
    }
    return sys_atomic_commit(&f, e);
}

int sys_rewrite_file(struct str path, struct str content, struct err *e)
{
    char name[PATH_MAX], real[PATH_MAX];
    struct stat old;
    if (sys_to_path(path, name, e) || sys_stat(path, &old, e))
        return -1;
    if (!S_ISREG(old.st_mode))
        return err_set(e, ERR_INPUT, "%s is no file that can be written anew", name);
    if (faccessat(AT_FDCWD, name, W_OK, AT_EACCESS)) /* a rename would not ask */
        return err_sys(e, ERR_INPUT, errno, "%s", name);
    if (!realpath(name, real))
        return err_sys(e, ERR_INPUT, errno, "%s", name);
    if (write_whole(str_of(real), &old, content, e))
        return err_wrap(e, "writing %s", name);
    return 0;
}
