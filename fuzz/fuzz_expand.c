/* Any bytes as a word with variables, under either escape character: text, or an error in it. */
#include <stdint.h>

#include "base/limits.h"
#include "dockerfile/expand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool lookup(void *ctx, struct str name, struct str *value)
{
    (void)ctx;
    if (!name.n || name.p[0] == 'u')
        return false;
    *value = name.p[0] == 'a' ? STR("a*b/c?\xc3\xa9 d.d.d") : (struct str){0};
    return true;
}

static void check(struct span place, size_t n)
{
    if (place.from > place.to || place.to > n)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct placed text = placed_plain(&a, (struct str){(const char *)data, n}, 0);
    uint64_t work = 1 << 20;
    struct expand_env env = {
        .lookup = lookup, .escape = n && data[0] % 2 ? '`' : '\\', .work = &work};
    struct expand_uses uses = {0};
    struct expand_words words = {0};
    struct span where = {0};
    struct err e = {0};
    struct str got = {0};
    int whole = expand_text(&a, &text, &env, &got, &uses, &where, &e);
    check(where, n);
    if (got.n > LIMIT_EXPANSION_BYTES || (whole && !e.text[0]))
        abort();
    work = 1 << 20;
    int parts = expand_split(&a, &text, &env, &words, NULL, &where, &e);
    check(where, n);
    if (!whole && parts && *env.work) /* what is one word can be parted */
        abort();
    vec_each (&uses, i)
        check(uses.v[i].place, n);
    vec_each (&words, i)
        check(words.v[i].place, n);
    arena_free(&a);
    return 0;
}
