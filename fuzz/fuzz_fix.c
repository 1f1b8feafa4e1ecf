/* Any bytes as two texts and as edits of the first: edits that are taken make a text of the length
 * they add up to, and the difference of both texts takes out and puts in as many bytes as it must.
 */
#include <stdint.h>
#include <stdlib.h>

#include "fix/fix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_edits(struct arena *a, struct str text, struct str edits)
{
    struct fix_set s;
    size_t want = text.n;
    fix_begin(&s, a, text);
    for (; edits.n >= 4; edits = str_from(edits, 4)) {
        const unsigned char *e = (const unsigned char *)edits.p;
        struct fix_edit both[] = {{{e[0], e[1]}, str_slice(edits, 3, 3u + (e[3] & 1))},
                                  {{e[1], e[2]}, str_slice(edits, 0, e[3] & 3)}};
        size_t had = s.edits.n;
        if (!fix_take(&s, &(struct fix){.edits = {both, 2, 2}}) && s.edits.n != had)
            abort();
    }
    vec_each (&s.edits, i)
        want += s.edits.v[i].text.n - (s.edits.v[i].place.to - s.edits.v[i].place.from);
    if (fix_apply(&s).n != want)
        abort();
}

static void check_diff(struct arena *a, struct str before, struct str after)
{
    struct str diff = fix_diff(a, STR("x"), before, after), line, rest = diff;
    size_t out = 0, in = 0;
    if ((diff.n == 0) != str_eq(before, after))
        abort();
    for (size_t at = 0; rest.n; at++) {
        size_t end = str_find(rest, '\n') + 1;
        line = str_slice(rest, 0, end);
        rest = str_from(rest, end);
        size_t bytes = line.n - 1 - (rest.n && rest.p[0] == '\\');
        out += at > 1 && line.p[0] == '-' ? bytes : 0;
        in += at > 1 && line.p[0] == '+' ? bytes : 0;
    }
    if (before.n - out != after.n - in)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct str all = {(const char *)data, n};
    size_t half = n ? data[0] : 0;
    struct str text = str_slice(all, 1, 1 + half), rest = str_from(all, 1 + half);
    check_edits(&a, text, rest);
    check_diff(&a, text, rest);
    arena_free(&a);
    return 0;
}
