/* summer: files' bytes → their sums (sums.h), in a thread of its own.
 *
 * A digest that packages have of a file takes as long as all else that is looked for in it, and
 * nothing that is found there waits for it. So bytes are copied, many files at a time, for a thread
 * that is made with the first load. One thread gives, files one after the other. */
#ifndef FACTS_SUMMER_H
#define FACTS_SUMMER_H

#include "facts/sums.h"

struct facts_summer;
struct facts_summer *facts_summer_new(void); /* NULL: libcrypto refuses (FIPS: no MD5) */

void facts_summer_begin(struct facts_summer *s, unsigned wanted); /* of enum facts_summed */
void facts_summer_add(struct facts_summer *s, const void *p, size_t n);
/* *ret is written by the end of facts_summer_settle(), and stays in place until then. */
void facts_summer_end(struct facts_summer *s, struct tree_sums *ret);

/* Returns when the sums of all files that ended are there. */
void facts_summer_settle(struct facts_summer *s);

/* Sums that were not settled may be missing. NULL is fine. */
void facts_summer_free(struct facts_summer *s);

#endif
