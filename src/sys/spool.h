/* spool: bytes put at their offsets, in any order and by several threads, and got back later. A
 * small spool is memory, a larger one an unnamed temporary file. */
#ifndef SYS_SPOOL_H
#define SYS_SPOOL_H

#include <stdint.h>

#include "base/err.h"

enum { SYS_SPOOL_MEMORY = 16 * 1024 * 1024 };

struct sys_spool {
    int fd;       /* −1: in memory */
    char *memory; /* NULL: in fd */
    uint64_t size;
};

/* Room for size bytes. End it with sys_spool_end(), which a zeroed one with fd −1 does not need. */
int sys_spool_begin(uint64_t size, struct sys_spool *ret, struct err *e) MUST_USE;
int sys_spool_put(struct sys_spool *s, uint64_t at, const void *p, size_t n,
                  struct err *e) MUST_USE;
int sys_spool_get(const struct sys_spool *s, uint64_t at, void *p, size_t n,
                  struct err *e) MUST_USE;
void sys_spool_end(struct sys_spool *s);

#endif
