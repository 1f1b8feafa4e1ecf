/* resolve: a path → the node it names, as path_resolution(7) has it, inside the root.
 *
 * What is still to walk is a stack of the path's rest and the rests of symlink targets, innermost
 * on top; only rests with a component left lie under another, so the last component of all is the
 * one taken from a stack of one that is empty then.
 *
 * Invariants
 * 1. The result is in the tree: ".." of the root is the root, an absolute target starts there.
 *    (test_resolve: lookup)
 * 2. A walk ends: each step takes a component off, at most LIMIT_SYMLINKS targets are put on.
 *    (test_resolve: ELOOP)
 * 3. Same result and errno as the kernel in a chroot of the same tree. (tests/tree.t)
 */
#include <errno.h>

#include "base/limits.h"
#include "tree/name_table.h"
#include "tree/walk.h"

struct rests {
    struct str v[LIMIT_SYMLINKS + 2];
    size_t top;
};

static struct str skip_slashes(struct str s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] == '/')
        n++;
    return str_from(s, n);
}

/* Takes the next component; false at the end of all. *last: nothing follows it; *slash: but maybe
 * slashes do. */
static bool take(struct rests *r, struct str *name, bool *last, bool *slash)
{
    struct str *top = &r->v[r->top];
    *top = skip_slashes(*top);
    while (!top->n && r->top)
        top = &r->v[--r->top];
    if (!top->n)
        return false;
    *name = str_slice(*top, 0, str_find(*top, '/'));
    *top = str_from(*top, name->n);
    *slash = top->n > 0;
    *top = skip_slashes(*top);
    *last = !top->n && !r->top;
    return true;
}

/* Puts a symlink's target before what is left. */
static void put(struct rests *r, struct str target)
{
    if (r->v[r->top].n)
        r->top++;
    r->v[r->top] = target;
}

static bool is_absolute(struct str s)
{
    return s.n && s.p[0] == '/';
}

static int follow(const struct tree *tree, struct rests *r, struct tree_node *link,
                  struct tree_node **at, struct tree_walk *w)
{
    struct str target = link->inode->target;
    if (++w->links > LIMIT_SYMLINKS)
        return ELOOP;
    if (!target.n)
        return ENOENT;
    if (target.n >= LIMIT_PATH_BYTES)
        return ENAMETOOLONG;
    if (is_absolute(target))
        *at = tree->root;
    put(r, target);
    return 0;
}

static int walk(const struct tree *tree, struct rests *r, enum tree_follow mode,
                const struct tree_walk_via *via, struct tree_walk *w)
{
    struct tree_node *at = w->at; /* w->at stays the last folder */
    struct str name;
    bool last, slash, must_be_dir = false;
    while (take(r, &name, &last, &slash)) {
        w->steps++;
        if (at->inode->type != ENTRY_DIR)
            return ENOTDIR;
        w->at = at;
        if (via)
            via->pass(via->ctx, at);
        if (str_is(name, "."))
            continue;
        if (str_is(name, "..")) {
            at = at->parent ? at->parent : at;
            continue;
        }
        if (name.n > LIMIT_NAME_BYTES)
            return ENAMETOOLONG;
        struct tree_node *child = tree_names_get(tree->lookup, at, name);
        if (!child) {
            w->missing = name;
            w->more = !last;
            return ENOENT;
        }
        must_be_dir |= last && slash;
        if (child->inode->type != ENTRY_SYMLINK ||
            (last && mode == TREE_NOFOLLOW && !must_be_dir)) {
            at = child;
            continue;
        }
        if (via)
            via->pass(via->ctx, child);
        int error = follow(tree, r, child, &at, w);
        if (error)
            return error;
    }
    if (must_be_dir && at->inode->type != ENTRY_DIR)
        return ENOTDIR;
    w->at = at;
    return 0;
}

void tree_walk(const struct tree *tree, struct tree_node *start, struct str path,
               enum tree_follow last, const struct tree_walk_via *via, struct tree_walk *ret)
{
    struct rests r;
    r.top = 0;
    r.v[0] = path;
    *ret = (struct tree_walk){.at = is_absolute(path) ? tree->root : start};
    ret->error = walk(tree, &r, last, via, ret);
}

struct passed {
    struct arena *a;
    struct tree_step *via;
};

static void add_passed(void *ctx, struct tree_node *node)
{
    struct passed *p = ctx;
    *vec_push(p->a, p->via) = node;
}

/* The folder to start from. */
static int enter(const struct tree *tree, struct str cwd, const struct tree_walk_via *via,
                 struct tree_node **ret)
{
    struct tree_walk w;
    tree_walk(tree, tree->root, cwd, TREE_FOLLOW, via, &w);
    *ret = w.at;
    if (!w.error && w.at->inode->type != ENTRY_DIR) {
        *ret = w.at->parent;
        return ENOTDIR;
    }
    return w.error;
}

void tree_resolve(const struct tree *tree, struct arena *a, struct str cwd, struct str path,
                  enum tree_follow last, struct tree_lookup *ret)
{
    *ret = (struct tree_lookup){.dir = tree->root};
    struct passed passed = {a, &ret->via};
    struct tree_walk_via via = {&passed, add_passed};
    struct tree_node *start = tree->root;
    if (!path.n || path.n >= LIMIT_PATH_BYTES) {
        ret->error = path.n ? ENAMETOOLONG : ENOENT;
        return;
    }
    if (!is_absolute(path))
        ret->error = enter(tree, cwd, &via, &start);
    ret->dir = start;
    if (ret->error)
        return;
    struct tree_walk w;
    tree_walk(tree, start, path, last, &via, &w);
    ret->error = w.error;
    ret->dir = w.at;
    if (w.error == ENOENT && !w.more)
        ret->last = w.missing;
    if (w.error)
        return;
    ret->node = w.at;
    ret->dir = w.at->parent ? w.at->parent : w.at;
}
