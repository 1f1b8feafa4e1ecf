#include <fcntl.h>
#include <unistd.h>

#include "lib/fixture.h"
#include "lib/tap.h"
#include "sys/unpack_at.h"

int main(void)
{
    static const char *const bad[] = {"", ".", "..", "a/b", "/", "../x"};
    struct arena a = {0};
    struct err e;
    FD_AUTO int dir = -1;
    struct sys_owner me = {geteuid(), getegid(), 0640, 12345};
    if (sys_open_dir(str_of(fixture_dir()), &dir, &e))
        fixture_die("folder", &e);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int fd;
        struct str name = str_of(bad[i]);
        ok(sys_at_make_dir(dir, name, &e) && sys_at_create(dir, name, &fd, &e) &&
               sys_at_symlink(dir, name, STR("x"), &me, &e) && sys_at_fifo(dir, name, &me, &e) &&
               sys_at_link(dir, name, dir, STR("ok"), &e) &&
               sys_at_link(dir, STR("ok"), dir, name, &e) && e.kind == ERR_INPUT,
           "names: \"%s\"", bad[i]);
    }
    is_err(sys_at_make_dir(dir, STR("a\0b"), &e), e, ERR_INPUT, "no name", "names: NUL");
    is_err(sys_at_symlink(dir, STR("l"), STR(""), &me, &e), e, ERR_INPUT, "empty", "empty target");
    is_int(sys_at_symlink(dir, STR("l"), STR("victim"), &me, &e), 0, "a symlink");
    is_int(sys_at_fifo(dir, STR("p"), &me, &e), 0, "a fifo");
    FD_AUTO int fd = -1;
    is_err(sys_at_create(dir, STR("l"), &fd, &e), e, ERR_MACHINE, "creating l",
           "exists: a symlink is not followed");
    is_int(faccessat(dir, "victim", F_OK, 0), -1, "exists: nor its target made");
    is_err(sys_at_make_dir(dir, STR("l"), &e), e, ERR_MACHINE, "folder l", "exists: no folder");
    is_int(sys_at_create(dir, STR("f"), &fd, &e), 0, "a file");
    ok(!sys_fd_owner(fd, &me, &e) && !sys_fd_times(fd, &me, &e), "owner, mode, times");
    struct stat st;
    ok(!fstat(fd, &st) && (st.st_mode & 07777) == 0640 && st.st_mtime == 12345, "as asked");
    is_int(sys_at_link(dir, STR("f"), dir, STR("g"), &e), 0, "a hard link");
    is_err(sys_at_link(dir, STR("f"), dir, STR("g"), &e), e, ERR_MACHINE, "linking",
           "exists: link");
    ok(!sys_fd_xattr(fd, STR(""), STR("x")) && !sys_fd_xattr(fd, STR("bad"), STR("x")),
       "xattrs the kernel refuses");
    fixture_end();
    arena_free(&a);
    return done_testing();
}
