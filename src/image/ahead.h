/* ahead: an inflate that works ahead of its reader, in threads of its own.
 *
 * Decompressing a layer takes about as long as reading its tar, hashing what was decompressed half
 * of that, and none of them needs what another finds: a few blocks between them let all cores work.
 */
#ifndef IMAGE_AHEAD_H
#define IMAGE_AHEAD_H

#include "base/buf.h"
#include "image/inflate.h"

struct ahead;

/* Takes `in` over. With threaded false, or where no thread can be made, blocks are made when asked
 * for. The source behind `in` is read by a thread alone until ahead_end(). Blocks are hashed. */
struct ahead *ahead_begin(struct inflate *in, bool threaded);

/* As inflate_block(). */
ssize_t ahead_block(struct ahead *s, const void **ret, struct err *e) MUST_USE;

/* Ends the threads, wherever they are, frees s, and gives the inflate back for inflate_end() or
 * inflate_drop(). NULL is fine and gives NULL. */
struct inflate *ahead_end(struct ahead *s);

#endif
