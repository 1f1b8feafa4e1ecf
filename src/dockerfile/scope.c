/* scope: see scope.h.
 *
 * Invariants
 * 1. Values of one instruction are all expanded before the first of them is set.
 *    (test_scope: case)
 * 2. Looking up passes each stage of a chain once, and is paid from the scope's work, so chains of
 *    stages and values that double are bounded. (test_scope: bounded)
 */
#include "dockerfile/scope.h"

#include "base/limits.h"

struct scope_value {
    bool set;
    struct str value;
};

/* As on the most common builder; build arguments replace them. */
static const struct {
    struct str name, value;
} platform[] = {
    {STR_INIT("TARGETPLATFORM"), STR_INIT("linux/amd64")},
    {STR_INIT("TARGETOS"), STR_INIT("linux")},
    {STR_INIT("TARGETARCH"), STR_INIT("amd64")},
    {STR_INIT("TARGETVARIANT"), STR_INIT("")},
    {STR_INIT("TARGETSTAGE"), STR_INIT("default")},
    {STR_INIT("BUILDPLATFORM"), STR_INIT("linux/amd64")},
    {STR_INIT("BUILDOS"), STR_INIT("linux")},
    {STR_INIT("BUILDARCH"), STR_INIT("amd64")},
    {STR_INIT("BUILDVARIANT"), STR_INIT("")},
};
static const struct str proxies[] = {
    STR_INIT("HTTP_PROXY"), STR_INIT("HTTPS_PROXY"), STR_INIT("FTP_PROXY"),
    STR_INIT("NO_PROXY"),   STR_INIT("ALL_PROXY"),
};

static const struct str *platform_value(struct str name)
{
    for (size_t i = 0; i < sizeof platform / sizeof *platform; i++)
        if (str_eq(name, platform[i].name))
            return &platform[i].value;
    return NULL;
}

bool scope_is_platform(struct str name)
{
    return platform_value(name) != NULL;
}

bool scope_is_proxy(struct str name)
{
    bool lower = name.n && name.p[0] >= 'a' && name.p[0] <= 'z';
    for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++) {
        bool same = name.n == proxies[i].n;
        for (size_t k = 0; k < name.n && same; k++) {
            char c = proxies[i].p[k];
            same = name.p[k] == (lower && c != '_' ? (char)(c + ('a' - 'A')) : c);
        }
        if (same)
            return true;
    }
    return false;
}

bool scope_expands(enum dockerfile_kind kind)
{
    static const unsigned kinds =
        1u << DOCKERFILE_ADD | 1u << DOCKERFILE_ARG | 1u << DOCKERFILE_COPY | 1u << DOCKERFILE_ENV |
        1u << DOCKERFILE_EXPOSE | 1u << DOCKERFILE_FROM | 1u << DOCKERFILE_LABEL |
        1u << DOCKERFILE_STOPSIGNAL | 1u << DOCKERFILE_USER | 1u << DOCKERFILE_VOLUME |
        1u << DOCKERFILE_WORKDIR;
    return kinds >> kind & 1;
}

void scope_begin(struct scope *s, struct arena *a, const struct dockerfile *d,
                 const struct str_pairs *given)
{
    *s = (struct scope){.a = a,
                        .d = d,
                        .given = given,
                        .global = {.a = a},
                        .stages = arena_array(a, struct scope_stage, d->stages.n),
                        .stage = DOCKERFILE_NO_STAGE,
                        .work = LIMIT_EXPANSION_WORK};
    for (size_t i = 0; i < d->stages.n; i++) {
        s->stages[i].env.a = s->stages[i].args.a = a;
        s->stages[i].parent = d->stages.v[i].parent;
    }
}

/* ---- looking up ---- */

static const struct str *given_value(const struct scope *s, struct str name)
{
    for (size_t i = 0; s->given && i < s->given->n; i++)
        if (str_eq(s->given->v[i].key, name))
            return &s->given->v[i].value;
    return NULL;
}

static enum scope_state in_map(const struct map *m, struct str name, struct str *value)
{
    const struct scope_value *v = map_get(m, name);
    if (v && v->set)
        *value = v->value;
    return !v ? SCOPE_UNDEFINED : v->set ? SCOPE_SET : SCOPE_UNSET;
}

static enum scope_state in_global(const struct scope *s, struct str name, struct str *value)
{
    enum scope_state state = in_map(&s->global, name, value);
    const struct str *known = given_value(s, name);
    if (state != SCOPE_UNDEFINED || !scope_is_platform(name))
        return state;
    *value = known ? *known : *platform_value(name);
    return SCOPE_SET;
}

enum scope_state scope_lookup(struct scope *s, struct str name, struct str *value)
{
    if (s->in_from || s->stage == DOCKERFILE_NO_STAGE)
        return in_global(s, name, value);
    enum scope_state best = SCOPE_UNDEFINED;
    for (int k = s->stage; k != DOCKERFILE_NO_STAGE && s->work; k = s->stages[k].parent) {
        s->work--;
        if (in_map(&s->stages[k].env, name, value) == SCOPE_SET)
            return SCOPE_SET;
    }
    for (int k = s->stage; k != DOCKERFILE_NO_STAGE && s->work; k = s->stages[k].parent) {
        s->work--;
        enum scope_state state = in_map(&s->stages[k].args, name, value);
        if (state == SCOPE_SET)
            return state;
        best = state > best ? state : best;
    }
    return best;
}

static bool lookup(void *ctx, struct str name, struct str *value)
{
    return scope_lookup(ctx, name, value) == SCOPE_SET;
}

struct expand_env scope_env(struct scope *s)
{
    return (struct expand_env){
        .lookup = lookup, .ctx = s, .escape = s->d->escape, .work = &s->work};
}

/* ---- walking ---- */

static bool expanded(struct scope *s, const struct placed *text, struct str *ret)
{
    struct expand_env env = scope_env(s);
    struct span where;
    struct err e = {0};
    if (!expand_text(s->a, text, &env, ret, NULL, &where, &e))
        return true;
    if (s->errors.n < LIMIT_DOCKERFILE_ERRORS)
        *vec_push(s->a, &s->errors) = (struct dockerfile_error){
            where, dockerfile_position(s->d, where.from), str_dup(s->a, str_of(e.text))};
    return false;
}

static void set(struct scope *s, struct map *m, struct str name, bool has, struct str value)
{
    void **slot = map_at(m, name);
    struct scope_value *v = *slot ? *slot : arena_new(s->a, struct scope_value);
    *slot = v;
    if (has) /* an ARG without a value keeps what it had */
        *v = (struct scope_value){true, value};
}

/* The value that an ARG gets here. */
static bool arg_value(struct scope *s, struct str name, bool has, struct str *value)
{
    const struct str *given = given_value(s, name);
    if (given)
        *value = *given;
    if (given || has)
        return true;
    return s->stage != DOCKERFILE_NO_STAGE && in_global(s, name, value) == SCOPE_SET;
}

static void set_pairs(struct scope *s, const struct dockerfile_instruction *i)
{
    bool arg = i->kind == DOCKERFILE_ARG;
    struct map *to = s->stage == DOCKERFILE_NO_STAGE ? &s->global
                     : arg                           ? &s->stages[s->stage].args
                                                     : &s->stages[s->stage].env;
    struct str *names = arena_array(s->a, struct str, i->pairs.n);
    struct scope_value *values = arena_array(s->a, struct scope_value, i->pairs.n);
    vec_each (&i->pairs, k) {
        const struct dockerfile_pair *p = &i->pairs.v[k];
        struct scope_value *v = &values[k];
        v->set = expanded(s, &p->key.text, &names[k]) && p->has_value &&
                 expanded(s, &p->value.text, &v->value);
        if (arg)
            v->set = arg_value(s, names[k], v->set, &v->value);
    }
    vec_each (&i->pairs, k)
        if (names[k].n && (arg || values[k].set))
            set(s, to, names[k], values[k].set, values[k].value);
}

void scope_enter(struct scope *s, const struct dockerfile_instruction *i)
{
    s->in_from = i->kind == DOCKERFILE_FROM;
}

void scope_leave(struct scope *s, const struct dockerfile_instruction *i)
{
    if (i->kind == DOCKERFILE_FROM && i->stage >= 0 && s->d->stages.v[i->stage].from == i) {
        const struct dockerfile_stage *stage = &s->d->stages.v[i->stage];
        struct str base = {0};
        s->in_from = true;
        if (expanded(s, &stage->base, &base) && base.n && !(base.p[0] >= '0' && base.p[0] <= '9'))
            s->stages[i->stage].parent = dockerfile_stage_named(s->d, base, i->stage);
        s->stage = i->stage;
        int parent = s->stages[i->stage].parent;
        s->stages[i->stage].scratch =
            str_is(base, "scratch") || (parent >= 0 && s->stages[parent].scratch);
    } else if (i->kind == DOCKERFILE_ARG ||
               (i->kind == DOCKERFILE_ENV && s->stage != DOCKERFILE_NO_STAGE)) {
        set_pairs(s, i);
    }
    s->in_from = false;
}
