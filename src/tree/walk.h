/* walk: one path resolution inside a tree, without memory of its own. */
#ifndef TREE_WALK_H
#define TREE_WALK_H

#include "tree/tree.h"

struct tree_walk {
    int error;            /* as in struct tree_lookup */
    struct tree_node *at; /* without error the result, else the last folder reached */
    struct str missing;   /* ENOENT: the component that at does not have */
    bool more;            /* ENOENT: components follow it */
    unsigned links;       /* symlinks followed */
    size_t steps;         /* components looked at */
};

/* Told of every folder looked into and symlink followed. */
struct tree_walk_via {
    void *ctx;
    void (*pass)(void *ctx, struct tree_node *node);
};

/* Resolves path from the folder start. via may be NULL. */
void tree_walk(const struct tree *tree, struct tree_node *start, struct str path,
               enum tree_follow last, const struct tree_walk_via *via, struct tree_walk *ret);

#endif
