/* str: a view of bytes that someone else owns; not NUL-terminated, may hold any byte.
 *
 * A view is valid as long as what it looks at. A NULL pointer with n 0 is the absent string, which
 * str_eq() does not tell from the empty one. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

struct str {
    const char *p;
    size_t n;
};

/* A list of strings; the array belongs to whoever made it. */
struct strs {
    struct str *v;
    size_t n;
};

/* An ordered list of keys with values (labels, annotations, environment). */
struct str_pair {
    struct str key, value;
};
struct str_pairs {
    struct str_pair *v;
    size_t n;
};

#define STR(lit) ((struct str){"" lit, sizeof(lit) - 1})
#define STR_INIT(lit)                                                                              \
    {                                                                                              \
        "" lit, sizeof(lit) - 1                                                                    \
    } /* for constant tables */
#define STR_F    "%.*s"
#define STR_A(s) (int)(s).n, (s).p

static inline struct str str_of(const char *cstr)
{
    return (struct str){cstr, cstr ? strlen(cstr) : 0};
}

static inline struct str str_slice(struct str s, size_t from, size_t to)
{
    if (to > s.n)
        to = s.n;
    if (!s.p || from > to)
        return (struct str){s.p ? s.p + to : NULL, 0};
    return (struct str){s.p + from, to - from};
}

static inline struct str str_from(struct str s, size_t from)
{
    return str_slice(s, from, s.n);
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is(struct str a, const char *cstr)
{
    return str_eq(a, str_of(cstr));
}

bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_has(struct str s, struct str part);

/* Byte order, shorter first on a common prefix: the order of everything we write. */
int str_cmp(struct str a, struct str b);

/* Index of the first byte c, or s.n when there is none. str_rfind: of the last, or s.n. */
size_t str_find(struct str s, char c);
size_t str_rfind(struct str s, char c);

/* Index of the first occurrence of part, or s.n. */
size_t str_find_str(struct str s, struct str part);

/* Without spaces, tabs, CR and LF at both ends. */
struct str str_trim(struct str s);

/* Cuts s at the first sep: *head is what is before, *tail what is after. Returns false, with *head
 * = s and *tail empty, when sep does not occur. head or tail may be &s. */
bool str_cut(struct str s, char sep, struct str *head, struct str *tail);

/* Takes the next line off *rest, without its LF or CRLF. Returns false at the end. */
bool str_line(struct str *rest, struct str *line);

/* Takes the next run of bytes that are not space or tab off *rest. Returns false at the end. */
bool str_word(struct str *rest, struct str *word);

/* Parses the whole of s as an unsigned number in base 2 to 16, no sign, no blanks. Returns 0, or -1
 * when s is empty, has another character or does not fit. */
int str_u64(struct str s, unsigned base, uint64_t *ret);

/* Copies into the arena. str_dup0 adds a NUL that n does not count; str_cstr returns it. */
struct str str_dup(struct arena *a, struct str s);
struct str str_dup0(struct arena *a, struct str s);
char *str_cstr(struct arena *a, struct str s);

/* A copy with A to Z as a to z, whatever the locale; a NUL follows as with str_dup0. */
struct str str_lower(struct arena *a, struct str s);
/* As str_eq() and str_starts(), regardless of the case of ASCII letters. */
bool str_eq_case(struct str a, struct str b);
bool str_starts_case(struct str s, struct str start);

/* printf into the arena; the result is followed by a NUL that n does not count. */
struct str str_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str str_vfmt(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* "1.43 MB": three digits, decimal units. "1234567". */
struct str str_size(struct arena *a, uint64_t bytes);
struct str str_number(struct arena *a, uint64_t n);

/* For qsort over struct str. */
int str_order(const void *a, const void *b);

#endif
