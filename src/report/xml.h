/* xml: the pieces our XML is made of. */
#ifndef REPORT_XML_H
#define REPORT_XML_H

#include "base/buf.h"

void xml_begin(struct buf *b);
/* ` name="value"`, of any bytes. */
void xml_attribute(struct buf *b, const char *name, struct str value);
void xml_number(struct buf *b, const char *name, size_t n);

#endif
