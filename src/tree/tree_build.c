/* tree_build: an image's layers, read side by side, → one tree.
 *
 * Invariants
 * 1. Each regular file's bytes are read once, by the layer's own thread, through one buffer; memory
 *    does not depend on them. (bench: memory)
 * 2. Errors do not depend on scheduling: those of reading come first, the lowest layer's of them;
 *    then those of merging, lowest layer first. (test_each_layer: lowest error)
 */
#include "tree/each_layer.h"
#include "tree/merge.h"

enum { DATA_BYTES = 256 * 1024 };

struct build {
    const struct image *image;
    const struct tree_options *options;
    struct tree_whole *whole;
    struct tree_log *logs;
    _Atomic size_t n_entries; /* of all layers */
};

/* Reading one layer. */
struct reading {
    struct build *build;
    struct image_reader *reader;
    const struct tree_visitor *visitor; /* or NULL */
    void *state;                        /* the visitor's */
    char *data;                         /* DATA_BYTES */
};

static int read_file(struct reading *r, const struct image_entry *entry, struct tree_inode *inode,
                     struct err *e)
{
    void *file = r->visitor ? r->visitor->open(r->state, entry) : NULL;
    bool digest = r->build->options && r->build->options->digests;
    struct digest_state *running = NULL;
    uint64_t n = 0;
    while (file || digest) {
        ssize_t got = image_read(r->reader, r->data, DATA_BYTES, e);
        if (got < 0 || (got && file && r->visitor->data(file, r->data, (size_t)got, e))) {
            digest_drop(running);
            return -1;
        }
        if (!got)
            break;
        n += (size_t)got;
        if (digest && n == inode->size && !running) { /* most files come in one piece */
            inode->digest = digest_of((struct str){r->data, (size_t)got});
            inode->has_digest = true;
        } else if (digest) {
            running = running ? running : digest_begin();
            digest_add(running, r->data, (size_t)got);
        }
    }
    if (running)
        inode->digest = digest_end(running);
    else if (digest && !n)
        inode->digest = digest_of(STR(""));
    inode->has_digest = digest;
    if ((file || digest) && n != inode->size)
        return err_set(e, ERR_INPUT, "it has %llu of %llu bytes", (unsigned long long)n,
                       (unsigned long long)inode->size);
    if (file)
        inode->facts = r->visitor->done(file);
    return 0;
}

static int read_entry(struct reading *r, struct tree_log *log, const struct image_entry *entry,
                      struct err *e)
{
    struct tree_inode *inode;
    if (atomic_fetch_add(&r->build->n_entries, 1) >= LIMIT_LAYER_ENTRIES)
        return err_set(e, ERR_INPUT, "over %d entries in all layers together", LIMIT_LAYER_ENTRIES);
    if (tree_log_add(log, entry, &inode, e) ||
        (inode && inode->type == ENTRY_FILE && read_file(r, entry, inode, e)))
        return err_wrap(e, "entry \"" STR_F "\"", STR_A(entry->path));
    return 0;
}

static int read_entries(struct reading *r, struct tree_each *each, size_t layer, struct err *e)
{
    struct image_entry entry;
    int more;
    while ((more = image_next(r->reader, &entry, e)) > 0)
        if (tree_each_stopped(each, layer) || read_entry(r, &r->build->logs[layer], &entry, e))
            return -1;
    return more;
}

static int read_layer(struct tree_each *each, size_t layer, struct err *e)
{
    struct build *b = each->ctx;
    struct arena *arena = &b->whole->layers[layer], scratch = {0};
    struct reading r = {.build = b, .visitor = b->options ? b->options->visitor : NULL};
    tree_log_begin(&b->logs[layer], arena, (uint32_t)layer);
    if (image_layer_open(b->image, layer, &r.reader, e))
        return -1;
    r.data = arena_alloc(&scratch, DATA_BYTES);
    if (r.visitor)
        r.state = r.visitor->begin(r.visitor->ctx, arena, layer);
    int rc = read_entries(&r, each, layer, e);
    if (r.visitor)
        r.visitor->end(r.state);
    image_layer_close(r.reader);
    arena_free(&scratch);
    return rc;
}

static int merge_layers(struct build *b, struct err *e)
{
    struct tree_merge m;
    tree_merge_begin(&m, b->whole);
    for (size_t i = 0; i < b->image->n_layers; i++) {
        if (tree_merge_layer(&m, &b->logs[i], e))
            return err_wrap(e, "layer %zu", i + 1);
        tree_log_free(&b->logs[i]);
    }
    tree_merge_end(&m);
    return 0;
}

int tree_build(const struct image *image, const struct tree_options *options, struct tree **ret,
               struct err *e)
{
    struct arena scratch = {0};
    struct build b = {.image = image, .options = options};
    if (image->n_layers > LIMIT_LAYERS)
        return err_set(e, ERR_INPUT, "%zu layers; at most %d are possible", image->n_layers,
                       LIMIT_LAYERS);
    b.whole = tree_whole_new(image->n_layers);
    b.logs = arena_array(&scratch, struct tree_log, image->n_layers);
    struct tree_each each = {.ctx = &b, .layer = read_layer};
    int rc = tree_each_layer(&each, image->n_layers, e);
    if (!rc)
        rc = merge_layers(&b, e);
    for (size_t i = 0; i < image->n_layers; i++)
        tree_log_free(&b.logs[i]);
    arena_free(&scratch);
    if (rc) {
        tree_free(&b.whole->tree);
        return -1;
    }
    *ret = &b.whole->tree;
    return 0;
}
