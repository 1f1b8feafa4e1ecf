/* spool: offsets and bytes ⇄ memory or an unnamed file.
 *
 * Invariants
 * 1. Nothing outside 0..size is touched. (test_spool: bounds)
 * 2. Both kinds give back what was put. (test_spool: round trip)
 */
#include "sys/spool.h"

#include <errno.h>
#include <unistd.h>

#include "sys/file.h"

int sys_spool_begin(uint64_t size, struct sys_spool *ret, struct err *e)
{
    *ret = (struct sys_spool){.fd = -1, .size = size};
    if (size > SYS_SPOOL_MEMORY)
        return sys_tmpfile(&ret->fd, e);
    ret->memory = calloc(1, size ? size : 1);
    if (!ret->memory)
        return err_sys(e, ERR_MACHINE, ENOMEM, "keeping %llu bytes", (unsigned long long)size);
    return 0;
}

static bool fits(const struct sys_spool *s, uint64_t at, size_t n)
{
    return at <= s->size && n <= s->size - at;
}

int sys_spool_put(struct sys_spool *s, uint64_t at, const void *p, size_t n, struct err *e)
{
    if (!fits(s, at, n))
        return err_set(e, ERR_INPUT, "more bytes than were announced");
    if (s->memory) {
        memcpy(s->memory + at, p, n);
        return 0;
    }
    for (const char *from = p; n;) {
        ssize_t put = pwrite(s->fd, from, n, (off_t)at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return err_sys(e, ERR_MACHINE, errno, "writing a temporary file (set TMPDIR)");
        from += put;
        at += (uint64_t)put;
        n -= (size_t)put;
    }
    return 0;
}

int sys_spool_get(const struct sys_spool *s, uint64_t at, void *p, size_t n, struct err *e)
{
    if (!fits(s, at, n))
        return err_set(e, ERR_INPUT, "fewer bytes than were announced");
    if (s->memory) {
        memcpy(p, s->memory + at, n);
        return 0;
    }
    for (char *to = p; n;) {
        ssize_t got = pread(s->fd, to, n, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return err_sys(e, ERR_MACHINE, got ? errno : EIO, "reading a temporary file");
        to += got;
        at += (uint64_t)got;
        n -= (size_t)got;
    }
    return 0;
}

void sys_spool_end(struct sys_spool *s)
{
    free(s->memory);
    s->memory = NULL;
    sys_fd_close(&s->fd);
}
