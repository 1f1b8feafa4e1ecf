/* remedy: what a plan changes in the metadata and content of kept files. Private to harden/. */
#ifndef HARDEN_REMEDY_H
#define HARDEN_REMEDY_H

#include "harden/harden.h"

/* New metadata of one inode; names that share it share the change. */
struct remedy_change {
    uint32_t mode, gid;
    struct image_xattr *xattrs;
    size_t n_xattrs;
};

struct remedy {
    struct arena *a;
    const struct facts *f;
    const struct facts_keep *keep;
    const struct trace *trace;
    const struct harden_config_options *options;
    uint32_t gid;        /* of the result's program */
    struct map ran;      /* inodes the run executed */
    struct map written;  /* inodes of files and folders the run wrote to */
    struct map changes;  /* inode → struct remedy_change * */
    struct map contents; /* inode → struct str * */
    struct harden_remedies list;
};

/* Fills changes, contents and their part of the list. */
void remedy_files(struct remedy *r);
void remedy_contents(struct remedy *r);

static inline struct str remedy_key(const struct tree_inode *const *inode)
{
    return (struct str){(const char *)inode, sizeof *inode};
}

#endif
