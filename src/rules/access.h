/* access: may a user reach and run a file, by the modes of the merged tree? */
#ifndef RULES_ACCESS_H
#define RULES_ACCESS_H

#include "facts/facts.h"

struct access_user {
    uint32_t uid, gid;
    const uint32_t *groups;
    size_t n_groups;
};

enum { ACCESS_EXECUTE = 1, ACCESS_WRITE = 2, ACCESS_READ = 4 };

/* All of `want` on the inode itself, as the kernel decides for a process without capabilities but
 * root's own. ACLs are not looked at. */
bool access_may(const struct tree_inode *inode, const struct access_user *who, unsigned want);

/* And every folder on the way to it may be passed. */
bool access_reach(const struct tree_node *node, const struct access_user *who, unsigned want);

struct access_user access_run_as(const struct facts *f);

#endif
