/* reader_folder: an unpacked root file system → entries, as if it were a layer.
 *
 * Invariants
 * 1. A file with several names comes once with its data, then as hard links to the first name.
 *    (test_image_open: folder)
 * 2. Sockets are left out: they mean nothing without the process that made them.
 *    (image.t: a socket is left out)
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
    struct sys_walk *walk;
    struct map links; /* device and inode → first path */
    uint64_t ordinal, left;
    int fd; /* of the current file, when it was asked for */
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
        return -1;
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
        if (ret->size > LIMIT_FILE_BYTES)
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

static int next(struct image_reader *reader, struct image_entry *ret, struct err *e)
{
    struct folder_reader *r = (struct folder_reader *)reader;
    struct sys_walk_entry w;
    int rc;
    r->left = 0;
    sys_fd_close(&r->fd);
    while ((rc = sys_walk_next(r->walk, &w, e)) == 1 && S_ISSOCK(w.st.st_mode))
        r->reader.n_sockets++;
    if (rc == 1 && r->ordinal == LIMIT_LAYER_ENTRIES)
        rc = err_set(e, ERR_INPUT, "has more than %d entries, the most that are read",
                     LIMIT_LAYER_ENTRIES);
    if (rc == 1 && take_entry(r, &w, ret, e))
        rc = -1;
    r->ordinal++;
    return rc < 0 ? fail(r, e) : rc;
}

static ssize_t block(struct image_reader *reader, const void **ret, struct err *e)
{
    struct folder_reader *r = (struct folder_reader *)reader;
    if (!r->left)
        return 0;
    if (r->fd < 0 && sys_walk_open(r->walk, &r->fd, e))
        return fail(r, e);
    struct sys_source s = sys_source(r->fd);
    size_t n = r->left < sizeof r->block ? (size_t)r->left : sizeof r->block;
    ssize_t got = s.source.read(&s.source, r->block, n, e);
    if (got == 0)
        got = err_set(e, ERR_INPUT, "entry %" PRIu64 " became shorter while it was read",
                      r->ordinal - 1);
    if (got < 0)
        return fail(r, e);
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

int reader_folder(int dir_fd, struct str name, struct image_reader **ret, struct err *e)
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
    r->links.a = &r->a;
    r->fd = -1;
    *ret = &r->reader;
    return 0;
}
