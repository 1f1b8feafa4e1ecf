/* trace_replay over trees written as text. */
#include "trace/trace.h"

#include <errno.h>

#include "lib/tap.h"
#include "lib/treetext.h"

static struct arena a;

enum { N = 1, C = 2 };

/* One lookup, and the difference it must show ("" for none). */
static const struct row {
    const char *name, *was, *is, *path;
    int flags;
    const char *what;
} rows[] = {
    {"itself", "f a 1\ns l a", "f a 1\ns l a", "/l", 0, ""},
    {"missing in both", "f a", "f b", "/none", 0, ""},
    {"missing in the result", "f a", "", "/a", 0, "exists in the original only"},
    {"there only in the result", "", "f a", "/a", 0,
     "is missing in the original, is there in the result"},
    {"missing behind a link", "f d/a\ns l d", "s l d", "/l/a", 0, "exists in the original only"},
    {"the link itself is there", "f a\ns l a", "s l a", "/l", N, ""},
    {"a link leads elsewhere", "s l a", "s l b", "/l", N, "link to a became link to b"},
    {"another type", "f a", "d a", "/a", 0, "a file became a folder"},
    {"another size", "f a 1", "f a 2", "/a", 0, "1 bytes became 2"},
    {"another errno", "f a", "d a", "/a/b", 0,
     "leads through what is no folder in the original, is missing in the result"},
    {"a loop", "s l l", "f l", "/l", 0,
     "is a loop of symlinks in the original, is there in the result"},
    {"not normalised", "f d/a", "f d/a", "/./d//../d/a", 0, ""},
    {"made in a folder that is there", "d d", "d d", "/d/new", C, ""},
    {"made in a folder that is gone", "d d", "", "/d/new", C,
     "the folder to make it in is missing"},
    {"made where its folder never was", "", "", "/d/new", C, ""},
    {"only looked for there", "d d", "", "/d/new", 0, ""},
    {"made through a link that is gone", "d d\ns l d", "d d", "/l/new", C,
     "the folder to make it in is missing"},
    {"the runtime's folders", "f proc/a\nf dev/b\nf sys/c", "", "/proc/a", 0, ""},
    {"the runtime's, by detours", "f proc/a", "", "/x/..//proc/./a", 0, ""},
    {"no prefix of a name", "f process/a", "", "/process/a", 0, "exists in the original only"},
    {"asked not to look below", "f run/a", "", "/run/a", 0, ""},
    {"the root", "f a", "f b", "/", 0, ""},
};

static struct tree *tree_of(const char *text)
{
    struct tree *t = NULL;
    struct err e = {0};
    if (treetext_tree(str_of(text), &t, &e))
        printf("# %s\n", e.text);
    return t;
}

static struct str ignored[] = {STR_INIT("/run")};
static const struct trace_replay_options options = {.ignore_below = {ignored, 1}};

static struct trace trace_of(const char *path, int flags)
{
    struct trace t = {0};
    *vec_push(&a, &t.lookups) =
        (struct trace_lookup){.path = str_of(path), .nofollow = flags & N, .create = flags & C};
    return t;
}

static void test_rows(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *r = &rows[i];
        struct tree *was = tree_of(r->was), *is = tree_of(r->is);
        struct trace t = trace_of(r->path, r->flags);
        struct trace_differences d = {0};
        struct err e = {0};
        ok(trace_replay(&a, &t, was, is, &options, &d, &e) == 0 && d.n == (*r->what != 0), "%s",
           r->name);
        if (d.n && *r->what)
            is_str(d.v[0].what, r->what, "%s: words", r->name);
        tree_free(was);
        tree_free(is);
    }
}

static struct tree_inode *inode(const struct tree *t, const char *path)
{
    struct tree_lookup l;
    tree_resolve(t, &a, STR("/"), str_of(path), TREE_FOLLOW, &l);
    return l.node->inode;
}

static bool allow_all(void *ctx, const struct tree_node *was, const struct tree_node *is)
{
    *(int *)ctx += was && is;
    return true;
}

static struct str difference(const struct tree *was, const struct tree *is, const char *path,
                             const struct trace_replay_options *o)
{
    struct trace t = trace_of(path, 0);
    struct trace_differences d = {0};
    struct err e = {0};
    if (trace_replay(&a, &t, was, is, o, &d, &e))
        return STR("failed");
    return d.n ? d.v[0].what : (struct str){0};
}

static void test_metadata(void)
{
    struct tree *was = tree_of("f a 1\nd d"), *is = tree_of("f a 1\nd d");
    int asked = 0;
    struct trace_replay_options allow = {.ctx = &asked, .allowed = allow_all};
    inode(is, "/a")->mode = 04755;
    is_str(difference(was, is, "/a", NULL), "mode 0644 became 4755", "mode");
    ok(!difference(was, is, "/a", &allow).n && asked == 1, "allowed: a mode");
    inode(is, "/a")->mode = inode(was, "/a")->mode;
    inode(is, "/d")->gid = 7;
    is_str(difference(was, is, "/d", NULL), "owner 0:0 became 0:7", "owner");
    is_str(difference(was, is, "/d/new", NULL), "", "a folder's owner and a name not made in it");
    struct trace t = trace_of("/d/new", C);
    struct trace_differences d = {0};
    struct err e = {0};
    ok(trace_replay(&a, &t, was, is, NULL, &d, &e) == 0 && d.n == 1, "and one that is made");
    struct tree_inode *x = inode(was, "/a"), *y = inode(is, "/a");
    struct digest one = digest_of(STR("1")), same = one, other = digest_of(STR("2"));
    x->digest = &one;
    y->digest = &same;
    is_str(difference(was, is, "/a", NULL), "", "same content");
    y->digest = &other;
    is_str(difference(was, is, "/a", NULL), "other content", "other content");
    tree_free(is);
    is = tree_of("d a");
    is_str(difference(was, is, "/a", &allow), "a file became a folder", "allowed: never a type");
    is_str(difference(was, is, "/d", &allow), "exists in the original only",
           "allowed: never a missing path");
    tree_free(was);
    tree_free(is);
}

static void test_once(void)
{
    struct tree *was = tree_of("f a\nf b"), *is = tree_of("");
    struct trace t = trace_of("/a", 0);
    *vec_push(&a, &t.lookups) = (struct trace_lookup){.path = STR("/a"), .call = TRACE_STAT};
    *vec_push(&a, &t.lookups) = (struct trace_lookup){.path = STR("/a"), .nofollow = true};
    *vec_push(&a, &t.lookups) = (struct trace_lookup){.path = STR("/b")};
    struct trace_differences d = {0};
    struct err e = {0};
    ok(trace_replay(&a, &t, was, is, NULL, &d, &e) == 0, "replays");
    is_int(d.n, 2, "once: one difference a path");
    ok(d.v[0].lookup == &t.lookups.v[0] && d.v[0].was, "with the lookup and the old node");
    tree_free(was);
    tree_free(is);
}

int main(void)
{
    test_rows();
    test_metadata();
    test_once();
    arena_free(&a);
    return done_testing();
}
