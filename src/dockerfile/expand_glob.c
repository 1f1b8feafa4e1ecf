/* expand_glob: a value and a pattern → the value trimmed or replaced.
 *
 * A pattern is a row of tokens; matching keeps the set of tokens that may come next, so it costs
 * characters times tokens and never backtracks.
 *
 * Invariants
 * 1. Each step is paid from *work, and what cannot be paid is an error. (test_expand: work)
 * 2. A character is a UTF-8 sequence, or one byte that belongs to none. (test_expand)
 */
#include "dockerfile/expand_glob.h"

#include "base/buf.h"
#include "base/safe.h"
#include "base/vec.h"

enum token_kind { TOKEN_ANY, TOKEN_ONE, TOKEN_SAME };
struct token {
    enum token_kind kind;
    struct str c;
};
struct tokens VEC(struct token);

struct matcher {
    struct tokens tokens;
    struct str value;
    uint32_t *begin; /* of each of the n characters, and the end */
    size_t n;
    bool *now, *next; /* tokens that may come */
    uint64_t *work;
};

static size_t character(struct str s)
{
    size_t n = safe_sequence(s);
    return n ? n : 1;
}

static int compile(struct arena *a, struct str pattern, struct tokens *ret, struct err *e)
{
    while (pattern.p && pattern.n) {
        size_t n = character(pattern);
        struct token t = {TOKEN_SAME, str_slice(pattern, 0, n)};
        char c = *pattern.p;
        if (c == '*')
            t.kind = TOKEN_ANY;
        else if (c == '?')
            t.kind = TOKEN_ONE;
        else if (c == '\\') {
            pattern = str_from(pattern, 1);
            if (!pattern.n || !strchr("*?\\/}", *pattern.p))
                return err_set(e, ERR_INPUT, "expected *, ?, \\, / or } after the \\ of a pattern");
            t.c = str_slice(pattern, 0, 1);
            n = 1;
        }
        pattern = str_from(pattern, n);
        if (t.kind == TOKEN_ANY && ret->n && ret->v[ret->n - 1].kind == TOKEN_ANY)
            continue;
        *vec_push(a, ret) = t;
    }
    return 0;
}

static int prepare(struct arena *a, struct matcher *m, struct str value, struct str pattern,
                   struct err *e)
{
    if (*m->work < 4 * value.n)
        return err_set(e, ERR_INPUT, "the patterns of this file cost too much to match");
    *m->work -= 4 * value.n; /* for the memory below */
    if (compile(a, pattern, &m->tokens, e))
        return -1;
    m->value = value;
    m->begin = arena_array(a, uint32_t, value.n + 1);
    for (size_t at = 0; at < value.n; at += character(str_from(value, at)))
        m->begin[m->n++] = (uint32_t)at;
    m->begin[m->n] = (uint32_t)value.n;
    m->now = arena_array(a, bool, m->tokens.n + 1);
    m->next = arena_array(a, bool, m->tokens.n + 1);
    return 0;
}

/* Token or character i, from either end. */
static const struct token *token(const struct matcher *m, size_t i, bool back)
{
    return &m->tokens.v[back ? m->tokens.n - 1 - i : i];
}

static struct str char_at(const struct matcher *m, size_t i)
{
    return str_slice(m->value, m->begin[i], m->begin[i + 1]);
}

static void pass_any(struct matcher *m, bool *set, bool back)
{
    for (size_t j = 0; j < m->tokens.n; j++)
        if (set[j] && token(m, j, back)->kind == TOKEN_ANY)
            set[j + 1] = true;
}

/* How many characters from `from` on (from the end when back) fit; SIZE_MAX: none do. */
static int fit(struct matcher *m, size_t from, bool back, bool longest, size_t *ret, struct err *e)
{
    size_t tokens = m->tokens.n;
    memset(m->now, 0, tokens + 1);
    m->now[0] = true;
    pass_any(m, m->now, back);
    *ret = m->now[tokens] ? 0 : SIZE_MAX;
    for (size_t i = from; i < m->n && (longest || *ret == SIZE_MAX); i++) {
        if (*m->work < tokens + 1)
            return err_set(e, ERR_INPUT, "the patterns of this file cost too much to match");
        *m->work -= tokens + 1;
        struct str c = char_at(m, back ? m->n - 1 - i : i);
        bool some = false;
        memset(m->next, 0, tokens + 1);
        for (size_t j = 0; j < tokens; j++) {
            const struct token *t = token(m, j, back);
            if (!m->now[j])
                continue;
            if (t->kind == TOKEN_ANY)
                some = m->next[j] = true;
            else if (t->kind == TOKEN_ONE || str_eq(t->c, c))
                some = m->next[j + 1] = true;
        }
        pass_any(m, m->next, back);
        bool *swap = m->now;
        m->now = m->next;
        m->next = swap;
        if (m->now[tokens])
            *ret = i + 1 - from;
        if (!some)
            break;
    }
    return 0;
}

int expand_glob_trim(struct arena *a, struct str value, struct str pattern, bool suffix,
                     bool longest, uint64_t *work, struct str *ret, struct err *e)
{
    struct matcher m = {.work = work};
    size_t n;
    if (prepare(a, &m, value, pattern, e) || fit(&m, 0, suffix, longest, &n, e))
        return -1;
    if (n == SIZE_MAX)
        *ret = value;
    else if (suffix)
        *ret = str_slice(value, 0, m.begin[m.n - n]);
    else
        *ret = str_from(value, m.begin[n]);
    return 0;
}

int expand_glob_replace(struct arena *a, struct str value, struct str pattern, struct str by,
                        bool all, uint64_t *work, struct str *ret, struct err *e)
{
    struct matcher m = {.work = work};
    struct buf b = {.a = a};
    if (prepare(a, &m, value, pattern, e))
        return -1;
    size_t last = SIZE_MAX; /* where the part before ended */
    for (size_t i = 0; i <= m.n;) {
        size_t n;
        if (fit(&m, i, false, true, &n, e))
            return -1;
        bool fits = n != SIZE_MAX && !(n == 0 && i == last);
        if (fits) {
            if (*work < by.n)
                return err_set(e, ERR_INPUT, "the variables of this file expand to too much");
            *work -= by.n;
            buf_add(&b, by);
            last = i + n;
        }
        if (fits && !all) {
            buf_add(&b, str_from(value, m.begin[last]));
            break;
        }
        if (fits && n) {
            i = last;
            continue;
        }
        if (i < m.n)
            buf_add(&b, char_at(&m, i));
        i++;
    }
    *ret = buf_str(&b);
    return 0;
}
