/* pattern: a kind of secret → what Hyperscan looks for; names of files.
 *
 * Invariants
 * 1. What a kind begins with stands for itself, whatever characters it has.
 *    (test_secret_scan: not found)
 */
#include "base/buf.h"
#include "secret/kinds.h"

/* NAME_IN_FULL = "value", in the ways that programs and settings write it; of XML also
 * key="NAME_IN_FULL" value="value". */
#define NAME_BEGINS "(?i)(?:^|[^a-z0-9])(?:"
#define NAME_ENDS   ")[a-z0-9_.-]{0,24}[\"']?\\]?\\s{0,4}(?::=|=>|(?:value)?=|:)\\s{0,4}[\"'`]?"

/* Letters of a named value that make a hit; how many it has is counted when it is taken. With all
 * of them the database would be twice as large. */
enum { ENOUGH = 12 };

/* Letters of a pattern that stand for themselves; "|" between alternatives stays. */
static void add_plain(struct buf *b, const char *text)
{
    for (; *text; text++) {
        if (strchr(".$+*?()[]{}^\\", *text))
            buf_addc(b, '\\');
        buf_addc(b, *text);
    }
}

static size_t longest(const char *alternatives)
{
    size_t most = 0;
    for (struct str rest = str_of(alternatives), one; rest.n;) {
        str_cut(rest, '|', &one, &rest);
        most = one.n > most ? one.n : most;
    }
    return most;
}

struct str secret_pattern(struct arena *a, const struct secret_kind *kind)
{
    struct buf b = {.a = a};
    if (kind->pattern)
        return str_of(kind->pattern);
    if (kind->named) {
        buf_addz(&b, NAME_BEGINS);
        buf_addz(&b, kind->named);
        buf_addz(&b, NAME_ENDS);
        buf_addf(&b, "[%s]{%u}", kind->alphabet, kind->least < ENOUGH ? kind->least : ENOUGH);
    } else {
        size_t n = longest(kind->begins);
        buf_addz(&b, "\\b(?:");
        add_plain(&b, kind->begins);
        buf_addf(&b, ")[%s]{%zu}", kind->alphabet, kind->least > n ? kind->least - n : 1);
    }
    return buf_str(&b);
}

bool secret_file_fits(struct str want, struct str path)
{
    if (want.p[0] == '*')
        return str_ends(path, str_from(want, 1));
    if (str_ends(want, STR(".*"))) {
        size_t slash = str_rfind(path, '/');
        return str_starts(slash < path.n ? str_from(path, slash + 1) : path,
                          str_slice(want, 0, want.n - 1));
    }
    return str_ends(path, want) && (path.n == want.n || path.p[path.n - want.n - 1] == '/');
}

bool secret_file_is(const char *list, struct str path)
{
    struct str rest = str_of(list), want;
    while (str_word(&rest, &want))
        if (secret_file_fits(want, path))
            return true;
    return false;
}
