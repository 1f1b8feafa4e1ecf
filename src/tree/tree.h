/* tree: the layers of an image merged into one file system, as a container would see it.
 *
 * Whiteouts, opaque folders and hard links follow the OCI image specification's layer.md, applied
 * as overlayfs and Docker do. A name (struct tree_node) points at an inode; hard links share it.
 *
 * Contents are not kept. Whoever wants them gives a struct tree_visitor, which sees each regular
 * file once while its layer is read; the layers are read in parallel, one thread each. */
#ifndef TREE_TREE_H
#define TREE_TREE_H

#include "base/codec.h"
#include "image/image.h"
#include "image/image_write.h"

enum { TREE_NO_OWNER = 0 };

/* The first eight bytes of digests of a file's content, the first byte highest; 0: not known. */
struct tree_sums {
    uint64_t md5, sha1, sha256;
};

struct tree_inode {
    uint32_t id; /* 0, 1, … n_inodes-1 in the tree: an index for tables beside it */
    enum image_entry_type type; /* never ENTRY_HARDLINK */
    uint32_t mode, uid, gid;
    uint32_t nlink; /* names in the merged tree */
    uint32_t layer; /* that brought this content */
    uint32_t owner; /* package index + 1, set by facts; TREE_NO_OWNER */
    uint32_t dev_major, dev_minor;
    uint64_t ordinal; /* of its entry in the layer */
    uint64_t size;
    int64_t mtime;
    struct str target; /* of a symlink */
    struct image_xattr *xattrs;
    uint32_t n_xattrs;
    const struct digest *digest; /* of a regular file's content, when asked for; else NULL */
    struct tree_sums sums;
    void *facts; /* what the visitor returned for this file; of that layer's arena */
};

struct tree_node {
    struct str name;                /* "" for the root */
    struct tree_node *parent;       /* NULL for the root */
    struct tree_node *child, *next; /* children in byte order of their names */
    struct tree_inode *inode;
    uint32_t layer;   /* that brought this name (a hard link may be younger than its inode) */
    uint32_t cleared; /* private to the merge */
};

/* A name (no folder) that a later layer, or a later entry of the same layer, hid or replaced; still
 * in the image for whoever unpacks the layer. `node` keeps the name and the parents it had, so
 * tree_path() tells where it was; it may be out of the tree, or hold a newer inode by now. */
struct tree_hidden {
    const struct tree_node *node;
    uint32_t layer, hidden_by;
    struct tree_inode *inode;
};

struct tree {
    struct tree_node *root;
    struct tree_inode **inodes; /* by id; hidden ones too, with nlink 0 */
    size_t n_inodes;
    size_t n_files; /* regular files by inode in the merged tree */
    uint64_t bytes; /* their sizes */
    struct tree_hidden *hidden;
    size_t n_hidden;
    uint64_t *layer_bytes; /* per layer: bytes of its regular files, before merging */
    size_t n_layers;
    void *lookup; /* name table; private */
};

/* Sees every regular file of every layer. open() says what it wants by returning a non-NULL state
 * (from the layer's arena); data() gets the bytes in order; done() returns what inode->facts shall
 * point to (or NULL). *sums is there until end(), and may be filled after done(), until settle()
 * returns, which is called after the last file of a layer (NULL: done() filled it). Called from
 * several threads at once, each layer by one: state per layer is in `layer_state`, made by begin().
 * Errors end the build. */
struct tree_visitor {
    void *ctx;
    void *(*begin)(void *ctx, struct arena *layer_arena, size_t layer);
    void *(*open)(void *layer_state, const struct image_entry *entry);
    int (*data)(void *file_state, const void *p, size_t n, struct err *e);
    void *(*done)(void *file_state, struct tree_sums *sums);
    void (*settle)(void *layer_state);
    void (*end)(void *layer_state);
    /* What done() returned ⇄ bytes; with a cache only. Reading: facts is NULL, and the result, of
     * the layer's arena, stands for it. */
    void *(*codec)(void *layer_state, struct codec *w, void *facts);
};

/* Remembers what layers held, so that they need not be read again. The bytes are those of
 * layer_log.h; whoever keeps them keeps them from others, and apart by what the visitor collects.
 */
enum tree_known {
    TREE_UNKNOWN,
    TREE_SURE,      /* it is this layer */
    TREE_IF_INTACT, /* it is, if the layer has the digests that the image says */
};
struct tree_cache {
    void *ctx;
    /* From several threads at once, each for its layer. */
    enum tree_known (*get)(void *ctx, const struct image *image, size_t layer, struct arena *a,
                           struct str *bytes);
    /* The layer was read to its end, and its digests are right; bytes as get() shall give them, or
     * n 0 when it gave them. */
    void (*put)(void *ctx, const struct image *image, size_t layer, struct str bytes);
};

struct tree_options {
    bool digests;                       /* SHA-256 of every regular file */
    const struct tree_visitor *visitor; /* may be NULL */
    const struct tree_cache *cache;     /* may be NULL */
};

/* Reads all layers. The tree's memory, and what the visitor allocated, is freed by tree_free(). */
int tree_build(const struct image *image, const struct tree_options *options, struct tree **ret,
               struct err *e) MUST_USE;
void tree_free(struct tree *tree);

/* The child of that name, or NULL. */
struct tree_node *tree_child(const struct tree *tree, const struct tree_node *dir, struct str name);

struct str tree_path(struct arena *a,
                     const struct tree_node *node); /* absolute; "/" for the root */

/* Path resolution as path_resolution(7) has it, inside the root: "..", "/" and symlinks never leave
 * it. cwd is absolute (empty: "/"). The strings belong to the arena, the tree or the caller's path.
 */
struct tree_step VEC(struct tree_node *);
struct tree_lookup {
    int error;              /* 0, ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG */
    struct tree_node *node; /* the result; NULL on any error */
    struct tree_node *dir;  /* that node is in (of the root itself); on error the last folder that
                               was reached */
    struct str last;        /* ENOENT of the last component only: its name, missing in dir */
    struct tree_step via;   /* every folder looked into and symlink followed, in order, the root
                               first, without node; on failure as far as it got; may repeat */
};
enum tree_follow { TREE_FOLLOW, TREE_NOFOLLOW };
void tree_resolve(const struct tree *tree, struct arena *a, struct str cwd, struct str path,
                  enum tree_follow last, struct tree_lookup *ret);

/* Next node in depth-first order by byte order of names, starting after `at` (NULL: the root). */
struct tree_node *tree_next(const struct tree *tree, const struct tree_node *at);

/* Which nodes go into a new layer, and with what metadata; by node. Nodes above a kept one are
 * written as folders even when keep() says no. */
struct tree_selection {
    void *ctx;
    bool (*keep)(void *ctx, const struct tree_node *node);
    /* May change mode, uid, gid, mtime and drop xattrs of what is written; may be NULL. */
    void (*adjust)(void *ctx, const struct tree_node *node, struct image_entry *entry);
    /* Replaces the content of a kept regular file; false: as it is. May be NULL. */
    bool (*replace)(void *ctx, const struct tree_node *node, struct str *content);
};
/* Folders and files of the selection in sorted order, contents from the image's pristine layers,
 * hard links kept. Reads each layer that is needed once more; contents pass through a temporary
 * file. */
int tree_write_layer(const struct tree *tree, const struct image *image,
                     const struct tree_selection *selection, struct image_layer_writer *w,
                     struct err *e) MUST_USE;

/* Unpacks the merged tree below dir_fd, which is empty: owners, modes, xattrs, hard links, times.
 * Device nodes are left out (a runtime makes its own), and extended attributes that the kernel does
 * not let us set, as file capabilities in some user namespaces; both are counted in *left_out.
 * Needs the right to chown: root, or root of a user namespace that maps the ids. Ids that are not
 * mapped are ERR_MACHINE. */
int tree_unpack(const struct tree *tree, const struct image *image, int dir_fd, size_t *left_out,
                struct err *e) MUST_USE;

#endif
