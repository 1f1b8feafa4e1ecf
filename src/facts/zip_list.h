/* zip_list: a zip's bytes → how many entries the list at its end may have. libarchive reads all of
 * it before the first entry, and keeps some 200 bytes of each, whatever the zip says of their
 * number. */
#ifndef FACTS_ZIP_LIST_H
#define FACTS_ZIP_LIST_H

#include "base/str.h"

/* Each entry of a list begins so; elsewhere in a zip that is rare. Counts no further than one over
 * the most. */
static inline size_t facts_zip_listed(struct str bytes, size_t most)
{
    static const struct str mark = STR_INIT("PK\1\2");
    size_t n = 0;
    for (size_t at; (at = str_find_str(bytes, mark)) < bytes.n; bytes = str_from(bytes, at + 1))
        if (++n > most)
            break;
    return n;
}

#endif
