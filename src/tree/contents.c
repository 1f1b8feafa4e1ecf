/* contents: wanted inodes → one pass over each layer that holds some.
 *
 * A layer is read to its end, so that its digests are checked again, unless all that is wanted of
 * it is a small part and has digests of its own: then it is left after the last.
 *
 * Invariants
 * 1. Each wanted inode is handed to the user once. (test_tree_write: round trip)
 * 2. A layer that is not as it was when the tree was built is ERR_INPUT, before or after its files
 *    were handed on, never unnoticed. (test_tree_write: changed image)
 */
#include "tree/contents.h"

#include "tree/each_layer.h"

enum { SMALL_PART = 4 };

struct tree_content {
    struct image_reader *reader;
    struct digest_state *digest; /* or NULL */
    uint64_t left;
};

struct job {
    const struct image *image;
    const struct tree_wants *wants; /* by layer, then ordinal */
    const struct tree_content_user *user;
    const struct part *parts; /* n_layers */
};

struct part {
    size_t from, to; /* in wants */
    bool by_digest;
};

ssize_t tree_content_read(struct tree_content *c, const char **p, struct err *e)
{
    if (!c->left)
        return 0;
    const void *block;
    ssize_t got = image_block(c->reader, &block, e);
    if (got < 0)
        return -1;
    if (!got || (uint64_t)got > c->left)
        return err_set(e, ERR_INPUT, "it has another size than before");
    c->left -= (uint64_t)got;
    if (c->digest)
        digest_add(c->digest, block, (size_t)got);
    *p = block;
    return got;
}

/* Hands one file to the user. */
static int give(const struct job *job, struct tree_content *c, void *state,
                const struct tree_want *want, bool by_digest, struct err *e)
{
    c->left = want->inode->size;
    c->digest = by_digest ? digest_begin() : NULL;
    int rc = job->user->file(state, want, c, e);
    struct digest got;
    if (c->digest)
        got = digest_end(c->digest);
    if (rc)
        return -1;
    if (c->left || (by_digest && !digest_eq(&got, want->inode->digest)))
        return err_set(e, ERR_INPUT, "its content is not what it was when it was first read");
    return 0;
}

static int read_part(struct tree_each *each, size_t layer, struct image_reader *reader, void *state,
                     struct err *e)
{
    const struct job *job = each->ctx;
    const struct part *part = &job->parts[layer];
    struct tree_content c = {.reader = reader};
    struct image_entry entry;
    size_t at = part->from;
    int more;
    while ((more = image_next(reader, &entry, e)) > 0) {
        if (tree_each_stopped(each, layer))
            return -1;
        const struct tree_want *want = at < part->to ? &job->wants->v[at] : NULL;
        if (!want || want->inode->ordinal != entry.ordinal)
            continue;
        at++;
        if (entry.type != ENTRY_FILE || entry.size != want->inode->size)
            return err_set(e, ERR_INPUT, "the layer changed while it was used");
        if (give(job, &c, state, want, part->by_digest, e))
            return -1;
        if (part->by_digest && at == part->to)
            return 0;
    }
    if (more)
        return -1;
    return at == part->to ? 0 : err_set(e, ERR_INPUT, "the layer changed while it was used");
}

static int read_layer(struct tree_each *each, size_t layer, struct err *e)
{
    const struct job *job = each->ctx;
    struct arena scratch = {0};
    struct image_reader *reader;
    if (job->parts[layer].from == job->parts[layer].to)
        return 0;
    if (image_layer_open(job->image, layer, &reader, e))
        return -1;
    void *state = job->user->begin(job->user->ctx, &scratch, layer);
    int rc = read_part(each, layer, reader, state, e);
    job->user->end(state);
    image_layer_close(reader);
    arena_free(&scratch);
    return rc;
}

static int by_place(const void *a, const void *b)
{
    const struct tree_inode *x = ((const struct tree_want *)a)->inode;
    const struct tree_inode *y = ((const struct tree_want *)b)->inode;
    if (x->layer != y->layer)
        return x->layer < y->layer ? -1 : 1;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

/* The wants of each layer, and whether they carry their own proof. */
static struct part *cut(struct arena *a, const struct image *image, const struct tree_wants *wants)
{
    struct part *parts = arena_array(a, struct part, image->n_layers);
    for (size_t i = 0, at = 0; i < image->n_layers; i++) {
        uint64_t bytes = 0;
        bool digests = true;
        parts[i].from = at;
        for (; at < wants->n && wants->v[at].inode->layer == i; at++) {
            digests &= wants->v[at].inode->digest != NULL;
            bytes += wants->v[at].inode->size;
        }
        parts[i].to = at;
        parts[i].by_digest = digests && bytes < image->layers[i].size / SMALL_PART;
    }
    return parts;
}

int tree_contents(const struct image *image, struct tree_wants *wants,
                  const struct tree_content_user *user, struct err *e)
{
    if (!wants->n)
        return 0;
    struct arena scratch = {0};
    qsort(wants->v, wants->n, sizeof *wants->v, by_place);
    struct job job = {image, wants, user, cut(&scratch, image, wants)};
    struct tree_each each = {.ctx = &job, .layer = read_layer};
    int rc = tree_each_layer(&each, image->n_layers, e);
    arena_free(&scratch);
    return rc;
}
