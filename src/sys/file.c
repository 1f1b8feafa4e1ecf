/* file: paths and bytes ⇄ the file system.
 *
 * Invariants
 * 1. A name given to sys_atomic_begin() holds, at every moment, its old content or the whole new
 * one. (test_file: atomic)
 * 2. sys_open_beneath() never opens what is outside dir_fd. (test_file: beneath)
 */
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"

void sys_hold_standard_fds(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            /* the lowest free number is this one */
            (void)!open("/dev/null", fd ? O_RDONLY : O_WRONLY);
}

void sys_fd_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

int sys_to_path(struct str path, char to[PATH_MAX], struct err *e)
{
    if (!path.n)
        return err_set(e, ERR_INPUT, "an empty path");
    if (path.n >= PATH_MAX)
        return err_set(e, ERR_INPUT, "a path of %zu bytes; at most %d are possible", path.n,
                       PATH_MAX - 1);
    if (str_find(path, 0) < path.n)
        return err_set(e, ERR_INPUT, "a path with a NUL byte: " STR_F, STR_A(path));
    memcpy(to, path.p, path.n);
    to[path.n] = 0;
    return 0;
}

static enum err_kind kind_of(int errnum)
{
    bool theirs = errnum == ENOENT || errnum == ENOTDIR || errnum == ELOOP || errnum == EISDIR ||
                  errnum == EXDEV || errnum == ENAMETOOLONG || errnum == EACCES;
    return theirs ? ERR_INPUT : ERR_MACHINE;
}

static int open_path(struct str path, int flags, int *ret, struct err *e)
{
    char name[PATH_MAX];
    if (sys_to_path(path, name, e))
        return -1;
    int fd = open(name, flags | O_CLOEXEC);
    if (fd < 0)
        return err_sys(e, kind_of(errno), errno, "%s", name);
    *ret = fd;
    return 0;
}

int sys_open_read(struct str path, int *ret, struct err *e)
{
    return open_path(path, O_RDONLY, ret, e);
}

int sys_open_dir(struct str path, int *ret, struct err *e)
{
    return open_path(path, O_RDONLY | O_DIRECTORY, ret, e);
}

int sys_make_dir(struct str path, struct err *e)
{
    char name[PATH_MAX];
    if (sys_to_path(path, name, e))
        return -1;
    for (char *at = name + 1;; at++) {
        if (*at != '/' && *at != 0)
            continue;
        char held = *at;
        *at = 0;
        if (mkdir(name, 0777) && errno != EEXIST)
            return err_sys(e, kind_of(errno), errno, "making folder %s", name);
        *at = held;
        if (!held)
            return 0;
    }
}

int sys_stat(struct str path, struct stat *ret, struct err *e)
{
    char name[PATH_MAX];
    if (sys_to_path(path, name, e))
        return -1;
    if (stat(name, ret))
        return err_sys(e, kind_of(errno), errno, "%s", name);
    return 0;
}

bool sys_exists(struct str path)
{
    struct stat st;
    struct err ignored;
    return sys_stat(path, &st, &ignored) == 0;
}

bool sys_has_name(struct str path)
{
    char name[PATH_MAX];
    struct stat st;
    return !sys_to_path(path, name, &(struct err){0}) && !lstat(name, &st);
}

static int open_resolving(int dir_fd, struct str path, int flags, mode_t mode, uint64_t resolve,
                          int *ret, struct err *e)
{
    char name[PATH_MAX];
    if (sys_to_path(path, name, e))
        return -1;
    struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
                           .mode = flags & (O_CREAT | O_TMPFILE) ? mode : 0,
                           .resolve = resolve | RESOLVE_NO_MAGICLINKS};
    long fd = syscall(SYS_openat2, dir_fd, name, &how, sizeof how);
    if (fd < 0)
        return err_sys(e, kind_of(errno), errno, "%s", name);
    *ret = (int)fd;
    return 0;
}

int sys_open_beneath(int dir_fd, struct str path, int flags, mode_t mode, int *ret, struct err *e)
{
    return open_resolving(dir_fd, path, flags, mode, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS, ret, e);
}

int sys_open_inside(int dir_fd, struct str path, int flags, int *ret, struct err *e)
{
    return open_resolving(dir_fd, path, flags, 0, RESOLVE_IN_ROOT, ret, e);
}

static ssize_t fd_read(struct source *s, void *to, size_t n, struct err *e)
{
    for (;;) {
        ssize_t got = read(((struct sys_source *)s)->fd, to, n);
        if (got >= 0)
            return got;
        if (errno != EINTR)
            return err_sys(e, errno == EISDIR ? ERR_INPUT : ERR_MACHINE, errno, "reading");
    }
}

struct sys_source sys_source(int fd)
{
    return (struct sys_source){{fd_read}, fd};
}

static ssize_t range_read(struct source *s, void *to, size_t n, struct err *e)
{
    struct sys_range *r = (struct sys_range *)s;
    if (n > r->end - r->at)
        n = (size_t)(r->end - r->at);
    if (!n)
        return 0;
    for (;;) {
        ssize_t got = pread(r->fd, to, n, (off_t)r->at);
        if (got > 0)
            r->at += (uint64_t)got;
        if (got > 0)
            return got;
        if (got == 0)
            return err_set(e, ERR_INPUT, "ends %llu bytes early",
                           (unsigned long long)(r->end - r->at));
        if (errno != EINTR)
            return err_sys(e, errno == EISDIR ? ERR_INPUT : ERR_MACHINE, errno, "reading");
    }
}

struct sys_range sys_range(int fd, uint64_t at, uint64_t n)
{
    return (struct sys_range){{range_read}, fd, at, at + n};
}

static int fd_write(struct sink *s, const void *from, size_t n, struct err *e)
{
    return sys_write_all(((struct sys_sink *)s)->fd, from, n, e);
}

struct sys_sink sys_sink(int fd)
{
    return (struct sys_sink){{fd_write}, fd};
}

int sys_write_all(int fd, const void *p, size_t n, struct err *e)
{
    const char *at = p;
    while (n) {
        ssize_t put = write(fd, at, n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return err_sys(e, ERR_MACHINE, errno, "writing");
        at += put;
        n -= (size_t)put;
    }
    return 0;
}

int sys_read_fd(int fd, struct arena *a, size_t cap, struct str *ret, struct err *e)
{
    struct sys_source s = sys_source(fd);
    return source_read_all(&s.source, a, cap, ret, e);
}

int sys_read_file(struct str path, struct arena *a, size_t cap, struct str *ret, struct err *e)
{
    FD_AUTO int fd = -1;
    if (sys_open_read(path, &fd, e))
        return -1;
    if (sys_read_fd(fd, a, cap, ret, e))
        return err_wrap(e, STR_F, STR_A(path));
    return 0;
}

int sys_read_found(struct str path, struct arena *a, size_t cap, struct str *ret, struct err *e)
{
    FD_AUTO int fd = -1;
    struct stat st;
    if (open_path(path, O_RDONLY | O_NONBLOCK, &fd, e))
        return -1;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode))
        return err_set(e, ERR_INPUT, STR_F " is no regular file", STR_A(path));
    if (sys_read_fd(fd, a, cap, ret, e))
        return err_wrap(e, STR_F, STR_A(path));
    return 0;
}

int sys_read_beneath(int dir_fd, struct str path, struct arena *a, size_t cap, struct str *ret,
                     struct err *e)
{
    FD_AUTO int fd = -1;
    if (sys_open_beneath(dir_fd, path, O_RDONLY, 0, &fd, e))
        return -1;
    if (sys_read_fd(fd, a, cap, ret, e))
        return err_wrap(e, STR_F, STR_A(path));
    return 0;
}

int sys_tmpfile(int *ret, struct err *e)
{
    const char *dir = getenv("TMPDIR");
    if (!dir || !*dir)
        dir = "/var/tmp";
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) { /* a file system without O_TMPFILE */
        char name[PATH_MAX];
        snprintf(name, sizeof name, "%s/shuck-XXXXXX", dir);
        fd = mkostemp(name, O_CLOEXEC);
        if (fd >= 0)
            unlink(name);
    }
    if (fd < 0)
        return err_sys(e, ERR_MACHINE, errno, "making a temporary file in %s (set TMPDIR)", dir);
    *ret = fd;
    return 0;
}

int sys_map(int fd, size_t n, char **ret, struct err *e)
{
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, fd, 0);
    if (p == MAP_FAILED)
        return err_sys(e, ERR_MACHINE, errno, "mapping %zu bytes of a file", n);
    *ret = p;
    return 0;
}

void sys_unmap(char *p, size_t n)
{
    if (p)
        munmap(p, n);
}

/* What a rename must not replace: root could take /dev/null from the whole machine. */
static bool is_special(int dir_fd, const char *path, int flags)
{
    struct stat st;
    return !fstatat(dir_fd, path, &st, flags) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static bool is_folder(int dir_fd, const char *path)
{
    struct stat st;
    return !fstatat(dir_fd, path, &st, AT_SYMLINK_NOFOLLOW) && S_ISDIR(st.st_mode);
}

int sys_atomic_begin_at(int dir_fd, struct str name, struct sys_atomic *ret, struct err *e)
{
    struct sys_atomic f = {.fd = -1, .dir_fd = -1};
    if (!name.n || name.n >= sizeof f.name || str_find(name, '/') < name.n ||
        str_find(name, 0) < name.n)
        return err_set(e, ERR_USAGE, "\"" STR_F "\" is no name for a file", STR_A(name));
    memcpy(f.name, name.p, name.n);
    if (is_special(dir_fd, f.name, 0))
        return err_set(e, ERR_USAGE, "%s is a device or a pipe, which a file does not replace",
                       f.name);
    if (is_folder(dir_fd, f.name))
        return err_set(e, ERR_USAGE, "%s is a folder, which a file does not replace", f.name);
    uint64_t random = 0;
    if (getrandom(&random, sizeof random, 0) != sizeof random)
        return err_sys(e, ERR_MACHINE, errno, "getting random bytes");
    /* the name's head is enough to recognise it, and keeps the whole under NAME_MAX */
    snprintf(f.temporary, sizeof f.temporary, ".%.200s.shuck-%012llx", f.name,
             (unsigned long long)random & 0xffffffffffffull);
    f.dir_fd = fcntl(dir_fd, F_DUPFD_CLOEXEC, 3);
    if (f.dir_fd < 0)
        return err_sys(e, ERR_MACHINE, errno, "%s", f.name);
    /* Without a name until the commit, so that being killed leaves nothing at all. */
    f.fd = openat(f.dir_fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    f.named = f.fd < 0;
    if (f.named) /* a file system without such files */
        f.fd = openat(f.dir_fd, f.temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (f.fd < 0) {
        int errnum = errno;
        sys_fd_close(&f.dir_fd);
        return err_sys(e, ERR_MACHINE, errnum, "creating %s", f.name);
    }
    *ret = f;
    return 0;
}

int sys_atomic_begin(struct str path, struct sys_atomic *ret, struct err *e)
{
    size_t slash = str_rfind(path, '/');
    struct str dir = slash == path.n ? STR(".") : slash ? str_slice(path, 0, slash) : STR("/");
    struct str name = slash == path.n ? path : str_from(path, slash + 1);
    FD_AUTO int dir_fd = -1;
    if (sys_open_dir(dir, &dir_fd, e))
        return err_wrap(e, "writing " STR_F, STR_A(path));
    return sys_atomic_begin_at(dir_fd, name, ret, e);
}

/* A link cannot replace a name, a rename needs one: so over an old file it takes both. */
static int give_name(struct sys_atomic *f)
{
    char self[32];
    snprintf(self, sizeof self, "/proc/self/fd/%d", f->fd);
    if (!f->named) {
        if (!linkat(AT_FDCWD, self, f->dir_fd, f->name, AT_SYMLINK_FOLLOW))
            return 0;
        if (errno != EEXIST || linkat(AT_FDCWD, self, f->dir_fd, f->temporary, AT_SYMLINK_FOLLOW))
            return -1;
        f->named = true;
    }
    return renameat(f->dir_fd, f->temporary, f->dir_fd, f->name);
}

int sys_atomic_commit(struct sys_atomic *f, struct err *e)
{
    if (fsync(f->fd) || give_name(f)) {
        int errnum = errno;
        sys_atomic_abort(f);
        return err_sys(e, ERR_MACHINE, errnum, "writing %s", f->name);
    }
    fsync(f->dir_fd); /* some file systems refuse to sync folders; the rename itself is done */
    sys_fd_close(&f->fd);
    sys_fd_close(&f->dir_fd);
    return 0;
}

void sys_atomic_abort(struct sys_atomic *f)
{
    if (f->fd >= 0 && f->named)
        unlinkat(f->dir_fd, f->temporary, 0);
    sys_fd_close(&f->fd);
    sys_fd_close(&f->dir_fd);
}

int sys_lock(int fd, struct err *e)
{
    /* <sys/file.h> would be our own header of that name; 2 is LOCK_EX */
    while (syscall(SYS_flock, fd, 2))
        if (errno != EINTR)
            return err_sys(e, ERR_MACHINE, errno, "locking");
    return 0;
}

/* Into a device or a pipe, or through a link (/dev/stdout), there is nothing to be atomic about. */
static int write_through(const char *path, struct str content, struct err *e)
{
    FD_AUTO int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return err_sys(e, ERR_MACHINE, errno, "writing %s", path);
    return sys_write_all(fd, content.p, content.n, e) ? err_wrap(e, "%s", path) : 0;
}

mode_t sys_umask(mode_t mask)
{
    return umask(mask);
}

int sys_write_file(struct str path, struct str content, struct err *e)
{
    struct sys_atomic f;
    char name[PATH_MAX];
    if (path.n < sizeof name && str_find(path, 0) == path.n) {
        snprintf(name, sizeof name, STR_F, STR_A(path));
        if (is_special(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW))
            return write_through(name, content, e);
    }
    if (sys_atomic_begin(path, &f, e))
        return -1;
    if (sys_write_all(f.fd, content.p, content.n, e)) {
        sys_atomic_abort(&f);
        return err_wrap(e, STR_F, STR_A(path));
    }
    return sys_atomic_commit(&f, e);
}
