/* test_sums: bytes → sums as package databases have them. */
#include "facts/sums.h"

#include "lib/tap.h"

static struct tree_sums of(struct facts_summing *s, struct str bytes, size_t piece)
{
    struct tree_sums ret = {0};
    facts_summing_begin(s);
    for (size_t i = 0; i < bytes.n; i += piece) {
        struct str part = str_slice(bytes, i, i + piece);
        facts_summing_add(s, part.p, part.n);
    }
    facts_summing_end(s, &ret);
    return ret;
}

int main(void)
{
    static const unsigned char raw[8] = {0x90, 0x01, 0x50, 0x98, 0x3c, 0xd2, 0x4f, 0xb0};
    struct facts_summing *s = facts_summing_new();
    if (!ok(s != NULL, "libcrypto has both"))
        return done_testing();
    struct tree_sums abc = of(s, STR("abc"), 3), again = of(s, STR("abc"), 1);
    ok(abc.md5 == facts_sum_hex(STR("900150983cd24fb0d6963f7d28e17f72")), "known: MD5 of abc");
    ok(abc.sha1 == facts_sum_hex(STR("a9993e364706816aba3e25717850c26c9cd0d89d")),
       "known: SHA-1 of abc");
    ok(again.md5 == abc.md5 && again.sha1 == abc.sha1, "in pieces");
    ok(facts_sum_raw(raw, 8) == abc.md5, "raw bytes");
    ok(facts_sum_hex(STR("90015098")) == 0 && facts_sum_raw(raw, 7) == 0, "too short is none");
    ok(facts_sum_hex(STR("x00150983cd24fb0d6963f7d28e17f72")) == 0, "no hexadecimal is none");
    ok(facts_sum_hex(STR("0000000000000000d6963f7d28e17f72")) == 1, "zero is not none");
    facts_summing_free(s);
    return done_testing();
}
