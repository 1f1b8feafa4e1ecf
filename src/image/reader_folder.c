/* reader_folder: an unpacked root file system → entries, as if it were a layer.
 *
 * Invariants
 * 1. A file with several names comes once with its data, then as hard links to the first name.
 *    (test_image_open: folder)
 * 2. Sockets are left out: they mean nothing without the process that made them.
 *    (image.t: a socket is left out)
 * 3. With gaps, nothing that happens to a file while the folder is read is a failure.
 *    (folder.t: alive)
 */
#include <errno.h>
#include <inttypes.h>
#include <sys/sysmacros.h>

#include "base/limits.h"
#include "base/map.h"
#include "image/reader.h"
#include "sys/dirwalk.h"
#include "sys/file.h"

struct folder_reader {
    struct image_reader reader;
    struct arena a;
    struct str name;
    struct image_gaps *gaps; /* or NULL */
    struct sys_walk *walk;
    struct map links; /* device and inode → first path */
    uint64_t ordinal, left;
    int fd;      /* of the current file, when it was asked for */
    bool broken; /* what is left of it reads as zeros */
    struct image_xattr *xattrs;
    char block[256 * 1024];
};

struct inode_key {
    uint64_t dev, ino;
};

static int fail(const struct folder_reader *r, struct err *e)
{
    return err_wrap(e, STR_F, STR_A(r->name));
}

/* Files from this size on that have less than half of it on the disk are holes, not content. */
enum { SPARSE_FROM = 64 << 20 };

static void note(struct folder_reader *r, enum image_gap_kind kind, struct str path)
{
    struct image_gap *gap = &r->gaps->v[kind];
    if (!gap->first.v)
        gap->first.v = arena_array(r->gaps->a, struct str, IMAGE_GAP_PATHS);
    if (gap->first.n < IMAGE_GAP_PATHS)
        gap->first.v[gap->first.n++] = str_fmt(r->gaps->a, "/" STR_F, STR_A(path));
    gap->n++;
}

/* The path that already stood for this file, or NULL, and then this one will. */
static const struct str *known_link(struct folder_reader *r, const struct sys_walk_entry *w)
{
    struct inode_key *key = arena_new(&r->a, struct inode_key);
    *key = (struct inode_key){w->st.st_dev, w->st.st_ino};
    void **at = map_at(&r->links, (struct str){(char *)key, sizeof *key});
    if (*at)
        return *at;
    struct str *path = arena_new(&r->a, struct str);
    *path = str_dup(&r->a, w->path);
    *at = path;
    return NULL;
}

/* What belongs to the file, not to the machine it lies on. */
static bool travels(struct str name)
{
    return str_is(name, "security.capability") ||
           (str_starts(name, STR("user.")) && !str_starts(name, STR("user.overlay.")));
}

static int take_xattrs(struct folder_reader *r, struct image_entry *ret, struct err *e)
{
    struct str_pairs all;
    if (sys_walk_xattrs(r->walk, LIMIT_XATTR_BYTES, &all, e))
        return r->gaps ? 0 : -1;
    for (size_t i = 0; i < all.n; i++) {
        if (!travels(all.v[i].key))
            continue;
        if (ret->n_xattrs == LIMIT_XATTRS)
            return err_set(e, ERR_INPUT, STR_F " has more than %d extended attributes",
                           STR_A(ret->path), LIMIT_XATTRS);
        r->xattrs[ret->n_xattrs++] = (struct image_xattr){all.v[i].key, all.v[i].value};
    }
    ret->xattrs = r->xattrs;
    return 0;
}

static int take_entry(struct folder_reader *r, const struct sys_walk_entry *w,
                      struct image_entry *ret, struct err *e)
{
    const struct stat *st = &w->st;
    const struct str *first = !S_ISDIR(st->st_mode) && st->st_nlink > 1 ? known_link(r, w) : NULL;
    *ret = (struct image_entry){.path = w->path,
                                .mode = st->st_mode & 07777,
                                .uid = st->st_uid,
                                .gid = st->st_gid,
                                .mtime = st->st_mtim.tv_sec,
                                .ordinal = r->ordinal};
    if (first) {
        ret->type = ENTRY_HARDLINK;
        ret->link = *first;
        return 0;
    }
    if (S_ISREG(st->st_mode)) {
        ret->type = ENTRY_FILE;
        ret->size = r->left = (uint64_t)st->st_size;
        if (ret->size > LIMIT_FILE_BYTES && !r->gaps)
            return err_set(e, ERR_INPUT, STR_F " has %" PRIu64 " bytes; a file may have %llu GiB",
                           STR_A(w->path), ret->size, LIMIT_FILE_BYTES >> 30);
    } else if (S_ISLNK(st->st_mode)) {
        ret->type = ENTRY_SYMLINK;
        ret->link = w->target;
    } else if (S_ISDIR(st->st_mode)) {
        ret->type = ENTRY_DIR;
    } else if (S_ISFIFO(st->st_mode)) {
        ret->type = ENTRY_FIFO;
    } else {
        ret->type = S_ISCHR(st->st_mode) ? ENTRY_CHAR : ENTRY_BLOCK;
        ret->dev_major = (uint32_t)major(st->st_rdev);
        ret->dev_minor = (uint32_t)minor(st->st_rdev);
    }
    return take_xattrs(r, ret, e);
}

/* What a live folder may have that is no entry of a layer. */
static bool passes_over(struct folder_reader *r, const struct sys_walk_entry *w)
{
    size_t slash = str_rfind(w->path, '/');
    if (w->gap == SYS_WALK_GONE) {
        note(r, IMAGE_GAP_GONE, w->path);
    } else if (!w->st.st_mode) {
        note(r, IMAGE_GAP_DENIED, w->path);
    } else if (str_starts(slash < w->path.n ? str_from(w->path, slash + 1) : w->path,
                          STR(".wh."))) {
        note(r, IMAGE_GAP_NAMES, w->path);
        sys_walk_skip(r->walk);
    } else {
        return false;
    }
    return true;
}

/* Opens a file of a live folder, so that what cannot be read is known before it is announced. */
static void open_alive(struct folder_reader *r, const struct sys_walk_entry *w,
                       struct image_entry *ret)
{
    const struct stat *st = &w->st;
    struct err ignored;
    if (w->gap)
        note(r, w->gap == SYS_WALK_ELSEWHERE ? IMAGE_GAP_MOUNTS : IMAGE_GAP_DENIED, w->path);
    if (ret->type != ENTRY_FILE || !ret->size)
        return;
    bool sparse = st->st_size >= SPARSE_FROM && st->st_blocks < st->st_size / 2 / 512;
    if (sparse || ret->size > LIMIT_FILE_BYTES)
        note(r, IMAGE_GAP_HOLES, w->path);
    else if (!sys_walk_open(r->walk, &r->fd, &ignored))
        return;
    else
        note(r, IMAGE_GAP_DENIED, w->path);
    ret->unread = true;
    r->left = 0;
}

/* The next that is an entry of a layer. */
static int next_entry(struct folder_reader *r, struct sys_walk_entry *w, struct err *e)
{
    int rc;
    while ((rc = sys_walk_next(r->walk, w, e)) == 1) {
        bool socket = S_ISSOCK(w->st.st_mode);
        r->reader.n_sockets += socket;
        if (socket && r->gaps)
            note(r, IMAGE_GAP_SOCKETS, w->path);
        if (!socket && !(r->gaps && passes_over(r, w)))
            break;
    }
    return rc;
}

static int next(struct image_reader *reader, struct image_entry *ret, struct err *e)
{
    struct folder_reader *r = (struct folder_reader *)reader;
    struct sys_walk_entry w;
    r->left = 0;
    r->broken = false;
    sys_fd_close(&r->fd);
    int rc = next_entry(r, &w, e);
    if (rc == 1 && r->ordinal == LIMIT_LAYER_ENTRIES)
        rc = err_set(e, ERR_INPUT, "has more than %d entries, the most that are read",
                     LIMIT_LAYER_ENTRIES);
    if (rc == 1 && take_entry(r, &w, ret, e))
        rc = -1;
    if (rc == 1 && r->gaps)
        open_alive(r, &w, ret);
    r->ordinal++;
    return rc < 0 ? fail(r, e) : rc;
}

static ssize_t read_block(struct folder_reader *r, size_t n, struct err *e)
{
    if (r->fd < 0 && sys_walk_open(r->walk, &r->fd, e))
        return -1;
    struct sys_source s = sys_source(r->fd);
    ssize_t got = s.source.read(&s.source, r->block, n, e);
    if (got == 0)
        got = err_set(e, ERR_INPUT, "entry %" PRIu64 " became shorter while it was read",
                      r->ordinal - 1);
    return got;
}

static ssize_t block(struct image_reader *reader, const void **ret, struct err *e)
{
    struct folder_reader *r = (struct folder_reader *)reader;
    size_t n = r->left < sizeof r->block ? (size_t)r->left : sizeof r->block;
    ssize_t got = n && !r->broken ? read_block(r, n, e) : (ssize_t)n;
    if (got < 0 && !r->gaps)
        return fail(r, e);
    if (got < 0) {
        note(r, IMAGE_GAP_CHANGED, sys_walk_path(r->walk));
        r->broken = true;
        got = (ssize_t)n;
    }
    if (r->broken)
        memset(r->block, 0, n);
    r->left -= (uint64_t)got;
    *ret = r->block;
    return got;
}

static void close_reader(struct image_reader *reader)
{
    struct folder_reader *r = (struct folder_reader *)reader;
    sys_fd_close(&r->fd);
    sys_walk_end(r->walk);
    struct arena a = r->a; /* r lives in it */
    arena_free(&a);
}

int reader_folder(int dir_fd, struct str name, struct image_gaps *gaps, struct image_reader **ret,
                  struct err *e)
{
    struct sys_walk *walk;
    if (sys_walk_begin(dir_fd, LIMIT_PATH_DEPTH, &walk, e))
        return err_wrap(e, STR_F, STR_A(name));
    struct arena a = {0};
    struct folder_reader *r = arena_new(&a, struct folder_reader);
    r->xattrs = arena_array(&a, struct image_xattr, LIMIT_XATTRS);
    r->a = a;
    r->reader = (struct image_reader){.next = next, .block = block, .close = close_reader};
    r->name = name;
    r->walk = walk;
    r->gaps = gaps;
    if (gaps) {
        memset(gaps->v, 0, sizeof gaps->v);
        sys_walk_forgive(walk);
    }
    r->links.a = &r->a;
    r->fd = -1;
    *ret = &r->reader;
    return 0;
}
