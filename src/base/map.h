/* map: byte strings → pointers, in an arena.
 *
 * A struct map with only .a set is empty and ready. Keys are views: the caller keeps their bytes
 * alive as long as the map. Walking goes in order of insertion, so output made from a map does not
 * depend on hashing. Hashing is keyed per map, so hostile input cannot choose collisions. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/hash.h"

struct map_entry {
    struct str key;
    void *value;
};

struct map {
    struct arena *a;
    struct map_entry *v; /* n entries in order of insertion */
    size_t n, cap;
    uint32_t *slots; /* index + 1 into v, 0 is free; n_slots is a power of two */
    size_t n_slots;
    struct hash_key key; /* drawn with the first entry */
};

/* The place of the value for key, made with NULL in it when key is new. Dies with the next map_at.
 */
void **map_at(struct map *m, struct str key);

/* The value for key, or NULL. */
void *map_get(const struct map *m, struct str key);

bool map_has(const struct map *m, struct str key);

#define map_each(m, i) for (size_t i = 0; i < (m)->n; i++)

#endif
