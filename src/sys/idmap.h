/* idmap: which ids a user namespace of ours maps, from /etc/subuid and /etc/subgid, and the writing
 * of them through newuidmap and newgidmap. */
#ifndef SYS_IDMAP_H
#define SYS_IDMAP_H

#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

struct sys_id_range {
    uint64_t inside, outside, count;
};
struct sys_id_ranges VEC(struct sys_id_range);

/* Lines "NAME:START:COUNT" that name the user or its number → ranges: 0 is the user itself, then
 * the subordinate ones from 1 up. Pure. Without any the result has one element. */
void sys_idmap_read(struct arena *a, struct str text, struct str user, uint64_t own,
                    struct sys_id_ranges *ret);

/* The caller's maps. ERR_MACHINE says how to get ranges when there are none. */
struct sys_idmap {
    struct sys_id_ranges uids, gids;
    struct str newuidmap, newgidmap; /* paths of the programs */
};
int sys_idmap_own(struct arena *a, struct sys_idmap *ret, struct err *e) MUST_USE;

/* Writes them for the user namespace of process pid, a child that waits. */
int sys_idmap_write(const struct sys_idmap *map, pid_t pid, struct err *e) MUST_USE;

/* Whether the caller's user namespace knows the id at all. */
bool sys_uid_mapped(uint32_t uid);
bool sys_gid_mapped(uint32_t gid);

/* The caller is in a user namespace that does not map every id to itself. */
bool sys_in_user_namespace(void);

#endif
