/* treetext: layers written as text → a tree; a tree → text. For tests and tables.
 *
 * A layer is one line an entry, layers are parted by a line "--":
 *     d usr            folder, mode 0700 (so that it differs from one made on the way, 0755)
 *     f usr/a 12       file of 12 bytes (0 when not given)
 *     s bin usr/bin    symlink
 *     h b usr/a        hard link
 *     p fifo / c null  fifo, character device
 * "." as a path is the root. A dump has a line a name: type, path, layer of the name and, where it
 * differs, of the content after a '/', then "x2" for two names, "->target", "made" for plain
 * folders. */
#ifndef TESTS_TREETEXT_H
#define TESTS_TREETEXT_H

#include "base/buf.h"
#include "tree/merge.h"

__attribute__((unused)) static void treetext_entry(struct str line, struct image_entry *e)
{
    struct str type = {0}, path = {0}, third = {0};
    (void)(str_word(&line, &type) && str_word(&line, &path) && str_word(&line, &third));
    *e = (struct image_entry){.path = str_is(path, ".") ? STR("") : path, .mode = 0644};
    switch (type.n ? type.p[0] : 0) {
    case 'd':
        e->type = ENTRY_DIR;
        e->mode = 0700;
        break;
    case 's':
        e->type = ENTRY_SYMLINK;
        e->mode = 0777;
        e->link = third;
        break;
    case 'h':
        e->type = ENTRY_HARDLINK;
        e->link = third;
        break;
    case 'p':
        e->type = ENTRY_FIFO;
        break;
    case 'c':
        e->type = ENTRY_CHAR;
        break;
    default:
        e->type = ENTRY_FILE;
        (void)str_u64(third, 10, &e->size);
    }
}

/* One layer's text into its log. */
__attribute__((unused)) static int treetext_log(struct str text, struct tree_log *log,
                                                struct err *err)
{
    struct str line;
    for (uint64_t ordinal = 0; str_line(&text, &line);) {
        struct image_entry entry;
        struct tree_inode *inode;
        if (!str_trim(line).n)
            continue;
        treetext_entry(line, &entry);
        entry.ordinal = ordinal++;
        if (tree_log_add(log, &entry, &inode, err))
            return -1;
    }
    return 0;
}

__attribute__((unused)) static int treetext_tree(struct str text, struct tree **ret,
                                                 struct err *err)
{
    enum { MOST = 16 };
    struct str layers[MOST], line;
    size_t n = 0;
    const char *from = text.p;
    for (struct str rest = text; n < MOST - 1 && str_line(&rest, &line);)
        if (str_is(line, "--")) {
            layers[n++] = (struct str){from, (size_t)(line.p - from)};
            from = rest.p;
        }
    layers[n++] = (struct str){from, (size_t)(text.p + text.n - from)};
    struct tree_whole *whole = tree_whole_new(n);
    struct tree_merge merge;
    tree_merge_begin(&merge, whole);
    for (size_t i = 0; i < n; i++) {
        struct tree_log log;
        tree_log_begin(&log, &whole->layers[i], (uint32_t)i);
        int rc = treetext_log(layers[i], &log, err) || tree_merge_layer(&merge, &log, err);
        tree_log_free(&log);
        if (rc) {
            tree_free(&whole->tree);
            return -1;
        }
    }
    tree_merge_end(&merge);
    *ret = &whole->tree;
    return 0;
}

__attribute__((unused)) static struct str treetext_dump(struct arena *a, const struct tree *t)
{
    static const char letters[] = {[ENTRY_FILE] = 'f', [ENTRY_DIR] = 'd',   [ENTRY_SYMLINK] = 's',
                                   [ENTRY_CHAR] = 'c', [ENTRY_BLOCK] = 'b', [ENTRY_FIFO] = 'p'};
    struct buf b = {.a = a};
    for (struct tree_node *n = tree_next(t, t->root); n; n = tree_next(t, n)) {
        const struct tree_inode *i = n->inode;
        buf_addf(&b, "%c " STR_F " %u", letters[i->type], STR_A(str_from(tree_path(a, n), 1)),
                 n->layer);
        if (i->layer != n->layer)
            buf_addf(&b, "/%u", i->layer);
        if (i->nlink != 1)
            buf_addf(&b, " x%u", i->nlink);
        if (i->type == ENTRY_SYMLINK)
            buf_addf(&b, " ->" STR_F, STR_A(i->target));
        if (i->type == ENTRY_DIR && i->mode == 0755)
            buf_addf(&b, " made");
        buf_addc(&b, '\n');
    }
    return buf_str(&b);
}

/* Invariants 1 and 2 of merge.c, 1 of tree.c. */
__attribute__((unused)) static bool treetext_has_shape(const struct tree *t)
{
    struct arena a = {0};
    uint32_t *names = arena_array(&a, uint32_t, t->n_inodes);
    size_t dirs = 0, children = 0;
    bool good = !t->root->parent && t->root->inode->type == ENTRY_DIR;
    for (struct tree_node *n = tree_next(t, NULL); n; n = tree_next(t, n)) {
        names[n->inode->id]++;
        good &= n->inode == t->inodes[n->inode->id];
        if (n->child)
            good &= n->inode->type == ENTRY_DIR;
        dirs++;
        for (struct tree_node *c = n->child; c; c = c->next, children++)
            good &= c->parent == n && tree_child(t, n, c->name) == c &&
                    (!c->next || str_cmp(c->name, c->next->name) < 0);
    }
    good &= dirs == children + 1;
    for (size_t i = 0; i < t->n_inodes; i++)
        good &= t->inodes[i]->nlink == names[i] && t->inodes[i]->id == i;
    arena_free(&a);
    return good;
}

#endif
