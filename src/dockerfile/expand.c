/* expand: see expand.h.
 *
 * Invariants
 * 1. Recursion (a word inside ${…} inside a word) ends at LIMIT_EXPANSION_DEPTH. (test_expand:
 * deep)
 * 2. No word grows over LIMIT_EXPANSION_BYTES, and all words of one env together cost no more than
 *    the work it grants. (test_expand: work)
 * 3. Uses and words have the places of what they came from. (test_expand: places)
 */
#include "dockerfile/expand.h"

#include "base/buf.h"
#include "base/limits.h"
#include "dockerfile/expand_glob.h"

struct expander {
    struct arena *a;
    const struct placed *text;
    struct str s;
    size_t at;
    const struct expand_env *env;
    struct expand_uses *uses;
    uint64_t *work;
    unsigned depth;
    bool raw; /* escapes are kept: a pattern is read */
    /* of expand_split */
    struct expand_words *words;
    size_t word_from; /* source of the word being read */
    bool in_word;
    size_t wrong; /* where an error is */
    struct err *e;
};

static char peek(const struct expander *x)
{
    return x->at < x->s.n ? x->s.p[x->at] : '\0';
}

static bool more(const struct expander *x)
{
    return x->at < x->s.n;
}

static int fail(struct expander *x, size_t at, const char *what)
{
    x->wrong = at;
    return err_set(x->e, ERR_INPUT, "%s", what);
}

static int put(struct expander *x, struct buf *to, struct str s)
{
    if (to->n + s.n > LIMIT_EXPANSION_BYTES)
        return err_set(x->e, ERR_INPUT, "this expands to more than %d bytes",
                       LIMIT_EXPANSION_BYTES);
    if (*x->work < s.n + 1)
        return err_set(x->e, ERR_INPUT, "the variables of this file expand to too much");
    *x->work -= s.n + 1;
    buf_add(to, s);
    return 0;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void end_word(struct expander *x, struct buf *to, size_t source)
{
    if (x->in_word)
        *vec_push(x->a, x->words) = (struct expand_word){
            str_dup(x->a, buf_str(to)), placed_span(x->text, x->word_from, source)};
    to->n = 0;
    x->in_word = false;
}

enum origin { LITERAL, QUOTED, VARIABLE };

/* Text at the top level that came from [from, x->at) of the source. Blanks in it part words unless
 * they are quoted. */
static int put_top(struct expander *x, struct buf *to, struct str s, size_t from,
                   enum origin origin)
{
    if (!x->words || x->depth)
        return put(x, to, s);
    for (size_t i = 0, n; i < s.n || origin == QUOTED; i = n + 1) {
        for (n = i; n < s.n && (origin == QUOTED || !is_blank(s.p[n]));)
            n++;
        if (n > i || origin == QUOTED) {
            if (!x->in_word)
                x->word_from = origin == LITERAL ? from + i : from;
            x->in_word = true;
            if (put(x, to, str_slice(s, i, n)))
                return -1;
        }
        if (origin == QUOTED)
            return 0;
        if (n < s.n)
            end_word(x, to, origin == LITERAL ? from + n : n ? x->at : from);
    }
    return 0;
}

static int dollar(struct expander *x, struct buf *to);

static int single_quoted(struct expander *x, struct buf *to)
{
    size_t open = x->at++, n = str_find(str_from(x->s, x->at), '\'');
    struct str inner = str_slice(x->s, x->at, x->at + n);
    if (x->at + n >= x->s.n)
        return fail(x, open, "expected a second ' for this quote");
    x->at += n + 1;
    return put(x, to, inner);
}

static int double_quoted(struct expander *x, struct buf *to)
{
    size_t open = x->at++;
    while (more(x) && peek(x) != '"') {
        char c = peek(x);
        if (c == '$') {
            if (dollar(x, to))
                return -1;
            continue;
        }
        x->at++;
        if (c == x->env->escape && more(x)) {
            char next = peek(x);
            if (x->raw && put(x, to, str_slice(x->s, x->at - 1, x->at)))
                return -1;
            if (next == '"' || next == '$' || next == c)
                x->at++;
            else if (x->raw)
                continue;
        }
        if (put(x, to, str_slice(x->s, x->at - 1, x->at)))
            return -1;
    }
    if (!more(x))
        return fail(x, open, "expected a second \" for this quote");
    x->at++;
    return 0;
}

/* Up to `stop`, which is passed; 0: up to the end. */
static int until(struct expander *x, char stop, bool raw, struct buf *to, size_t open)
{
    bool before = x->raw;
    struct buf part = {.a = x->a};
    x->raw = raw;
    while (more(x) && (!stop || peek(x) != stop)) {
        char c = peek(x);
        size_t from = x->at;
        part.n = 0;
        enum origin origin = c == '$' ? VARIABLE : c == '\'' || c == '"' ? QUOTED : LITERAL;
        if (c == '$'    ? dollar(x, &part)
            : c == '\'' ? single_quoted(x, &part)
                        : c == '"' && double_quoted(x, &part))
            return -1;
        if (c == x->env->escape && origin == LITERAL) {
            x->at++;
            if (raw && put(x, &part, str_slice(x->s, from, x->at)))
                return -1;
            if (more(x) && put(x, &part, str_slice(x->s, x->at, x->at + 1)))
                return -1;
            x->at += more(x);
            origin = QUOTED;
            if (!part.n)
                continue;
        } else if (origin == LITERAL) {
            while (more(x) && peek(x) != stop && !strchr("$'\"", peek(x)) &&
                   peek(x) != x->env->escape)
                x->at++;
            if (x->at == from)
                x->at++; /* a NUL */
            if (put_top(x, to, str_slice(x->s, from, x->at), from, LITERAL))
                return -1;
            continue;
        }
        if (put_top(x, to, buf_str(&part), from, origin))
            return -1;
    }
    x->raw = before;
    if (stop && !more(x))
        return fail(x, open, stop == '}' ? "expected a } for this bracket" : "expected a second /");
    x->at += stop != 0;
    return 0;
}

/* ---- variables ---- */

static bool is_name_char(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static struct str name(struct expander *x)
{
    size_t from = x->at;
    char c = peek(x);
    if (c >= '1' && c <= '9') {
        while (peek(x) >= '0' && peek(x) <= '9')
            x->at++;
    } else if (c && strchr("@*#?-$!0", c)) {
        x->at++;
    } else {
        while (is_name_char(peek(x)))
            x->at++;
    }
    return str_slice(x->s, from, x->at);
}

static bool value_of(struct expander *x, struct str var, size_t from, bool excused, struct str *ret)
{
    *ret = (struct str){0};
    bool set = x->env->lookup && x->env->lookup(x->env->ctx, var, ret);
    if (x->uses)
        *vec_push(x->a, x->uses) =
            (struct expand_use){var, placed_span(x->text, from, x->at), set, excused};
    return set;
}

/* Behind ${x and an optional colon: - + ? and the word. */
static int choice(struct expander *x, struct str var, size_t from, bool colon, struct buf *to)
{
    char op = peek(x);
    struct buf word = {.a = x->a};
    struct str value;
    x->at++;
    if (until(x, '}', x->raw, &word, from))
        return -1;
    bool set = value_of(x, var, from, true, &value);
    bool has = set && !(colon && !value.n);
    if (op == '-')
        return put(x, to, has ? value : buf_str(&word));
    if (op == '+')
        return put(x, to, has ? buf_str(&word) : (struct str){0});
    if (has)
        return put(x, to, value);
    x->wrong = from;
    if (word.n)
        return err_set(x->e, ERR_INPUT, STR_F ": " STR_F, STR_A(var),
                       (int)(word.n > 200 ? 200 : word.n), word.p);
    return err_set(x->e, ERR_INPUT, STR_F " must be set%s", STR_A(var), set ? " to something" : "");
}

static int trim(struct expander *x, struct str var, size_t from, struct buf *to)
{
    char op = peek(x);
    struct buf pattern = {.a = x->a};
    struct str value;
    x->at++;
    bool longest = peek(x) == op;
    x->at += longest;
    if (until(x, '}', true, &pattern, from))
        return -1;
    value_of(x, var, from, false, &value);
    x->wrong = from;
    if (expand_glob_trim(x->a, value, buf_str(&pattern), op == '%', longest, x->work, &value, x->e))
        return -1;
    return put(x, to, value);
}

static int replace(struct expander *x, struct str var, size_t from, struct buf *to)
{
    struct buf pattern = {.a = x->a}, by = {.a = x->a};
    struct str value;
    x->at++;
    bool all = peek(x) == '/';
    x->at += all;
    if (until(x, '/', true, &pattern, from) || until(x, '}', true, &by, from))
        return -1;
    value_of(x, var, from, false, &value);
    x->wrong = from;
    if (expand_glob_replace(x->a, value, buf_str(&pattern), buf_str(&by), all, x->work, &value,
                            x->e))
        return -1;
    return put(x, to, value);
}

static int braces(struct expander *x, size_t from, struct buf *to)
{
    x->at++;
    struct str var = name(x), value;
    char op = peek(x);
    if (!var.n)
        return fail(x, from, more(x) ? "expected a name in ${ }" : "expected a } for this bracket");
    if (op == '}') {
        x->at++;
        value_of(x, var, from, false, &value);
        return put(x, to, value);
    }
    bool colon = op == ':';
    x->at += colon;
    op = peek(x);
    if (op && strchr("-+?", op))
        return choice(x, var, from, colon, to);
    if (!colon && (op == '#' || op == '%'))
        return trim(x, var, from, to);
    if (!colon && op == '/')
        return replace(x, var, from, to);
    return fail(x, from,
                more(x) ? "expected one of } :- :+ :? - + ? # ## % %% / // after the name"
                        : "expected a } for this bracket");
}

/* At a $. */
static int dollar(struct expander *x, struct buf *to)
{
    size_t from = x->at++;
    if (peek(x) == '{') {
        if (x->depth == LIMIT_EXPANSION_DEPTH) {
            x->wrong = from;
            return err_set(x->e, ERR_INPUT, "nested deeper than %d", LIMIT_EXPANSION_DEPTH);
        }
        x->depth++;
        int rc = braces(x, from, to);
        x->depth--;
        return rc;
    }
    struct str var = name(x), value;
    if (!var.n)
        return put(x, to, STR("$"));
    value_of(x, var, from, false, &value);
    return put(x, to, value);
}

static int run(struct expander *x, struct buf *to, struct span *where)
{
    uint64_t own = LIMIT_EXPANSION_WORK;
    x->work = x->env->work ? x->env->work : &own;
    x->s = x->text->s;
    if (until(x, 0, false, to, 0)) {
        size_t end = x->wrong + 1 < x->s.n ? x->wrong + 1 : x->s.n;
        *where = placed_span(x->text, x->wrong, end);
        return -1;
    }
    return 0;
}

int expand_text(struct arena *a, const struct placed *text, const struct expand_env *env,
                struct str *ret, struct expand_uses *uses, struct span *where, struct err *e)
{
    struct expander x = {.a = a, .text = text, .env = env, .uses = uses, .e = e};
    struct buf b = {.a = a};
    if (run(&x, &b, where))
        return -1;
    *ret = buf_str(&b);
    return 0;
}

int expand_split(struct arena *a, const struct placed *text, const struct expand_env *env,
                 struct expand_words *ret, struct expand_uses *uses, struct span *where,
                 struct err *e)
{
    struct expand_words words = {0};
    struct expander x = {.a = a, .text = text, .env = env, .uses = uses, .words = &words, .e = e};
    struct buf b = {.a = a};
    if (run(&x, &b, where))
        return -1;
    end_word(&x, &b, x.at);
    *ret = words;
    return 0;
}
