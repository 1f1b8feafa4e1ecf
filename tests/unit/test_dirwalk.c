/* Walking a folder: sorted, without following symlinks, to a depth. */
#include "base/buf.h"
#include "lib/fixture.h"
#include "lib/tap.h"
#include "sys/dirwalk.h"

static struct arena a;

static struct str make(const char *path)
{
    struct err e;
    struct str full = fixture_path(&a, path);
    if (sys_make_dir(full, &e))
        fixture_die("folder", &e);
    return full;
}

static int list(const char *path, size_t depth, struct str *ret, struct err *e)
{
    struct buf b = {.a = &a};
    struct sys_walk *w;
    struct sys_walk_entry entry;
    struct str_pairs xattrs;
    int fd, rc;
    if (sys_open_dir(fixture_path(&a, path), &fd, e) || sys_walk_begin(fd, depth, &w, e))
        fixture_die("walk", e);
    while ((rc = sys_walk_next(w, &entry, e)) > 0) {
        if (sys_walk_xattrs(w, 65536, &xattrs, e))
            fixture_die("xattrs", e);
        buf_add(&b, entry.path);
        buf_addf(&b, "%s" STR_F "|", entry.target.n ? ">" : "", STR_A(entry.target));
    }
    sys_walk_end(w);
    sys_fd_close(&fd);
    *ret = buf_str(&b);
    return rc;
}

/* What is too deep, and what is skipped. */
static void beside(void)
{
    struct buf b = {.a = &a};
    struct err e = {0};
    struct sys_walk *w;
    struct sys_walk_entry entry;
    int fd, rc, failed = 0;
    make("v/a/deep/deeper");
    make("v/skipped/x");
    make("v/z");
    if (sys_open_dir(fixture_path(&a, "v"), &fd, &e) || sys_walk_begin(fd, 1, &w, &e))
        fixture_die("walk", &e);
    while ((rc = sys_walk_next(w, &entry, &e))) {
        failed += rc < 0;
        if (rc > 0)
            buf_addf(&b, STR_F "|", STR_A(entry.path));
        if (rc > 0 && str_is(entry.path, "skipped"))
            sys_walk_skip(w);
    }
    sys_walk_end(w);
    sys_fd_close(&fd);
    is_int(failed, 1, "a folder that is too deep fails");
    is_str(buf_str(&b), "|a|skipped|z|", "and hides nothing beside it; one is skipped");
}

int main(void)
{
    struct str got;
    struct err e = {0};
    make("w/b/z");
    make("w/a");
    make("w/b.c");
    if (sys_write_file(fixture_path(&a, "w/b/f"), STR("x"), &e) ||
        symlink("/etc", fixture_path(&a, "w/a/out").p))
        fixture_die("files", &e);
    is_int(list("w", 10, &got, &e), 0, "walks: %s", e.text);
    is_str(got, "|a|a/out>/etc|b|b/f|b/z|b.c|", "sorted by component, symlinks as they are");
    is_int(list("w", 2, &got, &e), 0, "a depth that is enough");
    is_err(list("w", 1, &got, &e), e, ERR_INPUT, "more than 1 folders deep", "one that is not");
    beside();
    fixture_end();
    arena_free(&a);
    return done_testing();
}
