/* command_line: a command given as one option → its words. */
#ifndef BASE_COMMAND_LINE_H
#define BASE_COMMAND_LINE_H

#include "base/err.h"
#include "base/str.h"

/* "a 'b c'" → {a, b c} by the shell's rules of quoting, without any expansion; or a JSON array of
 * strings: ["a", "b c"]. An empty text has no words. ERR_USAGE: a quote without its end, or
 * JSON that is none or of something else. The words are in the arena. */
int command_line_words(struct arena *a, struct str text, struct strs *ret, struct err *e) MUST_USE;

#endif
