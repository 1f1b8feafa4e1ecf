/* merge: the logs of the layers, lowest first → one tree. Pure: it reads no image, so that tests
 * and the fuzzer feed it entries. */
#ifndef TREE_MERGE_H
#define TREE_MERGE_H

#include "tree/layer_log.h"
#include "tree/name_table.h"

struct tree_hiddens VEC(struct tree_hidden);
struct tree_inodes VEC(struct tree_inode *);

/* A tree with what belongs to it. Lives in its own arena. */
struct tree_whole {
    struct tree tree; /* first, so that a struct tree * is one of these */
    struct arena arena;
    struct tree_names names;
    struct arena *layers; /* tree.n_layers of them */
};

struct tree_whole *tree_whole_new(size_t n_layers);

struct tree_merge {
    struct tree_whole *whole;
    struct tree_hiddens hidden;
    struct tree_inodes inodes;
    uint32_t layer;
    size_t n_made;  /* nodes, ever */
    uint64_t steps; /* through symlinks in parents */
    /* the folder of the entry before, as long as nothing that was there went away */
    struct tree_node *dir;
    size_t dir_bytes;
};

void tree_merge_begin(struct tree_merge *m, struct tree_whole *whole);
/* Applies a layer; after a failure the tree can only be freed. Errors name the entry. */
int tree_merge_layer(struct tree_merge *m, const struct tree_log *log, struct err *e) MUST_USE;
/* Sorts children and counts. */
void tree_merge_end(struct tree_merge *m);

/* Hiding lower layers (merge_hide.c). */
void tree_merge_forget(struct tree_merge *m, struct tree_node *node); /* with all below it */
void tree_merge_hide_inode(struct tree_merge *m, const struct tree_node *node);
void tree_merge_clear(struct tree_merge *m, struct tree_node *dir); /* an opaque marker */
void tree_merge_whiteout(struct tree_merge *m, struct tree_node *node);
struct tree_inode *tree_merge_plain_dir(struct tree_merge *m);

#endif
