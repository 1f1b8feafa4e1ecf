/* mounts: file systems made visible to the calling process's mount namespace only.
 *
 * All need the right to mount: root, or root of a user namespace that owns the mount namespace. */
#ifndef SYS_MOUNTS_H
#define SYS_MOUNTS_H

#include "base/err.h"
#include "base/str.h"

/* Nothing mounted from here on reaches another namespace, nor the other way round. */
int sys_mounts_private(struct err *e) MUST_USE;

/* A /proc of the calling process's pid namespace over the one that is there. */
int sys_mount_proc(struct err *e) MUST_USE;

/* The unified cgroup tree over /sys/fs/cgroup, read-only: runtimes that refuse a mixed tree start,
 * and nothing can be made there that would stay. Where it cannot be mounted all stays as it is: a
 * runtime that minds will say so. */
void sys_mount_cgroup2(void);

/* A file system in memory over the folder. */
int sys_mount_memory(struct str at, struct err *e) MUST_USE;

/* Takes a mount away at once, even when in use. None there is fine. */
void sys_unmount(struct str at);

/* An untouched lower folder and a writable upper one, joined: DIR/upper holds what was changed,
 * DIR/root shows both. Device nodes on it cannot be opened. in_userns: with attributes that root of
 * a user namespace may set. DIR must exist. */
int sys_mount_overlay(struct str dir, int lower_fd, bool in_userns, struct err *e) MUST_USE;

#endif
