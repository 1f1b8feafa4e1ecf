/* Work folders: made, locked, swept when their run is dead. */
#include <dirent.h>
#include <unistd.h>

#include "lib/tap.h"
#include "sys/file.h"
#include "sys/workdir.h"

static int count(const char *dir, const char *prefix)
{
    int n = 0;
    DIR *d = opendir(dir);
    for (struct dirent *entry; d && (entry = readdir(d));)
        n += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
    if (d)
        closedir(d);
    return n;
}

static void sweep(struct arena *a, const char *dir)
{
    struct err e;
    struct sys_workdir living, dead, now;
    struct str parent = str_of(dir);
    ok(sys_workdir_make(a, parent, &living, &e) == 0, "a run makes its folder");
    ok(sys_workdir_make(a, parent, &dead, &e) == 0, "another run makes its own");
    ok(!str_eq(living.path, dead.path), "they differ");
    ok(sys_write_scratch(str_fmt(a, STR_F "/file", STR_A(dead.path)), STR("x"), &e) == 0,
       "and writes in it");
    sys_workdir_close(&dead);
    ok(symlink("/etc", str_fmt(a, "%s/shuck-work-link", dir).p) == 0 &&
           sys_write_scratch(str_fmt(a, "%s/shuck-work-file", dir), STR("x"), &e) == 0 &&
           sys_make_dir(str_fmt(a, "%s/other", dir), &e) == 0,
       "and there is what only looks like one");
    ok(sys_workdir_make(a, parent, &now, &e) == 0, "the next run makes its folder");
    sys_workdir_sweep(&now, geteuid() + 1);
    is_int(count(dir, "shuck-work-"), 5, "folders of another user stay");
    sys_workdir_sweep(&now, geteuid());
    ok(!sys_exists(dead.path), "the dead run's folder is gone");
    ok(sys_exists(living.path) && sys_exists(now.path), "the living ones stay");
    is_int(count(dir, "shuck-work-"), 4, "so do a symlink and a file of that name");
    ok(sys_exists(STR("/etc/passwd")), "and what the symlink names");
    ok(sys_workdir_remove(&now, &e) == 0 && !sys_exists(now.path), "a run removes its own");
    sys_workdir_close(&now);
    sys_workdir_close(&living);
    is_err(sys_workdir_make(a, STR("/nonexistent"), &now, &e), e, ERR_INPUT, "TMPDIR",
           "a folder that is not there is named, with what sets it");
}

int main(void)
{
    struct arena a = {0};
    char dir[] = "/tmp/test-workdir-XXXXXX";
    struct err e;
    FD_AUTO int fd = -1;
    if (!mkdtemp(dir))
        return 1;
    sweep(&a, dir);
    ok(sys_open_dir(STR("/tmp"), &fd, &e) == 0 && sys_remove_tree(fd, str_of(dir + 5), &e) == 0,
       "cleans up");
    arena_free(&a);
    return done_testing();
}
