/* redact: text → the same text with its secrets cut short: what the kinds find, private keys even
 * when their end is missing, and values of NAME=value words whose names tell.
 *
 * Invariants
 * 1. The cost is linear in the text. (test_redact: long)
 * 2. secret_redact() leaves at most four characters of each secret. (test_redact: redacted)
 * 3. Versions, digests, paths, public keys and the names of official images' variables are no
 *    secrets. (test_redact: is no secret)
 * 4. A text with more hits than are looked at is not shown at all. (test_redact: too many)
 */
#include "secret/redact.h"

#include "base/buf.h"
#include "secret/kinds.h"

/* ---- NAME=value ---- */

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

static struct str unquote(struct str value)
{
    bool quoted = value.n >= 2 && is_quote(value.p[0]) && value.p[value.n - 1] == value.p[0];
    return quoted ? str_slice(value, 1, value.n - 1) : value;
}

bool secret_assignment(struct str name, struct str value)
{
    return secret_value_is_literal(unquote(value)) && secret_name_tells(name);
}

struct str secret_short(struct arena *a, struct str secret)
{
    size_t n = 0;
    for (size_t shown = 0; shown < 4 && n < secret.n; shown++)
        do
            n++;
        while (n < secret.n && ((unsigned char)secret.p[n] & 0xc0) == 0x80);
    /* of a short secret, four characters would be the most of it */
    return str_fmt(a, STR_F "…", STR_A(str_slice(secret, 0, secret.n < 12 ? n / 4 : n)));
}

struct str secret_start(struct arena *a, struct str secret)
{
    static const struct str begins = STR_INIT("-----BEGIN ");
    struct str rest = secret, line;
    if (!str_starts(secret, begins))
        return secret_short(a, secret);
    rest = str_from(rest, begins.n);
    rest = str_from(rest, str_find_str(rest, STR("-----")) + 5);
    while (rest.n) {
        size_t skip = 0;
        while (skip < rest.n && ((unsigned char)rest.p[skip] <= ' ' || rest.p[skip] == '\\'))
            skip += rest.p[skip] == '\\' ? 2 : 1; /* a line end, as JSON writes it */
        rest = str_from(rest, skip);
        size_t n = 0;
        while (n < rest.n && rest.p[n] != '\n' && rest.p[n] != '\\')
            n++;
        line = str_slice(rest, 0, n);
        if (!str_has(line, STR(": ")))
            break;
        rest = str_from(rest, n); /* "Proc-Type: 4,ENCRYPTED" */
    }
    bool end = !rest.n || str_starts(rest, STR("-----"));
    return end ? STR("…") : secret_short(a, rest);
}

/* Where the value that begins at rest ends: at its quote, or before what ends a word. */
static size_t value_end(struct str rest, char quote)
{
    size_t n = 0;
    while (n < rest.n &&
           (quote ? rest.p[n] != quote : rest.p[n] > ' ' && !strchr(";|&", rest.p[n])))
        n++;
    return n;
}

bool secret_option(struct str option, struct str value)
{
    bool named = option.n > 3 && str_starts(option, STR("-")) && !str_ends(option, STR(":"));
    /* "id=" says which one, as builders have it */
    return named && !str_starts(value, STR("-")) && !str_starts(value, STR("id=")) &&
           secret_assignment(option, value);
}

/* How a name leads to its value. */
enum lead {
    LEAD_NONE,
    LEAD_EQUALS, /* NAME=value */
    LEAD_OPTION, /* --name value, or "--name" "value" as lists of words have it */
    LEAD_HEADER, /* X-Api-Key: value */
    LEAD_SCHEME, /* Authorization: Bearer value */
};

/* What follows the name that stands at `at`; *rest begins where the value does, or its quote. A
 * word with a colon is a header when it has a dash: what people write before a colon is prose. */
static enum lead lead_of(struct str text, size_t at, struct str name, struct str *rest)
{
    char next = rest->n ? rest->p[0] : 0, quote = at ? text.p[at - 1] : 0;
    if (next == '=') {
        *rest = str_from(*rest, 1);
        return LEAD_EQUALS;
    }
    if (str_starts(name, STR("--")) && is_quote(next) && next == quote) {
        *rest = str_from(*rest, 1);
        if (rest->n && rest->p[0] == ',')
            *rest = str_from(*rest, 1);
        next = rest->n ? rest->p[0] : 0;
    }
    if (next != ' ')
        return LEAD_NONE;
    *rest = str_from(*rest, 1);
    if (str_starts(name, STR("--")))
        return LEAD_OPTION;
    if (!str_ends(name, STR(":")))
        return LEAD_NONE;
    struct str before = str_slice(name, 0, name.n - 1);
    if (str_eq_case(before, STR("Authorization")) ||
        str_eq_case(before, STR("Proxy-Authorization")))
        return LEAD_SCHEME;
    return str_has(before, STR("-")) ? LEAD_HEADER : LEAD_NONE;
}

/* "Bearer value": what is behind the scheme; without one it is no login. */
static struct str after_scheme(struct str rest)
{
    size_t n = 0;
    while (n < rest.n && n < 16 && (rest.p[n] | 0x20) >= 'a' && (rest.p[n] | 0x20) <= 'z')
        n++;
    return n && n < rest.n && rest.p[n] == ' ' ? str_from(rest, n + 1) : (struct str){0};
}

static size_t header_end(struct str rest)
{
    size_t n = 0;
    while (n < rest.n && rest.p[n] > ' ' && !is_quote(rest.p[n]))
        n++;
    return n;
}

/* The value that the name at `at` leads to, its quotes taken off; n 0: there is none, or a harmless
 * one. Words may begin inside of others, $(A=$(A=…, so the end of a value is only looked for when
 * the value will be taken: name and first letter tell. */
static struct str assigned_value(struct str text, size_t at, struct str *name)
{
    enum { LONGEST_NAME = 128 };
    size_t end = at;
    while (end < text.n && end - at <= LONGEST_NAME && text.p[end] > ' ' &&
           !strchr("\"'=;|&", text.p[end]))
        end++;
    *name = str_slice(text, at, end);
    struct str rest = str_from(text, end);
    enum lead lead =
        name->n && name->n <= LONGEST_NAME ? lead_of(text, at, *name, &rest) : LEAD_NONE;
    if (lead == LEAD_NONE)
        return (struct str){0};
    if (lead == LEAD_SCHEME)
        rest = after_scheme(rest);
    char quote = rest.n && is_quote(rest.p[0]) && lead < LEAD_HEADER ? rest.p[0] : 0;
    rest = str_from(rest, quote != 0);
    if (!secret_value_may_be(rest) || (lead != LEAD_SCHEME && !secret_name_tells(*name)))
        return (struct str){0};
    size_t n = lead >= LEAD_HEADER ? header_end(rest) : value_end(rest, quote);
    struct str value = str_slice(rest, 0, n);
    bool good =
        lead == LEAD_OPTION ? secret_option(*name, value) : secret_value_is_literal(unquote(value));
    return good ? value : (struct str){0};
}

bool secret_find_assignment(struct str text, size_t from, struct str *name, struct secret_hit *ret)
{
    for (size_t at = from; at < text.n; at++) {
        if (at && !strchr(" \t\n;|&?=(\"'", text.p[at - 1]))
            continue;
        struct str value = assigned_value(text, at, name);
        if (!value.n)
            continue;
        *ret = (struct secret_hit){(size_t)(value.p - text.p), value.n};
        return true;
    }
    return false;
}

/* ---- redaction ---- */

/* "-----BEGIN RSA PRIVATE KEY-----" and what follows, to its end line or the end of the text. */
bool secret_find_armour(struct str text, size_t from, struct secret_hit *ret)
{
    static const struct str begins = STR_INIT("-----BEGIN ");
    for (size_t at = from; at < text.n; at += begins.n) {
        at += str_find_str(str_from(text, at), begins);
        struct str rest = str_from(text, at), head = str_slice(rest, begins.n, begins.n + 40);
        size_t close = str_find_str(head, STR("-----"));
        if (close == head.n || !str_has(str_slice(head, 0, close), STR("PRIVATE KEY")))
            continue;
        *ret = (struct secret_hit){at, str_find_str(rest, STR("-----END "))};
        return true;
    }
    return false;
}

/* Secrets of each source, from the left. */
struct walk {
    struct str text;
    size_t done; /* of text: what is before was looked at */
    struct secret_list found;
    size_t next; /* of found */
    bool armours_end, assigned_end;
    struct secret_hit armour, assigned;
};

/* False: too much to look at. */
static bool walk_begin(struct walk *w, struct secret_scanner *s, struct arena *a, struct str text)
{
    *w = (struct walk){.text = text};
    return s && secret_scan_text(s, a, text, &w->found);
}

static void earlier(struct secret_hit *best, struct secret_hit h)
{
    if (!best->n || h.at < best->at)
        *best = h;
}

/* The next secret, or what of it is not done yet. */
static bool walk_on(struct walk *w, struct str *secret)
{
    struct str name;
    struct secret_hit hit = {0};
    while (w->next < w->found.n && w->found.v[w->next].at + w->found.v[w->next].n <= w->done)
        w->next++;
    if (!w->armours_end && w->armour.at + w->armour.n <= w->done)
        w->armours_end = !secret_find_armour(w->text, w->done, &w->armour);
    if (!w->assigned_end && w->assigned.at + w->assigned.n <= w->done)
        w->assigned_end = !secret_find_assignment(w->text, w->done, &name, &w->assigned);
    if (w->next < w->found.n)
        earlier(&hit, (struct secret_hit){w->found.v[w->next].at, w->found.v[w->next].n});
    if (!w->armours_end)
        earlier(&hit, w->armour);
    if (!w->assigned_end)
        earlier(&hit, w->assigned);
    if (!hit.n)
        return false;
    size_t from = hit.at > w->done ? hit.at : w->done;
    w->done = hit.at + hit.n;
    *secret = str_slice(w->text, from, w->done);
    return true;
}

struct str secret_redact(struct secret_scanner *s, struct arena *a, struct str text)
{
    struct buf b = {.a = a};
    struct walk w;
    struct str secret;
    const char *done = text.p;
    if (!walk_begin(&w, s, a, text))
        return STR("…");
    for (; walk_on(&w, &secret); done = secret.p + secret.n) {
        buf_add(&b, (struct str){done, (size_t)(secret.p - done)});
        buf_add(&b, secret_short(a, secret));
    }
    if (!w.done)
        return text;
    buf_add(&b, str_from(text, w.done));
    return buf_str(&b);
}

/* ---- words of one command ---- */

/* The word is a part of the line, and so may be a secret, or a part of one. */
static struct str cut_word(struct arena *a, struct str line, struct str word,
                           const struct secret_hit *hits, size_t n)
{
    struct buf b = {.a = a};
    size_t at = (size_t)(word.p - line.p), end = at + word.n;
    for (size_t i = 0; i < n; i++) {
        size_t from = hits[i].at > at ? hits[i].at : at, to = hits[i].at + hits[i].n;
        to = to < end ? to : end;
        if (from >= to)
            continue;
        buf_add(&b, str_slice(line, at, from));
        buf_add(&b, secret_short(a, str_slice(line, from, to)));
        at = to;
    }
    buf_add(&b, str_slice(line, at, end));
    return buf_str(&b);
}

struct strs secret_redact_words(struct secret_scanner *s, struct arena *a, struct strs words)
{
    struct buf b = {.a = a};
    struct walk w;
    struct str secret;
    struct hits VEC(struct secret_hit) hits = {0};
    struct strs ret = {arena_array(a, struct str, words.n), words.n};
    for (size_t i = 0; i < words.n; i++)
        buf_addf(&b, "%s" STR_F, i ? " " : "", STR_A(words.v[i]));
    struct str line = buf_str(&b);
    bool known = walk_begin(&w, s, a, line);
    while (known && walk_on(&w, &secret))
        *vec_push(a, &hits) = (struct secret_hit){(size_t)(secret.p - line.p), secret.n};
    for (size_t i = 0, at = 0; i < words.n; at += words.v[i++].n + 1) {
        struct str word = str_slice(line, at, at + words.v[i].n);
        if (!known || (i && secret_option(words.v[i - 1], word)))
            ret.v[i] = secret_short(a, word);
        else
            ret.v[i] = cut_word(a, line, word, hits.v, hits.n);
    }
    return ret;
}

static void mask(char *at, size_t n)
{
    size_t shown = n < 12 ? 1 : 4;
    for (size_t i = 0; i < n; i++)
        if (at[i] != '\n' && (i >= shown || at[i] & 0x80))
            at[i] = '*';
}

struct str secret_mask(struct secret_scanner *s, struct arena *a, struct str text)
{
    struct walk w;
    struct str secret;
    char *masked = NULL;
    if (!walk_begin(&w, s, a, text)) {
        masked = str_cstr(a, text);
        mask(masked, text.n);
    }
    while (walk_on(&w, &secret)) {
        if (!masked)
            masked = str_cstr(a, text);
        mask(masked + (secret.p - text.p), secret.n);
    }
    return masked ? (struct str){masked, text.n} : text;
}
