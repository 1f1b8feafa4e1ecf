#include <errno.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "lib/fixture.h"
#include "lib/tap.h"
#include "tree/tree.h"

/* Entries give the owner that runs the test, so that it needs no right to chown. */
static uint32_t me, mine;

static int unpack(struct arena *a, const struct fixture_layer *layers, const char *to,
                  size_t *left_out, struct err *e)
{
    struct image *image = fixture_image(a, layers, NULL);
    struct tree *t;
    FD_AUTO int fd = -1;
    struct str dir = fixture_path(a, to);
    if (tree_build(image, NULL, &t, e)) {
        image_close(image);
        return -1;
    }
    if (sys_make_dir(dir, e) || sys_open_dir(dir, &fd, e))
        fixture_die("folder", e);
    int rc = tree_unpack(t, image, fd, left_out, e);
    tree_free(t);
    image_close(image);
    return rc;
}

static struct stat stat_of(struct arena *a, const char *name)
{
    struct stat st;
    if (lstat(str_cstr(a, fixture_path(a, name)), &st))
        memset(&st, 0, sizeof st);
    return st;
}

static struct str content_of(struct arena *a, const char *name)
{
    struct str s = STR("(none)");
    struct err e;
    return sys_read_file(fixture_path(a, name), a, 1 << 20, &s, &e) ? str_of(str_cstr(a, s)) : s;
}

static void test_everything(struct arena *a)
{
    const struct fixture_entry base[] = {
        {"d", "", .mode = 0711, .uid = me, .gid = mine, .mtime = 1000},
        {"d", "bin", .mode = 0555, .uid = me, .gid = mine, .mtime = 2000},
        {"f", "bin/su", "su", .mode = 04711, .uid = me, .gid = mine, .mtime = 3000},
        {"f", "bin/gone", "gone", .uid = me, .gid = mine},
        {"f", "bin/over", "lower", .uid = me, .gid = mine},
        {"l", "bin/sh", .link = "/bin/su", .uid = me, .gid = mine, .mtime = 4000},
        {"h", "bin/sh2", .link = "bin/sh"},
        {"p", "pipe", .mode = 0620, .uid = me, .gid = mine, .mtime = 5000},
        {"c", "null", .mode = 0666, .major = 1, .minor = 3},
        {"h", "null2", .link = "null"},
        {"f", "empty", .mode = 01, .uid = me, .gid = mine},
        {0},
    };
    const struct fixture_entry top[] = {
        {"f", "bin/over", "upper", .mode = 02750, .uid = me, .gid = mine},
        {"f", "bin/.wh.gone"},
        {"h", "also", .link = "bin/su"},
        {0},
    };
    const struct fixture_layer layers[] = {{base, .compression = IMAGE_GZIP}, {top}, {0}};
    struct err e;
    size_t left_out = 99;
    if (!ok(unpack(a, layers, "all", &left_out, &e) == 0, "unpack")) {
        printf("# %s\n", e.text);
        return;
    }
    is_int((long long)left_out, 1, "the device is left out");
    struct stat root = stat_of(a, "all"), bin = stat_of(a, "all/bin"),
                su = stat_of(a, "all/bin/su");
    is_int(root.st_mode & 07777, 0711, "mode of the root");
    is_int(root.st_mtime, 1000, "time of the root");
    is_int(bin.st_mode & 07777, 0555, "mode of a folder");
    is_int(bin.st_mtime, 2000, "time of a folder");
    is_int(su.st_mode & 07777, 04711, "setuid");
    is_int(su.st_mtime, 3000, "time of a file");
    is_int(su.st_nlink, 2, "hard link over layers");
    is_int(stat_of(a, "all/also").st_ino == su.st_ino, 1, "the same inode");
    is_int(stat_of(a, "all/bin/over").st_mode & 07777, 02750, "setgid");
    is_str(content_of(a, "all/bin/over"), "upper", "the newer content");
    is_int(stat_of(a, "all/bin/gone").st_ino, 0, "what is hidden is not there");
    is_int(stat_of(a, "all/bin/sh").st_mtime, 4000, "time of a symlink");
    is_int(stat_of(a, "all/bin/sh2").st_ino == stat_of(a, "all/bin/sh").st_ino, 1,
           "hard link to a symlink");
    ok(S_ISFIFO(stat_of(a, "all/pipe").st_mode), "a fifo");
    is_int(stat_of(a, "all/pipe").st_mode & 07777, 0620, "mode of a fifo");
    is_int(stat_of(a, "all/null").st_ino, 0, "no device");
    is_int(stat_of(a, "all/empty").st_mode & 07777, 01, "an empty file");
}

/* Entries behind symlinks that lead out: all lands inside. */
static void test_hostile(struct arena *a)
{
    const char *outside = str_cstr(a, fixture_path(a, "outside"));
    const struct fixture_entry base[] = {
        {"l", "abs", .link = outside, .uid = me, .gid = mine},
        {"l", "rel", .link = "../outside", .uid = me, .gid = mine},
        {"f", "abs/file", "evil", .uid = me, .gid = mine},
        {"f", "rel/file", "evil", .uid = me, .gid = mine},
        {0},
    };
    const struct fixture_entry top[] = {
        {"f", "abs", "no symlink now", .uid = me, .gid = mine},
        {"l", "rel", .link = "../../../../../../etc", .uid = me, .gid = mine},
        {"f", "rel/shuck-was-here", "evil", .uid = me, .gid = mine},
        {0},
    };
    const struct fixture_layer layers[] = {{base}, {top}, {0}};
    struct err e;
    size_t left_out;
    if (sys_make_dir(str_of(outside), &e))
        fixture_die("outside", &e);
    int rc = unpack(a, layers, "jail", &left_out, &e);
    if (geteuid() != 0 && rc) { /* parents made on the way are root's */
        is_err(rc, e, ERR_MACHINE, "owner", "needs the right to chown");
    } else {
        is_int(rc, 0, "hostile entries");
        is_int(stat_of(a, "jail/etc/shuck-was-here").st_size, 4, "inside the root");
        is_int(stat_of(a, "jail/outside/file").st_size, 4, "\"..\" stays inside");
    }
    is_int(stat_of(a, "outside/file").st_ino, 0, "nothing outside");
    is_int(access("/etc/shuck-was-here", F_OK), -1, "nothing in the machine's own folders");
}

static void test_overlay(struct arena *a)
{
    const struct fixture_entry base[] = {
        {"d", "", .uid = me, .gid = mine},
        {"d", "d", .uid = me, .gid = mine, .xattr = "user.overlay.redirect", .value = STR("/etc")},
        {"d", "t", .uid = me, .gid = mine, .xattr = "trusted.overlay.opaque", .value = STR("y")},
        {"f", "f", "x", .uid = me, .gid = mine, .xattr = "user.note", .value = STR("kept")},
        {0},
    };
    const struct fixture_layer layers[] = {{base}, {0}};
    struct err e;
    size_t left_out = 0;
    char value[16];
    if (!ok(unpack(a, layers, "overlay", &left_out, &e) == 0, "unpack with xattrs"))
        printf("# %s\n", e.text);
    ok(getxattr(str_cstr(a, fixture_path(a, "overlay/d")), "user.overlay.redirect", value, 16) < 0,
       "no redirect of overlayfs");
    ok(getxattr(str_cstr(a, fixture_path(a, "overlay/t")), "trusted.overlay.opaque", value, 16) < 0,
       "no opaque mark of overlayfs");
    ssize_t n =
        getxattr(str_cstr(a, fixture_path(a, "overlay/f")), "user.note", value, sizeof value);
    if (n >= 0)
        is_str(((struct str){value, (size_t)n}), "kept", "other xattrs are kept");
    is_int((long long)left_out, n < 0 ? 3 : 2, "and what is left out is counted");
}

static void test_setuid(struct arena *a)
{
    static const char caps[] = "\1\0\0\2\0\40\0\0\0\0\0\0\0\0\0\0\0\0\0";
    const struct fixture_entry base[] = {
        {"f", "ping", "ping", .mode = 06755, .uid = 12, .gid = 34, .xattr = "security.capability",
         .value = {caps, 20}},
        {0},
    };
    const struct fixture_layer layers[] = {{base}, {0}};
    struct err e;
    size_t left_out = 0;
    char value[64];
    int rc = unpack(a, layers, "setuid", &left_out, &e);
    if (geteuid() != 0) {
        is_err(rc, e, ERR_MACHINE, "owner 12:34", "another's files need the right to chown");
        return;
    }
    struct stat st = stat_of(a, "setuid/ping");
    ok(rc == 0 && st.st_uid == 12 && st.st_gid == 34 && (st.st_mode & 07777) == 06755,
       "owner and setuid bits");
    ssize_t n =
        getxattr(str_cstr(a, fixture_path(a, "setuid/ping")), "security.capability", value, 64);
    is_int(n < 0 ? 1 : 0, (long long)left_out, "a capability is set or counted");
}

static void test_not_empty(struct arena *a)
{
    const struct fixture_entry base[] = {
        {"d", "", .uid = me, .gid = mine}, {"f", "file", "x", .uid = me, .gid = mine}, {0}};
    const struct fixture_layer layers[] = {{base}, {0}};
    struct err e;
    size_t left_out;
    is_int(unpack(a, layers, "twice", &left_out, &e), 0, "once");
    is_err(unpack(a, layers, "twice", &left_out, &e), e, ERR_MACHINE, "unpacking /file: creating",
           "what exists is not touched");
}

int main(void)
{
    struct arena a = {0};
    me = geteuid();
    mine = getegid();
    umask(077);
    test_everything(&a);
    test_hostile(&a);
    test_overlay(&a);
    test_setuid(&a);
    test_not_empty(&a);
    fixture_end();
    arena_free(&a);
    return done_testing();
}
