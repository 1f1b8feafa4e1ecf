/* dockerfile_json: `["a", "b"]` → its strings, each byte with its place.
 *
 * Invariants
 * 1. What is no JSON array is left to be read as shell form; what is one, but holds something else
 *    than strings, is an error. (test_dockerfile: json)
 * 2. An escape is one byte or one character of text and keeps all its bytes in the file.
 *    (test_dockerfile: json)
 */
#include "base/json.h"
#include "dockerfile/dockerfile_parse.h"

/* Four hexadecimal digits at s[at], or -1. */
static int hex4(struct str s, size_t at)
{
    uint64_t n;
    struct str digits = str_slice(s, at, at + 4);
    return digits.n == 4 && !str_u64(digits, 16, &n) ? (int)n : -1;
}

static struct str utf8(uint32_t c, char to[4])
{
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n; i-- > 1; c >>= 6)
        to[i] = (char)(0x80 | (c & 0x3f));
    to[0] = (char)(lead[n] | c);
    return (struct str){to, n};
}

/* The escape at *at (its backslash). False: none that JSON has. */
static bool escape(const struct placed *text, size_t *at, struct placed_buf *b)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    struct str s = text->s;
    char c = *at + 1 < s.n ? s.p[*at + 1] : 0, bytes[4];
    const char *known = c ? strchr(from, c) : NULL;
    size_t n = 2;
    struct str value;
    if (known) {
        bytes[0] = to[known - from];
        value = (struct str){bytes, 1};
    } else if (c == 'u') {
        int high = hex4(s, *at + 2);
        if (high < 0)
            return false;
        n = 6;
        uint32_t point = (uint32_t)high;
        int low = str_starts(str_from(s, *at + 6), STR("\\u")) ? hex4(s, *at + 8) : -1;
        if (high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
            point = 0x10000 + ((uint32_t)(high - 0xd800) << 10) + (uint32_t)(low - 0xdc00);
            n = 12;
        } else if (high >= 0xd800 && high < 0xe000) {
            point = 0xfffd; /* half a pair */
        }
        value = utf8(point, bytes);
    } else {
        return false;
    }
    placed_add_wide(b, value, placed_span(text, *at, *at + n));
    *at += n;
    return true;
}

/* The string at *at (its quote); leaves *at behind it. */
static bool string(struct arena *a, const struct placed *text, size_t *at,
                   struct dockerfile_word *ret)
{
    struct str s = text->s;
    size_t from = *at, plain = *at + 1;
    struct placed_buf b = {.text = {.a = a}};
    size_t i = plain;
    while (i < s.n && s.p[i] != '"') {
        if ((unsigned char)s.p[i] < 0x20)
            return false;
        if (s.p[i] != '\\') {
            i++;
            continue;
        }
        placed_add(&b, text, plain, i);
        if (!escape(text, &i, &b))
            return false;
        plain = i;
    }
    if (i >= s.n)
        return false;
    if (plain == from + 1) {
        ret->text = placed_sub(text, plain, i);
    } else {
        placed_add(&b, text, plain, i);
        ret->text = placed_done(&b);
    }
    *at = i + 1;
    ret->place = placed_span(text, from, i + 1);
    return true;
}

static void pass_blanks(struct str s, size_t *at)
{
    while (*at < s.n && strchr(" \t\r\n", s.p[*at]))
        ++*at;
}

static bool strings(struct arena *a, const struct placed *text, struct dockerfile_words *ret)
{
    struct str s = text->s;
    size_t at = 1;
    pass_blanks(s, &at);
    if (at < s.n && s.p[at] == ']')
        return at + 1 == s.n;
    for (;;) {
        struct dockerfile_word word = {0};
        pass_blanks(s, &at);
        if (at >= s.n || s.p[at] != '"' || !string(a, text, &at, &word))
            return false;
        *vec_push(a, ret) = word;
        pass_blanks(s, &at);
        if (at >= s.n || (s.p[at] != ',' && s.p[at] != ']'))
            return false;
        if (s.p[at++] == ']')
            return at == s.n;
    }
}

bool dockerfile_read_json(struct dockerfile_parser *p, const struct placed *text,
                          struct dockerfile_words *ret)
{
    struct dockerfile_words words = {0};
    if (!text->s.n || text->s.p[0] != '[')
        return false;
    if (strings(p->a, text, &words)) {
        *ret = words;
        return true;
    }
    JSON_AUTO json_t *value = NULL;
    struct err ignored = {0};
    if (json_read(text->s, &value, &ignored))
        return false;
    dockerfile_complain(p, placed_span(text, 0, text->s.n),
                        "expected only strings in this JSON array");
    return true;
}
