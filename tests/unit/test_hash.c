#include "base/hash.h"

#include "lib/tap.h"

int main(void)
{
    struct hash_key key = {{0x243f6a8885a308d3u, 0x13198a2e03707344u}}, other = key;
    char zeros[64] = {0}, flipped[64] = {0};
    bool lengths = true, keys = true;
    other.k[1] ^= 1;
    for (size_t i = 0; i < sizeof zeros; i++) {
        struct str a = {zeros, i}, b = {zeros, i + 1};
        lengths &= hash_bytes(&key, 0, a) != hash_bytes(&key, 0, b);
        keys &= hash_bytes(&key, 0, a) != hash_bytes(&other, 0, a);
    }
    ok(lengths, "lengths differ");
    ok(keys, "keys differ");
    flipped[7] = flipped[15] = (char)0x80;
    ok(hash_bytes(&key, 0, (struct str){zeros, 64}) !=
           hash_bytes(&key, 0, (struct str){flipped, 64}),
       "top bits of two words do not cancel");
    ok(hash_bytes(&key, 0, STR("x")) != hash_bytes(&key, 1, STR("x")), "the start counts");
    ok(hash_bytes(&key, 0, STR("")) == hash_bytes(&key, 0, (struct str){0}), "absent is empty");
    return done_testing();
}
