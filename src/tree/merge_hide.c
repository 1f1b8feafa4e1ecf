/* merge_hide: whiteouts and opaque markers → names of lower layers out of the tree.
 *
 * They hide lower layers only, so it does not matter whether they come before or after the entries
 * of their own layer (as long as no parent is a symlink). A folder of a lower layer below a hidden
 * one that has entries of this layer in it stays, with plain metadata, as if this layer had made
 * it.
 *
 * `cleared` (layer + 1) marks folders in which nothing of a lower layer is left, so that hiding the
 * same a second time, or a folder around it, costs nothing. While a clearing is under way, `KEPT`
 * in it marks folders that stay.
 *
 * Invariants
 * 1. No order of the whiteouts among the entries of a layer changes the tree. (test_merge: order)
 * 2. Every node is visited a constant number of times by all clearings of a layer together.
 *    (test_merge: no quadratic work)
 * 3. Nodes out of the tree have no inode, and keep their name and parent. (test_merge: hidden)
 */
#include "tree/merge.h"

enum { KEPT = 0x80000000u };

void tree_merge_hide_inode(struct tree_merge *m, const struct tree_node *node)
{
    *vec_push(&m->whole->arena, &m->hidden) =
        (struct tree_hidden){node, node->layer, m->layer, node->inode};
}

static void forget_one(struct tree_merge *m, struct tree_node *node)
{
    if (node->inode->type != ENTRY_DIR)
        tree_merge_hide_inode(m, node);
    tree_names_remove(&m->whole->names, node);
    node->inode->nlink--;
    node->inode = NULL;
}

/* Next in depth-first order below top, or NULL. With `into` false what is below `at` is left out.
 */
static struct tree_node *next_below(const struct tree_node *top, struct tree_node *at, bool into)
{
    if (into && at->child)
        return at->child;
    while (at != top && !at->next)
        at = at->parent;
    return at == top ? NULL : at->next;
}

void tree_merge_forget(struct tree_merge *m, struct tree_node *node)
{
    m->dir = NULL;
    for (struct tree_node *n = node; n; n = next_below(node, n, true))
        if (n->inode)
            forget_one(m, n);
}

/* This layer has an entry for it, or made it. */
static bool is_ours(const struct tree_merge *m, const struct tree_node *node)
{
    return node->layer == m->layer || node->inode->layer == m->layer;
}

static bool is_cleared(const struct tree_merge *m, const struct tree_node *node)
{
    return node->cleared == m->layer + 1;
}

static bool has_children(const struct tree_node *dir)
{
    for (const struct tree_node *c = dir->child; c; c = c->next)
        if (c->inode)
            return true;
    return false;
}

/* Marks the folders below dir that have something of this layer in them. */
static void mark_kept(struct tree_merge *m, struct tree_node *dir)
{
    bool into;
    for (struct tree_node *n = dir; n; n = next_below(dir, n, into)) {
        into = n->inode && (n == dir || !is_cleared(m, n));
        if (n == dir || !n->inode || !(is_ours(m, n) || (!into && has_children(n))))
            continue;
        for (struct tree_node *up = n; up != dir && !(up->cleared & KEPT); up = up->parent)
            up->cleared |= KEPT;
    }
}

/* Takes out what is not marked, folder by folder, and gives what stays its plain metadata. */
void tree_merge_clear(struct tree_merge *m, struct tree_node *dir)
{
    if (is_cleared(m, dir))
        return;
    mark_kept(m, dir);
    bool into;
    for (struct tree_node *n = dir; n; n = next_below(dir, n, into)) {
        bool was = n->cleared == (KEPT | (m->layer + 1));
        n->cleared &= ~(uint32_t)KEPT;
        into = n->inode->type == ENTRY_DIR && !was;
        if (n != dir && !is_ours(m, n)) {
            n->inode->nlink--;
            n->inode = tree_merge_plain_dir(m);
            n->inode->nlink = 1;
        }
        if (n != dir)
            n->layer = m->layer; /* the lower name is hidden, this is a new one */
        if (!into)
            continue;
        n->cleared = m->layer + 1;
        struct tree_node *list = n->child, **end = &n->child;
        while (list) {
            struct tree_node *c = list;
            list = c->next;
            if (c->inode && (c->cleared & KEPT)) {
                *end = c;
                end = &c->next;
            } else if (c->inode) {
                tree_merge_forget(m, c);
            }
        }
        *end = NULL;
    }
    m->dir = NULL;
}

void tree_merge_whiteout(struct tree_merge *m, struct tree_node *node)
{
    if (!node->parent)
        return;
    if (node->inode->type != ENTRY_DIR) {
        if (!is_ours(m, node))
            tree_merge_forget(m, node);
        return;
    }
    tree_merge_clear(m, node);
    if (is_ours(m, node)) {
        node->layer = m->layer;
        return;
    }
    if (!has_children(node)) {
        tree_merge_forget(m, node);
        return;
    }
    node->inode->nlink--;
    node->inode = tree_merge_plain_dir(m);
    node->inode->nlink = 1;
    node->layer = m->layer;
}
