/* merge: records of one layer after the other → nodes and inodes.
 *
 * The semantics are those of OCI's layer.md, and of Docker and containerd where it is silent:
 *  - an entry replaces what has its name; only a folder over a folder keeps what is below;
 *  - the last of several entries of a name wins;
 *  - a parent that is missing becomes a folder of root's, mode 0755; one that is a symlink is
 *    followed inside the root, at the moment the entry is read; one that is a file is refused;
 *  - a hard link's target must exist by then, in this layer or a lower one, and be no folder;
 *    symlinks in its parents are followed, it itself is not;
 *  - whiteouts: see merge_hide.c.
 *
 * Invariants
 * 1. Every node but the root has a parent that is a folder and is in the tree. (test_merge: shape)
 * 2. inode->nlink is the number of names in the tree. (test_merge: shape)
 * 3. No path is deeper than LIMIT_PATH_DEPTH or as long as LIMIT_PATH_BYTES, also where symlinks in
 *    parents lead further down. (test_merge: deep through links)
 * 4. The work for an entry is bounded by its path's length, or counted in `steps` and capped.
 *    (test_merge: link bomb)
 */
#include "tree/merge.h"

#include <errno.h>

#include "tree/walk.h"

struct tree_whole *tree_whole_new(size_t n_layers)
{
    struct arena a = {0};
    struct tree_whole *w = arena_new(&a, struct tree_whole);
    w->tree.n_layers = n_layers;
    w->tree.layer_bytes = arena_array(&a, uint64_t, n_layers);
    w->layers = arena_array(&a, struct arena, n_layers);
    w->tree.lookup = &w->names;
    w->arena = a;
    return w;
}

static void add_inode(struct tree_merge *m, struct tree_inode *inode)
{
    inode->id = (uint32_t)m->inodes.n;
    *vec_push(&m->whole->arena, &m->inodes) = inode;
}

/* A folder that no entry describes. */
struct tree_inode *tree_merge_plain_dir(struct tree_merge *m)
{
    struct tree_inode *inode = arena_new(&m->whole->arena, struct tree_inode);
    *inode = (struct tree_inode){
        .type = ENTRY_DIR, .mode = 0755, .layer = m->layer, .ordinal = UINT64_MAX};
    add_inode(m, inode);
    return inode;
}

void tree_merge_begin(struct tree_merge *m, struct tree_whole *whole)
{
    *m = (struct tree_merge){.whole = whole};
    struct tree_node *root = arena_new(&whole->arena, struct tree_node);
    root->name = STR("");
    root->inode = tree_merge_plain_dir(m);
    root->inode->nlink = 1;
    whole->tree.root = root;
}

/* Invariant 3, for a child of dir called name. Paths of entries are in bounds; those that went
 * through a symlink are measured here. */
static int check_place(struct tree_merge *m, const struct tree_node *dir, struct str name,
                       struct err *e)
{
    size_t depth = 1, bytes = name.n;
    for (; dir->parent; dir = dir->parent) {
        depth++;
        bytes += dir->name.n + 1;
    }
    m->steps += depth;
    if (depth > LIMIT_PATH_DEPTH)
        return err_set(e, ERR_INPUT, "through symlinks it is over %d folders deep",
                       LIMIT_PATH_DEPTH);
    if (bytes >= LIMIT_PATH_BYTES)
        return err_set(e, ERR_INPUT,
                       "through symlinks its path has %zu bytes; at most %d "
                       "are possible",
                       bytes, LIMIT_PATH_BYTES - 1);
    return 0;
}

static int make_node(struct tree_merge *m, struct tree_node *dir, struct str name,
                     struct tree_node **ret, struct err *e)
{
    if (m->n_made == LIMIT_LAYER_ENTRIES)
        return err_set(e, ERR_INPUT, "over %d names in all layers together", LIMIT_LAYER_ENTRIES);
    m->n_made++;
    struct tree_node *node = arena_new(&m->whole->arena, struct tree_node);
    node->name = name;
    node->parent = dir;
    node->layer = m->layer;
    node->next = dir->child; /* sorted at the end */
    dir->child = node;
    tree_names_add(&m->whole->names, node);
    *ret = node;
    return 0;
}

/* Counts what a walk took through symlinks against the cap of invariant 4. */
static int count_steps(struct tree_merge *m, const struct tree_walk *w, struct err *e)
{
    if (w->links)
        m->steps += w->steps;
    if (m->steps > LIMIT_LINK_STEPS)
        return err_set(e, ERR_INPUT, "over %d steps through symlinks in the parents of entries",
                       LIMIT_LINK_STEPS);
    return 0;
}

static const char *why(int error)
{
    return error == ENOENT    ? "does not exist"
           : error == ENOTDIR ? "has a parent that is no folder"
           : error == ELOOP   ? "leads through too many symlinks"
                              : "leads through a symlink with too long a name";
}

/* The folder at path, made with its parents when missing. */
static int make_dirs(struct tree_merge *m, struct str path, struct tree_node **ret, bool *linked,
                     struct err *e)
{
    for (;;) {
        struct tree_walk w;
        tree_walk(&m->whole->tree, m->whole->tree.root, path, TREE_FOLLOW, NULL, &w);
        if (count_steps(m, &w, e))
            return -1;
        *linked = w.links > 0;
        if (!w.error && w.at->inode->type != ENTRY_DIR)
            w.error = ENOTDIR;
        if (!w.error) {
            *ret = w.at;
            return 0;
        }
        if (w.error != ENOENT || !w.missing.n)
            return err_set(e, ERR_INPUT, "its folder %s",
                           w.error == ENOTDIR ? "is, or is below, what is no folder"
                                              : why(w.error));
        struct tree_node *made;
        if ((*linked && check_place(m, w.at, w.missing, e)) ||
            make_node(m, w.at, str_dup(&m->whole->arena, w.missing), &made, e))
            return -1;
        made->inode = tree_merge_plain_dir(m);
        made->inode->nlink = 1;
    }
}

/* The folder of a record's path, by what is known of the record before. */
static int find_dir(struct tree_merge *m, const struct tree_log_cursor *c, size_t dir_bytes,
                    struct str name, struct tree_node **ret, struct err *e)
{
    if (m->dir && m->dir_bytes == dir_bytes && c->dir_kept >= dir_bytes) {
        *ret = m->dir;
        return 0;
    }
    bool linked;
    m->dir = NULL;
    if (make_dirs(m, str_slice(c->path, 0, dir_bytes), ret, &linked, e))
        return -1;
    if (linked)
        return check_place(m, *ret, name, e);
    m->dir = *ret;
    m->dir_bytes = dir_bytes;
    return 0;
}

static int find_target(struct tree_merge *m, struct str target, struct tree_node **ret,
                       struct err *e)
{
    struct tree_walk w;
    tree_walk(&m->whole->tree, m->whole->tree.root, target, TREE_NOFOLLOW, NULL, &w);
    if (count_steps(m, &w, e))
        return -1;
    if (w.error)
        return err_set(e, ERR_INPUT, "a hard link to \"" STR_F "\", which %s", STR_A(target),
                       why(w.error));
    if (w.at->inode->type == ENTRY_DIR)
        return err_set(e, ERR_INPUT, "a hard link to \"" STR_F "\", which is a folder",
                       STR_A(target));
    *ret = w.at;
    return 0;
}

/* Puts inode where node has another one, or none yet. */
static void set_inode(struct tree_merge *m, struct tree_node *node, struct tree_inode *inode)
{
    struct tree_inode *old = node->inode;
    bool was_dir = old && old->type == ENTRY_DIR, is_dir = inode->type == ENTRY_DIR;
    if (old == inode) { /* the same hard link again */
        node->layer = m->layer;
        return;
    }
    if (was_dir && !is_dir) {
        while (node->child) {
            struct tree_node *child = node->child;
            node->child = child->next;
            if (child->inode)
                tree_merge_forget(m, child);
        }
        node->cleared = 0;
    }
    if (old && !was_dir)
        tree_merge_hide_inode(m, node);
    if (old && was_dir != is_dir)
        m->dir = NULL; /* paths through here mean something else now */
    if (old)
        old->nlink--;
    inode->nlink++;
    node->inode = inode;
    if (!was_dir || !is_dir)
        node->layer = m->layer;
}

static int apply_entry(struct tree_merge *m, const struct tree_record *r,
                       const struct tree_log_cursor *c, struct err *e)
{
    struct tree_inode *inode = r->inode;
    struct tree_node *target = NULL, *dir = NULL, *node;
    if (r->kind == RECORD_LINK) {
        if (find_target(m, *r->link, &target, e))
            return -1;
        inode = target->inode;
    } else {
        add_inode(m, inode);
    }
    if (!c->path.n) {
        set_inode(m, m->whole->tree.root, inode);
        return 0;
    }
    size_t slash = str_rfind(c->path, '/'), dir_bytes = slash == c->path.n ? 0 : slash;
    size_t name_at = slash == c->path.n ? 0 : slash + 1;
    /* a view of the record's own bytes, which live as long as the tree */
    struct str name = {r->tail + (name_at - r->n_shared), c->path.n - name_at};
    if (find_dir(m, c, dir_bytes, name, &dir, e))
        return -1;
    node = tree_names_get(&m->whole->names, dir, name);
    if (node && node == target)
        return err_set(e, ERR_INPUT, "a hard link to itself");
    if (!node && make_node(m, dir, name, &node, e))
        return -1;
    set_inode(m, node, inode);
    return 0;
}

/* A whiteout or opaque marker: what is not there needs no hiding. */
static int apply_hiding(struct tree_merge *m, const struct tree_record *r, struct str path,
                        struct err *e)
{
    struct tree_walk w;
    tree_walk(&m->whole->tree, m->whole->tree.root, path,
              r->kind == RECORD_OPAQUE ? TREE_FOLLOW : TREE_NOFOLLOW, NULL, &w);
    if (count_steps(m, &w, e))
        return -1;
    if (w.error)
        return 0;
    if (r->kind == RECORD_WHITEOUT)
        tree_merge_whiteout(m, w.at);
    else if (w.at->inode->type == ENTRY_DIR)
        tree_merge_clear(m, w.at);
    return 0;
}

int tree_merge_layer(struct tree_merge *m, const struct tree_log *log, struct err *e)
{
    struct tree_log_cursor c;
    const struct tree_record *r;
    m->layer = log->layer;
    m->dir = NULL;
    m->whole->tree.layer_bytes[log->layer] = log->bytes;
    for (tree_log_start(log, &c); (r = tree_log_next(&c));) {
        bool entry = r->kind == RECORD_INODE || r->kind == RECORD_LINK;
        if (!entry)
            m->dir = NULL; /* c.path moved away from the folder that is remembered */
        if (entry ? apply_entry(m, r, &c, e) : apply_hiding(m, r, c.path, e))
            return err_wrap(e, "entry \"" STR_F "\"", STR_A(c.path));
    }
    return 0;
}

/* Merges two sorted lists. */
static struct tree_node *merge_lists(struct tree_node *a, struct tree_node *b)
{
    struct tree_node *head = NULL, **end = &head;
    while (a && b) {
        struct tree_node **least = str_cmp(a->name, b->name) <= 0 ? &a : &b;
        *end = *least;
        end = &(*end)->next;
        *least = *end;
    }
    *end = a ? a : b;
    return head;
}

/* The list in order, without the nodes that are out of the tree: runs of 2^i nodes wait in bins. */
static struct tree_node *sort_children(struct tree_node *list)
{
    enum { BINS = 32 };
    struct tree_node *bin[BINS] = {NULL}, *sorted = NULL;
    while (list) {
        struct tree_node *run = list;
        list = list->next;
        if (!run->inode)
            continue;
        run->next = NULL;
        size_t i = 0;
        for (; bin[i]; i++) {
            run = merge_lists(bin[i], run);
            bin[i] = NULL;
        }
        bin[i] = run;
    }
    for (size_t i = 0; i < BINS; i++)
        sorted = merge_lists(bin[i], sorted);
    return sorted;
}

void tree_merge_end(struct tree_merge *m)
{
    struct tree *t = &m->whole->tree;
    for (struct tree_node *n = t->root; n; n = tree_next(t, n))
        if (n->child)
            n->child = sort_children(n->child);
    t->inodes = m->inodes.v;
    t->n_inodes = m->inodes.n;
    t->hidden = m->hidden.v;
    t->n_hidden = m->hidden.n;
    vec_each (&m->inodes, i) {
        const struct tree_inode *inode = m->inodes.v[i];
        if (inode->nlink && inode->type == ENTRY_FILE) {
            t->n_files++;
            t->bytes += inode->size;
        }
    }
}
