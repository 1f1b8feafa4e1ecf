/* os_release: os-release(5) text → one key's value.
 *
 * Invariants
 * 1. Quotes and backslashes are the shell's: "a\"b" and 'a"b' are both a"b. (test_os_release)
 */
#include "base/buf.h"
#include "facts/parse.h"

static struct str unquote(struct str s, struct arena *a)
{
    struct buf b = {.a = a};
    char quote = 0;
    if (s.n && (s.p[0] == '"' || s.p[0] == '\''))
        quote = s.p[0];
    for (size_t i = quote ? 1 : 0; i < s.n && (!quote || s.p[i] != quote); i++) {
        if (s.p[i] == '\\' && quote != '\'' && i + 1 < s.n)
            i++;
        buf_addc(&b, s.p[i]);
    }
    return buf_str(&b);
}

struct str facts_os_release(struct str text, struct arena *a, struct str key)
{
    struct str line, name, value, found = {0};
    while (str_line(&text, &line)) {
        line = str_trim(line);
        if (str_cut(line, '=', &name, &value) && str_eq(name, key))
            found = value; /* the last one holds, as in a shell */
    }
    return unquote(found, a);
}
