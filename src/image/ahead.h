/* ahead: an inflate that works ahead of its reader, in a thread of its own.
 *
 * Decompressing and hashing a layer takes about as long as reading its tar, and neither needs the
 * other's result: two blocks between them let both cores work. */
#ifndef IMAGE_AHEAD_H
#define IMAGE_AHEAD_H

#include "base/buf.h"
#include "image/inflate.h"

struct ahead;

/* Takes `in` over. With threaded false, or where no thread can be made, blocks are made when asked
 * for. The source behind `in` is read by the thread alone until ahead_end(). */
struct ahead *ahead_begin(struct inflate *in, bool threaded);

/* As inflate_block(). */
ssize_t ahead_block(struct ahead *s, const void **ret, struct err *e) MUST_USE;

/* Ends the thread, wherever it is, frees s, and gives the inflate back for inflate_end() or
 * inflate_drop(). NULL is fine and gives NULL. */
struct inflate *ahead_end(struct ahead *s);

#endif
