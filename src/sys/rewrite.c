/* rewrite: a file that is there → the same file with other content.
 *
 * Invariants
 * 1. The file holds its old content or the whole new one, and keeps its mode, its owner, what users
 *    have attached to it, and the links that led to it; where one cannot be kept it is not written.
 *    (test_file: rewrite)
 * 2. What was written into it since it was read is not lost. (test_file: changed)
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "sys/file.h"

/* Mode and owner of the old file: as another's, or of another group, it might be read or written
 * by others than before. */
static int keep_owner(int fd, const struct stat *old, struct err *e)
{
    struct stat now;
    if (fstat(fd, &now))
        return err_sys(e, ERR_MACHINE, errno, "looking at what was written");
    if ((now.st_uid != old->st_uid || now.st_gid != old->st_gid) &&
        fchown(fd, old->st_uid, old->st_gid))
        return err_sys(e, ERR_MACHINE, errno, "keeping its owner");
    if (fchmod(fd, old->st_mode & 07777))
        return err_sys(e, ERR_MACHINE, errno, "keeping its mode");
    return 0;
}

/* What users set; the rest (labels, hashes of the content) is the system's to set anew. */
static bool is_users(const char *attribute)
{
    return str_starts(str_of(attribute), STR("user.")) ||
           strcmp(attribute, "system.posix_acl_access") == 0;
}

static int keep_attributes(int fd, int from, struct err *e)
{
    char names[65536], value[65536]; /* as large as the kernel lets them be */
    ssize_t n = flistxattr(from, names, sizeof names);
    if (n < 0)
        return errno == ENOTSUP ? 0 : err_sys(e, ERR_MACHINE, errno, "looking at its attributes");
    for (const char *at = names; at < names + n; at += strlen(at) + 1) {
        if (!is_users(at))
            continue;
        ssize_t size = fgetxattr(from, at, value, sizeof value);
        if (size < 0 || fsetxattr(fd, at, value, (size_t)size, 0))
            return err_sys(e, ERR_MACHINE, errno, "keeping its attribute %s", at);
    }
    return 0;
}

/* Somebody may have written it since it was read. */
static int is_as_read(const char *real, struct str before, struct err *e)
{
    struct arena a = {0};
    struct str now;
    struct err ignored = {0};
    bool same =
        !sys_read_file(str_of(real), &a, before.n + 1, &now, &ignored) && str_eq(now, before);
    arena_free(&a);
    return same ? 0 : err_set(e, ERR_MACHINE, "it has changed since it was read");
}

static int write_whole(const char *real, struct str before, struct str content, struct err *e)
{
    struct sys_atomic f;
    struct stat old;
    FD_AUTO int from = -1;
    if (sys_open_read(str_of(real), &from, e))
        return -1;
    if (fstat(from, &old))
        return err_sys(e, ERR_MACHINE, errno, "looking at it");
    if (old.st_nlink > 1)
        return err_set(e, ERR_MACHINE,
                       "it has other names (hard links), which would keep the old "
                       "content");
    if (sys_atomic_begin(str_of(real), &f, e))
        return -1;
    if (sys_write_all(f.fd, content.p, content.n, e) || keep_owner(f.fd, &old, e) ||
        keep_attributes(f.fd, from, e) || is_as_read(real, before, e)) {
        sys_atomic_abort(&f);
        return -1;
    }
    return sys_atomic_commit(&f, e);
}

int sys_rewrite_file(struct str path, struct str before, struct str content, struct err *e)
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
    if (write_whole(real, before, content, e))
        return err_wrap(e, "writing %s", name);
    return 0;
}
