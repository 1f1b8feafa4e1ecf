/* test_layer_log_codec: an image's layers → bytes → the same tree, and damaged bytes. */
#include "facts/facts.h"
#include "lib/tap.h"
#include "tree/layer_log.h"

static void add(struct tree_log *log, enum image_entry_type type, const char *path,
                const char *link, uint32_t mode)
{
    static struct image_xattr cap = {STR_INIT("security.capability"), STR_INIT("\1\0\2")};
    struct image_entry entry = {.type = type,
                                .path = str_of(path),
                                .mode = mode,
                                .uid = 7,
                                .gid = 8,
                                .size = type == ENTRY_FILE ? 9 : 0,
                                .mtime = -1,
                                .link = str_of(link),
                                .xattrs = &cap,
                                .n_xattrs = type == ENTRY_FILE,
                                .ordinal = log->n};
    struct tree_inode *inode;
    struct err e = {0};
    if (tree_log_add(log, &entry, &inode, &e))
        printf("# %s\n", e.text);
    if (inode && type == ENTRY_FILE) {
        inode->facts = arena_new(log->arena, struct file_facts);
        *(struct file_facts *)inode->facts =
            (struct file_facts){.kind = FILE_SCRIPT, .script = {STR("/bin/sh"), STR("-e")}};
    }
}

static void fill(struct tree_log *log)
{
    add(log, ENTRY_DIR, "", NULL, 0755);
    add(log, ENTRY_DIR, "bin", NULL, 0755);
    add(log, ENTRY_FILE, "bin/run", NULL, 04755);
    add(log, ENTRY_HARDLINK, "bin/run2", "bin/run", 0);
    add(log, ENTRY_SYMLINK, "bin/sh", "run", 0777);
    add(log, ENTRY_FILE, "etc/.wh.passwd", NULL, 0);
    add(log, ENTRY_FILE, "opt/.wh..wh..opq", NULL, 0);
    add(log, ENTRY_FILE, ".wh.tmp", NULL, 0);
    add(log, ENTRY_FILE, ".wh..wh..opq", NULL, 0);
}

static void *codec_facts(void *state, struct codec *w, void *facts)
{
    (void)state;
    return facts_codec(w, facts);
}
static const struct tree_log_facts facts = {codec_facts, NULL};

static struct str written(struct arena *a, struct tree_log *log)
{
    struct codec w = codec_writer(a);
    tree_log_codec(log, &w, &facts);
    return buf_str(&w.out);
}

static bool same_record(const struct tree_record *x, const struct tree_record *y)
{
    if (x->kind != y->kind || (x->kind == RECORD_LINK && !str_eq(*x->link, *y->link)))
        return false;
    if (x->kind != RECORD_INODE)
        return true;
    const struct tree_inode *i = x->inode, *k = y->inode;
    return i->type == k->type && i->mode == k->mode && i->uid == k->uid && i->gid == k->gid &&
           i->size == k->size && i->mtime == k->mtime && str_eq(i->target, k->target) &&
           i->ordinal == k->ordinal && i->n_xattrs == k->n_xattrs &&
           (!i->n_xattrs || str_eq(i->xattrs[0].value, k->xattrs[0].value)) &&
           !i->facts == !k->facts;
}

static void check_same(struct arena *a)
{
    struct tree_log log, again;
    tree_log_begin(&log, a, 0);
    tree_log_begin(&again, a, 0);
    fill(&log);
    struct str bytes = written(a, &log);
    struct codec w = codec_reader(a, bytes);
    tree_log_codec(&again, &w, &facts);
    ok(codec_whole(&w) && log.n == again.n && log.bytes == again.bytes,
       "same: a log of %zu records", log.n);
    struct tree_log_cursor x, y;
    const struct tree_record *r, *s;
    const struct file_facts *f = NULL;
    tree_log_start(&log, &x);
    tree_log_start(&again, &y);
    while ((r = tree_log_next(&x)) && (s = tree_log_next(&y))) {
        ok(str_eq(x.path, y.path) && same_record(r, s), "same: \"" STR_F "\"", STR_A(x.path));
        if (s->kind == RECORD_INODE && s->inode->facts)
            f = s->inode->facts;
    }
    ok(f && f->kind == FILE_SCRIPT && str_is(f->script.argument, "-e"), "facts are there again");
    tree_log_free(&log);
    tree_log_free(&again);
}

static void check_damage(struct arena *a)
{
    struct tree_log log;
    tree_log_begin(&log, a, 0);
    fill(&log);
    struct str bytes = written(a, &log);
    size_t refused = 0, survived = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        struct tree_log again;
        struct str other = str_dup(a, bytes);
        ((char *)(uintptr_t)other.p)[i] ^= 0x55;
        for (int cut = 0; cut < 2; cut++) {
            struct codec w = codec_reader(a, cut ? str_slice(bytes, 0, i) : other);
            tree_log_begin(&again, a, 0);
            tree_log_codec(&again, &w, &facts);
            refused += cut && !codec_whole(&w);
            survived++;
            tree_log_free(&again);
        }
    }
    ok(refused == bytes.n, "damage: what is cut off is refused");
    ok(survived == 2 * bytes.n, "damage: what is changed does no harm");
    tree_log_free(&log);
}

int main(void)
{
    struct arena a = {0};
    check_same(&a);
    check_damage(&a);
    arena_free(&a);
    return done_testing();
}
