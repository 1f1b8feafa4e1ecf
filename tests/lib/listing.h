/* listing: a tree with all its metadata → text, a line a name. For tests. */
#ifndef TESTS_LISTING_H
#define TESTS_LISTING_H

#include "base/buf.h"
#include "tree/tree.h"

/* "f /bin/su 04755 0:0 5 mtime x2 sha256:… security.capability=hex" */
__attribute__((unused)) static void listing_node(struct buf *b, const struct tree_node *n)
{
    static const char letters[] = {[ENTRY_FILE] = 'f', [ENTRY_DIR] = 'd',   [ENTRY_SYMLINK] = 'l',
                                   [ENTRY_CHAR] = 'c', [ENTRY_BLOCK] = 'b', [ENTRY_FIFO] = 'p'};
    const struct tree_inode *i = n->inode;
    buf_addf(b, "%c " STR_F " %05o %u:%u %llu %lld x%u", letters[i->type],
             STR_A(tree_path(b->a, n)), i->mode, i->uid, i->gid, (unsigned long long)i->size,
             (long long)i->mtime, i->nlink);
    if (i->target.n)
        buf_addf(b, " ->" STR_F, STR_A(i->target));
    if (i->dev_major || i->dev_minor)
        buf_addf(b, " %u:%u", i->dev_major, i->dev_minor);
    if (i->digest)
        buf_addf(b, " " STR_F, STR_A(digest_text(b->a, i->digest)));
    for (size_t k = 0; k < i->n_xattrs; k++) {
        buf_addf(b, " " STR_F "=", STR_A(i->xattrs[k].name));
        for (size_t j = 0; j < i->xattrs[k].value.n; j++)
            buf_addf(b, "%02x", (unsigned char)i->xattrs[k].value.p[j]);
    }
    buf_addc(b, '\n');
}

__attribute__((unused)) static struct str listing(struct arena *a, const struct tree *t)
{
    struct buf b = {.a = a};
    for (struct tree_node *n = tree_next(t, NULL); n; n = tree_next(t, n))
        listing_node(&b, n);
    return buf_str(&b);
}

#endif
