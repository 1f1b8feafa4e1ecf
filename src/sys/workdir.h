/* workdir: a folder for one run of shuck, that no later run takes for its own and that the next run
 * removes when this one could not.
 *
 * Its name is shuck-work-NUMBER; whoever uses it holds a lock on it, by a descriptor that lives as
 * long as any of its processes. A folder of that name whose lock is free belongs to a dead run. */
#ifndef SYS_WORKDIR_H
#define SYS_WORKDIR_H

#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

struct sys_workdir {
    struct str path; /* absolute */
    struct str name; /* its last component */
    int parent_fd;   /* of the folder it is in */
    int fd;          /* holds the lock; close-on-exec */
    mode_t umask;    /* the caller's, before a box set its own */
};

/* Makes one in `parent` (empty: $TMPDIR or /var/tmp), mode 0700. */
int sys_workdir_make(struct arena *a, struct str parent, struct sys_workdir *ret,
                     struct err *e) MUST_USE;

/* Removes those of dead runs of `owner` in the same parent. What cannot be removed is left. */
void sys_workdir_sweep(const struct sys_workdir *w, uid_t owner);

int sys_workdir_remove(const struct sys_workdir *w, struct err *e) MUST_USE;
void sys_workdir_close(struct sys_workdir *w); /* the folder stays; so does the lock of others */

/* A file that need not survive a crash: not synced. */
int sys_write_scratch(struct str path, struct str content, struct err *e) MUST_USE;

#endif
