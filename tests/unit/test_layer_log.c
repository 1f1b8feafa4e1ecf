#include "base/buf.h"
#include "lib/tap.h"
#include "tree/layer_log.h"

static int add(struct tree_log *log, enum image_entry_type type, struct str path, struct str link,
               struct err *e)
{
    struct tree_inode *inode;
    struct image_entry entry = {.type = type, .path = path, .link = link};
    return tree_log_add(log, &entry, &inode, e);
}

static void test_round_trip(void)
{
    static const char *const paths[] = {
        "",  "a",        "a/b",   "a/bc",    "a/b/c/d", "a/b/c/dd", "a/b/cc",
        "b", "b/long",   "b/lon", "b/lo",    "b/lo",    "a/b/cc/d", "x",
        "",  "xx/yy/zz", "xx/yy", "xx/yyyy", "xx",      "y",
    };
    struct arena a = {0};
    static struct tree_log log;
    static struct tree_log_cursor c;
    struct err e;
    bool good = true;
    size_t n = 0;
    tree_log_begin(&log, &a, 3);
    for (size_t i = 0; i < 2000; i++) {
        struct str path = str_of(paths[i % (sizeof paths / sizeof *paths)]);
        good &= add(&log, ENTRY_DIR, path, STR(""), &e) == 0;
    }
    const struct tree_record *r;
    for (tree_log_start(&log, &c); (r = tree_log_next(&c)); n++) {
        struct str want = str_of(paths[n % (sizeof paths / sizeof *paths)]);
        size_t slash = str_rfind(c.path, '/');
        good &= str_eq(c.path, want) && r->inode->layer == 3 && r->kind == RECORD_INODE;
        good &= r->n_shared <= (slash == c.path.n ? 0 : slash + 1);
    }
    ok(good && n == 2000 && log.n == 2000, "round trip");
    tree_log_free(&log);
    arena_free(&a);
}

static void test_whiteouts(void)
{
    static const struct {
        const char *path, *kept;
        int kind; /* −1: dropped */
    } rows[] = {
        {"a/.wh.b", "a/b", RECORD_WHITEOUT},
        {".wh.b", "b", RECORD_WHITEOUT},
        {"a/.wh..wh..opq", "a", RECORD_OPAQUE},
        {".wh..wh..opq", "", RECORD_OPAQUE},
        {".wh..b", ".b", RECORD_WHITEOUT},
        {".wh....", "...", RECORD_WHITEOUT},
        {".wh..wh.plnk", NULL, -1},
        {".wh..wh.plnk/a", NULL, -1},
        {"a/.wh..wh.x", NULL, -1},
        {"a/.wh..wh..opqx", NULL, -1},
        {".wh", ".wh", RECORD_INODE},
        {"a.wh.b", "a.wh.b", RECORD_INODE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena a = {0};
        static struct tree_log log;
        static struct tree_log_cursor c;
        struct err e;
        tree_log_begin(&log, &a, 0);
        is_int(add(&log, ENTRY_FILE, str_of(rows[i].path), STR(""), &e), 0, "%s", rows[i].path);
        tree_log_start(&log, &c);
        const struct tree_record *r = tree_log_next(&c);
        is_int(r ? r->kind : -1, rows[i].kind, "%s: kind", rows[i].path);
        if (r)
            is_str(c.path, rows[i].kept, "%s: path", rows[i].path);
        tree_log_free(&log);
        arena_free(&a);
    }
}

static void test_refused(void)
{
    static const char *const paths[] = {"/a", "a/", "a//b", ".", "..", "a/../b", "a/./b", "/"};
    struct arena a = {0};
    static struct tree_log log;
    struct err e;
    tree_log_begin(&log, &a, 0);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        is_err(add(&log, ENTRY_FILE, str_of(paths[i]), STR(""), &e), e, ERR_INPUT, "not clean",
               "path %s", paths[i]);
        is_err(add(&log, ENTRY_HARDLINK, STR("x"), str_of(paths[i]), &e), e, ERR_INPUT, "no clean",
               "link to %s", paths[i]);
    }
    is_err(add(&log, ENTRY_HARDLINK, STR("x"), STR(""), &e), e, ERR_INPUT, "no clean",
           "empty link");
    is_err(add(&log, ENTRY_FILE, STR("a\0b"), STR(""), &e), e, ERR_INPUT, "NUL", "NUL");
    is_err(add(&log, ENTRY_FILE, STR(""), STR(""), &e), e, ERR_INPUT, "root", "root as a file");
    char bytes[5000];
    memset(bytes, 'a', sizeof bytes);
    is_err(add(&log, ENTRY_FILE, (struct str){bytes, 256}, STR(""), &e), e, ERR_INPUT, "256",
           "long name");
    is_err(add(&log, ENTRY_FILE, (struct str){bytes, 4096}, STR(""), &e), e, ERR_INPUT, "4096",
           "long path");
    for (size_t i = 1; i < sizeof bytes; i += 2)
        bytes[i] = '/';
    is_int(add(&log, ENTRY_FILE, (struct str){bytes, 1023}, STR(""), &e), 0, "512 deep");
    is_err(add(&log, ENTRY_FILE, (struct str){bytes, 1025}, STR(""), &e), e, ERR_INPUT, "deep",
           "513 deep");
    is_int((long long)log.n, 1, "nothing of the refused is recorded");
    tree_log_free(&log);
    arena_free(&a);
}

int main(void)
{
    test_round_trip();
    test_whiteouts();
    test_refused();
    return done_testing();
}
