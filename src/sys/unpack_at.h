/* unpack_at: things made in a folder that is known by descriptor, one component at a time.
 *
 * Nothing that exists is ever opened for writing, followed or replaced: what is there already is an
 * error. Names are single components; a name with '/' or NUL, "." or ".." is refused. */
#ifndef SYS_UNPACK_AT_H
#define SYS_UNPACK_AT_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct sys_owner {
    uint32_t uid, gid, mode;
    int64_t mtime; /* seconds; accessed as well */
};

int sys_at_make_dir(int dir_fd, struct str name, struct err *e) MUST_USE;         /* 0700 */
int sys_at_create(int dir_fd, struct str name, int *ret, struct err *e) MUST_USE; /* 0600 */
int sys_at_link(int from_fd, struct str from, int dir_fd, struct str name, struct err *e) MUST_USE;
/* With owner and times; a symlink has no mode of its own. */
int sys_at_symlink(int dir_fd, struct str name, struct str target, const struct sys_owner *o,
                   struct err *e) MUST_USE;
int sys_at_fifo(int dir_fd, struct str name, const struct sys_owner *o, struct err *e) MUST_USE;

/* Owner, then mode: changing the owner clears setuid, setgid and capabilities. Ids that this user
 * namespace does not have are ERR_MACHINE. */
int sys_fd_owner(int fd, const struct sys_owner *o, struct err *e) MUST_USE;
int sys_fd_times(int fd, const struct sys_owner *o, struct err *e) MUST_USE;
/* False when the kernel or the file system refuses. */
bool sys_fd_xattr(int fd, struct str name, struct str value);

#endif
