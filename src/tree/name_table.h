/* name_table: (folder, name) → node, for the whole tree in one table.
 *
 * The key is in the node itself, so an entry costs one pointer. Hashing is keyed by random words: a
 * hostile layer cannot choose names that collide. */
#ifndef TREE_NAME_TABLE_H
#define TREE_NAME_TABLE_H

#include "base/hash.h"
#include "tree/tree.h"

struct tree_names {
    struct arena arena; /* of the slots alone, so that growing gives the old ones back */
    struct tree_node **slots;
    size_t n, n_slots; /* n_slots is a power of two, or 0 */
    struct hash_key key;
};

struct tree_node *tree_names_get(const struct tree_names *t, const struct tree_node *dir,
                                 struct str name);
/* node->parent and node->name are its key, and must not be there yet. */
void tree_names_add(struct tree_names *t, struct tree_node *node);
void tree_names_remove(struct tree_names *t, const struct tree_node *node);
void tree_names_free(struct tree_names *t);

#endif
