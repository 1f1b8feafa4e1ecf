/* identity: see identity.h.
 *
 * Made of the rule, the place without numbers of layers, lines and list entries, the evidence as
 * identity_evidence() has it, or what the rule says stays of it, what is told of a secret, and how
 * many alike came before. A secret is the same in whatever file, and in whatever key of the config:
 * which of its places comes first says nothing. It is another one where an ignore covers it, since
 * a value has a finding of each then.
 *
 * Invariants
 * 1. A finding keeps its identity when layers are added below it, when lists it stands in grow, and
 *    when versions and sizes change. (test_identity: stays)
 * 2. Another rule, path, advisory, start of a secret or secret is another identity.
 *    (test_identity: differs)
 * 3. No two findings of a report share one. (test_identity: alike)
 * 4. A secret keeps it when its first place goes and another is left, and when a layer hides it.
 *    (tests/cli/audit/since-secret)
 */
#include "finding/identity.h"

#include "base/buf.h"

enum { HEX_DIGITS = 32, HEX_WORD = 12 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_alnum(char c)
{
    return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z');
}

/* Of a word: a version may have all of these. */
static bool in_word(char c)
{
    return is_alnum(c) || c == '.' || c == ':' || c == '~' || c == '+' || c == '_' || c == '-';
}

/* "CVE-2026-1234", "DSA-5000-1" */
static bool is_advisory(struct str word)
{
    size_t n = 0;
    while (n < word.n && is_upper(word.p[n]))
        n++;
    return n >= 2 && n < word.n && word.p[n] == '-';
}

static bool is_hex(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]) && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
            return false;
    return s.n >= HEX_WORD;
}

/* The end of the digits, and dots with digits behind them, that begin at i; i: there are none. */
static size_t number_end(struct str s, size_t i)
{
    while (i < s.n && is_digit(s.p[i])) {
        while (i < s.n && is_digit(s.p[i]))
            i++;
        if (i + 1 < s.n && s.p[i] == '.' && is_digit(s.p[i + 1]))
            i++;
    }
    return i;
}

/* "libssl3", "gcc-12.2", "sha256:0123456789ab": its letters stay. */
static void add_letters(struct buf *b, struct str word)
{
    for (size_t i = 0, end; i < word.n; i = end) {
        for (end = i; end < word.n && is_alnum(word.p[end]);)
            end++;
        if (end == i) {
            buf_addc(b, word.p[end++]);
        } else if (is_hex(str_slice(word, i, end))) {
            buf_addc(b, '#');
        } else {
            while (i < end && !is_digit(word.p[i]))
                buf_addc(b, word.p[i++]);
            if (i < end) {
                buf_addc(b, '#');
                end = number_end(word, i);
            }
        }
    }
}

struct str identity_evidence(struct arena *a, struct str text)
{
    static const struct str cut = STR_INIT("\xe2\x80\xa6"); /* … behind the start of a secret */
    struct buf b = {.a = a};
    size_t n;
    for (size_t i = 0; i < text.n; i += n) {
        for (n = 0; i + n < text.n && in_word(text.p[i + n]);)
            n++;
        struct str word = str_slice(text, i, i + n);
        if (!n)
            buf_addc(&b, text.p[i]), n = 1;
        else if (is_advisory(word) || str_starts(str_from(text, i + n), cut))
            buf_add(&b, word);
        else if (is_digit(word.p[0]))
            buf_addc(&b, '#');
        else
            add_letters(&b, word);
    }
    return buf_str(&b);
}

/* "Env[3]" is "Env[]": the entry is told by what it says. */
static void add_key(struct buf *b, struct str key)
{
    bool inside = false;
    for (size_t i = 0; i < key.n; i++) {
        inside &= is_digit(key.p[i]);
        if (!inside)
            buf_addc(b, key.p[i]);
        inside |= key.p[i] == '[';
    }
}

static void add_place(struct buf *b, const struct location *l)
{
    switch (l->kind) {
    case LOCATION_IMAGE:
        break;
    case LOCATION_CONFIG:
        add_key(b, l->config_key);
        break;
    case LOCATION_LAYER:
    case LOCATION_FILE:
        buf_add(b, l->path);
        break;
    }
}

struct str finding_identity(struct map *seen, const struct finding *f)
{
    struct buf b = {.a = seen->a};
    buf_addf(&b, "%s\n%d\n", f->rule->id, f->where.kind);
    if (!f->told)
        add_place(&b, &f->where);
    buf_addc(&b, '\n');
    buf_add(&b, f->same.n ? f->same : identity_evidence(seen->a, f->evidence));
    if (f->told)
        buf_addf(&b, "\n%x%s", f->told, f->ignored.n ? " ignored" : "");
    struct str key = buf_str(&b);
    uintptr_t *alike = (uintptr_t *)map_at(seen, key);
    struct digest d = digest_of(str_fmt(seen->a, STR_F "\n%zu", STR_A(key), (size_t)(*alike)++));
    return str_slice(digest_hex(seen->a, &d), 0, HEX_DIGITS);
}
