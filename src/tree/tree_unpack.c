/* tree_unpack: a tree and its image → files below an empty folder.
 *
 * Folders, symlinks and fifos first, then the contents as the layers have them, then the other
 * names of hard links, then owners and times of folders, the lowest ones first, since making
 * something in a folder changes its time. A folder is opened from the root by one call that follows
 * no symlink, and kept open as long as work stays in it.
 *
 * Invariants
 * 1. Nothing outside dir_fd is touched: each name is one component in a folder that this made.
 *    (test_tree_unpack: hostile)
 * 2. Owners come before modes, both before capabilities. (test_tree_unpack: setuid)
 * 3. Attributes by which overlayfs would be led elsewhere are never set. (test_tree_unpack:
 * overlay)
 */
#include <unistd.h>

#include "sys/file.h"
#include "sys/unpack_at.h"
#include "tree/contents.h"
#include "tree/each_layer.h"

struct unpack {
    const struct tree *tree;
    int root_fd;
    const struct tree_node **first; /* by inode: the name its content goes to */
    _Atomic size_t left_out;
};

/* The folder one thread works in. */
struct at_dir {
    struct unpack *unpack;
    const struct tree_node *node; /* NULL: none yet */
    int fd;
    struct arena scratch;
};

static int open_dir(const struct unpack *u, const struct tree_node *dir, struct arena *scratch,
                    int *ret, struct err *e)
{
    struct arena_mark mark = arena_mark(scratch);
    struct str path = dir->parent ? str_from(tree_path(scratch, dir), 1) : STR(".");
    int rc = sys_open_beneath(u->root_fd, path, O_RDONLY | O_DIRECTORY, 0, ret, e);
    arena_rewind(scratch, mark);
    return rc;
}

static int go(struct at_dir *at, const struct tree_node *dir, struct err *e)
{
    if (at->node == dir)
        return 0;
    sys_fd_close(&at->fd);
    at->node = NULL;
    if (open_dir(at->unpack, dir, &at->scratch, &at->fd, e))
        return -1;
    at->node = dir;
    return 0;
}

static void leave(struct at_dir *at)
{
    sys_fd_close(&at->fd);
    arena_free(&at->scratch);
}

static struct sys_owner owner_of(const struct tree_inode *inode)
{
    return (struct sys_owner){inode->uid, inode->gid, inode->mode, inode->mtime};
}

static bool is_of_overlay(struct str xattr)
{
    return str_starts(xattr, STR("trusted.overlay.")) || str_starts(xattr, STR("user.overlay."));
}

/* Owner, mode, xattrs, times: in this order. */
static int dress(struct unpack *u, int fd, const struct tree_inode *inode, struct err *e)
{
    struct sys_owner o = owner_of(inode);
    if (sys_fd_owner(fd, &o, e))
        return -1;
    for (size_t i = 0; i < inode->n_xattrs; i++)
        if (is_of_overlay(inode->xattrs[i].name) ||
            !sys_fd_xattr(fd, inode->xattrs[i].name, inode->xattrs[i].value))
            u->left_out++;
    return sys_fd_times(fd, &o, e);
}

static int at_node(const struct tree_node *node, struct err *e)
{
    struct arena a = {0};
    err_wrap(e, "unpacking " STR_F, STR_A(tree_path(&a, node)));
    arena_free(&a);
    return -1;
}

static int make_one(struct unpack *u, struct at_dir *at, const struct tree_node *n, struct err *e)
{
    const struct tree_inode *inode = n->inode;
    struct sys_owner o = owner_of(inode);
    if (inode->type == ENTRY_CHAR || inode->type == ENTRY_BLOCK)
        u->left_out++;
    if (inode->type == ENTRY_FILE || inode->type == ENTRY_CHAR || inode->type == ENTRY_BLOCK)
        return 0;
    if (go(at, n->parent, e))
        return -1;
    if (inode->type == ENTRY_DIR)
        return sys_at_make_dir(at->fd, n->name, e);
    u->left_out += inode->n_xattrs;
    return inode->type == ENTRY_SYMLINK ? sys_at_symlink(at->fd, n->name, inode->target, &o, e)
                                        : sys_at_fifo(at->fd, n->name, &o, e);
}

/* All that has no content; *wants gets what has. The first name of an inode is the one made. */
static int make_names(struct unpack *u, struct arena *a, struct tree_wants *wants, struct err *e)
{
    struct at_dir at = {.unpack = u, .fd = -1};
    int rc = 0;
    for (struct tree_node *n = tree_next(u->tree, u->tree->root); n && !rc;
         n = tree_next(u->tree, n)) {
        if (u->first[n->inode->id])
            continue;
        u->first[n->inode->id] = n;
        if (n->inode->type == ENTRY_FILE)
            *vec_push(a, wants) = (struct tree_want){n->inode, n};
        else if (make_one(u, &at, n, e))
            rc = at_node(n, e);
    }
    leave(&at);
    return rc;
}

/* Contents into files: the user of tree_contents(). */
static void *begin_files(void *ctx, struct arena *scratch, size_t layer)
{
    (void)layer;
    struct at_dir *at = arena_new(scratch, struct at_dir);
    at->unpack = ctx;
    at->fd = -1;
    return at;
}

static int write_file(struct at_dir *at, const struct tree_node *n, struct tree_content *c,
                      struct err *e)
{
    FD_AUTO int fd = -1;
    const char *bytes;
    ssize_t got;
    if (go(at, n->parent, e) || sys_at_create(at->fd, n->name, &fd, e))
        return -1;
    while ((got = tree_content_read(c, &bytes, e)) > 0)
        if (sys_write_all(fd, bytes, (size_t)got, e))
            return -1;
    return got ? -1 : dress(at->unpack, fd, n->inode, e);
}

static int make_file(void *state, const struct tree_want *want, struct tree_content *c,
                     struct err *e)
{
    return write_file(state, want->to, c, e) ? at_node(want->to, e) : 0;
}

static void end_files(void *state)
{
    leave(state);
}

static int make_links(struct unpack *u, struct err *e)
{
    struct at_dir at = {.unpack = u, .fd = -1}, from = {.unpack = u, .fd = -1};
    int rc = 0;
    for (struct tree_node *n = tree_next(u->tree, u->tree->root); n && !rc;
         n = tree_next(u->tree, n)) {
        const struct tree_node *first = u->first[n->inode->id];
        if (first == n || n->inode->type == ENTRY_CHAR || n->inode->type == ENTRY_BLOCK)
            continue;
        if (go(&at, n->parent, e) || go(&from, first->parent, e) ||
            sys_at_link(from.fd, first->name, at.fd, n->name, e))
            rc = at_node(n, e);
    }
    leave(&at);
    leave(&from);
    return rc;
}

struct dirs VEC(const struct tree_node *);

static int dress_dirs(struct unpack *u, struct arena *a, struct err *e)
{
    struct dirs dirs = {0};
    for (struct tree_node *n = tree_next(u->tree, NULL); n; n = tree_next(u->tree, n))
        if (n->inode->type == ENTRY_DIR)
            *vec_push(a, &dirs) = n;
    while (dirs.n) { /* backwards: what is below comes before */
        const struct tree_node *n = dirs.v[--dirs.n];
        FD_AUTO int fd = -1;
        if (open_dir(u, n, a, &fd, e) || dress(u, fd, n->inode, e))
            return at_node(n, e);
    }
    return 0;
}

int tree_unpack(const struct tree *tree, const struct image *image, int dir_fd, size_t *left_out,
                struct err *e)
{
    struct arena a = {0};
    struct unpack u = {.tree = tree, .root_fd = dir_fd};
    struct tree_content_user user = {&u, begin_files, make_file, end_files};
    struct tree_wants wants = {0};
    u.first = arena_array(&a, const struct tree_node *, tree->n_inodes);
    int rc = make_names(&u, &a, &wants, e) || tree_contents(image, &wants, &user, e) ||
             make_links(&u, e) || dress_dirs(&u, &a, e);
    arena_free(&a);
    if (rc)
        return -1;
    if (left_out)
        *left_out = u.left_out;
    return 0;
}
