/* sums: a file's bytes → the digests that package databases have of it, cut to what tells a change.
 *
 * Not for identity: 64 bits of them tell that a file is not the one that was installed, no
 * more. An intruder who can write the file can write the database, too.
 *
 * Each digest costs as much as the rest of reading a file, so a layer takes MD5 and those that the
 * package managers it shows have; all of them as long as it shows none. A file of a package whose
 * digest was not taken is counted (struct facts, n_unsummed): a layer may lie about its manager. */
#ifndef FACTS_SUMS_H
#define FACTS_SUMS_H

#include "tree/tree.h"

/* One at a time, used again for each file. */
struct facts_summing;
struct facts_summing *facts_summing_new(void); /* NULL: libcrypto refuses (FIPS: no MD5) */
void facts_summing_free(struct facts_summing *s);

enum facts_summed { SUMMED_MD5 = 1, SUMMED_SHA1 = 2, SUMMED_SHA256 = 4, SUMMED_ALL = 7 };

/* Where packages of a system put files, by FHS; a path without slash at its start. What is
 * elsewhere is not summed. */
bool facts_summed_at(struct str path);

/* The digests that a package manager wants whose own file this is; 0: it is nobody's. */
unsigned facts_summed_by(struct str path);

void facts_summing_begin(struct facts_summing *s, unsigned wanted); /* of enum facts_summed */
void facts_summing_add(struct facts_summing *s, const void *p, size_t n);
void facts_summing_end(struct facts_summing *s, struct tree_sums *ret);

/* The first eight bytes, as struct tree_sums has them, of hexadecimal or raw ones; 0: fewer. */
uint64_t facts_sum_hex(struct str hex);
uint64_t facts_sum_raw(const void *bytes, size_t n);

#endif
