/* lint_formats: see lint_formats.h. Each reader goes over the text once. */
#include "lint/lint_formats.h"

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

static bool all_of(struct str s, bool (*good)(char))
{
    for (size_t i = 0; i < s.n; i++)
        if (!good(s.p[i]))
            return false;
    return s.n > 0;
}

/* ---- URLs ---- */

static bool in_scheme(char c)
{
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
}

bool lint_is_url(struct str text)
{
    struct str scheme, rest;
    if (!str_cut(text, ':', &scheme, &rest) || !all_of(scheme, in_scheme) ||
        !is_letter(scheme.p[0]))
        return false;
    size_t marks = 0;
    for (size_t i = 0; i < rest.n; i++) {
        char c = rest.p[i];
        if (c == '%' && !(i + 2 < rest.n && is_hex(rest.p[i + 1]) && is_hex(rest.p[i + 2])))
            return false;
        marks += c == '#';
        if (!c || (!is_letter(c) && !is_digit(c) && !strchr("-._~:/?#[]@!$&'()*+,;=%", c)))
            return false;
    }
    return marks < 2;
}

/* ---- times ---- */

/* Takes n digits off *rest. */
static bool number(struct str *rest, size_t n, unsigned *ret)
{
    *ret = 0;
    for (size_t i = 0; i < n; i++) {
        if (i >= rest->n || !is_digit(rest->p[i]))
            return false;
        *ret = *ret * 10 + (unsigned)(rest->p[i] - '0');
    }
    *rest = str_from(*rest, n);
    return true;
}

static bool byte(struct str *rest, char c)
{
    if (!rest->n || rest->p[0] != c)
        return false;
    *rest = str_from(*rest, 1);
    return true;
}

static bool date(struct str *rest)
{
    static const unsigned char days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned y, m, d;
    if (!number(rest, 4, &y) || !byte(rest, '-') || !number(rest, 2, &m) || !byte(rest, '-') ||
        !number(rest, 2, &d) || m < 1 || m > 12 || d < 1 || d > days[m - 1])
        return false;
    bool leap = (y % 4 == 0 && y % 100) || y % 400 == 0;
    return !(m == 2 && d == 29 && !leap);
}

static bool zone(struct str rest)
{
    unsigned h, m;
    if (byte(&rest, 'Z'))
        return !rest.n;
    if (!byte(&rest, '+') && !byte(&rest, '-'))
        return false;
    if (!number(&rest, 2, &h))
        return false;
    byte(&rest, ':');
    return number(&rest, 2, &m) && !rest.n && h < 24 && m < 60;
}

bool lint_is_time(struct str text)
{
    unsigned h, m, s;
    if (!date(&text) || !byte(&text, 'T') || !number(&text, 2, &h) || !byte(&text, ':') ||
        !number(&text, 2, &m) || !byte(&text, ':') || !number(&text, 2, &s) || h > 23 || m > 59 ||
        s > 60)
        return false;
    if (byte(&text, '.')) {
        size_t n = 0;
        while (n < text.n && is_digit(text.p[n]))
            n++;
        if (!n)
            return false;
        text = str_from(text, n);
    }
    return zone(text);
}

/* ---- hashes ---- */

static bool in_hash(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

bool lint_is_git_hash(struct str text)
{
    return (text.n == 7 || text.n == 40) && all_of(text, in_hash);
}

/* ---- versions ---- */

static bool in_identifier(char c)
{
    return is_letter(c) || is_digit(c) || c == '-';
}

static bool number_of_version(struct str s, bool loosely)
{
    return all_of(s, is_digit) && (loosely || s.n == 1 || s.p[0] != '0');
}

/* a.b.c; of a version before release numbers have no zeros before them. */
static bool identifiers(struct str s, bool zeros)
{
    for (bool more = true; more;) {
        struct str one;
        more = str_cut(s, '.', &one, &s);
        if (!all_of(one, in_identifier) ||
            (!zeros && all_of(one, is_digit) && !number_of_version(one, false)))
            return false;
    }
    return true;
}

bool lint_is_semver(struct str text, bool loosely)
{
    struct str build, before, major, minor, patch;
    bool has_build = str_cut(text, '+', &text, &build);
    bool has_before = str_cut(text, '-', &text, &before);
    if (!str_cut(text, '.', &major, &minor) || !str_cut(minor, '.', &minor, &patch))
        return false;
    return number_of_version(major, loosely) && number_of_version(minor, loosely) &&
           number_of_version(patch, loosely) && (!has_before || identifiers(before, loosely)) &&
           (!has_build || identifiers(build, true));
}

/* ---- addresses ---- */

static bool in_atom(char c)
{
    return is_letter(c) || is_digit(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool in_domain(char c)
{
    return is_letter(c) || is_digit(c) || c == '-';
}

static bool dotted(struct str s, bool (*good)(char))
{
    for (bool more = true; more;) {
        struct str one;
        more = str_cut(s, '.', &one, &s);
        if (!all_of(one, good))
            return false;
    }
    return true;
}

static bool quoted_text(struct str s)
{
    if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"')
        return false;
    for (size_t i = 1; i + 1 < s.n; i++) {
        if (s.p[i] == '\\')
            i++;
        else if (s.p[i] == '"' || s.p[i] < ' ')
            return false;
    }
    return true;
}

bool lint_is_email(struct str text)
{
    size_t at = str_rfind(text, '@');
    struct str local = str_slice(text, 0, at), domain = str_from(text, at + 1);
    if (at >= text.n || local.n > 64 || !(dotted(local, in_atom) || quoted_text(local)))
        return false;
    if (str_starts(domain, STR("[")) && str_ends(domain, STR("]")))
        return domain.n > 2;
    return dotted(domain, in_domain);
}
