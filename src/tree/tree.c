/* tree: walking a merged tree.
 *
 * Invariants
 * 1. tree_next() visits every node once, parents before children, siblings in byte order.
 *    (test_merge: shape)
 * 2. tree_path() of a node resolves to it. (test_resolve: round trip)
 */
#include "tree/merge.h"

struct tree_node *tree_child(const struct tree *tree, const struct tree_node *dir, struct str name)
{
    return tree_names_get(tree->lookup, dir, name);
}

struct tree_node *tree_next(const struct tree *tree, const struct tree_node *at)
{
    if (!at)
        return tree->root;
    if (at->child)
        return at->child;
    while (at && !at->next)
        at = at->parent;
    return at ? at->next : NULL;
}

struct str tree_path(struct arena *a, const struct tree_node *node)
{
    if (!node->parent)
        return STR("/");
    size_t n = 0;
    for (const struct tree_node *up = node; up->parent; up = up->parent)
        n += 1 + up->name.n;
    char *p = arena_alloc(a, n), *end = p + n;
    for (const struct tree_node *up = node; up->parent; up = up->parent) {
        end -= up->name.n;
        memcpy(end, up->name.p, up->name.n);
        *--end = '/';
    }
    return (struct str){p, n};
}

void tree_free(struct tree *tree)
{
    if (!tree)
        return;
    struct tree_whole *w = (struct tree_whole *)tree;
    for (size_t i = 0; i < tree->n_layers; i++)
        arena_free(&w->layers[i]);
    tree_names_free(&w->names);
    struct arena own = w->arena; /* which holds *w */
    arena_free(&own);
}
