/* dirwalk: a folder and all below it, in byte order of paths' components, folders before what is in
 * them.
 *
 * Everything is looked at relative to descriptors and no symlink is followed, so what changes the
 * tree meanwhile cannot lead the walk out of it. */
#ifndef SYS_DIRWALK_H
#define SYS_DIRWALK_H

#include <sys/stat.h>

#include "base/err.h"
#include "base/str.h"

struct sys_walk;

/* Valid until the next sys_walk_next(). */
struct sys_walk_entry {
    struct str path; /* relative to the start, "" for the start itself */
    struct stat st;
    struct str target; /* of a symlink */
};

/* dir_fd stays the caller's. Folders more than `depth` deep are ERR_INPUT. After a failure the next
 * call of sys_walk_next() goes on behind what failed. */
int sys_walk_begin(int dir_fd, size_t depth, struct sys_walk **ret, struct err *e) MUST_USE;
int sys_walk_next(struct sys_walk *w, struct sys_walk_entry *ret, struct err *e) MUST_USE;
/* Not into the folder just returned. */
void sys_walk_skip(struct sys_walk *w);
/* The regular file just returned, for reading. */
int sys_walk_open(struct sys_walk *w, int *ret, struct err *e) MUST_USE;
/* Extended attributes of what was just returned, sorted by name; over `cap` bytes is ERR_INPUT.
 * A file system without any gives none. Memory is of the walk, until the next sys_walk_next(). */
int sys_walk_xattrs(struct sys_walk *w, size_t cap, struct str_pairs *ret, struct err *e) MUST_USE;
void sys_walk_end(struct sys_walk *w); /* NULL is fine */

#endif
