/* tar_write: entries → tar bytes, the same for the same entries.
 *
 * ustar, with pax records for what it cannot hold (long names, large ids, xattrs); no user or group
 * names. */
#ifndef IMAGE_TAR_WRITE_H
#define IMAGE_TAR_WRITE_H

#include "base/source.h"
#include "image/image.h"

struct tar_write;

/* to stays the caller's and must live as long. */
int tar_write_begin(struct sink *to, struct tar_write **ret, struct err *e) MUST_USE;
/* The size bytes of an ENTRY_FILE follow by tar_write_data(). */
int tar_write_entry(struct tar_write *w, const struct image_entry *entry, struct err *e) MUST_USE;
int tar_write_data(struct tar_write *w, const void *p, size_t n, struct err *e) MUST_USE;
/* Fails when the last entry's data is not whole; w is freed, also on failure. */
int tar_write_end(struct tar_write *w, struct err *e) MUST_USE;
void tar_write_drop(struct tar_write *w); /* NULL is fine */

#endif
