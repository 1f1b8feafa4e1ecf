/* html: pieces that every page of ours is made of. A page is one file: its styles are inside, it
 * loads nothing, it needs no script, and it follows the reader's choice of light or dark. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/buf.h"

/* Everything up to and with <body><main>, and the end of it. The title is plain text. */
void html_begin(struct buf *b, struct str title);
void html_end(struct buf *b);

/* Text of any bytes, escaped. */
void html_text(struct buf *b, struct str s);
void html_textz(struct buf *b, const char *s);

/* <tag class="…">text</tag>; class may be NULL. */
void html_element(struct buf *b, const char *tag, const char *class, struct str text);

/* A heading with an id to link to. */
void html_heading(struct buf *b, const char *id, const char *text);

#endif
