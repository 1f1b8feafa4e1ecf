/* fill: words → lines of a width. */
#ifndef REPORT_FILL_H
#define REPORT_FILL_H

#include "base/buf.h"

/* Words filled into lines that end before column `width`, each behind `indent` blanks; the first
 * goes on at column `at` of a line that has begun, or begins one when `at` is 0. Ends the line. A
 * word that is too long has a line of its own. Columns are characters. */
void report_fill(struct buf *b, struct str text, size_t at, size_t indent, size_t width);

/* How many characters that is. */
size_t report_width(struct str s);

#endif
