/* str: views → comparisons, cuts, numbers, copies.
 *
 * Invariants
 * 1. No function reads past p + n or needs a NUL. (test_str runs on exact-size buffers under asan)
 * 2. A slice never reaches outside what it was cut from. (test_str: slice)
 */
#include "base/str.h"

#include <stdio.h>
#include <strings.h>

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq(str_slice(s, 0, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq(str_from(s, s.n - suffix.n), suffix);
}

bool str_has(struct str s, struct str part)
{
    return part.n == 0 || str_find_str(s, part) < s.n;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    if (order)
        return order;
    return (a.n > b.n) - (a.n < b.n);
}

int str_order(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

size_t str_find(struct str s, char c)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
}

size_t str_rfind(struct str s, char c)
{
    const char *at = s.n ? memrchr(s.p, c, s.n) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
}

size_t str_find_str(struct str s, struct str part)
{
    const char *at = s.n && part.n ? memmem(s.p, s.n, part.p, part.n) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    while (s.n && is_blank(s.p[0]))
        s = str_from(s, 1);
    while (s.n && is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool str_cut(struct str s, char sep, struct str *head, struct str *tail)
{
    size_t at = str_find(s, sep);
    *head = str_slice(s, 0, at);
    *tail = str_from(s, at + 1);
    return at < s.n;
}

bool str_line(struct str *rest, struct str *line)
{
    if (!rest->n)
        return false;
    str_cut(*rest, '\n', line, rest);
    if (line->n && line->p[line->n - 1] == '\r')
        line->n--;
    return true;
}

bool str_word(struct str *rest, struct str *word)
{
    size_t i = 0;
    while (i < rest->n && (rest->p[i] == ' ' || rest->p[i] == '\t'))
        i++;
    size_t from = i;
    while (i < rest->n && rest->p[i] != ' ' && rest->p[i] != '\t')
        i++;
    *word = str_slice(*rest, from, i);
    *rest = str_from(*rest, i);
    return word->n > 0;
}

static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 99;
}

int str_u64(struct str s, unsigned base, uint64_t *ret)
{
    uint64_t value = 0;
    if (!s.n)
        return -1;
    for (size_t i = 0; i < s.n; i++) {
        unsigned d = digit_value(s.p[i]);
        if (d >= base || __builtin_mul_overflow(value, base, &value) ||
            __builtin_add_overflow(value, d, &value))
            return -1;
    }
    *ret = value;
    return 0;
}

struct str str_dup0(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    return (struct str){p, s.n};
}

struct str str_dup(struct arena *a, struct str s)
{
    return s.n ? str_dup0(a, s) : (struct str){"", 0};
}

char *str_cstr(struct arena *a, struct str s)
{
    return (char *)str_dup0(a, s).p;
}

bool str_starts_case(struct str s, struct str start)
{
    return s.n >= start.n && (!start.n || !strncasecmp(s.p, start.p, start.n));
}

bool str_eq_case(struct str a, struct str b)
{
    return a.n == b.n && str_starts_case(a, b);
}

struct str str_lower(struct arena *a, struct str s)
{
    char *p = str_cstr(a, s);
    for (size_t i = 0; i < s.n; i++)
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] = (char)(p[i] + ('a' - 'A'));
    return (struct str){p, s.n};
}

struct str str_vfmt(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    char *p = arena_alloc(a, (size_t)(n < 0 ? 0 : n) + 1);
    if (n > 0)
        vsnprintf(p, (size_t)n + 1, fmt, ap);
    return (struct str){p, (size_t)(n < 0 ? 0 : n)};
}

struct str str_fmt(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str s = str_vfmt(a, fmt, ap);
    va_end(ap);
    return s;
}

struct str str_size(struct arena *a, uint64_t bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    double value = (double)bytes;
    size_t u = 0;
    while (value >= 999.5 && u + 1 < sizeof units / sizeof *units) {
        value /= 1000;
        u++;
    }
    return str_fmt(a,
                   u && value < 9.995   ? "%.2f %s"
                   : u && value < 99.95 ? "%.1f %s"
                                        : "%.0f %s",
                   value, units[u]);
}

struct str str_number(struct arena *a, uint64_t n)
{
    return str_fmt(a, "%llu", (unsigned long long)n);
}
