/* lint_dockerignore: see lint_dockerignore.h.
 *
 * Invariants
 * 1. The last pattern that fits a path, or a folder above it, decides.
 *    (test_lint_dockerignore: the last one)
 * 2. Matching costs pattern times path, and all of it is paid from the work of the file; when that
 *    is spent nothing is said to be ignored. (test_lint_dockerignore: bounded)
 */
#include "lint/lint_dockerignore.h"

#include "base/buf.h"
#include "base/limits.h"

/* ---- reading ---- */

struct str dockerignore_path(struct arena *a, struct str source)
{
    struct strs parts = {arena_array(a, struct str, source.n / 2 + 1), 0};
    struct buf b = {.a = a};
    for (struct str part, rest = source; rest.n;) {
        str_cut(rest, '/', &part, &rest);
        if (str_is(part, "..")) {
            parts.n -= parts.n > 0; /* above the context there is nothing */
        } else if (part.n && !str_is(part, ".")) {
            parts.v[parts.n++] = part;
        }
    }
    for (size_t i = 0; i < parts.n; i++)
        buf_addf(&b, "%s" STR_F, i ? "/" : "", STR_A(parts.v[i]));
    return buf_str(&b);
}

void dockerignore_read(struct arena *a, struct str text, struct dockerignore *ret)
{
    struct str line;
    uint32_t number = 0;
    *ret = (struct dockerignore){.a = a, .work = LIMIT_DOCKERIGNORE_WORK};
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_from(text, 3);
    while (str_line(&text, &line)) {
        struct dockerignore_pattern p = {.line = ++number};
        if (line.n && line.p[0] == '#')
            continue;
        line = str_trim(line);
        p.exception = line.n && line.p[0] == '!';
        p.text = dockerignore_path(a, str_trim(str_from(line, p.exception)));
        if (p.text.n && p.text.n <= LIMIT_GLOB_BYTES)
            *vec_push(a, &ret->patterns) = p;
    }
}

/* ---- one pattern ---- */

/* One step of a pattern: what it takes, and how many bytes of the pattern say so. */
enum take { TAKE_BYTE, TAKE_ANY, TAKE_NAME, TAKE_PATH, TAKE_FOLDERS, TAKE_SET };
struct step {
    enum take take;
    size_t n;
};

/* Length of a [set] at the beginning of the pattern, or 0. */
static size_t set_length(struct str p)
{
    size_t i = 1;
    if (i < p.n && p.p[i] == '^')
        i++;
    for (size_t first = i; i < p.n && (p.p[i] != ']' || i == first); i++)
        i += p.p[i] == '\\';
    return i < p.n ? i + 1 : 0;
}

static struct step next_step(struct str p)
{
    if (str_starts(p, STR("**/")))
        return (struct step){TAKE_FOLDERS, 3};
    if (str_starts(p, STR("**")))
        return (struct step){TAKE_PATH, 2};
    if (p.p[0] == '*')
        return (struct step){TAKE_NAME, 1};
    if (p.p[0] == '?')
        return (struct step){TAKE_ANY, 1};
    if (p.p[0] == '[' && set_length(p))
        return (struct step){TAKE_SET, set_length(p)};
    return (struct step){TAKE_BYTE, p.p[0] == '\\' && p.n > 1 ? 2 : 1};
}

static bool in_set(struct str set, char c)
{
    struct str rest = str_slice(set, 1, set.n - 1);
    bool negated = rest.n && rest.p[0] == '^', found = false;
    for (size_t i = negated; i < rest.n; i++) {
        i += rest.p[i] == '\\' && i + 1 < rest.n;
        char low = rest.p[i], high = low;
        if (i + 2 < rest.n && rest.p[i + 1] == '-') {
            high = rest.p[i + 2];
            i += 2;
        }
        found |= c >= low && c <= high;
    }
    return found != negated && c != '/';
}

static bool takes(struct str pattern, struct step s, char c)
{
    switch (s.take) {
    case TAKE_BYTE:
        return c == pattern.p[s.n - 1];
    case TAKE_SET:
        return in_set(str_slice(pattern, 0, s.n), c);
    case TAKE_PATH:
    case TAKE_FOLDERS:
        return true;
    default:
        return c != '/';
    }
}

/* now[i]: the steps so far fit the first i bytes of the path. False: none do any more. */
static bool advance(struct str pattern, struct step s, struct str path, const bool *now, bool *next)
{
    bool single = s.take == TAKE_BYTE || s.take == TAKE_ANY || s.take == TAKE_SET;
    bool inside = false; /* within what ** takes, for folders */
    bool any = next[0] = !single && now[0];
    for (size_t i = 0; i < path.n; i++) {
        bool fits = takes(pattern, s, path.p[i]);
        if (single) {
            next[i + 1] = now[i] && fits;
        } else if (s.take == TAKE_FOLDERS) {
            inside |= now[i];
            next[i + 1] = now[i + 1] || (inside && path.p[i] == '/');
        } else {
            next[i + 1] = now[i + 1] || (next[i] && fits);
        }
        any |= next[i + 1];
    }
    return any;
}

bool dockerignore_fits(struct dockerignore *d, struct str pattern, struct str path)
{
    uint64_t cost = (pattern.n + 1) * (path.n + 1);
    if (path.n > LIMIT_PATH_BYTES || d->work < cost) {
        d->work = path.n > LIMIT_PATH_BYTES ? d->work : 0;
        return false;
    }
    d->work -= cost;
    bool rows[2][LIMIT_PATH_BYTES + 1];
    bool *now = rows[0], *next = rows[1], *free_row;
    for (size_t i = 0; i <= path.n; i++)
        now[i] = i == 0;
    while (pattern.n) {
        struct step s = next_step(pattern);
        if (!advance(pattern, s, path, now, next))
            return false;
        pattern = str_from(pattern, s.n);
        free_row = now;
        now = next;
        next = free_row;
    }
    return now[path.n];
}

/* ---- all patterns ---- */

/* The pattern fits the path or a folder above it. */
static bool fits_above(struct dockerignore *d, struct str pattern, struct str path)
{
    for (size_t n = path.n; n && d->work; n = str_rfind(str_slice(path, 0, n), '/')) {
        struct str head = str_slice(path, 0, n);
        if (dockerignore_fits(d, pattern, head))
            return true;
        if (str_rfind(head, '/') == head.n)
            return false;
    }
    return false;
}

/* The pattern may fit something below the path. */
static bool may_fit_below(struct dockerignore *d, struct str pattern, struct str path)
{
    for (struct str part, name; pattern.n;) {
        if (!path.n)
            return true;
        str_cut(pattern, '/', &part, &pattern);
        if (str_has(part, STR("**")))
            return true;
        str_cut(path, '/', &name, &path);
        if (!dockerignore_fits(d, part, name))
            return false;
    }
    return false;
}

const struct dockerignore_pattern *dockerignore_match(struct dockerignore *d, struct str path)
{
    const struct dockerignore_pattern *by = NULL;
    for (size_t i = 0; i < d->patterns.n && d->work; i++) {
        const struct dockerignore_pattern *p = &d->patterns.v[i];
        if (p->exception != (by != NULL))
            continue; /* it would change nothing */
        if (fits_above(d, p->text, path) || (by && may_fit_below(d, p->text, path)))
            by = p->exception ? NULL : p;
    }
    return d->work ? by : NULL;
}
