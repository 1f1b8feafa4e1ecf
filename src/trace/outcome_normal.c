/* outcome_normal: output of a run → the same text for every run that behaves the same.
 *
 * What changes from run to run is replaced: dates, times of day and moments since 1970 (<date>,
 * <time>), process numbers where the text calls them so (<pid>), addresses, UUIDs and random ids
 * (<hex>), durations with their unit (<number-ms>), ports the system chose (<port>). A number on
 * its own stays: it may be a counter, and a counter is behaviour.
 *
 * One pass: at each place where a word may begin, the matchers of the table are asked in order; the
 * first that takes something wins.
 *
 * Invariants
 * 1. Text without such parts comes out as it went in, byte for byte. (test_outcome: kept)
 * 2. Time is linear in the text: every matcher looks at a bounded number of bytes, or takes what it
 *    looked at. (test_outcome: large)
 */
#include "base/buf.h"
#include "trace/outcome.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static char at(struct str s, size_t i)
{
    if (i >= s.n)
        return 0;
    return s.p[i];
}

/* Nothing of a word follows. */
static bool ends(struct str s, size_t n)
{
    return !is_digit(at(s, n)) && !is_letter(at(s, n)) && at(s, n) != '_';
}

/* How far a pattern reaches at the start of s: '9' is a digit, 'a' a letter, '?' a digit or space,
 * all else itself. 0 when it does not fit. */
static size_t shape(struct str s, const char *pattern)
{
    size_t i = 0;
    for (; pattern[i]; i++) {
        char c = at(s, i);
        bool fits = pattern[i] == '9'   ? is_digit(c)
                    : pattern[i] == 'a' ? is_letter(c)
                    : pattern[i] == '?' ? is_digit(c) || c == ' '
                                        : c == pattern[i];
        if (!fits)
            return 0;
    }
    return i;
}

static size_t digits(struct str s, size_t from, size_t most)
{
    size_t n = 0;
    while (n < most && is_digit(at(s, from + n)))
        n++;
    return n;
}

/* ".123" or ",123" behind seconds. */
static size_t fraction(struct str s, size_t from)
{
    if (at(s, from) != '.' && at(s, from) != ',')
        return 0;
    size_t n = digits(s, from + 1, 9);
    return n ? n + 1 : 0;
}

/* " GMT", "Z", "+00:00", " -0700" and the like. */
static size_t zone(struct str s, size_t from)
{
    static const char *const shapes[] = {"+99:99",  "-99:99",  "+9999", "-9999", " +9999", " -9999",
                                         " +99:99", " -99:99", " UTC",  " GMT",  "UTC",    "Z"};
    struct str rest = str_from(s, from);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        size_t n = 0;
        while (shapes[i][n] &&
               (shapes[i][n] == '9' ? is_digit(at(rest, n)) : at(rest, n) == shapes[i][n]))
            n++;
        if (!shapes[i][n] && ends(rest, n))
            return n;
    }
    return 0;
}

/* "12:34:56" with fraction and zone. */
static size_t clock_time(struct str s, size_t from)
{
    struct str rest = str_from(s, from);
    size_t n = shape(rest, "99:99:99");
    if (!n)
        n = shape(rest, "9:99:99");
    if (!n)
        return 0;
    n += fraction(rest, n);
    n += zone(rest, n);
    if (shape(str_from(rest, n), " AM") || shape(str_from(rest, n), " PM"))
        n += 3;
    return ends(rest, n) && at(rest, n) != ':' ? n : 0;
}

static bool is_month(struct str s, size_t from)
{
    return from + 3 <= s.n &&
           str_has(STR("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
                   str_slice(s, from, from + 3)) &&
           is_letter(at(s, from + 2)) && at(s, from) <= 'Z';
}

static size_t weekday(struct str s)
{
    static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    for (size_t i = 0; i < 7; i++) {
        if (!str_starts(s, str_of(names[i])))
            continue;
        size_t n = 3;
        while (n < 9 && is_letter(at(s, n)))
            n++;
        if (at(s, n) == ',')
            n++;
        return at(s, n) == ' ' ? n + 1 : 0;
    }
    return 0;
}

/* A time of day right behind a date, with what joins them. */
static size_t date_tail(struct str s, size_t n)
{
    char join = at(s, n);
    size_t behind = join == 'T' || join == ' ' || join == ':' ? clock_time(s, n + 1) : 0;
    return behind ? n + 1 + behind : n;
}

/* "2026-11-21T20:59:33.123Z", "2026/11/21 20:59:33", "2026-11-21". */
static size_t match_iso(struct str s)
{
    size_t n = shape(s, "9999-99-99");
    if (!n)
        n = shape(s, "9999/99/99");
    if (!n || at(s, 5) > '1')
        return 0;
    n = date_tail(s, n);
    return ends(s, n) ? n : 0;
}

/* "20261121T205933Z", "20261121-205933". */
static size_t match_compact(struct str s)
{
    size_t n = shape(s, "99999999T999999");
    if (!n)
        n = shape(s, "99999999-999999");
    if (!n || at(s, 4) > '1' || (at(s, 0) != '1' && at(s, 0) != '2'))
        return 0;
    n += fraction(s, n);
    n += zone(s, n);
    return ends(s, n) ? n : 0;
}

/* Day, month by name, year: "21/Nov/2026:20:59:33 +0000", "21 Nov 2026 20:59:33.123",
 * "21-Nov-26 20:59:33 GMT"; any weekday before it. */
static size_t day_month(struct str s)
{
    size_t day = digits(s, 0, 2);
    char join = at(s, day);
    if (!day || (join != '/' && join != ' ' && join != '-') || !is_month(s, day + 1) ||
        at(s, day + 4) != join)
        return 0;
    size_t year = digits(s, day + 5, 4);
    if (year != 4 && year != 2)
        return 0;
    size_t n = date_tail(s, day + 5 + year);
    return ends(s, n) ? n : 0;
}

/* Month by name, day: "Nov 21 20:59:33 2026", "Nov 21 20:59:33 UTC 2026", "Nov 21 20:59:33",
 * "Nov 21, 2026 8:59:33 PM". */
static size_t month_day(struct str s)
{
    if (!is_month(s, 0) || at(s, 3) != ' ')
        return 0;
    size_t n = at(s, 4) == ' ' ? 5 : 4, day = digits(s, n, 2);
    if (!day)
        return 0;
    n += day;
    if (at(s, n) == ',' && digits(s, n + 2, 5) == 4) {
        n = date_tail(s, n + 6);
        return ends(s, n) ? n : 0;
    }
    size_t hours = at(s, n) == ' ' ? clock_time(s, n + 1) : 0;
    if (!hours)
        return 0;
    n += 1 + hours;
    size_t year = n + 1;
    if (at(s, n) == ' ' && is_letter(at(s, n + 1))) /* "CET 2026" */
        while (year < n + 6 && is_letter(at(s, year)))
            year++;
    if (year > n + 1 && at(s, year) == ' ')
        year++;
    if (at(s, n) == ' ' && digits(s, year, 5) == 4)
        n = year + 4;
    return ends(s, n) ? n : 0;
}

static size_t match_named_date(struct str s)
{
    size_t day = weekday(s);
    struct str rest = str_from(s, day);
    size_t n = day_month(rest);
    if (!n)
        n = month_day(rest);
    return n ? day + n : 0;
}

static size_t match_clock(struct str s)
{
    return clock_time(s, 0);
}

/* Seconds, milliseconds, micro- or nanoseconds since 1970, between 2017 and 2033. */
static size_t match_epoch(struct str s)
{
    size_t n = digits(s, 0, 20);
    if ((n != 10 && n != 13 && n != 16 && n != 19) || s.p[0] != '1' || s.p[1] < '5')
        return 0;
    n += n == 10 ? fraction(s, n) : 0;
    return ends(s, n) ? n : 0;
}

/* 8-4-4-4-12. */
static size_t match_uuid(struct str s)
{
    static const size_t groups[] = {8, 4, 4, 4, 12};
    size_t n = 0;
    for (size_t g = 0; g < 5; g++) {
        if (g && at(s, n++) != '-')
            return 0;
        for (size_t i = 0; i < groups[g]; i++)
            if (!is_hex(at(s, n++)))
                return 0;
    }
    return ends(s, n) ? n : 0;
}

static size_t match_address(struct str s)
{
    if (at(s, 0) != '0' || at(s, 1) != 'x')
        return 0;
    size_t n = 2;
    while (n < 18 && is_hex(at(s, n)))
        n++;
    return n > 5 && ends(s, n) ? n : 0; /* 0x0 to 0xfff are flags and codes, not addresses */
}

/* A run of 12 or more hexadecimal digits with both letters and figures: container and request ids.
 */
static size_t match_id(struct str s)
{
    size_t n = 0, figures = 0;
    while (is_hex(at(s, n)))
        figures += is_digit(s.p[n++]);
    return n >= 12 && figures && figures < n && ends(s, n) ? n : 0;
}

/* "12.5ms", "3 seconds": a number with a unit of time. */
static size_t match_duration(struct str s)
{
    static const char *const units[] = {"ns",      "us",           "µs",          "ms",   "s",
                                        "msec",    "usec",         "sec",         "secs", "second",
                                        "seconds", "milliseconds", "microseconds"};
    size_t n = digits(s, 0, 18);
    if (!n)
        return 0;
    n += fraction(s, n);
    bool apart = at(s, n) == ' ';
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct str unit = str_of(units[i]);
        if (apart && unit.n == 1)
            continue; /* "3 s" is as well the start of a word in pieces */
        if (str_starts(str_from(s, n + apart), unit) && ends(s, n + apart + unit.n))
            return n + apart + unit.n;
    }
    return 0;
}

/* "[123]" behind a name as in syslog is found by its bracket; "123#123:" is nginx's, "1:M "
 * redis's. */
static size_t match_log_pid(struct str s)
{
    size_t n = digits(s, 0, 8), m = n && at(s, n) == '#' ? digits(s, n + 1, 8) : 0;
    if (m && at(s, n + 1 + m) == ':')
        return n + 1 + m;
    bool redis = n && at(s, n) == ':' && is_letter(at(s, n + 1)) && at(s, n + 2) == ' ' &&
                 str_has(STR("MSCX"), str_slice(s, n + 1, n + 2));
    return redis ? n : 0;
}

static const struct matcher {
    size_t (*match)(struct str s);
    const char *becomes;
} matchers[] = {
    {match_iso, "<date>"},    {match_compact, "<date>"}, {match_named_date, "<date>"},
    {match_clock, "<time>"},  {match_uuid, "<hex>"},     {match_address, "<hex>"},
    {match_log_pid, "<pid>"}, {match_epoch, "<time>"},   {match_duration, "<number-ms>"},
    {match_id, "<hex>"},
};

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* Whether the word that ends where s starts is this one, in any case. */
static bool behind_word(struct str before, const char *word)
{
    size_t n = strlen(word);
    if (before.n < n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (lower(before.p[before.n - n + i]) != word[i])
            return false;
    return before.n == n || !is_letter(before.p[before.n - n - 1]);
}

static struct str trim_end(struct str s, const char *set, size_t most)
{
    while (most-- && s.n && strchr(set, s.p[s.n - 1]))
        s.n--;
    return s;
}

/* Digits that the words before them call a process ("pid 7", "worker process 12", "tid=3"), or
 * that stand in brackets behind a name ("sshd[812]"). */
static bool is_pid(struct str before, struct str s, size_t n)
{
    static const char *const words[] = {"pid", "ppid", "tid", "process", "pgid"};
    if (n > 8)
        return false;
    if (before.n > 1 && before.p[before.n - 1] == '[' && at(s, n) == ']' &&
        (is_letter(before.p[before.n - 2]) || is_digit(before.p[before.n - 2])))
        return true;
    struct str left = trim_end(before, " \"'=:#([", 4);
    if (left.n == before.n)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (behind_word(left, words[i]))
            return true;
    return false;
}

/* A port from the range systems choose from, behind an address or the word "port". */
static bool is_chosen_port(struct str before, struct str s, size_t n)
{
    uint64_t port;
    if (n != 5 || str_u64(str_slice(s, 0, n), 10, &port) || port < 32768 || port > 65535)
        return false;
    if (before.n > 1 && before.p[before.n - 1] == ':')
        return is_digit(before.p[before.n - 2]) || before.p[before.n - 2] == ']';
    return behind_word(trim_end(before, " =:", 2), "port");
}

/* Where a word may start: not inside one, nor inside a number with a point. */
static bool may_start(struct str before)
{
    if (!before.n)
        return true;
    char c = before.p[before.n - 1];
    return !is_digit(c) && !is_letter(c) && c != '_' &&
           !(c == '.' && before.n > 1 && is_digit(before.p[before.n - 2]));
}

/* How many bytes at s are taken, and what they become. */
static size_t match(struct str before, struct str s, const char **becomes)
{
    size_t n = digits(s, 0, 20);
    if (n && ends(s, n) && is_pid(before, s, n)) {
        *becomes = "<pid>";
        return n;
    }
    if (n && ends(s, n) && is_chosen_port(before, s, n)) {
        *becomes = "<port>";
        return n;
    }
    for (size_t i = 0; i < sizeof matchers / sizeof *matchers; i++) {
        bool in_row = matchers[i].match == match_clock && str_ends(before, STR(":")) &&
                      before.n > 1 && is_hex(before.p[before.n - 2]); /* "00:11:22:33:44:55" */
        size_t took = in_row ? 0 : matchers[i].match(s);
        if (!took)
            continue;
        *becomes = matchers[i].becomes;
        return took;
    }
    return 0;
}

struct str outcome_normal(struct arena *a, struct str text)
{
    struct buf b = {.a = a};
    for (size_t i = 0; text.p && i < text.n;) {
        struct str before = str_slice(text, 0, i);
        const char *becomes;
        size_t n = 0;
        if ((is_digit(text.p[i]) || is_letter(text.p[i])) && may_start(before))
            n = match(before, str_from(text, i), &becomes);
        if (n)
            buf_addz(&b, becomes);
        else
            buf_addc(&b, text.p[i]);
        i += n ? n : 1;
    }
    return buf_str(&b);
}
