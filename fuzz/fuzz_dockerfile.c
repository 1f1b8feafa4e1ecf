/* Any bytes as a Dockerfile: a tree whose items print the same bytes, with every place inside. */
#include <stdint.h>

#include "dockerfile/dockerfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(const struct dockerfile *d, struct span place)
{
    if (place.from > place.to || place.to > d->text.n)
        abort();
}

static void check_words(const struct dockerfile *d, const struct dockerfile_words *words)
{
    vec_each (words, i) {
        check(d, words->v[i].place);
        check(d, placed_span(&words->v[i].text, 0, words->v[i].text.s.n));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct dockerfile d;
    struct buf out = {.a = &a};
    uint32_t at = 0;
    dockerfile_parse(&a, (struct str){(const char *)data, n}, &d);
    vec_each (&d.items, i) {
        const struct dockerfile_item *item = &d.items.v[i];
        if (item->place.from != at || item->place.to <= at)
            abort();
        at = item->place.to;
        for (const struct dockerfile_instruction *in = item->instruction; in; in = in->onbuild) {
            check(&d, in->place);
            check_words(&d, &in->words);
            vec_each (&in->pairs, k)
                check(&d, in->pairs.v[k].value.place);
            vec_each (&in->heredocs, k)
                check(&d, placed_span(&in->heredocs.v[k].body, 0, in->heredocs.v[k].body.s.n));
            struct placed script = dockerfile_script(&a, &d, in);
            check(&d, placed_span(&script, 0, script.s.n));
        }
    }
    vec_each (&d.errors, i)
        check(&d, d.errors.v[i].place);
    dockerfile_print(&d, &out);
    if (!str_eq(buf_str(&out), d.text))
        abort();
    arena_free(&a);
    return 0;
}
