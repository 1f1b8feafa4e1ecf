/* map: key bytes → slot → entry; open addressing with linear probing over an insertion-ordered
 * array.
 *
 * Invariants
 * 1. At most half of the slots are taken, so a probe ends. (test_map: many)
 * 2. v[0..n) is in order of first insertion and never moves within the array. (test_map: order)
 */
#include "base/map.h"

static size_t probe(const struct map *m, struct str key)
{
    size_t mask = m->n_slots - 1, at = (size_t)hash_bytes(&m->key, 0, key) & mask;
    while (m->slots[at] && !str_eq(m->v[m->slots[at] - 1].key, key))
        at = (at + 1) & mask;
    return at;
}

static void rehash(struct map *m)
{
    if (!m->n_slots)
        m->key = hash_key();
    m->n_slots = m->n_slots ? m->n_slots * 4 : 16;
    m->slots = arena_array(m->a, uint32_t, m->n_slots);
    for (size_t i = 0; i < m->n; i++)
        m->slots[probe(m, m->v[i].key)] = (uint32_t)(i + 1);
}

void **map_at(struct map *m, struct str key)
{
    if (m->n * 2 >= m->n_slots)
        rehash(m);
    size_t at = probe(m, key);
    if (!m->slots[at]) {
        if (m->n == m->cap) {
            size_t cap = m->cap ? m->cap * 2 : 8;
            m->v = arena_grow(m->a, m->v, m->cap * sizeof *m->v, cap * sizeof *m->v);
            m->cap = cap;
        }
        m->v[m->n++] = (struct map_entry){.key = key};
        m->slots[at] = (uint32_t)m->n;
    }
    return &m->v[m->slots[at] - 1].value;
}

void *map_get(const struct map *m, struct str key)
{
    if (!m->n)
        return NULL;
    uint32_t slot = m->slots[probe(m, key)];
    return slot ? m->v[slot - 1].value : NULL;
}

bool map_has(const struct map *m, struct str key)
{
    return m->n && m->slots[probe(m, key)];
}
