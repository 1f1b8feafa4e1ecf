/* ignore: ignores × a finding → covered or not.
 *
 * Invariants
 * 1. Matching costs pattern times path, whatever the pattern: one row of a table per pattern byte,
 *    no backtracking. (test_ignore: stars)
 * 2. A date that is accepted prints back as it was written. (test_ignore: dates)
 */
#include "finding/ignore.h"

#include "base/limits.h"

/* Days before year y, month m (1–12) of the proleptic Gregorian calendar, from 1970-01-01. */
static int32_t days_before(int32_t y, int32_t m)
{
    static const int16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    int32_t p = y - 1;
    return p * 365 + p / 4 - p / 100 + p / 400 - 719162 + before[m - 1] + (m > 2 && leap);
}

int ignore_date_parse(struct str text, int32_t *ret, struct err *e)
{
    uint64_t y, m, d;
    if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-' ||
        str_u64(str_slice(text, 0, 4), 10, &y) || str_u64(str_slice(text, 5, 7), 10, &m) ||
        str_u64(str_from(text, 8), 10, &d) || y < 1970)
        return err_set(e, ERR_INPUT, "\"" STR_F "\" is no date; dates are written YYYY-MM-DD",
                       STR_A(text));
    if (m < 1 || m > 12)
        return err_set(e, ERR_INPUT, "\"" STR_F "\": a year has no such month", STR_A(text));
    int32_t year = (int32_t)y, month = (int32_t)m;
    int32_t first = days_before(year, month);
    int32_t next = month == 12 ? days_before(year + 1, 1) : days_before(year, month + 1);
    if (d < 1 || (int32_t)d > next - first)
        return err_set(e, ERR_INPUT, "\"" STR_F "\": the month has no such day", STR_A(text));
    *ret = first + (int32_t)d - 1;
    return 0;
}

struct str ignore_date_text(struct arena *a, int32_t days)
{
    int32_t y = 1970 + days / 366, m = 1;
    while (days_before(y + 1, 1) <= days)
        y++;
    while (m < 12 && days_before(y, m + 1) <= days)
        m++;
    return str_fmt(a, "%04d-%02d-%02d", y, m, days - days_before(y, m) + 1);
}

bool ignore_glob(struct str pattern, struct str path)
{
    /* fits[j]: the pattern so far fits the first j bytes of the path */
    bool fits[LIMIT_PATH_BYTES + 1] = {true};
    if (path.n > LIMIT_PATH_BYTES || pattern.n > LIMIT_GLOB_BYTES)
        return false;
    for (size_t i = 0; i < pattern.n; i++) {
        char c = pattern.p[i];
        if (c == '*') {
            bool across = i + 1 < pattern.n && pattern.p[i + 1] == '*';
            i += across;
            for (size_t j = 1; j <= path.n; j++)
                fits[j] |= fits[j - 1] && (across || path.p[j - 1] != '/');
            continue;
        }
        for (size_t j = path.n; j > 0; j--)
            fits[j] = fits[j - 1] && (c == path.p[j - 1] || (c == '?' && path.p[j - 1] != '/'));
        fits[0] = false;
    }
    return fits[path.n];
}

bool ignore_covers(const struct ignore *i, const struct rule_info *rule,
                   const struct location *where)
{
    struct str place = where->kind == LOCATION_CONFIG ? where->config_key : where->path;
    return rule_is(rule, i->rule) && (!i->path.n || ignore_glob(i->path, place));
}
