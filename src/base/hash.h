/* hash: byte strings → 64 bits under a secret key, for tables that hostile input fills.
 *
 * Multiply and fold, as wyhash and its kin do: both halves of the whole product are kept, so
 * without the key nobody knows two inputs that give the same. Not a digest. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/str.h"

struct hash_key {
    uint64_t k[2];
};

/* Drawn from the system; a failed draw gives a constant key, which costs speed under attack only.
 */
struct hash_key hash_key(void);

uint64_t hash_bytes(const struct hash_key *key, uint64_t start, struct str s);

#endif
