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

/* Why a forgiving walk returns less than there is. */
enum sys_walk_gap {
    SYS_WALK_WHOLE,
    SYS_WALK_DENIED,    /* a folder that is not gone into, or something (st_mode 0) not looked at */
    SYS_WALK_GONE,      /* it was there a moment ago; st_mode is 0 */
    SYS_WALK_ELSEWHERE, /* a folder that another file system is mounted on: not gone into */
};

/* Valid until the next sys_walk_next(). */
struct sys_walk_entry {
    struct str path; /* relative to the start, "" for the start itself */
    struct stat st;
    struct str target; /* of a symlink */
    enum sys_walk_gap gap;
};

/* dir_fd stays the caller's. Folders more than `depth` deep are ERR_INPUT. After a failure the next
 * call of sys_walk_next() goes on behind what failed. */
int sys_walk_begin(int dir_fd, size_t depth, struct sys_walk **ret, struct err *e) MUST_USE;
int sys_walk_next(struct sys_walk *w, struct sys_walk_entry *ret, struct err *e) MUST_USE;
/* For a folder that lives: before the first entry. What cannot be looked at becomes an entry with a
 * gap, not a failure, and the walk stays on the start's file system. */
void sys_walk_forgive(struct sys_walk *w);
struct str sys_walk_path(const struct sys_walk *w); /* of the entry just returned */
/* Not into the folder just returned. */
void sys_walk_skip(struct sys_walk *w);
/* The regular file just returned, for reading. */
int sys_walk_open(struct sys_walk *w, int *ret, struct err *e) MUST_USE;
/* Extended attributes of what was just returned, sorted by name; over `cap` bytes is ERR_INPUT.
 * A file system without any gives none. Memory is of the walk, until the next sys_walk_next(). */
int sys_walk_xattrs(struct sys_walk *w, size_t cap, struct str_pairs *ret, struct err *e) MUST_USE;
void sys_walk_end(struct sys_walk *w); /* NULL is fine */

#endif
