/* take: where a match ends → the value.
 *
 * Hyperscan says where a match ends, not where it begins: asking it for that would make it six
 * times slower. The value is found from there by its alphabet.
 *
 * Invariants
 * 1. A value is at most SECRET_REACH bytes to each side of where the match ends.
 *    (test_secret_scan: long)
 */
#include "secret/kinds.h"

bool secret_letter(const char *alphabet, char c)
{
    for (const char *p = alphabet; *p; p++) {
        if (p[1] == '-' && p[2]) {
            if (c >= p[0] && c <= p[2])
                return true;
            p += 2;
        } else if (c == *p) {
            return true;
        }
    }
    return false;
}

/* The letters of a kind, as a table: a run is up to SECRET_REACH bytes long. */
struct letters {
    bool is[256];
    size_t reach; /* of a run: what is longer is no value */
};

static void letters_of(const struct secret_kind *kind, struct letters *ret)
{
    for (int c = 0; c < 256; c++)
        ret->is[c] = secret_letter(kind->alphabet, (char)c);
    ret->reach = kind->most + 64;
}

static size_t run_back(const struct letters *l, struct str text, size_t at)
{
    size_t from = at;
    while (from > 0 && at - from < l->reach && l->is[(unsigned char)text.p[from - 1]])
        from--;
    return from;
}

static size_t run_on(const struct letters *l, struct str text, size_t at)
{
    size_t to = at;
    while (to < text.n && to - at < l->reach && l->is[(unsigned char)text.p[to]])
        to++;
    return to;
}

/* Letters of the alphabet may stand before the first of the value. */
static size_t after_what_it_begins_with(const char *alternatives, struct str run)
{
    for (size_t i = 0; i < run.n; i++)
        for (struct str rest = str_of(alternatives), one; rest.n;) {
            str_cut(rest, '|', &one, &rest);
            if (run.p[i] == one.p[0] && str_starts(str_from(run, i), one))
                return i;
        }
    return run.n;
}

static void take_around(const struct secret_kind *kind, const struct letters *l, size_t end,
                        struct secret_value *ret)
{
    size_t to = run_on(l, ret->text, end), from;
    struct letters back = *l;
    if (kind->named) /* not into the name */
        back.is['='] = back.is[':'] = false;
    from = run_back(&back, ret->text, end);
    if (kind->begins)
        from += after_what_it_begins_with(kind->begins, str_slice(ret->text, from, to));
    while (to > from && (ret->text.p[to - 1] == '.' || ret->text.p[to - 1] == ','))
        to--; /* of the sentence */
    ret->at = from;
    ret->value = str_slice(ret->text, from, to);
}

static void take_after(const struct letters *l, size_t end, struct secret_value *ret)
{
    size_t at = end;
    while (at < ret->text.n && at - end < 16 && ret->text.p[at] &&
           strchr(" \t\"'`", ret->text.p[at]))
        at++;
    size_t to = run_on(l, ret->text, at);
    if (to < ret->text.n && ret->text.p[to] == '(')
        to = at; /* a call */
    ret->at = at;
    ret->value = str_slice(ret->text, at, to);
}

static void take_before(const struct letters *l, size_t end, bool at_sign, struct secret_value *ret)
{
    size_t last = end - 1;
    while (at_sign && last > 0 && end - last < 256 && ret->text.p[last] != '@')
        last--;
    ret->at = run_back(l, ret->text, last);
    ret->value = str_slice(ret->text, ret->at, last);
}

/* The armour from the start of its first line to the end of its last. */
static void take_pem(size_t end, struct secret_value *ret)
{
    static const struct str begins = STR_INIT("-----BEGIN "), ends = STR_INIT("-----END ");
    enum { LONGEST_LINE = 80 };
    size_t low = end > LONGEST_LINE ? end - LONGEST_LINE : 0;
    struct str line = str_slice(ret->text, low, end);
    size_t at = line.n;
    while (at > 0 && !str_starts(str_from(line, at), begins))
        at--;
    struct str rest = str_slice(ret->text, end, end + SECRET_REACH);
    size_t close = str_find_str(rest, ends);
    struct str tail = str_from(rest, close + ends.n);
    size_t to = end;
    if (close < rest.n)
        to += close + ends.n + str_find_str(tail, STR("-----")) + 5;
    ret->at = low + at;
    ret->value = str_slice(ret->text, ret->at, to);
}

static void take_lines(size_t end, struct secret_value *ret)
{
    struct str rest = str_slice(ret->text, end, end + SECRET_REACH);
    ret->at = end;
    ret->value = str_slice(rest, 0, str_find_str(rest, STR("Private-MAC:")));
}

bool secret_take(const struct secret_kind *kind, struct str text, size_t begin, size_t end,
                 struct secret_value *ret)
{
    struct letters l;
    *ret = (struct secret_value){.text = text};
    letters_of(kind, &l);
    switch (kind->take) {
    case SECRET_AROUND:
        take_around(kind, &l, end, ret);
        break;
    case SECRET_BEFORE:
    case SECRET_USERINFO:
        take_before(&l, end, kind->take == SECRET_USERINFO, ret);
        break;
    case SECRET_AFTER:
        take_after(&l, end, ret);
        break;
    case SECRET_PEM:
        take_pem(end, ret);
        break;
    case SECRET_LINES:
        take_lines(end, ret);
        break;
    case SECRET_MATCH:
        ret->at = begin;
        ret->value = str_slice(text, begin, end);
        break;
    }
    return ret->value.n >= kind->least && ret->value.n <= kind->most;
}
