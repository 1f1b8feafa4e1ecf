/* xml: see xml.h.
 *
 * Invariants
 * 1. Any bytes become well-formed XML 1.0. (tests/lint_formats.t: bad bytes)
 */
#include "report/xml.h"

#include "base/safe.h"

void xml_begin(struct buf *b)
{
    buf_addz(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

void xml_attribute(struct buf *b, const char *name, struct str value)
{
    buf_addf(b, " %s=\"" STR_F "\"", name, STR_A(safe_html(b->a, value)));
}

void xml_number(struct buf *b, const char *name, size_t n)
{
    buf_addf(b, " %s=\"%zu\"", name, n);
}
