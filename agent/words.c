/* words: memory, strings and numbers, for a program without libc. */
#include "agent/agent.h"

#include <linux/uio.h>

/* The empty asm keeps the compiler from turning these loops into calls of themselves. */
#define KEEP_LOOP __asm__ volatile("" ::: "memory")

void *memcpy(void *to, const void *from, size_t n)
{
    char *t = to;
    const char *f = from;
#if defined __x86_64__
    __asm__ volatile("rep movsb" : "+D"(t), "+S"(f), "+c"(n)::"memory");
    return to;
#endif
    while (n--) {
        *t++ = *f++;
        KEEP_LOOP;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t n)
{
    char *t = to;
    const char *f = from;
    if (t <= f)
        return memcpy(to, from, n);
    while (n--) {
        t[n] = f[n];
        KEEP_LOOP;
    }
    return to;
}

void *memset(void *to, int c, size_t n)
{
    char *t = to;
#if defined __x86_64__
    __asm__ volatile("rep stosb" : "+D"(t), "+c"(n) : "a"(c) : "memory");
    return to;
#endif
    while (n--) {
        *t++ = (char)c;
        KEEP_LOOP;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *x = a, *y = b;
    for (size_t i = 0; i < n; i++)
        if (x[i] != y[i])
            return x[i] - y[i];
    return 0;
}

size_t text_length(const char *s)
{
    size_t n = 0;
    while (s[n]) {
        n++;
        KEEP_LOOP;
    }
    return n;
}

bool text_is(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

bool text_starts(const char *s, const char *prefix)
{
    while (*prefix)
        if (*s++ != *prefix++)
            return false;
    return true;
}

const char *text_find(const char *s, char c)
{
    for (; *s; s++)
        if (*s == c)
            return s;
    return NULL;
}

static unsigned digit(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a' + 10);
    return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10) : 99;
}

bool text_number(const char **at, unsigned base, uint64_t most, uint64_t *ret)
{
    const char *s = *at;
    uint64_t n = 0;
    for (; digit(*s) < base; s++) {
        unsigned d = digit(*s);
        if (n > (most - d) / base)
            return false;
        n = n * base + d;
    }
    if (s == *at)
        return false;
    *at = s;
    *ret = n;
    return true;
}

const char *env_get(char **envp, const char *name)
{
    size_t n = text_length(name);
    for (; *envp; envp++)
        if (text_starts(*envp, name) && (*envp)[n] == '=')
            return *envp + n + 1;
    return NULL;
}

void line_start(struct line *l)
{
    l->n = 0;
    l->at[0] = 0;
}

void line_bytes(struct line *l, const void *p, size_t n)
{
    size_t room = sizeof l->at - 1 - l->n;
    if (n > room)
        n = room;
    memcpy(l->at + l->n, p, n);
    l->n += n;
    l->at[l->n] = 0;
}

void line_add(struct line *l, const char *s)
{
    line_bytes(l, s, text_length(s));
}

void line_number(struct line *l, uint64_t n)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    line_bytes(l, digits + at, sizeof digits - at);
}

void line_print(struct line *l, int fd)
{
    struct iovec parts[2] = {{l->at, l->n}, {(char[]){'\n'}, 1}};
    SYS(writev, fd, parts, 2);
    line_start(l);
}

void line_errno(struct line *l, int error)
{
    static const struct {
        int error;
        const char *words;
    } table[] = {
        {EPERM, "operation not permitted"},
        {ENOENT, "no such file or directory"},
        {EIO, "input/output error"},
        {E2BIG, "argument list too long"},
        {ENOEXEC, "exec format error"},
        {EBADF, "bad file descriptor"},
        {EAGAIN, "resource temporarily unavailable"},
        {ENOMEM, "cannot allocate memory"},
        {EACCES, "permission denied"},
        {EFAULT, "bad address"},
        {EBUSY, "device or resource busy"},
        {EEXIST, "file exists"},
        {ENODEV, "no such device"},
        {ENOTDIR, "not a directory"},
        {EISDIR, "is a directory"},
        {EINVAL, "invalid argument"},
        {EMFILE, "too many open files"},
        {ETXTBSY, "text file busy"},
        {ENOSPC, "no space left on device"},
        {EROFS, "read-only file system"},
        {ENAMETOOLONG, "file name too long"},
        {ENOSYS, "function not implemented"},
        {ELOOP, "too many levels of symbolic links"},
        {EAFNOSUPPORT, "address family not supported by protocol"},
        {EADDRINUSE, "address already in use"},
        {ENETUNREACH, "network is unreachable"},
        {ETIMEDOUT, "connection timed out"},
        {ECONNREFUSED, "connection refused"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].error == error) {
            line_add(l, table[i].words);
            return;
        }
    line_add(l, "errno ");
    line_number(l, (uint64_t)error);
}
