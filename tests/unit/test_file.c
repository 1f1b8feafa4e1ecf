#include "sys/file.h"

#include <dirent.h>
#include <sys/resource.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/tap.h"

static size_t count_entries(const char *path)
{
    size_t n = 0;
    DIR *d = opendir(path);
    for (struct dirent *entry; d && (entry = readdir(d));)
        n += entry->d_name[0] != '.' || (entry->d_name[1] && entry->d_name[1] != '.');
    closedir(d);
    return n;
}

static void test_atomic(struct arena *a)
{
    struct err e = {0};
    struct str content;
    struct sys_atomic f;
    ok(!sys_write_file(STR("file"), STR("old"), &e), "a file is written");
    ok(!sys_atomic_begin(STR("./file"), &f, &e) && !sys_write_all(f.fd, "new", 3, &e), "begun");
    ok(!sys_read_file(STR("file"), a, 100, &content, &e) && str_is(content, "old"),
       "before the commit the old content stands");
    is_int(count_entries("."), 1, "what is being written has no name");
    sys_atomic_abort(&f);
    is_int(count_entries("."), 1, "an abort leaves nothing");
    ok(!sys_atomic_begin(STR("file"), &f, &e) && !sys_write_all(f.fd, "new", 3, &e) &&
           !sys_atomic_commit(&f, &e) && !sys_read_file(STR("file"), a, 100, &content, &e) &&
           str_is(content, "new"),
       "after the commit the new");
    is_int(count_entries("."), 1, "a commit leaves nothing else");
    struct stat st = {0};
    ok(!mkfifo("pipe", 0600) && !symlink("file", "link"), "a pipe and a link");
    is_err(sys_atomic_begin(STR("pipe"), &f, &e), e, ERR_USAGE, "pipe is a device or a pipe",
           "no pipe is replaced");
    ok(!sys_write_file(STR("link"), STR("through"), &e) && !lstat("link", &st) &&
           S_ISLNK(st.st_mode) && !sys_read_file(STR("file"), a, 100, &content, &e) &&
           str_is(content, "through"),
       "a link is written through");
    is_err(sys_atomic_begin(STR("no/such/file"), &f, &e), e, ERR_INPUT, "no/such", "no folder");
    is_err(sys_atomic_begin(STR("dir/"), &f, &e), e, ERR_INPUT, "dir",
           "a name that ends in a slash");
    is_err(sys_read_file(STR("file"), a, 2, &content, &e), e, ERR_INPUT, "larger than the 2",
           "cap");
    is_err(sys_read_file((struct str){"a\0b", 3}, a, 2, &content, &e), e, ERR_INPUT, "NUL", "NUL");
}

static void test_beneath(void)
{
    struct err e = {0};
    FD_AUTO int dir = -1, fd = -1;
    ok(!sys_make_dir(STR("in/a/b"), &e) && !sys_make_dir(STR("in/a/b"), &e),
       "folders with parents");
    ok(!symlink("/etc", "in/link") && !symlink("a", "in/inner"), "links");
    ok(!sys_open_dir(STR("in"), &dir, &e), "a folder");
    static const char *const out[] = {"../file", "link/passwd", "/etc/passwd", "a/../../file",
                                      "inner/b"};
    for (size_t i = 0; i < sizeof out / sizeof *out; i++)
        is_err(sys_open_beneath(dir, str_of(out[i]), O_RDONLY, 0, &fd, &e), e, ERR_INPUT, out[i],
               "not opened: %s", out[i]);
    ok(!sys_open_beneath(dir, STR("a/b/c"), O_WRONLY | O_CREAT, 0600, &fd, &e), "inside is opened");
    ok(!sys_remove_tree(AT_FDCWD, STR("in"), &e) && !sys_exists(STR("in")) &&
           sys_exists(STR("/etc/passwd")),
       "a tree is removed, not what its links point to");
    ok(!sys_remove_tree(AT_FDCWD, STR("in"), &e), "removing what is gone is fine");
}

static void test_rewrite(struct arena *a)
{
    struct err e = {0};
    struct str content;
    struct stat before = {0}, st = {0};
    ok(!sys_make_dir(STR("real"), &e) && !sys_write_file(STR("real/one"), STR("old"), &e) &&
           !chmod("real/one", 0751) && !symlink("real/one", "to-one") && !stat("real/one", &before),
       "a file with a mode, and a link to it");
    ok(!sys_rewrite_file(STR("to-one"), STR("old"), STR("new"), &e) && !lstat("to-one", &st) &&
           S_ISLNK(st.st_mode),
       "rewrite through the link keeps the link: %s", e.text);
    ok(!sys_read_file(STR("real/one"), a, 100, &content, &e) && str_is(content, "new") &&
           !stat("real/one", &st) && (st.st_mode & 07777) == 0751 && st.st_ino != before.st_ino,
       "rewrite keeps the mode, in a new file");
    is_int(count_entries("real"), 1, "and leaves nothing else");
    if (!geteuid()) {
        ok(!chown("real/one", 12, 34) &&
               !sys_rewrite_file(STR("real/one"), STR("new"), STR("x"), &e) &&
               !stat("real/one", &st) && st.st_uid == 12 && st.st_gid == 34,
           "rewrite keeps the owner");
        ok(!chown("real", 77, 77) && !chmod("real/one", 0664) && !chmod(".", 0755) &&
               !setegid(77) && !seteuid(77),
           "as another user");
        is_err(sys_rewrite_file(STR("real/one"), STR("x"), STR("y"), &e), e, ERR_INPUT, "real/one",
               "who may not write it");
        ok(!seteuid(0) && !setegid(0) && !chmod("real/one", 0666) && !setegid(77) && !seteuid(77),
           "as one who may");
        is_err(sys_rewrite_file(STR("real/one"), STR("x"), STR("y"), &e), e, ERR_MACHINE, "owner",
               "but cannot keep its owner");
        ok(!seteuid(0) && !setegid(0), "and back");
    }
    is_err(sys_rewrite_file(STR("real"), STR("x"), STR("y"), &e), e, ERR_INPUT, "real",
           "no folder");
    is_err(sys_rewrite_file(STR("none"), STR("x"), STR("y"), &e), e, ERR_INPUT, "none",
           "none is made");
}

static void test_rewrite_refused(struct arena *a)
{
    struct err e = {0};
    struct str content;
    char kept[8] = {0};
    ok(!sys_write_file(STR("two"), STR("old"), &e), "another file");
    is_err(sys_rewrite_file(STR("two"), STR("older"), STR("new"), &e), e, ERR_MACHINE, "changed",
           "one that has changed since it was read");
    is_err(sys_rewrite_file(STR("two"), STR("ol"), STR("new"), &e), e, ERR_MACHINE, "changed",
           "one that has grown");
    ok(!link("two", "two-too"), "a hard link");
    is_err(sys_rewrite_file(STR("two"), STR("old"), STR("new"), &e), e, ERR_MACHINE, "hard links",
           "one with two names");
    ok(!sys_read_file(STR("two"), a, 100, &content, &e) && str_is(content, "old"),
       "each is left alone");
    ok(!unlink("two-too"), "one name");
    if (!setxattr("two", "user.of", "us", 2, 0))
        ok(!sys_rewrite_file(STR("two"), STR("old"), STR("new"), &e) &&
               getxattr("two", "user.of", kept, sizeof kept) == 2 && !strcmp(kept, "us"),
           "attributes are kept: %s", e.text);
    is_err(sys_read_found(STR("."), a, 100, &content, &e), e, ERR_INPUT, "regular", "a folder");
    ok(!mkfifo("waiting", 0600), "a pipe");
    is_err(sys_read_found(STR("waiting"), a, 100, &content, &e), e, ERR_INPUT, "regular",
           "a pipe that nobody named");
}

/* A program in a sandbox may leave more folders in each other than we may open at once. */
static void test_deep(void)
{
    struct err e = {0};
    struct rlimit few = {256, 256};
    int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool made = fd >= 0 && !setrlimit(RLIMIT_NOFILE, &few);
    for (int i = 0; made && i < 5000; i++) {
        int below = -1;
        made = !mkdirat(fd, "deep", 0700) && (below = openat(fd, "deep", O_RDONLY | O_CLOEXEC)) > 0;
        if (made && i % 70 == 60) /* on the way down there is more, some of it locked */
            made = !mkdirat(below, "full", 0700) && !mkdirat(below, "full/locked", 0500) &&
                   !symlinkat("/etc", below, "link");
        close(fd);
        fd = below;
    }
    sys_fd_close(&fd);
    ok(made, "5000 folders, each in another");
    ok(!sys_remove_tree(AT_FDCWD, STR("deep"), &e) && !sys_exists(STR("deep")),
       "are removed with 256 descriptors: %s", e.text);
}

int main(void)
{
    struct arena a = {0};
    struct err e = {0};
    char dir[] = "/tmp/shuck-test-XXXXXX";
    if (!mkdtemp(dir) || chdir(dir))
        return 1;
    test_atomic(&a);
    test_beneath();
    test_rewrite(&a);
    test_rewrite_refused(&a);
    test_deep();
    ok(!chdir("/") && !sys_remove_tree(AT_FDCWD, str_of(dir), &e), "cleaned up");
    arena_free(&a);
    return done_testing();
}
