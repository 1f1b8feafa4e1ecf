/* fill: see fill.h.
 *
 * Invariants
 * 1. Words are neither lost nor changed; no line is longer than asked, but for a word that is.
 *    (test_fill: width)
 */
#include "report/fill.h"

/* Wide ones count as one. */
size_t report_width(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return n;
}

static void add_blanks(struct buf *b, size_t n)
{
    for (; n; n--)
        buf_addc(b, ' ');
}

void report_fill(struct buf *b, struct str text, size_t at, size_t indent, size_t width)
{
    struct str word;
    bool first = true; /* in its line */
    if (!at)
        add_blanks(b, at = indent);
    while (str_word(&text, &word)) {
        size_t n = report_width(word);
        if (!first && at + 1 + n > width) {
            buf_addc(b, '\n');
            add_blanks(b, at = indent);
            first = true;
        }
        if (!first)
            buf_addc(b, ' '), at++;
        buf_add(b, word);
        at += n;
        first = false;
    }
    buf_addc(b, '\n');
}
