/* access: mode bits × user → yes or no, as in path_resolution(7).
 *
 * Invariants
 * 1. The first class that fits decides, owner before group before others: an owner without the bit
 *    is refused even when others have it. (test_access: classes)
 * 2. Root passes everything but the execution of a file without any execute bit. (test_access:
 * root)
 */
#include "rules/access.h"

bool access_may(const struct tree_inode *inode, const struct access_user *who, unsigned want)
{
    if (who->uid == 0)
        return !(want & ACCESS_EXECUTE) || inode->type == ENTRY_DIR || (inode->mode & 0111);
    unsigned shift = 0;
    bool in_group = inode->gid == who->gid;
    for (size_t i = 0; i < who->n_groups && !in_group; i++)
        in_group = inode->gid == who->groups[i];
    if (inode->uid == who->uid)
        shift = 6;
    else if (in_group)
        shift = 3;
    return (inode->mode >> shift & want) == want;
}

bool access_reach(const struct tree_node *node, const struct access_user *who, unsigned want)
{
    if (!access_may(node->inode, who, want))
        return false;
    for (const struct tree_node *dir = node->parent; dir; dir = dir->parent)
        if (!access_may(dir->inode, who, ACCESS_EXECUTE))
            return false;
    return true;
}

struct access_user access_run_as(const struct facts *f)
{
    return (struct access_user){f->run_as.uid, f->run_as.gid, f->run_as.groups, f->run_as.n_groups};
}
