/* archive_search: an archive's bytes → the secrets in its members. */
#ifndef FACTS_ARCHIVE_SEARCH_H
#define FACTS_ARCHIVE_SEARCH_H

#include "facts/search.h"

enum { ARCHIVE_HEAD = 512 }; /* bytes that tell an archive */

/* By its first bytes: zip, tar, and what gzip, bzip2, xz and zstd compress. */
bool facts_archive_is(struct str head);

/* Searches the members, and archives among them. *room: what may still be unpacked of the layer's
 * archives, in bytes; each brings some with it. True when it was read to its end. *note says what
 * was not searched, of it or of archives in it; empty: nothing. */
bool facts_archive_search(struct facts_search *s, struct str bytes, struct str path, uint64_t *room,
                          struct str *note);

#endif
