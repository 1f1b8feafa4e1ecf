/* test_keep: what is remembered, what is not, and what makes room. */
#include "sys/keep.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/tap.h"
#include "sys/file.h"

static void check_bounded(struct arena *a, const struct sys_keep *k)
{
    char kilobyte[1000] = {0};
    struct str got;
    for (int i = 0; i < 8; i++) {
        char name[] = {'n', (char)('0' + i), 0};
        sys_keep_put(k, str_of(name), (struct str){kilobyte, sizeof kilobyte});
        usleep(20000); /* the clock of files is coarse */
        if (i > 0)
            ok(sys_keep_get(k, STR("n0"), a, 10000, &got), "bounded: what is used stays");
        usleep(20000);
    }
    ok(sys_keep_get(k, STR("n7"), a, 10000, &got), "bounded: the newest stays");
    ok(!sys_keep_get(k, STR("n1"), a, 10000, &got), "bounded: what was not used goes");
}

/* Names of no bytes cost their place in the folder; what was half made when its maker was killed.
 */
static void check_many(struct arena *a, const struct sys_keep *k)
{
    struct timespec old[2] = {{1, 0}, {1, 0}};
    struct str got;
    enum { MANY = 10050 };
    for (int i = 0; i < MANY; i++) {
        struct str name = str_fmt(a, "m%05d", i);
        int fd = openat(k->fd, name.p, O_CREAT | O_WRONLY, 0600);
        if (fd < 0 || close(fd) || (i < 100 && utimensat(k->fd, name.p, old, 0)))
            ok(false, "making entries");
    }
    for (int i = 0; i < 2; i++) {
        const char *name = i ? ".x.shuck-new" : ".x.shuck-old";
        int fd = openat(k->fd, name, O_CREAT | O_WRONLY, 0600);
        ok(fd >= 0 && !close(fd) && (i || !utimensat(k->fd, name, old, 0)), "half made: %s", name);
    }
    sys_keep_put(k, STR("last"), STR("x"));
    ok(sys_keep_get(k, STR("last"), a, 10, &got), "many: the newest stays");
    ok(faccessat(k->fd, "m00000", F_OK, 0) && !faccessat(k->fd, "m10049", F_OK, 0),
       "many: the oldest go");
    ok(faccessat(k->fd, ".x.shuck-old", F_OK, 0), "left by a dead process: gone");
    ok(!faccessat(k->fd, ".x.shuck-new", F_OK, 0), "one that may be at work is let be");
}

int main(void)
{
    struct arena a = {0};
    struct err e = {0};
    char dir[] = "/tmp/shuck-keep-XXXXXX";
    struct sys_keep k;
    struct str got;
    if (!mkdtemp(dir))
        return 1;
    struct str path = str_fmt(&a, "%s/a/b", dir), file = str_fmt(&a, "%s/a/b/one", dir);
    ok(!sys_keep_open(path, 5000, &k, &e), "a folder is made");
    ok(!sys_keep_get(&k, STR("one"), &a, 100, &got), "nothing is there");
    sys_keep_put(&k, STR("one"), STR("some bytes"));
    ok(sys_keep_get(&k, STR("one"), &a, 100, &got), "now it is");
    is_str(got, "some bytes", "and the same");
    ok(!sys_keep_get(&k, STR("one"), &a, 5, &got), "not if it is larger than wanted");
    ok(!sys_keep_get(&k, STR("../one"), &a, 100, &got), "nothing from elsewhere");
    sys_keep_put(&k, STR("empty"), STR(""));
    ok(sys_keep_get(&k, STR("empty"), &a, 0, &got) && !got.n, "no bytes are bytes, too");
    ok(!truncate(str_cstr(&a, file), 12) && !sys_keep_get(&k, STR("one"), &a, 100, &got),
       "damaged: cut off");
    ok(!unlink(str_cstr(&a, file)) && !mkfifo(str_cstr(&a, file), 0600) &&
           !sys_keep_get(&k, STR("one"), &a, 100, &got),
       "damaged: a pipe in its place does not hold us up");
    check_bounded(&a, &k);
    check_many(&a, &k);
    sys_keep_close(&k);
    ok(!chmod(str_cstr(&a, path), 0777) && sys_keep_open(path, 5000, &k, &e),
       "refused: others may write to it: %s", e.text);
    ok(!sys_remove_tree(AT_FDCWD, str_of(dir), &e), "gone");
    arena_free(&a);
    return done_testing();
}
