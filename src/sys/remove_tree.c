/* remove_tree: a folder and all below it → gone.
 *
 * Invariants
 * 1. Nothing outside of the folder is touched, wherever its links point. (test_file: beneath)
 * 2. Descriptors are bounded by REMOVE_DEPTH, however deep the folder is. (test_file: deep)
 */
#include "sys/file.h"

#include <dirent.h>
#include <errno.h>
#include <unistd.h>

/* It descends with descriptors, never with paths, so that a symlink put there meanwhile leads
 * nowhere. One descriptor a level: what lies deeper than REMOVE_DEPTH, as a hostile program may
 * leave it, is first moved up into the folder that is being removed. */
enum { REMOVE_DEPTH = 64, DIR_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

struct removal {
    int top_fd;
    unsigned n_moved;
};

static int move_up(struct removal *r, int dir_fd, const char *name)
{
    for (int tries = 0; tries < 16; tries++) {
        char to[32];
        snprintf(to, sizeof to, ".shuck-deep-%u", r->n_moved++);
        if (renameat(dir_fd, name, r->top_fd, to) == 0)
            return 0;
        if (errno == EACCES && fchmodat(dir_fd, name, 0700, 0) == 0)
            continue; /* its ".." changes, which takes the right to write in it */
        if (errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR)
            return -1;
    }
    return -1;
}

static int open_to_empty(int dir_fd, const char *name)
{
    int fd = openat(dir_fd, name, DIR_FLAGS);
    if (fd < 0 && errno == EACCES && fchmodat(dir_fd, name, 0700, 0) == 0)
        fd = openat(dir_fd, name, DIR_FLAGS);
    return fd;
}

static int remove_entry(struct removal *r, int dir_fd, const char *name, size_t depth);

/* fd is closed. */
static int empty_dir(struct removal *r, int fd, size_t depth)
{
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (!d) {
        int errnum = errno;
        sys_fd_close(&fd);
        errno = errnum;
        return -1;
    }
    int rc = 0;
    for (struct dirent *entry; !rc && (entry = readdir(d));) {
        bool self = entry->d_name[0] == '.' &&
                    (!entry->d_name[1] || (entry->d_name[1] == '.' && !entry->d_name[2]));
        if (!self && remove_entry(r, fd, entry->d_name, depth)) {
            bool locked = errno == EACCES || errno == EPERM; /* a folder its owner may not write */
            rc = locked && fchmod(fd, 0700) == 0 ? remove_entry(r, fd, entry->d_name, depth) : -1;
        }
    }
    int errnum = errno;
    closedir(d);
    errno = errnum;
    return rc;
}

static int remove_dir(int dir_fd, const char *name)
{
    return unlinkat(dir_fd, name, AT_REMOVEDIR) && errno != ENOENT ? -1 : 0;
}

static int remove_entry(struct removal *r, int dir_fd, const char *name, size_t depth)
{
    if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
        return 0;
    if (errno != EISDIR && errno != EPERM)
        return -1;
    if (depth == REMOVE_DEPTH)
        return move_up(r, dir_fd, name);
    return empty_dir(r, open_to_empty(dir_fd, name), depth + 1) ? -1 : remove_dir(dir_fd, name);
}

static int remove_tree(int dir_fd, const char *name)
{
    if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
        return 0;
    if (errno != EISDIR && errno != EPERM)
        return -1;
    FD_AUTO int top_fd = open_to_empty(dir_fd, name);
    struct removal r = {.top_fd = top_fd};
    unsigned had;
    do {
        had = r.n_moved;
        if (top_fd < 0 || empty_dir(&r, openat(top_fd, ".", DIR_FLAGS), 1))
            return -1;
    } while (r.n_moved != had);
    return remove_dir(dir_fd, name);
}

int sys_remove_tree(int dir_fd, struct str name, struct err *e)
{
    char path[PATH_MAX];
    if (sys_to_path(name, path, e))
        return -1;
    if (remove_tree(dir_fd, path))
        return err_sys(e, ERR_MACHINE, errno, "removing %s", path);
    return 0;
}
