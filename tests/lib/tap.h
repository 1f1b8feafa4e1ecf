/* tap: unit tests that speak the Test Anything Protocol.
 *
 *     int main(void)
 *     {
 *         ok(1 + 1 == 2, "sums");
 *         is_str(str_trim(STR(" a ")), "a", "trims");
 *         return done_testing();
 *     }
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"
#include "base/str.h"

static int tap_count, tap_failed;

__attribute__((format(printf, 4, 5), unused)) static bool tap_ok(bool pass, const char *file,
                                                                 int line, const char *fmt, ...)
{
    va_list ap;
    printf("%sok %d - ", pass ? "" : "not ", ++tap_count);
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
    if (!pass) {
        printf("# failed at %s:%d\n", file, line);
        tap_failed++;
    }
    fflush(stdout);
    return pass;
}

#define ok(cond, ...) tap_ok((cond), __FILE__, __LINE__, __VA_ARGS__)

#define is_str(got, want, ...)                                                                     \
    do {                                                                                           \
        struct str tap_got = (got), tap_want = str_of(want);                                       \
        if (!ok(str_eq(tap_got, tap_want), __VA_ARGS__))                                           \
            printf("# got \"" STR_F "\"\n# want \"" STR_F "\"\n", STR_A(tap_got),                  \
                   STR_A(tap_want));                                                               \
    } while (0)

#define is_int(got, want, ...)                                                                     \
    do {                                                                                           \
        long long tap_got = (long long)(got), tap_want = (long long)(want);                        \
        if (!ok(tap_got == tap_want, __VA_ARGS__))                                                 \
            printf("# got %lld, want %lld\n", tap_got, tap_want);                                  \
    } while (0)

/* The call failed with this kind and its text contains `part`. */
#define is_err(rc, err, want_kind, part, ...)                                                      \
    do {                                                                                           \
        if (!ok((rc) == -1 && (err).kind == (want_kind) && strstr((err).text, part), __VA_ARGS__)) \
            printf("# got kind %d: %s\n", (int)(err).kind, (err).text);                            \
    } while (0)

__attribute__((unused)) static int done_testing(void)
{
    printf("1..%d\n", tap_count);
    return tap_failed != 0;
}

#endif
