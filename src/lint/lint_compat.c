/* lint_compat: the name of an image, as hadolint reads it → its registry, name, tag and digest.
 *
 * Invariants
 * 1. Every byte of the text is in one part at most, and a variable in braces is never cut.
 *    (test_lint_file: compat references)
 */
#include "lint/lint_file.h"

/* Behind what stands before any of these bytes; ${ } is passed over whole. */
static size_t until(struct str s, size_t at, const char *stops)
{
    for (size_t depth = 0; at < s.n; at++) {
        if (s.p[at] == '$' && at + 1 < s.n && s.p[at + 1] == '{')
            depth++;
        else if (s.p[at] == '}' && depth)
            depth--;
        else if (!depth && s.p[at] && strchr(stops, s.p[at]))
            break;
    }
    return at;
}

/* ANY.ANY/ before the name is a registry, however many slashes the first part has; so
 * localhost:5000 is a name with a tag. */
struct lint_reference lint_reference_compat(struct str text)
{
    struct lint_reference r = {.text = text};
    size_t dot = until(text, 0, "."), slash = dot < text.n ? until(text, dot + 1, "/") : text.n;
    size_t name = dot && slash < text.n && slash > dot + 1 ? slash + 1 : 0;
    size_t tag = until(text, name, "@:"), digest = tag;
    if (name)
        r.registry = str_slice(text, 0, name - 1);
    r.repository = str_slice(text, name, tag);
    if (tag < text.n && text.p[tag] == ':') {
        digest = until(text, tag + 1, "@:");
        r.tag = str_slice(text, tag + 1, digest);
    }
    if (digest < text.n)
        r.digest = str_from(text, digest + 1);
    return r;
}

/* Of --from= it takes what has a dot before the first slash for a registry, and all else for the
 * name. */
struct lint_reference lint_source_compat(struct str text)
{
    struct lint_reference r = {.text = text, .repository = text};
    struct str first, rest;
    if (str_cut(text, '/', &first, &rest) && str_find(first, '.') < first.n) {
        r.registry = first;
        r.repository = rest;
    }
    return r;
}
