/* tree_write: a selection of a tree → a layer.
 *
 * First the plan: what is written, in the order of tree_next(), folders above a kept name before
 * it. Then the contents, from the layers into a spool, in the order the layers have them. Then the
 * entries, in the order of the plan.
 *
 * Invariants
 * 1. Same tree and selection, same entries and bytes. (test_tree_write: twice)
 * 2. Of an inode's kept names the first in order carries it, the others are hard links to that.
 *    (test_tree_write: name)
 * 3. The root is written only when it is not what every unpacker makes by itself: mode 0755, owner
 *    0:0, no xattrs. (test_tree_write: root)
 * 4. What is read back is what was selected. (test_tree_write: round trip)
 */
#include "base/buf.h"
#include "base/limits.h"
#include "sys/spool.h"
#include "tree/contents.h"

enum { COPY_BYTES = 256 * 1024 };

struct item {
    const struct tree_node *node;
    const struct tree_node *first; /* the name that carries the inode; node itself or another */
    bool replaced;
    struct str content; /* when replaced */
    uint64_t at;        /* in the spool */
};
struct items VEC(struct item);

struct plan {
    const struct tree *tree;
    const struct tree_selection *selection;
    struct arena arena;
    struct items items;
    const struct tree_node **first; /* by inode: the name written already */
    struct sys_spool spool;
    uint64_t spooled;
};

static struct item *add_item(struct plan *p, const struct tree_node *node)
{
    const struct tree_node **first = &p->first[node->inode->id];
    if (!*first)
        *first = node;
    struct item *item = vec_push(&p->arena, &p->items);
    item->node = node;
    item->first = *first;
    return item;
}

/* The folders above node that are not there yet, the topmost first. */
static void add_parents(struct plan *p, const struct tree_node *node)
{
    const struct tree_node *missing[LIMIT_PATH_DEPTH + 1];
    size_t n = 0;
    for (const struct tree_node *up = node->parent; up && !p->first[up->inode->id]; up = up->parent)
        missing[n++] = up;
    while (n)
        add_item(p, missing[--n]);
}

static void plan_items(struct plan *p)
{
    const struct tree_selection *s = p->selection;
    for (struct tree_node *n = tree_next(p->tree, NULL); n; n = tree_next(p->tree, n)) {
        if (!s->keep(s->ctx, n))
            continue;
        add_parents(p, n);
        struct item *item = add_item(p, n);
        if (n->inode->type != ENTRY_FILE || item->first != n)
            continue;
        item->replaced = s->replace && s->replace(s->ctx, n, &item->content);
        if (item->replaced)
            continue;
        item->at = p->spooled;
        p->spooled += n->inode->size;
    }
}

/* Contents into the spool: the user of tree_contents(). */
static void *begin_spool(void *ctx, struct arena *scratch, size_t layer)
{
    (void)scratch;
    (void)layer;
    return ctx;
}

static int spool_file(void *state, const struct tree_want *want, struct tree_content *c,
                      struct err *e)
{
    struct plan *p = state;
    const struct item *item = want->to;
    uint64_t at = item->at;
    const char *bytes;
    ssize_t got;
    while ((got = tree_content_read(c, &bytes, e)) > 0) {
        if (sys_spool_put(&p->spool, at, bytes, (size_t)got, e))
            return -1;
        at += (uint64_t)got;
    }
    return got ? -1 : 0;
}

static void end_spool(void *state)
{
    (void)state;
}

static int spool_contents(struct plan *p, const struct image *image, struct err *e)
{
    struct tree_content_user user = {p, begin_spool, spool_file, end_spool};
    struct tree_wants wants = {0};
    vec_each (&p->items, i) {
        struct item *item = &p->items.v[i];
        const struct tree_inode *inode = item->node->inode;
        if (inode->type == ENTRY_FILE && item->first == item->node && !item->replaced &&
            inode->size)
            *vec_push(&p->arena, &wants) = (struct tree_want){inode, item};
    }
    return tree_contents(image, &wants, &user, e);
}

/* Path as entries have it: without the slash at its head. */
static struct str entry_path(struct arena *a, const struct tree_node *node)
{
    return str_from(tree_path(a, node), 1);
}

static void fill_entry(struct plan *p, struct arena *a, const struct item *item,
                       struct image_entry *entry)
{
    const struct tree_inode *inode = item->first->inode;
    *entry = (struct image_entry){
        .type = inode->type,
        .path = entry_path(a, item->node),
        .mode = inode->mode,
        .uid = inode->uid,
        .gid = inode->gid,
        .size = item->replaced ? item->content.n : inode->size,
        .mtime = inode->mtime,
        .link = inode->target,
        .dev_major = inode->dev_major,
        .dev_minor = inode->dev_minor,
        .xattrs = arena_array(a, struct image_xattr, inode->n_xattrs),
        .n_xattrs = inode->n_xattrs,
    };
    for (size_t i = 0; i < inode->n_xattrs; i++)
        entry->xattrs[i] = inode->xattrs[i];
    if (p->selection->adjust)
        p->selection->adjust(p->selection->ctx, item->first, entry);
    if (item->first == item->node)
        return;
    entry->type = ENTRY_HARDLINK;
    entry->link = entry_path(a, item->first);
    entry->size = 0;
    entry->n_xattrs = 0;
}

static bool is_plain_root(const struct image_entry *entry)
{
    return !entry->path.n && entry->mode == 0755 && !entry->uid && !entry->gid && !entry->n_xattrs;
}

static int write_content(struct plan *p, const struct item *item, const struct image_entry *entry,
                         char *data, struct image_layer_writer *w, struct err *e)
{
    if (item->replaced)
        return image_layer_data(w, item->content.p, item->content.n, e);
    for (uint64_t done = 0; done < entry->size;) {
        size_t n = entry->size - done < COPY_BYTES ? (size_t)(entry->size - done) : COPY_BYTES;
        if (sys_spool_get(&p->spool, item->at + done, data, n, e) ||
            image_layer_data(w, data, n, e))
            return -1;
        done += n;
    }
    return 0;
}

static int write_items(struct plan *p, struct image_layer_writer *w, struct err *e)
{
    char *data = arena_alloc(&p->arena, COPY_BYTES);
    uint64_t ordinal = 0;
    vec_each (&p->items, i) {
        const struct item *item = &p->items.v[i];
        struct arena_mark mark = arena_mark(&p->arena);
        struct image_entry entry;
        fill_entry(p, &p->arena, item, &entry);
        if (is_plain_root(&entry))
            continue;
        entry.ordinal = ordinal++;
        if (image_layer_entry(w, &entry, e) ||
            (entry.type == ENTRY_FILE && write_content(p, item, &entry, data, w, e)))
            return err_wrap(e, "writing \"" STR_F "\"", STR_A(entry.path));
        arena_rewind(&p->arena, mark);
    }
    return 0;
}

int tree_write_layer(const struct tree *tree, const struct image *image,
                     const struct tree_selection *selection, struct image_layer_writer *w,
                     struct err *e)
{
    struct plan p = {.tree = tree, .selection = selection, .spool = {.fd = -1}};
    p.first = arena_array(&p.arena, const struct tree_node *, tree->n_inodes);
    plan_items(&p);
    int rc = sys_spool_begin(p.spooled, &p.spool, e) || spool_contents(&p, image, e) ||
             write_items(&p, w, e);
    sys_spool_end(&p.spool);
    arena_free(&p.arena);
    return rc ? -1 : 0;
}
