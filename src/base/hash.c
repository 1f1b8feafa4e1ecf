/* hash: bytes, eight at a time → one word.
 *
 * Invariants
 * 1. Strings that differ only in length, or in the top bit of two words, differ. (test_hash)
 */
#include "base/hash.h"

#include <sys/random.h>

struct hash_key hash_key(void)
{
    struct hash_key key;
    if (getrandom(&key, sizeof key, GRND_NONBLOCK) != sizeof key)
        key = (struct hash_key){{0x9e3779b97f4a7c15u, 0xbf58476d1ce4e5b9u}};
    return key;
}

static uint64_t fold(uint64_t a, uint64_t b)
{
    unsigned __int128 p = (unsigned __int128)a * b;
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}

uint64_t hash_bytes(const struct hash_key *key, uint64_t start, struct str s)
{
    uint64_t h = fold(start ^ key->k[0], s.n ^ key->k[1]), rest = 0;
    for (; s.n > 8; s = str_from(s, 8)) {
        uint64_t word;
        memcpy(&word, s.p, 8);
        h = fold(word ^ key->k[0], h ^ key->k[1]);
    }
    if (s.n)
        memcpy(&rest, s.p, s.n);
    h = fold(rest ^ key->k[0], h ^ key->k[1]);
    return fold(h ^ key->k[1], key->k[0] | 1);
}
