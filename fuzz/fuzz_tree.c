/* fuzz_tree: bytes → entries of a few layers with names that meet often → merge, then what must
 * hold of any tree: it is a tree, counts are right, every name is found, every path resolves or
 * fails. */
#include <errno.h>
#include <stdlib.h>

#include "tests/lib/treetext.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

struct input {
    const uint8_t *p;
    size_t n;
};

static unsigned next(struct input *in)
{
    if (!in->n)
        return 0;
    in->n--;
    return *in->p++;
}

static void must(bool good)
{
    if (!good)
        abort();
}

/* Up to seven components of a small alphabet, whiteouts among them where a name may be one. */
static struct str some_path(struct input *in, struct arena *a, bool whiteouts)
{
    static const char *const names[] = {
        "a",     "b",     "c",     "d",         ".wh.a",  ".wh..wh..opq",
        ".wh.b", ".wh.d", ".wh.c", ".wh..wh.x", ".wh...", ".wh."};
    struct buf b = {.a = a};
    for (unsigned k = next(in) & 7; k; k--) {
        unsigned name = next(in);
        if (b.n)
            buf_addc(&b, '/');
        buf_addz(&b, names[whiteouts && k == 1 ? name % 12 : name % 4]);
    }
    return buf_str(&b);
}

static struct str some_target(struct input *in, struct arena *a)
{
    struct buf b = {.a = a};
    unsigned how = next(in);
    if (how & 1)
        buf_addc(&b, '/');
    for (unsigned k = how >> 1 & 3; k; k--)
        buf_addz(&b, "../");
    buf_add(&b, some_path(in, a, false));
    if (how & 8)
        buf_addz(&b, "/.");
    return buf_str(&b);
}

static struct str raw_bytes(struct input *in)
{
    size_t n = next(in);
    n = n > in->n ? in->n : n;
    struct str s = {(const char *)in->p, n};
    in->p += n;
    in->n -= n;
    return s;
}

/* False: a new layer begins. */
static bool some_entry(struct input *in, struct arena *a, struct image_entry *entry)
{
    static const enum image_entry_type types[] = {ENTRY_FILE, ENTRY_FILE,    ENTRY_DIR,
                                                  ENTRY_DIR,  ENTRY_SYMLINK, ENTRY_HARDLINK,
                                                  ENTRY_FIFO, ENTRY_CHAR};
    unsigned op = next(in) % 16;
    if (op == 15)
        return false;
    *entry = (struct image_entry){.type = types[op % 8], .mode = next(in), .size = next(in)};
    entry->path = op == 14 ? raw_bytes(in) : some_path(in, a, true);
    if (entry->type == ENTRY_SYMLINK)
        entry->link = some_target(in, a);
    if (entry->type == ENTRY_HARDLINK)
        entry->link = op == 13 ? raw_bytes(in) : some_path(in, a, false);
    return true;
}

static int read_layer(struct input *in, struct arena *a, struct tree_log *log, struct err *e)
{
    struct image_entry entry;
    struct tree_inode *inode;
    while (in->n && some_entry(in, a, &entry)) {
        entry.ordinal = log->n;
        if (tree_log_add(log, &entry, &inode, e))
            return -1;
    }
    return 0;
}

static void check_resolve(const struct tree *t, struct arena *a, struct str cwd, struct str path)
{
    struct tree_lookup r;
    tree_resolve(t, a, cwd, path, TREE_FOLLOW, &r);
    must(!r.error == !!r.node && r.dir->inode->type == ENTRY_DIR);
    must(!r.error || r.error == ENOENT || r.error == ENOTDIR || r.error == ELOOP ||
         r.error == ENAMETOOLONG);
    must(!r.node || r.node->inode->type != ENTRY_SYMLINK);
    vec_each (&r.via, i)
        must(r.via.v[i]->inode != NULL);
}

static void check(const struct tree *t, struct arena *a)
{
    size_t files = 0;
    must(treetext_has_shape(t));
    for (struct tree_node *node = tree_next(t, NULL); node; node = tree_next(t, node)) {
        struct tree_lookup r;
        struct str path = tree_path(a, node);
        tree_resolve(t, a, STR("/a"), path, TREE_NOFOLLOW, &r);
        must(r.node == node);
        check_resolve(t, a, STR("/"), path);
        if (node->inode->type == ENTRY_SYMLINK)
            check_resolve(t, a, tree_path(a, node->parent), node->inode->target);
    }
    for (size_t i = 0; i < t->n_hidden; i++)
        must(tree_path(a, t->hidden[i].node).n > 1 && t->hidden[i].inode->type != ENTRY_DIR &&
             t->hidden[i].layer <= t->hidden[i].hidden_by);
    for (size_t i = 0; i < t->n_inodes; i++)
        files += t->inodes[i]->nlink && t->inodes[i]->type == ENTRY_FILE;
    must(files == t->n_files);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    enum { LAYERS = 4 };
    struct input in = {p, n};
    struct arena a = {0};
    struct tree_whole *whole = tree_whole_new(LAYERS);
    struct tree_merge merge;
    struct err e = {0};
    int rc = 0;
    tree_merge_begin(&merge, whole);
    for (uint32_t i = 0; i < LAYERS && !rc; i++) {
        struct tree_log log;
        tree_log_begin(&log, &whole->layers[i], i);
        rc = read_layer(&in, &a, &log, &e) || tree_merge_layer(&merge, &log, &e);
        tree_log_free(&log);
    }
    tree_merge_end(&merge); /* also of what was merged before a refusal */
    check(&whole->tree, &a);
    must(!rc || (e.kind == ERR_INPUT && e.text[0]));
    tree_free(&whole->tree);
    arena_free(&a);
    return 0;
}
