/* dockerfile_args: the joined text of an instruction → keyword, flags, words, pairs.
 *
 * Invariants
 * 1. Words and pairs keep quotes, escapes and variables as they stand; only flags lose their
 *    quotes. (test_dockerfile: words)
 * 2. ONBUILD is followed in a loop, at most LIMIT_ONBUILD_DEPTH times. (test_dockerfile: onbuild)
 */
#include "base/limits.h"
#include "dockerfile/dockerfile_parse.h"

static const struct {
    struct str name;
    bool flags; /* takes some */
} kinds[DOCKERFILE_KINDS] = {
    [DOCKERFILE_UNKNOWN] = {STR_INIT(""), true},
    [DOCKERFILE_ADD] = {STR_INIT("ADD"), true},
    [DOCKERFILE_ARG] = {STR_INIT("ARG"), false},
    [DOCKERFILE_CMD] = {STR_INIT("CMD"), false},
    [DOCKERFILE_COPY] = {STR_INIT("COPY"), true},
    [DOCKERFILE_ENTRYPOINT] = {STR_INIT("ENTRYPOINT"), false},
    [DOCKERFILE_ENV] = {STR_INIT("ENV"), false},
    [DOCKERFILE_EXPOSE] = {STR_INIT("EXPOSE"), false},
    [DOCKERFILE_FROM] = {STR_INIT("FROM"), true},
    [DOCKERFILE_HEALTHCHECK] = {STR_INIT("HEALTHCHECK"), true},
    [DOCKERFILE_LABEL] = {STR_INIT("LABEL"), false},
    [DOCKERFILE_MAINTAINER] = {STR_INIT("MAINTAINER"), false},
    [DOCKERFILE_ONBUILD] = {STR_INIT("ONBUILD"), false},
    [DOCKERFILE_RUN] = {STR_INIT("RUN"), true},
    [DOCKERFILE_SHELL] = {STR_INIT("SHELL"), false},
    [DOCKERFILE_STOPSIGNAL] = {STR_INIT("STOPSIGNAL"), false},
    [DOCKERFILE_USER] = {STR_INIT("USER"), false},
    [DOCKERFILE_VOLUME] = {STR_INIT("VOLUME"), false},
    [DOCKERFILE_WORKDIR] = {STR_INIT("WORKDIR"), false},
};

struct str dockerfile_kind_name(enum dockerfile_kind kind)
{
    return kinds[kind].name;
}

static enum dockerfile_kind kind_of(struct str word)
{
    for (enum dockerfile_kind k = DOCKERFILE_UNKNOWN + 1; k < DOCKERFILE_KINDS; k++)
        if (word.n == kinds[k].name.n && strncasecmp(word.p, kinds[k].name.p, word.n) == 0)
            return k;
    return DOCKERFILE_UNKNOWN;
}

const struct dockerfile_flag *dockerfile_flag(const struct dockerfile_instruction *i,
                                              const char *name)
{
    vec_each (&i->flags, k)
        if (str_is(i->flags.v[k].name, name))
            return &i->flags.v[k];
    return NULL;
}

/* ---- words ---- */

bool dockerfile_next_word(const struct placed *text, char escape, size_t *at,
                          struct dockerfile_word *ret)
{
    struct str s = text->s;
    size_t from = *at;
    char quote = 0;
    while (from < s.n && dockerfile_blank(s.p[from]))
        from++;
    if (from >= s.n) {
        *at = s.n;
        return false;
    }
    size_t to = from;
    for (; to < s.n; to++) {
        char c = s.p[to];
        if (c == escape && quote != '\'' && to + 1 < s.n)
            to++;
        else if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (dockerfile_blank(c))
            break;
    }
    *at = to;
    *ret = (struct dockerfile_word){placed_sub(text, from, to), placed_span(text, from, to)};
    return true;
}

static void split_blanks(struct dockerfile_parser *p, const struct placed *text,
                         struct dockerfile_words *ret)
{
    for (size_t at = 0; at < text->s.n;) {
        size_t from = at;
        while (at < text->s.n && !dockerfile_blank(text->s.p[at]))
            at++;
        if (at > from)
            *vec_push(p->a, ret) =
                (struct dockerfile_word){placed_sub(text, from, at), placed_span(text, from, at)};
        else
            at++;
    }
}

/* The text without quotes and escapes; itself when there are none. */
static struct placed unquoted(struct dockerfile_parser *p, const struct placed *text)
{
    struct str s = text->s;
    char escape = p->d->escape, quote = 0;
    if (str_find(s, '"') == s.n && str_find(s, '\'') == s.n && str_find(s, escape) == s.n)
        return *text;
    struct placed_buf b = {.text = {.a = p->a}};
    for (size_t at = 0; at < s.n; at++) {
        char c = s.p[at];
        if (c == escape && quote != '\'' && at + 1 < s.n) {
            at++;
        } else if (!quote && (c == '"' || c == '\'')) {
            quote = c;
            continue;
        } else if (quote && c == quote) {
            quote = 0;
            continue;
        }
        placed_add(&b, text, at, at + 1);
    }
    return placed_done(&b);
}

/* ---- flags ---- */

/* From *at on; leaves it at what follows them. */
static void read_flags(struct dockerfile_parser *p, struct dockerfile_instruction *i, size_t *at)
{
    struct dockerfile_word word;
    for (size_t next = *at; dockerfile_next_word(&i->text, p->d->escape, &next, &word);
         *at = next) {
        if (!str_starts(word.text.s, STR("--")))
            return;
        if (word.text.s.n == 2) {
            *at = next;
            return;
        }
        size_t eq = str_find(word.text.s, '=');
        struct placed value = placed_sub(&word.text, eq + (eq < word.text.s.n), word.text.s.n);
        if (!kinds[i->kind].flags)
            dockerfile_complain(p, word.place, STR_F " takes no flags; found " STR_F,
                                STR_A(kinds[i->kind].name), STR_A(str_slice(word.text.s, 0, 64)));
        *vec_push(p->a, &i->flags) = (struct dockerfile_flag){.name = str_slice(word.text.s, 2, eq),
                                                              .value = unquoted(p, &value),
                                                              .has_value = eq < word.text.s.n,
                                                              .place = word.place};
    }
}

/* ---- arguments ---- */

static void want(struct dockerfile_parser *p, const struct dockerfile_instruction *i,
                 struct span place, const char *what)
{
    dockerfile_complain(p, place, STR_F " needs %s", STR_A(kinds[i->kind].name), what);
}

static struct span end_of(const struct dockerfile_instruction *i)
{
    return placed_span(&i->text, i->text.s.n, i->text.s.n);
}

static void read_from(struct dockerfile_parser *p, struct dockerfile_instruction *i)
{
    split_blanks(p, &i->args, &i->words);
    const struct dockerfile_words *w = &i->words;
    if (w->n == 0)
        want(p, i, end_of(i), "an image, as in FROM debian:12");
    else if (w->n != 1 &&
             !(w->n == 3 && w->v[1].text.s.n == 2 && strncasecmp(w->v[1].text.s.p, "as", 2) == 0))
        want(p, i, w->v[1].place, "one image, or an image, AS and a name");
}

static void add_pair(struct dockerfile_parser *p, struct dockerfile_instruction *i,
                     const struct placed *key, const struct placed *value)
{
    *vec_push(p->a, &i->pairs) = (struct dockerfile_pair){
        {*key, placed_span(key, 0, key->s.n)},
        {*value, placed_span(value, 0, value->s.n)},
        true,
    };
}

static void read_pairs(struct dockerfile_parser *p, struct dockerfile_instruction *i)
{
    struct dockerfile_word word;
    size_t at = 0;
    bool names = i->kind == DOCKERFILE_ARG; /* may stand alone */
    while (dockerfile_next_word(&i->args, p->d->escape, &at, &word)) {
        struct placed *text = &word.text;
        size_t eq = str_find(text->s, '=');
        bool alone = eq == text->s.n;
        if (alone && !names && !i->pairs.n) { /* key value: all that follows is the value */
            size_t key_end = 0;
            while (key_end < i->args.s.n && !dockerfile_blank(i->args.s.p[key_end]))
                key_end++;
            struct placed key = placed_sub(&i->args, 0, key_end);
            struct placed rest = placed_sub(&i->args, key_end, i->args.s.n);
            rest = dockerfile_trimmed(&rest);
            i->legacy = true;
            if (!rest.s.n)
                want(p, i, word.place, "a name and a value, as in KEY=value");
            add_pair(p, i, &key, &rest);
            return;
        }
        if (alone && !names) {
            want(p, i, word.place, "name=value; this word has no =");
            continue;
        }
        struct placed key = placed_sub(text, 0, eq);
        struct placed value = placed_sub(text, eq + !alone, text->s.n);
        if (!key.s.n)
            want(p, i, word.place, "a name before the =");
        add_pair(p, i, &key, &value);
        i->pairs.v[i->pairs.n - 1].has_value = !alone;
    }
    if (!i->pairs.n)
        want(p, i, end_of(i), names ? "a name" : "name=value");
}

static void read_health(struct dockerfile_parser *p, struct dockerfile_instruction *i)
{
    size_t n = 0;
    while (n < i->args.s.n && !dockerfile_blank(i->args.s.p[n]))
        n++;
    struct str type = str_slice(i->args.s, 0, n);
    struct placed rest = placed_sub(&i->args, n, i->args.s.n);
    rest = dockerfile_trimmed(&rest);
    if (type.n == 4 && strncasecmp(type.p, "none", 4) == 0) {
        if (rest.s.n)
            want(p, i, placed_span(&rest, 0, rest.s.n), "nothing after NONE");
    } else if (type.n == 3 && strncasecmp(type.p, "cmd", 3) == 0) {
        i->shell = rest;
        i->json = dockerfile_read_json(p, &rest, &i->words);
        if (!rest.s.n)
            want(p, i, end_of(i), "a command after CMD");
    } else {
        want(p, i, placed_span(&i->args, 0, n), "NONE, or CMD and a command");
    }
}

static void read_paths(struct dockerfile_parser *p, struct dockerfile_instruction *i)
{
    i->json = dockerfile_read_json(p, &i->args, &i->words);
    if (!i->json)
        split_blanks(p, &i->args, &i->words);
    if (i->kind == DOCKERFILE_VOLUME ? i->words.n < 1 : i->words.n < 2)
        want(p, i, end_of(i),
             i->kind == DOCKERFILE_VOLUME ? "a path" : "a source and a destination");
}

void dockerfile_read_args(struct dockerfile_parser *p, struct dockerfile_instruction *i)
{
    i->shell = i->args;
    switch (i->kind) {
    case DOCKERFILE_FROM:
        read_from(p, i);
        return;
    case DOCKERFILE_ARG:
    case DOCKERFILE_ENV:
    case DOCKERFILE_LABEL:
        read_pairs(p, i);
        return;
    case DOCKERFILE_HEALTHCHECK:
        read_health(p, i);
        return;
    case DOCKERFILE_ADD:
    case DOCKERFILE_COPY:
    case DOCKERFILE_VOLUME:
        read_paths(p, i);
        return;
    case DOCKERFILE_CMD:
    case DOCKERFILE_ENTRYPOINT:
    case DOCKERFILE_RUN:
    case DOCKERFILE_SHELL:
        i->json = dockerfile_read_json(p, &i->args, &i->words);
        if (i->kind == DOCKERFILE_SHELL && !i->json)
            want(p, i, placed_span(&i->args, 0, i->args.s.n), "a JSON array of strings");
        break;
    case DOCKERFILE_EXPOSE:
        split_blanks(p, &i->args, &i->words);
        break;
    default:
        break;
    }
    bool may_be_empty = i->kind == DOCKERFILE_CMD || i->kind == DOCKERFILE_ENTRYPOINT ||
                        i->kind == DOCKERFILE_UNKNOWN ||
                        (i->kind == DOCKERFILE_RUN && dockerfile_flag(i, "mount"));
    if (!i->args.s.n && !may_be_empty)
        want(p, i, end_of(i), "an argument");
}

/* Keyword and flags; what is left is in i->args. */
static void read_keyword(struct dockerfile_parser *p, struct dockerfile_instruction *i)
{
    size_t n = 0;
    while (n < i->text.s.n && !dockerfile_blank(i->text.s.p[n]))
        n++;
    i->name = placed_sub(&i->text, 0, n);
    i->kind = kind_of(i->name.s);
    if (i->kind == DOCKERFILE_UNKNOWN)
        dockerfile_complain(p, placed_span(&i->text, 0, n),
                            "expected an instruction such as FROM, RUN or COPY; found " STR_F,
                            STR_A(str_slice(i->name.s, 0, 64)));
    else
        read_flags(p, i, &n);
    i->args = placed_sub(&i->text, n, i->text.s.n);
    i->args = dockerfile_trimmed(&i->args);
}

void dockerfile_read_instruction(struct dockerfile_parser *p, struct dockerfile_instruction *i)
{
    read_keyword(p, i);
    for (unsigned depth = 0; i->kind == DOCKERFILE_ONBUILD && i->args.s.n; depth++) {
        if (depth == LIMIT_ONBUILD_DEPTH) {
            dockerfile_complain(p, placed_span(&i->args, 0, i->args.s.n),
                                "ONBUILD is nested deeper than %d", LIMIT_ONBUILD_DEPTH);
            return;
        }
        struct dockerfile_instruction *in = arena_new(p->a, struct dockerfile_instruction);
        i->shell = i->args;
        in->text = i->args;
        in->place = placed_span(&i->args, 0, i->args.s.n);
        i->onbuild = in;
        i = in;
        read_keyword(p, i);
    }
    dockerfile_read_args(p, i);
    bool bodies =
        i->kind == DOCKERFILE_RUN || i->kind == DOCKERFILE_COPY || i->kind == DOCKERFILE_ADD;
    if (bodies && !i->json)
        dockerfile_read_heredocs(p, i);
}
