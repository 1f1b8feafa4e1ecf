/* test_codec: values → bytes → values, and damaged bytes. */
#include "base/codec.h"
#include "lib/tap.h"

struct all {
    uint64_t u64;
    int64_t low, high;
    uint32_t u32;
    uint16_t u16;
    uint8_t u8;
    bool yes;
    struct str text, empty, absent;
    struct digest digest;
    struct strs list;
};

static void codec_all(struct codec *w, struct all *v)
{
    codec_u64(w, &v->u64);
    codec_i64(w, &v->low);
    codec_i64(w, &v->high);
    codec_u32(w, &v->u32);
    codec_u16(w, &v->u16);
    codec_u8(w, &v->u8);
    codec_bool(w, &v->yes);
    codec_str(w, &v->text);
    codec_str(w, &v->empty);
    codec_str(w, &v->absent);
    codec_digest(w, &v->digest);
    codec_strs(w, &v->list);
}

static struct str written(struct arena *a)
{
    static struct str list[] = {STR_INIT("one"), STR_INIT(""), STR_INIT("three")};
    struct codec w = codec_writer(a);
    struct all v = {UINT64_MAX, INT64_MIN,        -1,      1u << 31,  65535,       128,
                    true,       STR("some text"), STR(""), {NULL, 0}, {{1, 2, 3}}, {list, 3}};
    codec_all(&w, &v);
    return buf_str(&w.out);
}

static void check_both_ways(struct arena *a, struct str bytes)
{
    struct all v = {0};
    struct codec w = codec_reader(a, bytes);
    codec_all(&w, &v);
    ok(codec_whole(&w), "both ways: all of it");
    ok(v.u64 == UINT64_MAX && v.low == INT64_MIN && v.high == -1 && v.u32 == 1u << 31 &&
           v.u16 == 65535 && v.u8 == 128 && v.yes,
       "both ways: numbers");
    is_str(v.text, "some text", "both ways: a string");
    ok(v.empty.p && !v.empty.n && !v.absent.p, "both ways: empty and absent");
    ok(v.digest.b[2] == 3 && v.list.n == 3 && str_is(v.list.v[2], "three"), "both ways: lists");
}

static void check_damage(struct arena *a, struct str bytes)
{
    size_t refused = 0;
    for (size_t n = 0; n < bytes.n; n++) {
        struct all v = {0};
        struct codec w = codec_reader(a, str_slice(bytes, 0, n));
        codec_all(&w, &v);
        refused += !codec_whole(&w);
    }
    ok(refused == bytes.n, "damage: every shorter text is refused");
    struct codec w = codec_reader(a, STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    struct strs list = {0};
    codec_strs(&w, &list);
    ok(!codec_whole(&w) && list.n == 0, "damage: a list of 2^64 strings");
}

int main(void)
{
    struct arena a = {0};
    struct str bytes = written(&a);
    check_both_ways(&a, bytes);
    check_damage(&a, bytes);
    arena_free(&a);
    return done_testing();
}
