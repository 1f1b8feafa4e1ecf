/* lint_reference: the name of an image → its registry, repository, tag and digest.
 *
 * Invariants
 * 1. Variables in braces are never cut: ${TAG:-a} has no tag. (test_lint_file: reference)
 */
#include "lint/lint_file.h"

/* Index of the first such byte outside ${ }, or s.n: ${TAG:-a} is no name with a tag. */
static size_t find_outside(struct str s, char c)
{
    size_t depth = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == c && !depth)
            return i;
        if (s.p[i] == '$' && i + 1 < s.n && s.p[i + 1] == '{')
            depth++;
        else if (s.p[i] == '}' && depth)
            depth--;
    }
    return s.n;
}

static bool cut_outside(struct str s, char c, struct str *head, struct str *tail)
{
    size_t at = find_outside(s, c);
    *head = str_slice(s, 0, at);
    *tail = str_from(s, at < s.n ? at + 1 : at);
    return at < s.n;
}

/* [REGISTRY/]REPOSITORY[:TAG][@DIGEST]; what is before the first slash is a registry when it has a
 * dot or a colon, or is localhost. */
struct lint_reference lint_reference_read(struct str text)
{
    struct lint_reference r = {.text = text};
    struct str rest, first, tail;
    cut_outside(text, '@', &rest, &r.digest);
    if (cut_outside(rest, '/', &first, &tail) &&
        (find_outside(first, '.') < first.n || find_outside(first, ':') < first.n ||
         str_is(first, "localhost"))) {
        r.registry = first;
        rest = tail;
    }
    cut_outside(rest, ':', &r.repository, &r.tag);
    return r;
}
