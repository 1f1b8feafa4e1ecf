#include "lib/tap.h"
#include "lib/treetext.h"

struct merged {
    const char *name, *layers, *tree;
};

static const struct merged merged[] = {
    {"an empty layer", "", ""},
    {"one file", "f a", "f a 0\n"},
    {"children are sorted", "f c\nf a\nf b\nd A", "d A 0\nf a 0\nf b 0\nf c 0\n"},
    {"missing parents are made", "f a/b/c", "d a 0 made\nd a/b 0 made\nf a/b/c 0\n"},
    {"a made parent takes its metadata later", "f a/b\nd a", "d a 0\nf a/b 0\n"},
    {"a later layer's file replaces", "f a 1\n--\nf a 2", "f a 1\n"},
    {"the last of a layer's duplicates wins", "f a\ns a x\nd a\np a", "p a 0\n"},
    {"a folder over a folder keeps what is below", "d a\nf a/x\n--\nd a\nf a/y",
     "d a 0/1\nf a/x 0\nf a/y 1\n"},
    {"a file over a folder removes all below", "f a/b/c\nf a/d\n--\nf a", "f a 1\n"},
    {"a folder over a file", "f a\n--\nd a\nf a/b", "d a 1\nf a/b 1\n"},
    {"a folder over a symlink does not follow it", "d t\nf t/x\ns a t\n--\nd a\nf a/y",
     "d a 1\nf a/y 1\nd t 0\nf t/x 0\n"},

    {"a whiteout", "f a\nf b\n--\nf .wh.a", "f b 0\n"},
    {"a whiteout of a folder", "f a/b/c\nf b\n--\nf .wh.a", "f b 0\n"},
    {"a whiteout of what is not there", "f a\n--\nf .wh.b\nf x/.wh.b\nf a/.wh.b", "f a 0\n"},
    {"a whiteout makes no folders", "--\nf x/y/.wh.b", ""},
    {"a whiteout spares its own layer, after it", "f a 1\n--\nf a 2\nf .wh.a", "f a 1\n"},
    {"a whiteout spares its own layer, before it", "f a 1\n--\nf .wh.a\nf a 2", "f a 1\n"},
    {"a whiteout of a folder that comes again", "d d\nf d/x\n--\nf .wh.d\nd d\nf d/y",
     "d d 1\nf d/y 1\n"},
    {"the same with the whiteout last", "d d\nf d/x\n--\nd d\nf d/y\nf .wh.d", "d d 1\nf d/y 1\n"},
    {"a folder that only has entries below it, whiteout first",
     "d d\nd d/e\nf d/x\n--\nf .wh.d\nf d/e/y", "d d 1 made\nd d/e 1 made\nf d/e/y 1\n"},
    {"the same with the whiteout last", "d d\nd d/e\nf d/x\n--\nf d/e/y\nf .wh.d",
     "d d 1 made\nd d/e 1 made\nf d/e/y 1\n"},
    {"a whiteout hits only lower layers, of three", "f a\n--\nf .wh.a\n--\nf a", "f a 2\n"},
    {"removed, then a symlink in its place", "f d/x\nf t/y\n--\nf .wh.d\ns d t",
     "s d 1 ->t\nd t 0 made\nf t/y 0\n"},
    {"the same with the whiteout last", "f d/x\nf t/y\n--\ns d t\nf .wh.d",
     "s d 1 ->t\nd t 0 made\nf t/y 0\n"},
    {"a whiteout of a hard link leaves the other name", "f a\nh b a\n--\nf .wh.a", "f b 0\n"},

    {"an opaque folder", "d d\nf d/x\nd d/e\n--\nd d\nf d/.wh..wh..opq\nf d/y",
     "d d 0/1\nf d/y 1\n"},
    {"an opaque marker at the end", "d d\nf d/x\nd d/e\n--\nd d\nf d/y\nf d/.wh..wh..opq",
     "d d 0/1\nf d/y 1\n"},
    {"an opaque marker keeps lower folders that hold entries, plain",
     "d d\nd d/e\nf d/e/x\n--\nf d/e/y\nf d/.wh..wh..opq", "d d 0\nd d/e 1 made\nf d/e/y 1\n"},
    {"the same with the marker first", "d d\nd d/e\nf d/e/x\n--\nf d/.wh..wh..opq\nf d/e/y",
     "d d 0\nd d/e 1 made\nf d/e/y 1\n"},
    {"an opaque root", "f a\nf d/b\n--\nf c\nf .wh..wh..opq", "f c 1\n"},
    {"an opaque marker in what is not there or no folder",
     "f a\n--\nf a/.wh..wh..opq\nf b/.wh..wh..opq", "f a 0\n"},
    {"opaque folders in one another",
     "f d/e/f/x\nf d/e/y\n--\nf d/e/.wh..wh..opq\nf d/e/f/z\n"
     "f d/.wh..wh..opq\nf .wh..wh..opq",
     "d d 1 made\nd d/e 1 made\nd d/e/f 1 made\nf d/e/f/z 1\n"},
    {"opaque twice, with things in between", "f d/x\n--\nf d/.wh..wh..opq\nf d/y\nf d/.wh..wh..opq",
     "d d 0 made\nf d/y 1\n"},
    {"AUFS's own names are nothing", "f .wh..wh.aufs\nf .wh..wh.plnk/1.2\nd .wh..wh.orph\nf a",
     "f a 0\n"},

    {"a hard link", "f a 5\nh b a", "f a 0 x2\nf b 0 x2\n"},
    {"a hard link into a lower layer", "f a\n--\nh b a", "f a 0 x2\nf b 1/0 x2\n"},
    {"a hard link to a symlink", "s a x\nh b a", "s a 0 x2 ->x\ns b 0 x2 ->x\n"},
    {"a replaced name leaves the other", "f a 1\nh b a\n--\nf a 2", "f a 1\nf b 0\n"},
    {"a hard link over a folder", "f a\nf d/x\nh d a", "f a 0 x2\nf d 0 x2\n"},
    {"a hard link twice", "f a\nh b a\nh b a", "f a 0 x2\nf b 0 x2\n"},
    {"a hard link through a symlinked parent", "f d/a\ns l d\nh b l/a",
     "f b 0 x2\nd d 0 made\nf d/a 0 x2\ns l 0 ->d\n"},

    {"an entry below a symlink goes where it leads",
     "d usr\nd usr/lib\ns lib usr/lib\n--\nf lib/x\nf lib/y/z",
     "s lib 0 ->usr/lib\nd usr 0\nd usr/lib 0\nf usr/lib/x 1\nd usr/lib/y 1 made\nf usr/lib/y/z "
     "1\n"},
    {"an absolute symlink leads inside the root", "s l /d\nf l/x",
     "d d 0 made\nf d/x 0\ns l 0 ->/d\n"},
    {"\"..\" does not leave the root", "s l ../../../d\nf l/x",
     "d d 0 made\nf d/x 0\ns l 0 ->../../../d\n"},
    {"a whiteout below a symlink", "f d/x\ns l d\n--\nf l/.wh.x", "d d 0 made\ns l 0 ->d\n"},
    {"a symlink replaced between two entries", "d a\nd b\ns l a\nf l/x\ns l b\nf l/y",
     "d a 0\nf a/x 0\nd b 0\nf b/y 0\ns l 0 ->b\n"},
    {"a folder removed between two entries of it", "f d/x\nf d\nd d\nf d/y", "d d 0\nf d/y 0\n"},
    {"metadata of the root", "d .", ""},
};

struct refused {
    const char *name, *layers, *part;
};

static const struct refused refused[] = {
    {"a hard link to nothing", "h b a", "entry \"b\": a hard link to \"a\", which does not exist"},
    {"a hard link to what comes later", "h b a\nf a", "does not exist"},
    {"a hard link to what is hidden", "f a\n--\nf .wh.a\nh b a", "does not exist"},
    {"a hard link to a folder", "d a\nh b a", "which is a folder"},
    {"a hard link to itself", "f a\nh a a", "itself"},
    {"a hard link through a file", "f a\nh b a/x", "no folder"},
    {"an entry below a file", "f a\nf a/b",
     "entry \"a/b\": its folder is, or is below, what is no folder"},
    {"an entry below a file, deeper", "f a\nf a/b/c", "no folder"},
    {"an entry below a loop", "s l l\nf l/x", "too many symlinks"},
    {"the root as a file", "f .", "root is not a folder"},
    {"the root as a hard link", "f a\nh . a", "root is not a folder"},
    {"a whiteout of nothing", "f .wh.", "no name"},
    {"a whiteout of ..", "f a/.wh...", "no name"},
    {"a whiteout as a folder", "f .wh.a/b", "whiteout"},
    {"a symlink to nothing below it", "s l \nf l/x", "does not exist"},
};

static void test_tables(void)
{
    struct err e;
    for (size_t i = 0; i < sizeof merged / sizeof *merged; i++) {
        struct arena a = {0};
        struct tree *t;
        if (!ok(treetext_tree(str_of(merged[i].layers), &t, &e) == 0, "%s", merged[i].name)) {
            printf("# %s\n", e.text);
            continue;
        }
        is_str(treetext_dump(&a, t), merged[i].tree, "%s: tree", merged[i].name);
        ok(treetext_has_shape(t), "%s: shape", merged[i].name);
        tree_free(t);
        arena_free(&a);
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct tree *t = NULL;
        int rc = treetext_tree(str_of(refused[i].layers), &t, &e);
        is_err(rc, e, ERR_INPUT, refused[i].part, "refused: %s", refused[i].name);
    }
}

static void test_hidden(void)
{
    struct arena a = {0};
    struct buf b = {.a = &a};
    struct tree *t;
    struct err e;
    int rc =
        treetext_tree(STR("f a 1\nf d/x 2\nf d/y 3\nf k\nf z 1\nf z 2\n--\nf a 4\nf .wh.d\nd k\n"
                          "--\nf .wh.a\nf q"),
                      &t, &e);
    is_int(rc, 0, "a tree with hidden names");
    for (size_t i = 0; i < t->n_hidden; i++)
        buf_addf(&b, STR_F " %u by %u size %u\n", STR_A(tree_path(&a, t->hidden[i].node)),
                 t->hidden[i].layer, t->hidden[i].hidden_by, (unsigned)t->hidden[i].inode->size);
    is_str(buf_str(&b),
           "/z 0 by 0 size 1\n/a 0 by 1 size 1\n/d/y 0 by 1 size 3\n/d/x 0 by 1 size 2\n"
           "/k 0 by 1 size 0\n/a 1 by 2 size 4\n",
           "what was hidden, where and by whom");
    is_int(t->n_files, 2, "files that are left");
    is_int(t->layer_bytes[0], 9, "bytes of the first layer");
    is_int(t->bytes, 2, "bytes that are left");
    tree_free(t);
    arena_free(&a);
}

/* Symlinks that lead a level's worth of folders further down each time. */
static void test_deep_through_links(void)
{
    struct arena a = {0};
    struct buf b = {.a = &a};
    struct tree *t = NULL;
    struct err e;
    for (int i = 0; i < 40; i++) {
        buf_addf(&b, "f %.*s", i ? 3 : 0, "l/x");
        for (int k = 0; k < 100; k++)
            buf_addz(&b, i || k ? "/d" : "d");
        buf_addf(&b, "/f\ns l .");
        for (int k = 0; k <= i; k++)
            for (int j = 0; j < 100 && (k || j < 99); j++)
                buf_addz(&b, "/d");
        buf_addc(&b, '\n');
    }
    is_err(treetext_tree(buf_str(&b), &t, &e), e, ERR_INPUT, "deep", "deep through links");
    arena_free(&a);
}

/* Each entry costs 40 symlinks of 2,000 components. */
static void test_link_bomb(void)
{
    struct arena a = {0};
    struct buf b = {.a = &a};
    struct tree *t = NULL;
    struct err e;
    buf_addz(&b, "d t\n");
    for (int i = 0; i < 39; i++) {
        buf_addf(&b, "s l%d ", i);
        for (int k = 0; k < 1300; k++)
            buf_addz(&b, "../");
        buf_addf(&b, i ? "l%d\n" : "t\n", i - 1);
    }
    for (int i = 0; i < 2000; i++)
        buf_addf(&b, "f l38/%d\n", i);
    is_err(treetext_tree(buf_str(&b), &t, &e), e, ERR_INPUT, "steps through symlinks", "link bomb");
    arena_free(&a);
}

/* Would take minutes if hiding were quadratic. */
static void test_no_quadratic_work(void)
{
    struct arena a = {0};
    struct buf b = {.a = &a};
    struct tree *t;
    struct err e;
    enum { N = 100000 };
    for (int i = 0; i < N; i++)
        buf_addf(&b, "f d/%d\n", i);
    buf_addz(&b, "--\n");
    for (int i = 0; i < N; i++)
        buf_addf(&b, "f d/.wh.%d\nf d/.wh..wh..opq\nf d/n%d\nf .wh.d\nf .wh..wh..opq\n", i, i);
    is_int(treetext_tree(buf_str(&b), &t, &e), 0, "no quadratic work");
    is_int(t->n_files, N, "and the files of the layer stay");
    tree_free(t);
    arena_free(&a);
}

/* Every order of the whiteouts among random entries gives the same tree. */
static void test_order(void)
{
    static const char *const names[] = {"a", "b", "a/a", "a/b", "b/a", "b/b", "a/a/a", "a/b/a"};
    uint64_t random = 88172645463325252u;
    bool same = true;
    for (int round = 0; round < 3000 && same; round++) {
        struct arena a = {0};
        struct buf lower = {.a = &a}, first = {.a = &a}, last = {.a = &a}, entries = {.a = &a};
        struct buf hides = {.a = &a};
        for (int i = 0; i < 14; i++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            struct str name = str_of(names[random % 8]);
            size_t at = str_rfind(name, '/') == name.n ? 0 : str_rfind(name, '/') + 1;
            /* names of one letter are folders, so that no entry stands below a file */
            const char *type = name.n < 5 ? "d" : "f";
            if (i < 7)
                buf_addf(&lower, "%s " STR_F "\n", type, STR_A(name));
            else if (random >> 60 & 1)
                buf_addf(&entries, "%s " STR_F "\n", type, STR_A(name));
            else if (random >> 61 & 1)
                buf_addf(&hides, "f %.*s.wh." STR_F "\n", (int)at, name.p,
                         STR_A(str_from(name, at)));
            else
                buf_addf(&hides, "f %.*s.wh..wh..opq\n", (int)at, name.p);
        }
        buf_addf(&first, STR_F "--\n" STR_F STR_F, STR_A(buf_str(&lower)), STR_A(buf_str(&hides)),
                 STR_A(buf_str(&entries)));
        buf_addf(&last, STR_F "--\n" STR_F STR_F, STR_A(buf_str(&lower)), STR_A(buf_str(&entries)),
                 STR_A(buf_str(&hides)));
        struct tree *t, *u;
        struct err e;
        same = !treetext_tree(buf_str(&first), &t, &e) && !treetext_tree(buf_str(&last), &u, &e);
        if (!same) {
            printf("# %s\n", e.text);
            continue;
        }
        struct str x = treetext_dump(&a, t), y = treetext_dump(&a, u);
        same = str_eq(x, y) && treetext_has_shape(t) && treetext_has_shape(u);
        if (!same)
            printf("# " STR_F "\n# gives\n" STR_F "\n# and the other order\n" STR_F "\n",
                   STR_A(buf_str(&first)), STR_A(x), STR_A(y));
        tree_free(t);
        tree_free(u);
        arena_free(&a);
    }
    ok(same, "order of whiteouts does not matter");
}

int main(void)
{
    test_tables();
    test_hidden();
    test_deep_through_links();
    test_link_bomb();
    test_no_quadratic_work();
    test_order();
    return done_testing();
}
