/* test_sums: bytes → sums as package databases have them. */
#include "facts/sums.h"

#include "lib/tap.h"

static struct tree_sums of(struct facts_summing *s, struct str bytes, size_t piece, unsigned wanted)
{
    struct tree_sums ret = {0};
    facts_summing_begin(s, wanted);
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
    if (!ok(s != NULL, "libcrypto has all"))
        return done_testing();
    struct tree_sums abc = of(s, STR("abc"), 3, SUMMED_ALL),
                     again = of(s, STR("abc"), 1, SUMMED_ALL);
    ok(abc.md5 == facts_sum_hex(STR("900150983cd24fb0d6963f7d28e17f72")), "known: MD5 of abc");
    ok(abc.sha1 == facts_sum_hex(STR("a9993e364706816aba3e25717850c26c9cd0d89d")),
       "known: SHA-1 of abc");
    ok(abc.sha256 ==
           facts_sum_hex(STR("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")),
       "known: SHA-256 of abc");
    ok(again.md5 == abc.md5 && again.sha1 == abc.sha1 && again.sha256 == abc.sha256, "in pieces");
    struct tree_sums some = of(s, STR("abc"), 3, SUMMED_SHA1);
    ok(some.sha1 == abc.sha1 && !some.md5 && !some.sha256, "wanted: one alone");
    is_int(facts_summed_by(STR("var/lib/dpkg/status")), SUMMED_MD5, "wanted: by dpkg");
    is_int(facts_summed_by(STR("lib/apk/db/installed")), SUMMED_SHA1, "wanted: by apk");
    is_int(facts_summed_by(STR("var/lib/rpm/rpmdb.sqlite")), SUMMED_SHA256 | SUMMED_MD5,
           "wanted: by rpm");
    is_int(facts_summed_by(STR("var/lib/rpm-state")), 0, "wanted: by none");
    ok(facts_sum_raw(raw, 8) == abc.md5, "raw bytes");
    ok(facts_sum_hex(STR("90015098")) == 0 && facts_sum_raw(raw, 7) == 0, "too short is none");
    ok(facts_sum_hex(STR("x00150983cd24fb0d6963f7d28e17f72")) == 0, "no hexadecimal is none");
    ok(facts_sum_hex(STR("0000000000000000d6963f7d28e17f72")) == 1, "zero is not none");
    facts_summing_free(s);
    return done_testing();
}
