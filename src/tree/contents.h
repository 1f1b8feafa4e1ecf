/* contents: the bytes of chosen files, read again from the layers that hold them. */
#ifndef TREE_CONTENTS_H
#define TREE_CONTENTS_H

#include "tree/tree.h"

/* One file whose content is wanted; `to` is the user's. */
struct tree_want {
    const struct tree_inode *inode;
    void *to;
};
struct tree_wants VEC(struct tree_want);

struct tree_content; /* being read */

struct tree_content_user {
    void *ctx;
    /* State for one layer's thread. */
    void *(*begin)(void *ctx, struct arena *scratch, size_t layer);
    /* Takes one file: all of it by tree_content_read(). */
    int (*file)(void *state, const struct tree_want *want, struct tree_content *c, struct err *e);
    void (*end)(void *state);
};

/* Points *p to the next bytes; 0 at the end. The file has its whole size, or it is ERR_INPUT. */
ssize_t tree_content_read(struct tree_content *c, const char **p, struct err *e);

/* Reads each layer that has a wanted file once, side by side. Every byte that was handed on had its
 * digest checked, the layer's or the file's own, when this returns 0. wants is reordered. */
int tree_contents(const struct image *image, struct tree_wants *wants,
                  const struct tree_content_user *user, struct err *e) MUST_USE;

#endif
