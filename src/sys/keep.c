/* keep: see keep.h. An entry is its bytes and their SHA-256.
 *
 * Invariants
 * 1. What is given back is what was put, or nothing. (test_keep: damaged)
 * 2. All entries together are at most `most` bytes after a put, the one just put excepted.
 *    (test_keep: bounded)
 *    They are at most MOST_ENTRIES, too, so that looking through them stays cheap.
 *    (test_keep: many)
 * 3. What a killed process left half made goes with a later put, an hour on. (test_keep: left)
 * 4. A folder that others may write to is not used. (test_keep: refused)
 */
#include "sys/keep.h"

#include <dirent.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/vec.h"
#include "sys/file.h"

enum { MOST_ENTRIES = 10000, LEFT_SECONDS = 3600 };

struct entry {
    struct str name;
    uint64_t size;
    int64_t used; /* nanoseconds since 1970-01-01 */
};
struct entries VEC(struct entry);

static bool is_ours(int fd)
{
    struct stat st;
    return !fstat(fd, &st) && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)) &&
           st.st_uid == geteuid() && !(st.st_mode & 022);
}

int sys_keep_open(struct str path, uint64_t most, struct sys_keep *ret, struct err *e)
{
    mode_t before = sys_umask(077);
    int fd = -1, rc = sys_make_dir(path, e) || sys_open_dir(path, &fd, e) ? -1 : 0;
    sys_umask(before);
    if (rc)
        return -1;
    if (!is_ours(fd)) {
        close(fd);
        return err_set(e, ERR_MACHINE, STR_F ": another user owns it, or others may write to it",
                       STR_A(path));
    }
    *ret = (struct sys_keep){fd, most};
    return 0;
}

void sys_keep_close(struct sys_keep *k)
{
    sys_fd_close(&k->fd);
}

bool sys_keep_get(const struct sys_keep *k, struct str name, struct arena *a, size_t cap,
                  struct str *ret)
{
    struct err ignored;
    struct str all;
    FD_AUTO int fd = -1;
    if (k->fd < 0 || sys_open_beneath(k->fd, name, O_RDONLY | O_NONBLOCK, 0, &fd, &ignored) ||
        !is_ours(fd) || sys_read_fd(fd, a, cap + DIGEST_BYTES, &all, &ignored) ||
        all.n < DIGEST_BYTES)
        return false;
    struct str bytes = str_slice(all, 0, all.n - DIGEST_BYTES);
    struct digest is = digest_of(bytes);
    if (memcmp(is.b, all.p + bytes.n, DIGEST_BYTES) != 0)
        return false;
    futimens(fd, NULL);
    *ret = bytes;
    return true;
}

static int by_use(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return (x->used > y->used) - (x->used < y->used);
}

/* ".NAME.shuck-XXXXXX" of sys_atomic that no process can be at any more. */
static void remove_left(const struct sys_keep *k, const char *name, const struct stat *st)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (str_has(str_of(name), STR(".shuck-")) && now.tv_sec - st->st_mtim.tv_sec > LEFT_SECONDS)
        unlinkat(k->fd, name, 0);
}

static uint64_t list(const struct sys_keep *k, struct arena *a, struct entries *ret)
{
    uint64_t total = 0;
    DIR *d = fdopendir(openat(k->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    for (struct dirent *at; d && (at = readdir(d));) {
        struct stat st;
        if (fstatat(k->fd, at->d_name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISREG(st.st_mode))
            continue;
        if (at->d_name[0] == '.') {
            remove_left(k, at->d_name, &st);
            continue;
        }
        *vec_push(a, ret) =
            (struct entry){str_dup0(a, str_of(at->d_name)), (uint64_t)st.st_size,
                           (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec};
        total += (uint64_t)st.st_size;
    }
    if (d)
        closedir(d);
    return total;
}

static void make_room(const struct sys_keep *k, struct str but)
{
    struct arena a = {0};
    struct entries entries = {0};
    uint64_t total = list(k, &a, &entries);
    size_t n = entries.n;
    if (total > k->most || n > MOST_ENTRIES)
        qsort(entries.v, entries.n, sizeof *entries.v, by_use);
    for (size_t i = 0; i < entries.n && (total > k->most || n > MOST_ENTRIES); i++) {
        if (str_eq(entries.v[i].name, but))
            continue;
        unlinkat(k->fd, entries.v[i].name.p, 0);
        total -= entries.v[i].size;
        n--;
    }
    arena_free(&a);
}

void sys_keep_put(const struct sys_keep *k, struct str name, struct str bytes)
{
    struct sys_atomic f;
    struct err ignored;
    struct digest digest = digest_of(bytes);
    if (k->fd < 0 || sys_atomic_begin_at(k->fd, name, &f, &ignored))
        return;
    if (fchmod(f.fd, 0600) || sys_write_all(f.fd, bytes.p, bytes.n, &ignored) ||
        sys_write_all(f.fd, digest.b, DIGEST_BYTES, &ignored))
        sys_atomic_abort(&f);
    else if (!sys_atomic_commit(&f, &ignored))
        make_room(k, name);
}
