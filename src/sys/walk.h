/* walk: a folder → all that is below it, without following symlinks. */
#ifndef SYS_WALK_H
#define SYS_WALK_H

#include <sys/stat.h>

#include "base/err.h"
#include "base/str.h"

/* Sees one entry; path is relative to the folder walked, valid during the call. Folders come before
 * what is in them; false from a folder leaves out what is in it. */
typedef bool sys_walk_fn(void *ctx, struct str path, const struct stat *st);

/* In the order the file system has them. At most max entries (then *whole is false),
 * LIMIT_PATH_DEPTH levels. */
int sys_walk(struct str dir, size_t max, sys_walk_fn *fn, void *ctx, bool *whole,
             struct err *e) MUST_USE;

/* Opens a path as a process confined to the folder would find it: symlinks are followed, none leads
 * out. */
int sys_open_inside(int dir_fd, struct str path, int flags, int *ret, struct err *e) MUST_USE;

#endif
