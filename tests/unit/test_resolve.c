#include <errno.h>

#include "lib/tap.h"
#include "lib/treetext.h"

static const char layers[] = "d usr\n"
                             "f usr/bin/sh\n"
                             "s bin usr/bin\n"
                             "s abs /usr/bin\n"
                             "s usr/up ../..\n"
                             "s usr/file bin/sh\n"
                             "s usr/slash bin/sh/\n"
                             "s usr/dirslash bin/\n"
                             "s dangling usr/none\n"
                             "s deepdangling none/none\n"
                             "s loop loop\n"
                             "s ping pong\n"
                             "s pong ping\n"
                             "s all ////\n"
                             "d empty\n";

struct lookup {
    const char *cwd, *path;
    enum tree_follow mode;
    int error;
    const char *node; /* or, with ENOENT of the last component, its folder and name */
    const char *via;
};

static const struct lookup lookups[] = {
    {"", "/", TREE_FOLLOW, 0, "/", ""},
    {"", "", TREE_FOLLOW, ENOENT, NULL, ""},
    {"", "usr", TREE_FOLLOW, 0, "/usr", "/"},
    {"/usr", "bin", TREE_FOLLOW, 0, "/usr/bin", "/ /usr"},
    {"/usr", "/usr", TREE_FOLLOW, 0, "/usr", "/"},
    {"/usr", ".", TREE_FOLLOW, 0, "/usr", "/ /usr"},
    {"", "/usr/bin/sh", TREE_FOLLOW, 0, "/usr/bin/sh", "/ /usr /usr/bin"},
    {"", "//usr//bin///sh", TREE_FOLLOW, 0, "/usr/bin/sh", "/ /usr /usr/bin"},
    {"", "/bin/sh", TREE_FOLLOW, 0, "/usr/bin/sh", "/ /bin / /usr /usr/bin"},
    {"", "/abs/sh", TREE_FOLLOW, 0, "/usr/bin/sh", "/ /abs / /usr /usr/bin"},
    {"/bin", "sh", TREE_FOLLOW, 0, "/usr/bin/sh", "/ /bin / /usr /usr/bin"},
    {"", "/..", TREE_FOLLOW, 0, "/", "/"},
    {"", "/../../usr", TREE_FOLLOW, 0, "/usr", "/ / /"},
    {"", "/usr/up/usr", TREE_FOLLOW, 0, "/usr", "/ /usr /usr/up /usr / /"},
    {"", "/bin/..", TREE_FOLLOW, 0, "/usr", "/ /bin / /usr /usr/bin"},
    {"", "/bin", TREE_FOLLOW, 0, "/usr/bin", "/ /bin / /usr"},
    {"", "/bin", TREE_NOFOLLOW, 0, "/bin", "/"},
    {"", "/bin/", TREE_NOFOLLOW, 0, "/usr/bin", "/ /bin / /usr"},
    {"", "/bin/.", TREE_NOFOLLOW, 0, "/usr/bin", NULL},
    {"", "/usr/", TREE_FOLLOW, 0, "/usr", "/"},
    {"", "/all", TREE_FOLLOW, 0, "/", "/ /all"},
    {"", "/all/usr", TREE_FOLLOW, 0, "/usr", "/ /all /"},
    {"", "/usr/bin/sh/", TREE_FOLLOW, ENOTDIR, NULL, NULL},
    {"", "/usr/bin/sh/.", TREE_FOLLOW, ENOTDIR, NULL, NULL},
    {"", "/usr/bin/sh/..", TREE_FOLLOW, ENOTDIR, NULL, NULL},
    {"", "/usr/bin/sh/x", TREE_FOLLOW, ENOTDIR, NULL, NULL},
    {"", "/usr/file", TREE_FOLLOW, 0, "/usr/bin/sh", NULL},
    {"", "/usr/file/", TREE_FOLLOW, ENOTDIR, NULL, NULL},
    {"", "/usr/file/", TREE_NOFOLLOW, ENOTDIR, NULL, NULL},
    {"", "/usr/file/x", TREE_FOLLOW, ENOTDIR, NULL, NULL},
    {"", "/usr/slash", TREE_FOLLOW, ENOTDIR, NULL, NULL},
    {"", "/usr/slash", TREE_NOFOLLOW, 0, "/usr/slash", NULL},
    {"", "/usr/dirslash", TREE_FOLLOW, 0, "/usr/bin", NULL},
    {"/usr/bin/sh", "x", TREE_FOLLOW, ENOTDIR, NULL, NULL},
    {"/none", "x", TREE_FOLLOW, ENOENT, NULL, "/"},
    {"", "/none", TREE_FOLLOW, ENOENT, "/ none", "/"},
    {"", "/none/", TREE_FOLLOW, ENOENT, "/ none", "/"},
    {"", "/none/x", TREE_FOLLOW, ENOENT, NULL, "/"},
    {"", "/bin/none", TREE_FOLLOW, ENOENT, "/usr/bin none", "/ /bin / /usr /usr/bin"},
    {"", "/dangling", TREE_FOLLOW, ENOENT, "/usr none", "/ /dangling / /usr"},
    {"", "/dangling", TREE_NOFOLLOW, 0, "/dangling", NULL},
    {"", "/dangling/x", TREE_FOLLOW, ENOENT, NULL, NULL},
    {"", "/deepdangling", TREE_FOLLOW, ENOENT, NULL, NULL},
    {"", "/loop", TREE_FOLLOW, ELOOP, NULL, NULL},
    {"", "/loop", TREE_NOFOLLOW, 0, "/loop", NULL},
    {"", "/loop/x", TREE_NOFOLLOW, ELOOP, NULL, NULL},
    {"", "/ping", TREE_FOLLOW, ELOOP, NULL, NULL},
    {"", "/empty/x", TREE_FOLLOW, ENOENT, "/empty x", NULL},
};

static void test_lookup(const struct tree *t, const struct lookup *l)
{
    struct arena a = {0};
    struct buf via = {.a = &a}, found = {.a = &a};
    struct tree_lookup r;
    tree_resolve(t, &a, str_of(l->cwd), str_of(l->path), l->mode, &r);
    is_int(r.error, l->error, "\"%s\" from \"%s\"", l->path, l->cwd);
    if (r.node)
        buf_add(&found, tree_path(&a, r.node));
    else if (r.last.n)
        buf_addf(&found, STR_F " " STR_F, STR_A(tree_path(&a, r.dir)), STR_A(r.last));
    is_str(buf_str(&found), l->node ? l->node : "", "\"%s\": result", l->path);
    ok(r.dir && r.dir->inode->type == ENTRY_DIR, "\"%s\": a folder was reached", l->path);
    vec_each (&r.via, i)
        buf_addf(&via, "%s" STR_F, i ? " " : "", STR_A(tree_path(&a, r.via.v[i])));
    if (l->via)
        is_str(buf_str(&via), l->via, "\"%s\": via", l->path);
    arena_free(&a);
}

/* A chain of n links before the file. */
static int chain(int n)
{
    struct arena a = {0};
    struct buf b = {.a = &a};
    struct tree *t;
    struct err e;
    struct tree_lookup r;
    buf_addz(&b, "f l0\n");
    for (int i = 1; i <= n; i++)
        buf_addf(&b, "s l%d l%d\n", i, i - 1);
    if (treetext_tree(buf_str(&b), &t, &e))
        return -1;
    tree_resolve(t, &a, STR("/"), str_fmt(&a, "/l%d", n), TREE_FOLLOW, &r);
    tree_free(t);
    arena_free(&a);
    return r.error;
}

static void test_long(const struct tree *t)
{
    struct arena a = {0};
    struct tree_lookup r;
    char path[5000];
    memset(path, '/', sizeof path);
    memcpy(path, "/usr", 4);
    tree_resolve(t, &a, STR(""), (struct str){path, 4095}, TREE_FOLLOW, &r);
    is_int(r.error, 0, "a path of 4095 bytes");
    tree_resolve(t, &a, STR(""), (struct str){path, 4096}, TREE_FOLLOW, &r);
    is_int(r.error, ENAMETOOLONG, "a path of 4096 bytes");
    memset(path, 'a', sizeof path);
    tree_resolve(t, &a, STR(""), (struct str){path, 255}, TREE_FOLLOW, &r);
    is_int(r.error, ENOENT, "a name of 255 bytes");
    tree_resolve(t, &a, STR(""), (struct str){path, 256}, TREE_FOLLOW, &r);
    is_int(r.error, ENAMETOOLONG, "a name of 256 bytes");
    arena_free(&a);
}

static void test_round_trip(const struct tree *t)
{
    struct arena a = {0};
    bool good = true;
    for (struct tree_node *n = tree_next(t, NULL); n; n = tree_next(t, n)) {
        struct tree_lookup r;
        tree_resolve(t, &a, STR("/usr"), tree_path(&a, n), TREE_NOFOLLOW, &r);
        good &= r.node == n && r.dir == (n->parent ? n->parent : n);
    }
    ok(good, "every node's path resolves to it");
    arena_free(&a);
}

int main(void)
{
    struct tree *t;
    struct err e;
    if (!ok(treetext_tree(str_of(layers), &t, &e) == 0, "tree"))
        return 1;
    for (size_t i = 0; i < sizeof lookups / sizeof *lookups; i++)
        test_lookup(t, &lookups[i]);
    test_round_trip(t);
    test_long(t);
    is_int(chain(40), 0, "40 symlinks");
    is_int(chain(41), ELOOP, "41 symlinks");
    tree_free(t);
    return done_testing();
}
