/* lint_told: a Dockerfile → the literal values whose variables or options tell that they are
 * secrets, and texts without them.
 *
 * Invariants
 * 1. A value is cut wherever it stands in a text; one of few characters only as a word of its own,
 *    so that not every letter is taken for it. (test_lint_report: told)
 * 2. At most MOST values are looked for: of a file with more, no text is shown.
 *    (test_lint_report: told)
 */
#include "lint/lint_told.h"

#include "base/buf.h"
#include "secret/redact.h"

enum { MOST = 256, FEW = 6 };

static void add(struct arena *a, struct lint_told *t, struct str name, struct str value,
                struct span place)
{
    if (!value.n || !secret_assignment(name, value))
        return;
    for (size_t i = 0; i < t->values.n; i++)
        if (str_eq(t->values.v[i], value))
            return;
    if (t->values.n == MOST)
        t->too_many = true;
    else {
        if (!t->values.v) {
            t->values.v = arena_array(a, struct str, MOST);
            t->places = arena_array(a, struct span, MOST);
        }
        t->places[t->values.n] = place;
        t->values.v[t->values.n++] = value;
    }
}

/* --password, and its value as the next word. */
static void add_options(struct arena *a, struct lint_told *t, const struct lint_values *words)
{
    for (size_t i = 0; i + 1 < words->n; i++) {
        struct str option = words->v[i].text, value = words->v[i + 1].text;
        if (str_starts(option, STR("--")) && !str_starts(value, STR("-")))
            add(a, t, str_from(option, 2), value, words->v[i + 1].place);
    }
}

static size_t name_length(struct str s)
{
    size_t n = 0;
    while (n < s.n && ((s.p[n] >= 'a' && s.p[n] <= 'z') || (s.p[n] >= 'A' && s.p[n] <= 'Z') ||
                       (s.p[n] >= '0' && s.p[n] <= '9') || s.p[n] == '_'))
        n++;
    return n;
}

/* Of ${NAME:-value}, and its like with =, + and ?. */
static void add_defaults(struct arena *a, struct lint_told *t, struct str text)
{
    for (size_t at = str_find_str(text, STR("${")); at < text.n;
         at += str_find_str(str_from(text, at), STR("${"))) {
        at += 2;
        struct str name = str_slice(text, at, at + name_length(str_from(text, at)));
        struct str rest = str_from(text, at + name.n);
        rest = str_from(rest, rest.n && rest.p[0] == ':');
        if (!name.n || !rest.n || !strchr("-=+?", rest.p[0]))
            continue;
        size_t end = 1;
        while (end < rest.n && end < 4096 && rest.p[end] != '}' && rest.p[end] != '\n')
            end++;
        add(a, t, name, str_slice(rest, 1, end), (struct span){0});
    }
}

void lint_told_find(struct arena *a, const struct lint_file *file, struct lint_told *ret)
{
    *ret = (struct lint_told){0};
    vec_each (&file->steps, i) {
        const struct lint_step *s = &file->steps.v[i];
        for (size_t k = 0; k < s->keys.n && k < s->values.n; k++)
            if (s->i->kind == DOCKERFILE_ENV || s->i->kind == DOCKERFILE_ARG)
                add(a, ret, s->keys.v[k].text, s->values.v[k].text, s->values.v[k].place);
        add_options(a, ret, &s->words);
        vec_each (&s->commands, k)
            add_options(a, ret, &s->commands.v[k].words);
    }
    for (size_t i = 0; file->build_args && i < file->build_args->n; i++)
        add(a, ret, file->build_args->v[i].key, file->build_args->v[i].value, (struct span){0});
    add_defaults(a, ret, file->d.text);
}

static bool in_word(struct str text, size_t at)
{
    return at < text.n && name_length(str_slice(text, at, at + 1));
}

/* The first value at or after `from`, the longest of those that begin there; n 0: none. */
static struct str next(const struct lint_told *t, struct str text, size_t from)
{
    struct str best = {0};
    for (size_t i = 0; i < t->values.n; i++) {
        struct str value = t->values.v[i];
        for (size_t at = from; at < text.n; at++) {
            at += str_find_str(str_from(text, at), value);
            if (at >= text.n || (best.n && text.p + at > best.p))
                break;
            if (value.n < FEW && ((at && in_word(text, at - 1)) || in_word(text, at + value.n)))
                continue;
            if (!best.n || text.p + at < best.p || value.n > best.n)
                best = str_slice(text, at, at + value.n);
            break;
        }
    }
    return best;
}

struct str lint_told_redact(struct arena *a, const struct lint_told *t, struct str text)
{
    struct buf b = {.a = a};
    size_t done = 0;
    if (t->too_many)
        return STR("…");
    for (struct str s; (s = next(t, text, done)).n;) {
        size_t at = (size_t)(s.p - text.p);
        buf_add(&b, str_slice(text, done, at));
        buf_add(&b, secret_short(a, s));
        done = at + s.n;
    }
    if (!done)
        return text;
    buf_add(&b, str_from(text, done));
    return buf_str(&b);
}

static void stars(char *at, size_t n)
{
    size_t shown = n < 12 ? 1 : 4;
    for (size_t i = 0; i < n; i++)
        if (at[i] != '\n' && (i >= shown || at[i] & 0x80))
            at[i] = '*';
}

struct str lint_told_mask(struct arena *a, const struct lint_told *t, struct str text)
{
    char *masked = t->values.n || t->too_many ? str_cstr(a, text) : NULL;
    if (t->too_many)
        stars(masked, text.n);
    for (size_t i = 0; i < t->values.n && !t->too_many; i++) {
        struct span at = t->places[i];
        struct str written = str_slice(text, at.from, at.to);
        if (str_find(written, '\n') < written.n) /* stands nowhere as it is meant */
            stars(masked + at.from, written.n);
        struct lint_told one = {.values = {&t->values.v[i], 1}};
        struct str s = next(&one, text, 0);
        for (; s.n; s = next(&one, text, (size_t)(s.p - text.p) + s.n))
            stars(masked + (s.p - text.p), s.n);
    }
    return masked ? (struct str){masked, text.n} : text;
}
