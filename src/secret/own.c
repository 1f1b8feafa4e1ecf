/* own: a team's own kinds of secrets, as policy.h read them → kinds.
 *
 * A pattern is refused by name when it is not Hyperscan's language, matches nothing at all, or
 * would take long to compile: repeats within repeats multiply, and their product is bounded before
 * anything is compiled.
 *
 * Invariants
 * 1. No pattern of a policy takes more than a second to compile, however it is written.
 *    (test_secret_own: bombs)
 */
#include "base/limits.h"
#include "secret/kinds.h"

/* How many states a pattern may come to: letters, times what repeats say. */
struct weight {
    struct str pattern;
    size_t at;
    unsigned depth;
};

static uint64_t limited(uint64_t n)
{
    return n > LIMIT_SECRET_STATES ? LIMIT_SECRET_STATES + 1 : n;
}

/* "{n}", "{n,}", "{n,m}", at `at`: the largest number; 1 when there is none. */
static uint64_t repeat(struct weight *w)
{
    struct str rest = str_from(w->pattern, w->at);
    size_t close = str_find(rest, '}');
    if (!rest.n || rest.p[0] != '{' || close == rest.n)
        return 1;
    uint64_t least = 1, most = 0;
    struct str first, second;
    str_cut(str_slice(rest, 1, close), ',', &first, &second);
    if (str_u64(first, 10, &least))
        return 1; /* no repeat: a brace */
    w->at += close + 1;
    return second.n && !str_u64(second, 10, &most) && most > least ? limited(most)
                                                                   : limited(least ? least : 1);
}

static size_t skip_bracket(struct str pattern, size_t at)
{
    size_t i = at + 1;
    i += i < pattern.n && pattern.p[i] == '^';
    i += i < pattern.n && pattern.p[i] == ']';
    for (; i < pattern.n && pattern.p[i] != ']'; i++)
        i += pattern.p[i] == '\\';
    return i + 1 < pattern.n ? i + 1 : pattern.n;
}

/* The states from here to the end of the group. */
static uint64_t weigh(struct weight *w)
{
    uint64_t sum = 0;
    if (++w->depth > 32)
        return LIMIT_SECRET_STATES + 1;
    while (w->at < w->pattern.n && w->pattern.p[w->at] != ')') {
        char c = w->pattern.p[w->at];
        uint64_t one = 1;
        if (c == '(') {
            w->at++;
            one = weigh(w);
            w->at += w->at < w->pattern.n;
        } else if (c == '[') {
            w->at = skip_bracket(w->pattern, w->at);
        } else {
            w->at += c == '\\' ? 2 : 1;
        }
        sum = limited(sum + limited(one * repeat(w)));
    }
    w->depth--;
    return sum;
}

static const char *complaint(const struct policy_secret *own, uint64_t *all)
{
    struct weight w = {.pattern = own->pattern};
    uint64_t sum = 0;
    while (w.at < w.pattern.n) {
        sum += weigh(&w);
        w.at += w.at < w.pattern.n; /* a bracket too many: Hyperscan will say so */
    }
    *all += sum;
    return sum > LIMIT_SECRET_STATES ? "repeats so much that it would take long to compile"
           : *all > 5 * LIMIT_SECRET_STATES
               ? "and those before it would take long to compile together"
               : NULL;
}

int secret_own_kinds(struct arena *a, const struct policy *policy, struct secret_kinds *ret,
                     struct err *e)
{
    size_t n = policy->secrets.n;
    uint64_t all = 0;
    struct secret_kind *kinds = arena_array(a, struct secret_kind, n);
    const struct secret_kind **v = arena_array(a, const struct secret_kind *, n);
    for (size_t i = 0; i < n; i++) {
        const struct policy_secret *own = &policy->secrets.v[i];
        const char *why = complaint(own, &all);
        if (why)
            return err_set(e, ERR_INPUT, STR_F ":%u: the pattern of secret \"" STR_F "\" %s",
                           STR_A(own->source), own->line, STR_A(own->id), why);
        if (secret_kind_named(own->id))
            return err_set(e, ERR_INPUT, STR_F ":%u: secret \"" STR_F "\" is built in",
                           STR_A(own->source), own->line, STR_A(own->id));
        kinds[i] = (struct secret_kind){
            .id = str_cstr(a, own->id),
            .title = str_cstr(a, own->title.n ? own->title : own->id),
            .pattern = str_cstr(a, own->pattern),
            .take = SECRET_MATCH,
            .alphabet = "",
            .least = 1,
            .most = SECRET_REACH,
            .severity = own->severity,
            .own = own,
        };
        v[i] = &kinds[i];
    }
    *ret = (struct secret_kinds){v, n};
    return 0;
}

static bool is_allowed(const struct strs *globs, struct str text)
{
    for (size_t i = 0; i < globs->n; i++)
        if (ignore_glob(globs->v[i], text))
            return true;
    return false;
}

static char low(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static bool has_word(struct str text, struct str word)
{
    for (size_t i = 0; i + word.n <= text.n; i++) {
        size_t k = 0;
        while (k < word.n && low(text.p[i + k]) == low(word.p[k]))
            k++;
        if (k == word.n)
            return true;
    }
    return false;
}

/* Keywords stand within this many bytes of the value. */
enum { NEAR = 128 };

bool secret_own_holds(const struct policy_secret *own, const struct secret_value *v,
                      struct str path)
{
    struct arena a = {0};
    bool near = !own->keywords.n, allowed;
    struct str around =
        str_slice(v->text, v->at > NEAR ? v->at - NEAR : 0, v->at + v->value.n + NEAR);
    for (size_t i = 0; !near && i < own->keywords.n; i++)
        near = has_word(around, own->keywords.v[i]);
    allowed = is_allowed(&own->allow_values, v->value) ||
              (path.n && is_allowed(&own->allow_paths, str_fmt(&a, "/" STR_F, STR_A(path))));
    arena_free(&a);
    return near && !allowed;
}
