/* layer_log: what one layer says, entry by entry, kept small until it is the layer's turn to merge.
 *
 * A path is kept as the bytes it does not share with the path before it; its last component is
 * always whole, so that a node's name can be a view of it. */
#ifndef TREE_LAYER_LOG_H
#define TREE_LAYER_LOG_H

#include "base/limits.h"
#include "tree/tree.h"

enum tree_record_kind {
    RECORD_INODE,    /* a file, folder, symlink, … */
    RECORD_LINK,     /* a hard link to `link` */
    RECORD_WHITEOUT, /* hides the name in the path from lower layers */
    RECORD_OPAQUE,   /* hides what lower layers have in the folder of that path */
};

struct tree_record {
    union {
        struct tree_inode *inode;
        const struct str *link;
    };
    const char *tail;
    uint16_t n_shared, n_tail;
    uint8_t kind; /* enum tree_record_kind */
};

struct tree_record_block;

struct tree_log {
    uint32_t layer;
    size_t n;            /* records */
    uint64_t bytes;      /* of regular files */
    struct arena *arena; /* inodes, names, targets, xattrs: as long as the tree */
    struct arena own;    /* records: until they are merged */
    struct tree_record_block *first, *newest;
    char *names, *names_end;
    struct tree_inode *inodes, *inodes_end;
    struct str last; /* path of the newest record, in `path` */
    char path[LIMIT_PATH_BYTES];
};

void tree_log_begin(struct tree_log *log, struct arena *arena, uint32_t layer);
void tree_log_free(struct tree_log *log); /* the records; what they point to stays */

/* Adds an entry. *ret is its inode, or NULL when it has none (a hard link, a whiteout). Refuses
 * paths that are not clean, or that make no sense as whiteouts: ERR_INPUT. */
int tree_log_add(struct tree_log *log, const struct image_entry *entry, struct tree_inode **ret,
                 struct err *e) MUST_USE;

/* A whole log ⇄ bytes. facts (may be NULL) takes over what inodes point to, as
 * tree_visitor.codec() does. Reading goes through tree_log_add(), so bytes that are not a log, or
 * that no layer could have, set w->bad; the log can then only be freed. */
struct tree_log_facts {
    void *(*codec)(void *state, struct codec *w, void *facts);
    void *state;
};
void tree_log_codec(struct tree_log *log, struct codec *w, const struct tree_log_facts *facts);

/* Walks the records in order, with their whole paths. */
struct tree_log_cursor {
    const struct tree_record_block *block;
    size_t at;
    struct str path;
    size_t dir_kept; /* bytes at the head of path that are as they were for the record before */
    char bytes[LIMIT_PATH_BYTES];
};
void tree_log_start(const struct tree_log *log, struct tree_log_cursor *c);
const struct tree_record *tree_log_next(struct tree_log_cursor *c); /* NULL at the end */

#endif
