/* With arguments it is a tool for tests/tree.t and bench/:
 *   list IMAGE | unpack IMAGE DIR | write IMAGE OUT | resolve IMAGE < paths */
#include <errno.h>

#include "lib/fixture.h"
#include "lib/listing.h"
#include "lib/tap.h"

static const struct fixture_entry base[] = {
    {"d", "bin", .mode = 0755, .mtime = 5},
    {"f", "bin/su", "su's bytes", .mode = 04755, .mtime = 77},
    {"l", "bin/sh", .link = "su"},
    {"h", "bin/also-su", .link = "bin/su"},
    {"f", "bin/ping", "ping", .mode = 0755, .xattr = "security.capability",
     .value = {"\1\0\0\2\0\40\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20}},
    {"d", "etc", .mode = 0750, .uid = 3, .gid = 4},
    {"f", "etc/old", "to be replaced"},
    {"f", "etc/gone", "to be removed"},
    {"c", "dev/null", .mode = 0666, .major = 1, .minor = 3},
    {"p", "run/pipe", .mode = 0600},
    {"f", "empty"},
    {"d", "sticky", .mode = 01777},
    {0},
};
static const struct fixture_entry top[] = {
    {"f", "etc/old", "a newer content", .mode = 0600, .uid = 9},
    {"f", "etc/.wh.gone"},
    {"h", "a-first-name", .link = "bin/ping"},
    {"h", "z-last-name", .link = "etc/old"},
    {"l", "var/run", .link = "/run"},
    {0},
};
static const struct fixture_layer layers[] = {{base}, {top, .compression = IMAGE_ZSTD}, {0}};

static struct tree *build(const struct image *image)
{
    struct tree_options options = {.digests = true};
    struct tree *t;
    struct err e;
    if (tree_build(image, &options, &t, &e))
        fixture_die("building the tree", &e);
    return t;
}

/* The selection as an image of one layer, opened again. */
static struct image *write_image(struct arena *a, const struct tree *t, const struct image *image,
                                 const struct tree_selection *s, struct image_blob *blob)
{
    struct image_layer_writer *w;
    struct err e;
    const struct fixture_layer none[] = {{0}};
    struct image_draft d = fixture_draft(a, none, NULL);
    if (image_layer_begin(IMAGE_GZIP, &w, &e) || tree_write_layer(t, image, s, w, &e) ||
        image_layer_end(w, blob, &e))
        fixture_die("writing the selection", &e);
    struct image_config_edit edit = {.diff_ids = &blob->diff_id, .n_diff_ids = 1};
    if (image_config_write(a, d.config_bytes, &edit, &d.config_bytes, &e))
        fixture_die("config", &e);
    d.layers = blob;
    d.n_layers = 1;
    struct image_name name = fixture_write(a, &d);
    struct image *written;
    if (image_open(a, &name, NULL, &written, &e))
        fixture_die("opening what was written", &e);
    return written;
}

static bool keep_all(void *ctx, const struct tree_node *node)
{
    (void)ctx;
    (void)node;
    return true;
}

/* The listing of a selection, written and read back. */
static struct str round_trip(struct arena *a, const struct tree *t, const struct image *image,
                             const struct tree_selection *s, struct digest *ret)
{
    struct image_blob blob;
    struct image *written = write_image(a, t, image, s, &blob);
    struct tree *u = build(written);
    struct str text = listing(a, u);
    if (ret)
        *ret = blob.digest;
    tree_free(u);
    image_close(written);
    return text;
}

static void test_all(struct arena *a, const struct tree *t, const struct image *image)
{
    struct tree_selection all = {.keep = keep_all};
    struct digest once, twice;
    struct str want = listing(a, t), got = round_trip(a, t, image, &all, &once);
    if (!ok(str_eq(got, want), "round trip"))
        printf("# got\n" STR_F "\n# want\n" STR_F "\n", STR_A(got), STR_A(want));
    (void)round_trip(a, t, image, &all, &twice);
    ok(digest_eq(&once, &twice), "twice the same bytes");
}

struct wanted {
    struct arena *a;
    const char *const *paths;
};

static bool keep_wanted(void *ctx, const struct tree_node *node)
{
    struct wanted *w = ctx;
    for (size_t i = 0; w->paths[i]; i++)
        if (str_is(tree_path(w->a, node), w->paths[i]))
            return true;
    return false;
}

static void adjust(void *ctx, const struct tree_node *node, struct image_entry *entry)
{
    (void)ctx;
    (void)node;
    entry->mode &= 0777;
    entry->mtime = 1;
    entry->n_xattrs = 0;
}

static bool replace(void *ctx, const struct tree_node *node, struct str *content)
{
    (void)ctx;
    if (!str_is(node->name, "old"))
        return false;
    *content = STR("replaced");
    return true;
}

static const char *sha(struct arena *a, const char *content)
{
    struct digest d = digest_of(str_of(content));
    return str_cstr(a, digest_text(a, &d));
}

static void test_some(struct arena *a, const struct tree *t, const struct image *image)
{
    static const char *const paths[] = {"/bin/ping",    "/bin/also-su", "/bin/su",
                                        "/z-last-name", "/etc/old",     "/run/pipe",
                                        "/empty",       "/bin/none",    NULL};
    struct wanted w = {a, paths};
    struct tree_selection s = {&w, keep_wanted, adjust, replace};
    struct str got = round_trip(a, t, image, &s, NULL);
    struct str want = str_fmt(a,
                              "d / 00755 0:0 0 0 x1\n"
                              "d /bin 00755 0:0 0 1 x1\n"
                              "f /bin/also-su 00755 0:0 10 1 x2 %s\n"
                              "f /bin/ping 00755 0:0 4 1 x1 %s\n"
                              "f /bin/su 00755 0:0 10 1 x2 %s\n"
                              "f /empty 00644 0:0 0 1 x1 %s\n"
                              "d /etc 00750 3:4 0 1 x1\n"
                              "f /etc/old 00600 9:0 8 1 x2 %s\n"
                              "d /run 00755 0:0 0 1 x1\n"
                              "p /run/pipe 00600 0:0 0 1 x1\n"
                              "f /z-last-name 00600 9:0 8 1 x2 %s\n",
                              sha(a, "su's bytes"), sha(a, "ping"), sha(a, "su's bytes"),
                              sha(a, ""), sha(a, "replaced"), sha(a, "replaced"));
    if (!ok(str_eq(got, want), "some, adjusted and replaced"))
        printf("# got\n" STR_F "\n# want\n" STR_F "\n", STR_A(got), STR_A(want));
}

/* Random trees and selections: what is read back is what was kept, with the folders above. */
static void test_random(struct arena *a, const struct tree *t, const struct image *image)
{
    uint64_t random = 88172645463325252u;
    bool good = true;
    for (int round = 0; round < 60 && good; round++) {
        const char *paths[64];
        size_t n = 0, found = 0;
        for (struct tree_node *node = tree_next(t, NULL); node; node = tree_next(t, node)) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            if (random >> 40 & 1)
                paths[n++] = str_cstr(a, tree_path(a, node));
        }
        paths[n] = NULL;
        struct wanted w = {a, paths};
        struct tree_selection s = {&w, keep_wanted, NULL, NULL};
        struct image_blob blob;
        struct image *written = write_image(a, t, image, &s, &blob);
        struct tree *u = build(written);
        for (struct tree_node *node = tree_next(u, NULL); node; node = tree_next(u, node)) {
            struct tree_lookup was;
            tree_resolve(t, a, STR("/"), tree_path(a, node), TREE_NOFOLLOW, &was);
            good &=
                was.node && was.node->inode->type == node->inode->type &&
                was.node->inode->mode == node->inode->mode &&
                was.node->inode->n_xattrs == node->inode->n_xattrs &&
                !was.node->inode->digest == !node->inode->digest &&
                (!node->inode->digest || digest_eq(was.node->inode->digest, node->inode->digest));
            found += keep_wanted(&w, node);
        }
        good &= found == n || (n && found == n - 1); /* a plain root is always there */
        tree_free(u);
        image_close(written);
    }
    ok(good, "random selections");
}

static void test_root(struct arena *a)
{
    static const struct fixture_entry special[] = {{"d", "", .mode = 0711}, {"f", "a"}, {0}};
    static const struct fixture_entry plain[] = {
        {"d", "", .mode = 0755, .mtime = 9}, {"f", "a"}, {0}};
    const struct fixture_layer one[] = {{special}, {0}}, two[] = {{plain}, {0}};
    struct tree_selection all = {.keep = keep_all};
    struct image *image = fixture_image(a, one, NULL);
    struct tree *t = build(image);
    ok(str_starts(round_trip(a, t, image, &all, NULL), STR("d / 00711 0:0")), "root is kept");
    tree_free(t);
    image_close(image);
    image = fixture_image(a, two, NULL);
    t = build(image);
    ok(str_starts(round_trip(a, t, image, &all, NULL), STR("d / 00755 0:0 0 0 ")),
       "a plain root is not written");
    tree_free(t);
    image_close(image);
}

/* A file over the spool's memory. */
static void test_big(struct arena *a)
{
    enum { BIG = 17 * 1024 * 1024 + 3 };
    char *p = arena_alloc(a, BIG);
    for (size_t i = 0; i < BIG; i++)
        p[i] = (char)(i * i >> 7);
    const struct fixture_entry entries[] = {
        {"f", "b", .bytes = {p, BIG}}, {"f", "a", "small"}, {"f", "c", "small too"}, {0}};
    const struct fixture_layer one[] = {{entries, .compression = IMAGE_ZSTD}, {0}};
    struct image *image = fixture_image(a, one, NULL);
    struct tree *t = build(image);
    struct tree_selection all = {.keep = keep_all};
    struct str want = listing(a, t), got = round_trip(a, t, image, &all, NULL);
    ok(str_eq(got, want), "through a temporary file");
    tree_free(t);
    image_close(image);
}

/* A tree of one image and the content of another. */
static void test_changed_image(struct arena *a, const struct tree *t)
{
    static const struct fixture_entry other[] = {{"f", "x", "y"}, {0}};
    const struct fixture_layer wrong[] = {{base}, {other}, {0}};
    struct image *image = fixture_image(a, wrong, NULL);
    struct tree_selection all = {.keep = keep_all};
    struct image_layer_writer *w;
    struct err e;
    if (image_layer_begin(IMAGE_PLAIN, &w, &e))
        fixture_die("writer", &e);
    int rc = tree_write_layer(t, image, &all, w, &e);
    is_err(rc, e, ERR_INPUT, "changed", "changed image");
    image_layer_drop(w);
    image_close(image);
}

static int fail(const struct err *e)
{
    fprintf(stderr, "%s\n", e->text);
    return (int)e->kind;
}

static int tool(int argc, char **argv)
{
    struct arena a = {0};
    struct err e;
    struct image_name name;
    struct image *image;
    struct tree *t;
    struct tree_options options = {.digests = !strcmp(argv[1], "list")};
    if (argc < 3 || image_name_parse(&a, str_of(argv[2]), &name, &e) ||
        image_open(&a, &name, NULL, &image, &e) || tree_build(image, &options, &t, &e))
        return fail(&e);
    if (!strcmp(argv[1], "list"))
        for (struct tree_node *n = tree_next(t, NULL); n; n = tree_next(t, n)) {
            struct arena_mark mark = arena_mark(&a);
            struct buf b = {.a = &a};
            listing_node(&b, n);
            fwrite(b.p, 1, b.n, stdout);
            arena_rewind(&a, mark);
        }
    if (!strcmp(argv[1], "unpack")) {
        FD_AUTO int fd = -1;
        size_t left_out;
        if (argc < 4 || sys_open_dir(str_of(argv[3]), &fd, &e) ||
            tree_unpack(t, image, fd, &left_out, &e))
            return fail(&e);
        printf("left out %zu\n", left_out);
    }
    if (!strcmp(argv[1], "write")) {
        struct tree_selection all = {.keep = keep_all};
        struct image_layer_writer *w;
        struct image_blob blob;
        struct image_name to;
        if (argc < 4 || image_name_parse(&a, str_of(argv[3]), &to, &e) ||
            image_layer_begin(IMAGE_GZIP, &w, &e) || tree_write_layer(t, image, &all, w, &e) ||
            image_layer_end(w, &blob, &e))
            return fail(&e);
        struct image_config_edit edit = {.diff_ids = &blob.diff_id, .n_diff_ids = 1};
        struct image_draft d = {.platform = image->config.platform, .layers = &blob, .n_layers = 1};
        if (image_config_write(&a, image->config_bytes, &edit, &d.config_bytes, &e) ||
            image_write(&to, &d, NULL, &e))
            return fail(&e);
    }
    if (!strcmp(argv[1], "resolve")) {
        char line[8192];
        while (fgets(line, sizeof line, stdin)) {
            struct tree_lookup r;
            struct str path = str_of(line);
            path.n -= path.n && path.p[path.n - 1] == '\n';
            tree_resolve(t, &a, STR("/"), path, TREE_FOLLOW, &r);
            struct str to = r.node ? tree_path(&a, r.node) : str_of(strerror(r.error));
            printf(STR_F "\n", STR_A(to));
        }
    }
    tree_free(t);
    image_close(image);
    arena_free(&a);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return tool(argc, argv);
    struct arena a = {0};
    struct image *image = fixture_image(&a, layers, NULL);
    struct tree *t = build(image);
    test_all(&a, t, image);
    test_some(&a, t, image);
    test_random(&a, t, image);
    test_changed_image(&a, t);
    test_root(&a);
    test_big(&a);
    tree_free(t);
    image_close(image);
    arena_free(&a);
    fixture_end();
    return done_testing();
}
