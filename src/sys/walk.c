/* walk: a folder → all that is below it.
 *
 * Invariants
 * 1. A symlink put in place of a folder while it is walked leads nowhere else. (test_walk)
 * 2. Entries and depth are bounded. (test_walk: bounds)
 */
#include "sys/walk.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "sys/file.h"

struct walk {
    size_t left;
    sys_walk_fn *fn;
    void *ctx;
    bool whole;
    char path[PATH_MAX]; /* of the entry being seen */
};

static bool is_dots(const char *name)
{
    return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

/* fd becomes the walk's. One descriptor a level. */
static int below(struct walk *w, int fd, size_t n, unsigned depth)
{
    DIR *d = fdopendir(fd);
    if (!d) {
        close(fd);
        return -1;
    }
    for (struct dirent *entry; (entry = readdir(d));) {
        struct stat st;
        size_t len = strlen(entry->d_name);
        if (is_dots(entry->d_name) ||
            fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW)) /* gone meanwhile */
            continue;
        if (!w->left || n + len + 2 > sizeof w->path || depth > LIMIT_PATH_DEPTH) {
            w->whole = false;
            continue;
        }
        w->left--;
        memcpy(w->path + n, entry->d_name, len);
        bool into = w->fn(w->ctx, (struct str){w->path, n + len}, &st) && S_ISDIR(st.st_mode);
        int sub =
            into ? openat(dirfd(d), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                 : -1;
        if (sub < 0)
            continue;
        w->path[n + len] = '/';
        if (below(w, sub, n + len + 1, depth + 1)) {
            closedir(d);
            return -1;
        }
    }
    closedir(d);
    return 0;
}

int sys_walk(struct str dir, size_t max, sys_walk_fn *fn, void *ctx, bool *whole, struct err *e)
{
    struct arena a = {0};
    struct walk *w = arena_new(&a, struct walk);
    w->left = max;
    w->fn = fn;
    w->ctx = ctx;
    w->whole = true;
    int fd = -1, rc = sys_open_dir(dir, &fd, e);
    if (!rc && below(w, fd, 0, 0))
        rc = err_sys(e, ERR_MACHINE, errno, "walking " STR_F, STR_A(dir));
    if (!rc)
        *whole = w->whole;
    arena_free(&a);
    return rc;
}

int sys_open_inside(int dir_fd, struct str path, int flags, int *ret, struct err *e)
{
    struct arena a = {0};
    struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
                           .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
    long fd = syscall(SYS_openat2, dir_fd, str_cstr(&a, path), &how, sizeof how);
    arena_free(&a);
    if (fd < 0)
        return err_sys(e, ERR_INPUT, errno, STR_F, STR_A(path));
    *ret = (int)fd;
    return 0;
}
