/* dirwalk: a folder's descriptor → its entries, sorted.
 *
 * Invariants
 * 1. Two walks of the same tree give the same order. (test_dirwalk: sorted)
 * 2. A symlink is reported, never followed. (test_dirwalk: symlink)
 * 3. A folder that cannot be read hides nothing beside it. (test_dirwalk: beside)
 * 4. A forgiving walk goes into no mount, also not into one of the same file system.
 *    (folder.t: mounts)
 */
#include "sys/dirwalk.h"

#include <limits.h>

#include <dirent.h>
#include <errno.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/vec.h"
#include "sys/file.h"

struct level {
    int fd;
    struct str *names;
    size_t n, at;
    size_t path_n; /* length of this folder's path */
    struct arena_mark mark;
};

struct sys_walk {
    struct arena a, entry; /* names of the open folders; what belongs to the current entry */
    struct level *levels;
    size_t depth, most;
    bool started, forgiving;
    dev_t dev; /* of the start */
    int at_fd; /* folder of the current entry */
    struct sys_walk_entry now;
    char path[PATH_MAX], name[NAME_MAX + 1], target[PATH_MAX];
};

static struct str path_of(const struct sys_walk *w)
{
    return w->now.path.n ? w->now.path : STR(".");
}

static int list_names(struct sys_walk *w, struct level *l, struct err *e)
{
    struct names VEC(struct str) names = {0};
    DIR *d = fdopendir(fcntl(l->fd, F_DUPFD_CLOEXEC, 3));
    if (!d)
        return err_sys(e, ERR_MACHINE, errno, STR_F, STR_A(path_of(w)));
    rewinddir(d);
    errno = 0;
    for (struct dirent *entry; (entry = readdir(d)); errno = 0) {
        struct str name = str_of(entry->d_name);
        if (!str_is(name, ".") && !str_is(name, ".."))
            *vec_push(&w->a, &names) = str_dup0(&w->a, name);
    }
    int errnum = errno;
    closedir(d);
    if (errnum)
        return err_sys(e, ERR_MACHINE, errnum, STR_F, STR_A(path_of(w)));
    if (names.n)
        qsort(names.v, names.n, sizeof *names.v, str_order);
    l->names = names.v;
    l->n = names.n;
    return 0;
}

/* Goes into the folder that was just returned. */
static int enter(struct sys_walk *w, int fd, struct err *e)
{
    if (w->depth > w->most) {
        close(fd);
        return err_set(e, ERR_INPUT, STR_F ": more than %zu folders deep", STR_A(path_of(w)),
                       w->most);
    }
    struct level *l = &w->levels[w->depth++];
    *l = (struct level){.fd = fd, .path_n = w->now.path.n, .mark = arena_mark(&w->a)};
    return list_names(w, l, e);
}

int sys_walk_begin(int dir_fd, size_t depth, struct sys_walk **ret, struct err *e)
{
    struct arena a = {0};
    int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return err_sys(e, ERR_MACHINE, errno, "reading a folder");
    struct sys_walk *w = arena_new(&a, struct sys_walk);
    w->levels = arena_array(&a, struct level, depth + 1);
    w->a = a;
    w->most = depth;
    w->at_fd = fd;
    *ret = w;
    return 0;
}

static int first(struct sys_walk *w, struct sys_walk_entry *ret, struct err *e)
{
    if (fstat(w->at_fd, &w->now.st))
        return err_sys(e, ERR_MACHINE, errno, "reading a folder");
    w->dev = w->now.st.st_dev;
    w->started = true; /* from here on the descriptor is a level's */
    if (enter(w, w->at_fd, e))
        return -1;
    *ret = w->now;
    return 1;
}

static int look(struct sys_walk *w, struct level *l, struct str name, struct err *e)
{
    size_t n = l->path_n;
    if (n + 1 + name.n >= sizeof w->path)
        return err_set(e, ERR_INPUT, "a path longer than %d bytes below " STR_F, PATH_MAX,
                       STR_A(str_slice(path_of(w), 0, 200)));
    if (n)
        w->path[n++] = '/';
    memcpy(w->path + n, name.p, name.n + 1);
    memcpy(w->name, name.p, name.n + 1);
    w->now = (struct sys_walk_entry){.path = {w->path, n + name.n}};
    w->at_fd = l->fd;
    if (fstatat(l->fd, w->name, &w->now.st, AT_SYMLINK_NOFOLLOW))
        return err_sys(e, ERR_MACHINE, errno, "%s", w->path);
    if (!S_ISLNK(w->now.st.st_mode))
        return 0;
    ssize_t got = readlinkat(l->fd, w->name, w->target, sizeof w->target);
    if (got < 0)
        return err_sys(e, ERR_MACHINE, errno, "%s", w->path);
    w->now.target = (struct str){w->target, (size_t)got};
    return 0;
}

static void leave(struct sys_walk *w)
{
    struct level *l = &w->levels[--w->depth];
    close(l->fd);
    arena_rewind(&w->a, l->mark);
}

struct str sys_walk_path(const struct sys_walk *w)
{
    return w->now.path;
}

void sys_walk_forgive(struct sys_walk *w)
{
    w->forgiving = true;
}

/* Whether fd is the top of something mounted. */
static bool is_mount(const struct sys_walk *w, int fd)
{
    struct statx st;
    if (w->now.st.st_dev != w->dev)
        return true;
    return !statx(fd, "", AT_EMPTY_PATH, 0, &st) && st.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

/* errno → what becomes of the entry in a forgiving walk. */
static int forgive(struct sys_walk *w, int errnum)
{
    bool gone = errnum == ENOENT || errnum == ENOTDIR || errnum == ELOOP;
    w->now.gap = gone ? SYS_WALK_GONE : SYS_WALK_DENIED;
    if (gone)
        w->now.st = (struct stat){0};
    return 0;
}

static int go_into(struct sys_walk *w, const struct level *l, struct err *e)
{
    FD_AUTO int fd = openat(l->fd, w->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return w->forgiving ? forgive(w, errno) : err_sys(e, ERR_MACHINE, errno, "%s", w->path);
    if (w->forgiving && is_mount(w, fd)) {
        w->now.gap = SYS_WALK_ELSEWHERE;
        return 0;
    }
    int own = fd;
    fd = -1;
    int rc = enter(w, own, e);
    return rc && w->forgiving ? forgive(w, EACCES) : rc;
}

int sys_walk_next(struct sys_walk *w, struct sys_walk_entry *ret, struct err *e)
{
    arena_free(&w->entry);
    if (!w->started)
        return first(w, ret, e);
    while (w->depth && w->levels[w->depth - 1].at == w->levels[w->depth - 1].n)
        leave(w);
    if (!w->depth)
        return 0;
    struct level *l = &w->levels[w->depth - 1];
    errno = 0;
    if (look(w, l, l->names[l->at++], e)) {
        if (!w->forgiving)
            return -1;
        w->now.st = (struct stat){0};
        forgive(w, errno);
    }
    if (S_ISDIR(w->now.st.st_mode) && go_into(w, l, e))
        return -1;
    *ret = w->now;
    return 1;
}

void sys_walk_skip(struct sys_walk *w)
{
    if (w->depth && S_ISDIR(w->now.st.st_mode) && !w->now.gap)
        leave(w);
}

int sys_walk_open(struct sys_walk *w, int *ret, struct err *e)
{
    int fd = openat(w->at_fd, w->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return err_sys(e, ERR_MACHINE, errno, "%s", w->path);
    /* from end to end: the kernel reads twice as far ahead */
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    *ret = fd;
    return 0;
}

static int pair_order(const void *a, const void *b)
{
    return str_cmp(((const struct str_pair *)a)->key, ((const struct str_pair *)b)->key);
}

/* There is no *at() call for these; a descriptor's own folder in /proc stands in for it. */
int sys_walk_xattrs(struct sys_walk *w, size_t cap, struct str_pairs *ret, struct err *e)
{
    struct str_pairs list = {0};
    char path[NAME_MAX + 40];
    snprintf(path, sizeof path, "/proc/self/fd/%d/%s", w->at_fd, w->now.path.n ? w->name : ".");
    ssize_t n = llistxattr(path, NULL, 0); /* nearly always nothing: found out without memory */
    char *names = n > 0 ? arena_alloc(&w->entry, cap) : NULL;
    char *values = n > 0 ? arena_alloc(&w->entry, cap) : NULL;
    if (n > 0)
        n = llistxattr(path, names, cap);
    if (n < 0 && errno == ERANGE)
        return err_set(e, ERR_INPUT, "%s: more than %zu bytes of extended attributes", w->path,
                       cap);
    if (n <= 0) { /* none, or a file system that has none */
        *ret = list;
        return 0;
    }
    list.v = arena_array(&w->entry, struct str_pair, (size_t)n);
    for (size_t at = 0, used = 0; at < (size_t)n;) {
        struct str name = str_of(names + at);
        at += name.n + 1;
        ssize_t got = lgetxattr(path, name.p, values + used, cap - used);
        if (got < 0 && errno == ERANGE)
            return err_set(e, ERR_INPUT, "%s: more than %zu bytes of extended attributes", w->path,
                           cap);
        if (got < 0)
            continue; /* gone, or not ours to see */
        list.v[list.n++] = (struct str_pair){name, {values + used, (size_t)got}};
        used += (size_t)got;
    }
    qsort(list.v, list.n, sizeof *list.v, pair_order);
    *ret = list;
    return 0;
}

void sys_walk_end(struct sys_walk *w)
{
    if (!w)
        return;
    if (!w->started)
        close(w->at_fd);
    while (w->depth)
        leave(w);
    arena_free(&w->entry);
    struct arena a = w->a; /* w lives in it */
    arena_free(&a);
}
