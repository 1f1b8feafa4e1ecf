/* each_layer: the same work for every layer, side by side, with one outcome. */
#ifndef TREE_EACH_LAYER_H
#define TREE_EACH_LAYER_H

#include <stdatomic.h>

#include "tree/tree.h"

struct tree_each {
    void *ctx;
    /* Does one layer; from any thread. Between entries it asks tree_each_stopped() and then returns
     * −1 without an error of its own. */
    int (*layer)(struct tree_each *each, size_t layer, struct err *e);
    _Atomic size_t lowest_failed; /* private */
};

/* At most one thread a CPU, the caller being one. The error is that of the lowest layer that fails,
 * however the threads were scheduled: a failure stops the layers above it, never one below. */
int tree_each_layer(struct tree_each *each, size_t n, struct err *e) MUST_USE;

static inline bool tree_each_stopped(struct tree_each *each, size_t layer)
{
    return atomic_load_explicit(&each->lowest_failed, memory_order_relaxed) < layer;
}

#endif
