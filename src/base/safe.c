/* safe: any bytes → printable UTF-8.
 *
 * Invariants
 * 1. The result is valid UTF-8 without C0, DEL, C1 and bidirectional control characters, U+FFFE and
 * U+FFFF. (test_safe: every byte)
 * 2. JSON that was made safe has the same value. (test_json: unsafe)
 */
#include "base/safe.h"

#include "base/buf.h"

size_t safe_sequence(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    if (!s.n)
        return 0;
    if (p[0] < 0x80)
        return 1;
    size_t len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || len > s.n)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90);
    bool outside = (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf4 && p[1] > 0x8f);
    return overlong || outside ? 0 : len;
}

size_t safe_utf8(struct str s)
{
    size_t at = 0;
    for (size_t n; (n = safe_sequence(str_from(s, at)));)
        at += n;
    return at;
}

/* 2 bytes: C1 controls, U+061C. 3 bytes: U+200E–F, U+202A–E, U+2066–9, and U+FFFE–F, which are no
 * characters and which XML refuses. */
static bool is_control(struct str s, size_t len)
{
    const unsigned char *p = (const unsigned char *)s.p;
    if (len == 1)
        return p[0] < 0x20 || p[0] == 0x7f;
    if (len == 2)
        return (p[0] == 0xc2 && p[1] < 0xa0) || (p[0] == 0xd8 && p[1] == 0x9c);
    if (len == 3 && p[0] == 0xef)
        return p[1] == 0xbf && p[2] >= 0xbe;
    if (len != 3 || p[0] != 0xe2)
        return false;
    return (p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f || (p[2] >= 0xaa && p[2] <= 0xae))) ||
           (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9);
}

static bool is_safe(struct str s)
{
    for (size_t len; s.n; s = str_from(s, len)) {
        len = safe_sequence(s);
        if (!len || is_control(s, len))
            return false;
    }
    return true;
}

static void add_safe(struct buf *b, struct str s, size_t *took)
{
    size_t len = safe_sequence(s);
    *took = len ? len : 1;
    if (len && !is_control(s, len)) {
        buf_add(b, str_slice(s, 0, len));
        return;
    }
    for (size_t i = 0; i < *took; i++)
        buf_addf(b, "\\x%02x", (unsigned char)s.p[i]);
}

struct str safe_text(struct arena *a, struct str s)
{
    if (is_safe(s))
        return s;
    struct buf b = {.a = a};
    for (size_t took; s.n; s = str_from(s, took))
        add_safe(&b, s, &took);
    return buf_str(&b);
}

/* The code point of a valid sequence of two or three bytes, or of one. */
static unsigned code_point(struct str s, size_t len)
{
    const unsigned char *p = (const unsigned char *)s.p;
    return len == 1   ? p[0]
           : len == 2 ? (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu)
                      : (p[0] & 0xfu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
}

/* The length of the next character that JSON text may not show, or 0. */
static size_t hides(struct str s)
{
    bool layout = s.p[0] == '\n' || s.p[0] == ' ';
    bool plain = (unsigned char)s.p[0] >= 0x20 && (unsigned char)s.p[0] < 0x7f;
    size_t len = layout || plain ? 0 : safe_sequence(s);
    return len && is_control(s, len) ? len : 0;
}

struct str safe_json(struct arena *a, struct str s)
{
    struct buf b = {.a = a};
    size_t from = 0;
    for (size_t i = 0; s.p && i < s.n;) {
        size_t len = hides(str_from(s, i));
        if (len) {
            buf_add(&b, str_slice(s, from, i));
            buf_addf(&b, "\\u%04x", code_point(str_from(s, i), len));
            from = i + len;
        }
        i += len ? len : 1;
    }
    if (!from)
        return s;
    buf_add(&b, str_from(s, from));
    return buf_str(&b);
}

struct str safe_html(struct arena *a, struct str s)
{
    static const struct {
        char c;
        const char *entity;
    } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    struct buf b = {.a = a};
    for (size_t took = 1; s.n; s = str_from(s, took)) {
        const char *entity = NULL;
        for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
            if (s.p[0] == entities[i].c)
                entity = entities[i].entity;
        took = 1;
        if (entity)
            buf_addz(&b, entity);
        else
            add_safe(&b, s, &took);
    }
    return buf_str(&b);
}
