/* tree_build: an image's layers, read side by side, → one tree.
 *
 * Invariants
 * 1. Each regular file's bytes are read once, by the layer's own thread, where the reader has
 *    them; memory does not depend on them. (bench: memory)
 * 2. Errors do not depend on scheduling: those of reading come first, the lowest layer's of them;
 *    then those of merging, lowest layer first. (test_each_layer: lowest error)
 * 3. What is taken from a cache gives the same tree as reading the layer. (test_layer_log_codec:
 *    same)
 */
#include "tree/each_layer.h"
#include "tree/merge.h"

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
    size_t layer;
    struct image_reader *reader;
    const struct tree_visitor *visitor; /* or NULL */
    void *state;                        /* the visitor's */
};

/* Puts the image, the layer and, with a path, the entry before the text. */
static int in_layer(const struct image *image, size_t layer, const struct str *path, struct err *e)
{
    struct arena a = {0};
    if (path)
        err_wrap(e, "entry \"" STR_F "\"", STR_A(str_slice(*path, 0, 300)));
    err_wrap(e, STR_F ": layer %zu", STR_A(image_name_text(&a, &image->name)), layer);
    arena_free(&a);
    return -1;
}

/* A file's bytes to its digest and its visitor. Errors of the reader name their place already. */
static int read_bytes(struct reading *r, const struct image_entry *entry, void *file,
                      struct digest_state *digest, struct err *e)
{
    const void *p;
    uint64_t n = 0;
    ssize_t got;
    while ((got = image_block(r->reader, &p, e)) > 0) {
        n += (size_t)got;
        if (digest)
            digest_add(digest, p, (size_t)got);
        if (file && r->visitor->data(file, p, (size_t)got, e))
            return in_layer(r->build->image, r->layer, &entry->path, e);
    }
    if (got)
        return -1;
    if (n == entry->size)
        return 0;
    err_set(e, ERR_INPUT, "it has %llu of %llu bytes", (unsigned long long)n,
            (unsigned long long)entry->size);
    return in_layer(r->build->image, r->layer, &entry->path, e);
}

static int read_file(struct reading *r, const struct image_entry *entry, struct tree_inode *inode,
                     struct err *e)
{
    void *file = r->visitor ? r->visitor->open(r->state, entry) : NULL;
    bool digest = r->build->options && r->build->options->digests;
    if (!file && !digest)
        return 0;
    struct digest_state *running = digest ? digest_begin() : NULL;
    if (read_bytes(r, entry, file, running, e)) {
        digest_drop(running);
        return -1;
    }
    if (digest) {
        struct digest *got = arena_new(&r->build->whole->layers[r->layer], struct digest);
        *got = digest_end(running);
        inode->digest = got;
    }
    if (file)
        inode->facts = r->visitor->done(file, &inode->sums);
    return 0;
}

static int read_entry(struct reading *r, struct tree_log *log, const struct image_entry *entry,
                      struct err *e)
{
    struct tree_inode *inode;
    if (atomic_fetch_add(&r->build->n_entries, 1) >= LIMIT_LAYER_ENTRIES) {
        err_set(e, ERR_INPUT, "over %d entries in all layers together", LIMIT_LAYER_ENTRIES);
        return in_layer(r->build->image, r->layer, NULL, e);
    }
    if (tree_log_add(log, entry, &inode, e))
        return in_layer(r->build->image, r->layer, &entry->path, e);
    bool file = inode && inode->type == ENTRY_FILE && !entry->unread;
    return file ? read_file(r, entry, inode, e) : 0;
}

static int read_entries(struct reading *r, struct tree_each *each, struct err *e)
{
    struct image_entry entry;
    int more;
    while ((more = image_next(r->reader, &entry, e)) > 0)
        if (tree_each_stopped(each, r->layer) ||
            read_entry(r, &r->build->logs[r->layer], &entry, e))
            return -1;
    if (r->visitor && r->visitor->settle)
        r->visitor->settle(r->state);
    return more;
}

/* ---- what was read before ---- */

/* Takes the log from the cache's bytes; false: they are not one. */
static bool recall(struct reading *r, struct str bytes)
{
    struct build *b = r->build;
    struct tree_log *log = &b->logs[r->layer];
    struct tree_log_facts facts = {r->visitor ? r->visitor->codec : NULL, r->state};
    struct codec w = codec_reader(log->arena, bytes);
    tree_log_codec(log, &w, facts.codec ? &facts : NULL);
    if (codec_whole(&w) && atomic_fetch_add(&b->n_entries, log->n) + log->n <= LIMIT_LAYER_ENTRIES)
        return true;
    tree_log_free(log);
    tree_log_begin(log, log->arena, (uint32_t)r->layer);
    return false;
}

static void remember(struct reading *r)
{
    const struct tree_cache *cache = r->build->options->cache;
    struct tree_log *log = &r->build->logs[r->layer];
    struct tree_log_facts facts = {r->visitor ? r->visitor->codec : NULL, r->state};
    struct arena scratch = {0};
    struct codec w = codec_writer(&scratch);
    tree_log_codec(log, &w, facts.codec ? &facts : NULL);
    if (!w.bad)
        cache->put(cache->ctx, r->build->image, r->layer, buf_str(&w.out));
    arena_free(&scratch);
}

/* Only for the digests: the layer's content is known if they hold. */
static int check_layer(struct reading *r, struct tree_each *each, struct err *e)
{
    struct image_entry entry;
    int more;
    while ((more = image_next(r->reader, &entry, e)) > 0)
        if (tree_each_stopped(each, r->layer))
            return -1;
    return more;
}

/* ---- layers ---- */

static int read_layer(struct reading *r, struct tree_each *each, enum tree_known known,
                      struct err *e)
{
    const struct tree_cache *cache = r->build->options ? r->build->options->cache : NULL;
    if (image_layer_open(r->build->image, r->layer, &r->reader, e))
        return -1;
    int rc = known ? check_layer(r, each, e) : read_entries(r, each, e);
    image_layer_close(r->reader);
    if (!rc && known)
        cache->put(cache->ctx, r->build->image, r->layer, (struct str){0});
    else if (!rc && cache)
        remember(r);
    return rc;
}

static int take_layer(struct tree_each *each, size_t layer, struct err *e)
{
    struct build *b = each->ctx;
    struct arena *arena = &b->whole->layers[layer];
    struct reading r = {.build = b, .layer = layer};
    const struct tree_cache *cache = b->options ? b->options->cache : NULL;
    enum tree_known known = TREE_UNKNOWN;
    struct str bytes;
    int rc = 0;
    r.visitor = b->options ? b->options->visitor : NULL;
    tree_log_begin(&b->logs[layer], arena, (uint32_t)layer);
    if (r.visitor)
        r.state = r.visitor->begin(r.visitor->ctx, arena, layer);
    if (cache)
        known = cache->get(cache->ctx, b->image, layer, arena, &bytes);
    if (known && !recall(&r, bytes))
        known = TREE_UNKNOWN;
    if (known != TREE_SURE)
        rc = read_layer(&r, each, known, e);
    if (r.visitor)
        r.visitor->end(r.state);
    return rc;
}

static int merge_layers(struct build *b, struct err *e)
{
    struct tree_merge m;
    tree_merge_begin(&m, b->whole);
    for (size_t i = 0; i < b->image->n_layers; i++) {
        if (tree_merge_layer(&m, &b->logs[i], e))
            return in_layer(b->image, i, NULL, e);
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
    struct tree_each each = {.ctx = &b, .layer = take_layer};
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
