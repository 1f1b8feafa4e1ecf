/* name_table: open addressing with linear probing; removal shifts back, so there are no tombstones.
 *
 * Invariants
 * 1. At most three quarters of the slots are taken. (test_name_table: many)
 * 2. Every node is reachable from its own slot without passing a free one, also after removals.
 *    (test_name_table: against a model)
 */
#include "tree/name_table.h"

static uint64_t hash(const struct tree_names *t, const struct tree_node *dir, struct str name)
{
    return hash_bytes(&t->key, (uint64_t)(uintptr_t)dir, name);
}

static size_t home(const struct tree_names *t, const struct tree_node *node)
{
    return (size_t)hash(t, node->parent, node->name) & (t->n_slots - 1);
}

static size_t probe(const struct tree_names *t, const struct tree_node *dir, struct str name)
{
    size_t mask = t->n_slots - 1, at = (size_t)hash(t, dir, name) & mask;
    while (t->slots[at] && !(t->slots[at]->parent == dir && str_eq(t->slots[at]->name, name)))
        at = (at + 1) & mask;
    return at;
}

struct tree_node *tree_names_get(const struct tree_names *t, const struct tree_node *dir,
                                 struct str name)
{
    return t->n ? t->slots[probe(t, dir, name)] : NULL;
}

static void place(struct tree_names *t, struct tree_node *node)
{
    size_t at = home(t, node);
    while (t->slots[at])
        at = (at + 1) & (t->n_slots - 1);
    t->slots[at] = node;
}

static void grow(struct tree_names *t)
{
    struct tree_names old = *t;
    if (!old.n_slots)
        t->key = hash_key();
    t->n_slots = old.n_slots ? old.n_slots * 2 : 256;
    t->arena = (struct arena){0};
    t->slots = arena_array(&t->arena, struct tree_node *, t->n_slots);
    for (size_t i = 0; i < old.n_slots; i++)
        if (old.slots[i])
            place(t, old.slots[i]);
    arena_free(&old.arena);
}

void tree_names_add(struct tree_names *t, struct tree_node *node)
{
    if ((t->n + 1) * 4 > t->n_slots * 3)
        grow(t);
    place(t, node);
    t->n++;
}

void tree_names_remove(struct tree_names *t, const struct tree_node *node)
{
    size_t mask = t->n_slots - 1, hole = probe(t, node->parent, node->name);
    if (!t->slots[hole])
        return;
    for (size_t at = hole;;) {
        at = (at + 1) & mask;
        if (!t->slots[at])
            break;
        /* may move into the hole when its home is not between the hole and where it is */
        if (((at - home(t, t->slots[at])) & mask) >= ((at - hole) & mask)) {
            t->slots[hole] = t->slots[at];
            hole = at;
        }
    }
    t->slots[hole] = NULL;
    t->n--;
}

void tree_names_free(struct tree_names *t)
{
    arena_free(&t->arena);
    *t = (struct tree_names){0};
}
