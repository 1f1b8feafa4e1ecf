/* lint_args: see lint_args.h.
 *
 * Invariants
 * 1. Each word gives flags or plain arguments, or is the value of a flag; none is two of these.
 *    (test_lint_args: cases)
 * 2. Words are passed once. (test_lint_args: long)
 */
#include "lint/lint_args.h"

struct reader {
    struct arena *a;
    const char *values;
    bool compat;
    bool only_plain; /* behind -- */
    struct lint_args *to;
    size_t taker; /* number of the flag that takes the next word, from 1; 0: none */
};

/* ---- native ---- */

static struct lint_flag *add_flag(struct reader *r, struct str name, const struct lint_value *v)
{
    struct lint_flag *f = vec_push(r->a, &r->to->flags);
    *f = (struct lint_flag){
        .name = name, .known = v->known, .name_place = v->place, .value_place = v->place};
    return f;
}

static void give(struct lint_flag *f, struct str value)
{
    f->value = value;
    f->has_value = true;
}

/* The flag that was added last takes the next word, if it takes one and none of its cluster does.
 */
static void take_next(struct reader *r, bool takes)
{
    if (takes && !r->taker)
        r->taker = r->to->flags.n;
}

static void give_next(struct reader *r, const struct lint_value *v)
{
    struct lint_flag *f = &r->to->flags.v[r->taker - 1];
    give(f, v->text);
    f->known &= v->known;
    f->value_place = v->place;
    r->taker = 0;
}

static void long_flag(struct reader *r, const struct lint_value *v)
{
    struct str name, value;
    bool has = str_cut(str_from(v->text, 2), '=', &name, &value);
    struct lint_flag *f = add_flag(r, name, v);
    if (has)
        give(f, value);
    else
        take_next(r, lint_lists(r->values, name));
}

static void short_flags(struct reader *r, const struct lint_value *v)
{
    struct str s = v->text;
    for (size_t i = 1; i < s.n; i++) {
        struct lint_flag *f = add_flag(r, str_slice(s, i, i + 1), v);
        bool takes = lint_lists(r->values, f->name);
        if (i + 1 < s.n && s.p[i + 1] == '=') {
            give(f, str_from(s, i + 2));
            return;
        }
        if (takes && i + 1 < s.n) {
            give(f, str_from(s, i + 1));
            return;
        }
        take_next(r, takes);
    }
}

static void add_word(struct reader *r, const struct lint_value *v)
{
    struct str s = v->text;
    if (r->taker) {
        give_next(r, v);
    } else if (r->only_plain || s.n < 2 || s.p[0] != '-') {
        *vec_push(r->a, &r->to->plain) = *v;
    } else if (s.p[1] != '-') {
        short_flags(r, v);
    } else if (s.n > 2) {
        long_flag(r, v);
    } else {
        r->only_plain = true;
    }
}

/* What an unquoted variable brings is split at blanks. */
static void add_split(struct reader *r, const struct lint_value *v)
{
    struct str rest = v->text, word, line;
    while (str_line(&rest, &line))
        while (str_word(&line, &word))
            add_word(r, &(struct lint_value){word, v->place, true});
}

/* ---- as hadolint has it ---- */

static void add_compat(struct reader *r, const struct lint_value *v)
{
    struct str s = v->text;
    bool dropped = r->taker, is_flag = s.n > 1 && s.p[0] == '-' && !str_is(s, "--");
    if (dropped)
        give_next(r, v);
    if (is_flag && s.p[1] == '-') {
        struct str name, value;
        bool has = str_cut(str_from(s, 2), '=', &name, &value);
        struct lint_flag *f = add_flag(r, name, v);
        if (has)
            give(f, value);
        else
            take_next(r, lint_lists(r->values, name));
        return;
    }
    bool own =
        str_find(s, '=') < s.n; /* -t=stable, and -oAPT::Get=true, whose t takes none either */
    for (size_t i = 1; is_flag && i < s.n; i++) {
        struct lint_flag *f = add_flag(r, str_slice(s, i, i + 1), v);
        take_next(r, !own && lint_lists(r->values, f->name));
    }
    if (!is_flag && !dropped)
        *vec_push(r->a, &r->to->plain) = *v;
}

/* ---- all of them ---- */

void lint_args_read(const struct lint_context *c, const struct lint_command *command,
                    const char *values, struct lint_args *ret)
{
    struct reader r = {.a = c->a, .values = values, .compat = c->options->compat, .to = ret};
    *ret = (struct lint_args){.command = command};
    for (size_t i = 1; i < command->words.n; i++) {
        struct lint_value v = command->words.v[i];
        const struct shell_word *w = &command->shell->words.v[i];
        if (r.compat) {
            add_compat(&r, &v);
        } else if (v.known && w->parts.n && !w->quoted) {
            add_split(&r, &v);
        } else {
            add_word(&r, &v);
        }
    }
}

const struct lint_flag *lint_args_flag(const struct lint_args *args, const char *names)
{
    vec_each (&args->flags, i)
        if (lint_lists(names, args->flags.v[i].name))
            return &args->flags.v[i];
    return NULL;
}

size_t lint_args_count(const struct lint_args *args, const char *names)
{
    size_t n = 0;
    vec_each (&args->flags, i)
        n += lint_lists(names, args->flags.v[i].name);
    return n;
}

const struct lint_value *lint_args_plain(const struct lint_args *args, const char *words)
{
    vec_each (&args->plain, i)
        if (lint_lists(words, args->plain.v[i].text))
            return &args->plain.v[i];
    return NULL;
}

const struct lint_value *lint_args_does(const struct lint_args *args,
                                        const struct lint_options *options, const char *words)
{
    if (!options->compat)
        return args->plain.n && lint_lists(words, args->plain.v[0].text) ? &args->plain.v[0] : NULL;
    for (size_t i = 1; i < args->command->words.n; i++)
        if (lint_lists(words, args->command->words.v[i].text))
            return &args->command->words.v[i];
    return NULL;
}
