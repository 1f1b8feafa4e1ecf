/* keep: a folder of ours that remembers byte strings by name, bounded in size.
 *
 * Any number of processes may use one at once: an entry appears whole or not at all, readers are
 * never held up, and what is damaged, or not ours alone to write, counts as not there. Losing it
 * costs time only, so nothing here is an error but that there is no such folder. */
#ifndef SYS_KEEP_H
#define SYS_KEEP_H

#include "base/err.h"
#include "base/str.h"

struct sys_keep {
    int fd;        /* of the folder; −1: none */
    uint64_t most; /* bytes of all entries together */
};

/* Makes the folder with its parents (mode 0700) where it is not there. One that another user owns,
 * or that others may write to, is refused: ERR_MACHINE. */
int sys_keep_open(struct str path, uint64_t most, struct sys_keep *ret, struct err *e) MUST_USE;
void sys_keep_close(struct sys_keep *k);

/* False: not there, or larger than cap. It counts as used now. */
bool sys_keep_get(const struct sys_keep *k, struct str name, struct arena *a, size_t cap,
                  struct str *ret);

/* Those that were not used for longest go when there is no room. */
void sys_keep_put(const struct sys_keep *k, struct str name, struct str bytes);

#endif
