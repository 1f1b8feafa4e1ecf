/* lint_variables: variables that instructions ask for → findings about those that nothing sets.
 *
 * What a base image sets is not known here. So in a stage a variable is said to be undefined where
 * its base is known to set nothing but PATH, where the name is nearly that of one that is set, or
 * where it is set only where the stage does not see it.
 *
 * Invariants
 * 1. A variable with an operator that says what to do without it is not held against anyone.
 *    (test_lint_table: a default)
 * 2. Looking for near names is bounded for the whole file. (test_lint_table: each name once)
 */
#include "base/limits.h"
#include "base/map.h"
#include "dockerfile/scope.h"
#include "lint/lint_rules.h"

/* ---- near names ---- */

enum {
    MOST_LOOKS = 200 * 1000, /* names compared for one file */
    MOST_NAME = 64,          /* longer ones are not compared */
};

static unsigned char small(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* Letters to add, drop, change or swap with the next; letters of either case are the same. */
static size_t distance(struct str a, struct str b)
{
    size_t rows[3][MOST_NAME + 1]; /* of the letters of a: two before, one before, this one */
    for (size_t k = 0; k <= b.n; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t k = 1; k <= b.n; k++) {
            bool same = small(a.p[i - 1]) == small(b.p[k - 1]);
            now[k] = last[k - 1] + !same;
            if (last[k] + 1 < now[k])
                now[k] = last[k] + 1;
            if (now[k - 1] + 1 < now[k])
                now[k] = now[k - 1] + 1;
            if (i > 1 && k > 1 && small(a.p[i - 1]) == small(b.p[k - 2]) &&
                small(a.p[i - 2]) == small(b.p[k - 1]) && before[k - 2] + 1 < now[k])
                now[k] = before[k - 2] + 1;
        }
    }
    return rows[a.n % 3][b.n];
}

/* Names that are farther apart are two names: HOME is not NAME. */
static size_t farthest(struct str name)
{
    return name.n < 3 ? 0 : name.n < 8 ? 1 : 2;
}

struct search {
    struct str name;
    struct str best;
    size_t distance; /* of best; only nearer ones are better */
    size_t *looks;   /* that are left */
};

static void look_at(struct search *s, struct str name)
{
    size_t more = name.n > s->name.n ? name.n - s->name.n : s->name.n - name.n;
    if (!*s->looks || more >= s->distance || name.n > MOST_NAME || s->name.n > MOST_NAME ||
        str_eq(name, s->name))
        return;
    --*s->looks;
    size_t d = distance(s->name, name);
    if (d < s->distance) {
        s->distance = d;
        s->best = name;
    }
}

static void look_at_steps(struct search *s, const struct lint_file *f, size_t from, size_t to)
{
    for (size_t i = from; i < to && *s->looks; i++) {
        const struct lint_step *step = &f->steps.v[i];
        --*s->looks;
        if (step->i->kind == DOCKERFILE_ARG || step->i->kind == DOCKERFILE_ENV)
            vec_each (&step->keys, k)
                look_at(s, step->keys.v[k].text);
    }
}

/* A name that is nearly this one, among those that the step could see; or empty. */
static struct str near_name(const struct lint_context *c, const struct lint_step *step,
                            struct str name, size_t *looks)
{
    static const char *const platform[] = {"TARGETPLATFORM", "TARGETOS",      "TARGETARCH",
                                           "TARGETVARIANT",  "BUILDPLATFORM", "BUILDOS",
                                           "BUILDARCH",      "BUILDVARIANT"};
    struct search s = {.name = name, .distance = farthest(name) + 1, .looks = looks};
    size_t before = step->index;
    for (int k = step->i->kind == DOCKERFILE_FROM ? DOCKERFILE_NO_STAGE : step->stage; k >= 0;
         k = c->file->stages.v[k].parent) {
        const struct lint_stage *stage = &c->file->stages.v[k];
        look_at_steps(&s, c->file, stage->step, before < stage->end ? before : stage->end);
    }
    if (c->file->stages.n)
        look_at_steps(&s, c->file, 0, c->file->stages.v[0].step);
    for (size_t i = 0; i < sizeof platform / sizeof *platform; i++)
        look_at(&s, str_of(platform[i]));
    if (step->i->kind != DOCKERFILE_FROM)
        look_at(&s, STR("PATH"));
    return s.best;
}

/* ---- UndefinedArgInFrom ---- */

/* Shows each name that nothing declares, once in each instruction. */
static void each_undeclared(struct lint_context *c, unsigned kinds,
                            void (*see)(struct lint_context *c, const struct lint_step *step,
                                        const struct lint_use *use, size_t *looks))
{
    size_t looks = MOST_LOOKS;
    vec_each (&c->file->steps, i) {
        const struct lint_step *s = &c->file->steps.v[i];
        struct map seen = {.a = c->a};
        if (!(kinds >> s->i->kind & 1))
            continue;
        vec_each (&s->uses, k) {
            const struct lint_use *use = &s->uses.v[k];
            if (use->declared || use->excused || map_has(&seen, use->name))
                continue;
            *map_at(&seen, use->name) = c;
            see(c, s, use, &looks);
        }
    }
}

static struct str hint(struct lint_context *c, struct str name)
{
    return name.n ? str_fmt(c->a, "; is $" STR_F " meant?", STR_A(name)) : STR("");
}

static void see_from(struct lint_context *c, const struct lint_step *step,
                     const struct lint_use *use, size_t *looks)
{
    struct str near = near_name(c, step, use->name, looks);
    lint_add(c, use->place, "no ARG before the first FROM declares " STR_F STR_F, STR_A(use->name),
             STR_A(hint(c, near)));
}

static void check_from(struct lint_context *c)
{
    each_undeclared(c, LINT_ON(FROM), see_from);
}

static const struct lint_rule in_from = {
    .info = {.id = "UndefinedArgInFrom",
             .severity = SEVERITY_MEDIUM,
             .title = "Variables in FROM are declared before the first FROM",
             .why = "A variable that is not declared there is empty: another image than the one "
                    "that was meant becomes the base.",
             .remedy = "Declare it with ARG, and a default, above the first FROM.",
             .example = "ARG VERSION=12\nFROM debian:${VERSION}"},
    .ours = true,
    .file_hook = check_from,
};

/* ---- UndefinedVar ---- */

/* The image that the stage begins with, over its parents, sets PATH and nothing else. */
static bool sets_only_path(const struct lint_file *f, int stage)
{
    static const char bases[] = " scratch alpine busybox debian ubuntu centos rockylinux almalinux "
                                "amazonlinux oraclelinux ";
    while (f->stages.v[stage].parent >= 0)
        stage = f->stages.v[stage].parent;
    const struct lint_reference *base = &f->stages.v[stage].base;
    struct str repository = base->repository;
    if (str_starts(repository, STR("library/")))
        repository = str_from(repository, 8);
    return (!base->registry.n || str_is(base->registry, "docker.io")) &&
           lint_lists(bases, repository);
}

/* Declared before the first FROM, or by the builder: seen by a stage once it names it itself. */
static bool is_outside(const struct lint_file *f, struct str name, size_t *looks)
{
    if (scope_is_platform(name))
        return true;
    for (size_t i = 0; i < f->steps.n && f->steps.v[i].stage < 0 && *looks; i++)
        vec_each (&f->steps.v[i].keys, k) {
            *looks -= *looks > 0;
            if (f->steps.v[i].i->kind == DOCKERFILE_ARG &&
                str_eq(f->steps.v[i].keys.v[k].text, name))
                return true;
        }
    return false;
}

static void see_variable(struct lint_context *c, const struct lint_step *step,
                         const struct lint_use *use, size_t *looks)
{
    /* before the first FROM there is no base yet; the builder sets PATH and its own */
    if (step->stage < 0 || step->onbuild || str_is(use->name, "PATH") ||
        str_starts(use->name, STR("BUILDKIT_")))
        return;
    if (is_outside(c->file, use->name, looks)) {
        lint_add(c, use->place, "this stage sees " STR_F " only after an ARG " STR_F " of its own",
                 STR_A(use->name), STR_A(use->name));
        return;
    }
    struct str near = near_name(c, step, use->name, looks);
    if (near.n || sets_only_path(c->file, step->stage))
        lint_add(c, use->place, "nothing before this sets " STR_F STR_F, STR_A(use->name),
                 STR_A(hint(c, near)));
}

static void check_variables(struct lint_context *c)
{
    each_undeclared(c,
                    LINT_ON(ADD) | LINT_ON(ARG) | LINT_ON(COPY) | LINT_ON(ENV) | LINT_ON(EXPOSE) |
                        LINT_ON(LABEL) | LINT_ON(STOPSIGNAL) | LINT_ON(USER) | LINT_ON(VOLUME) |
                        LINT_ON(WORKDIR),
                    see_variable);
}

static const struct lint_rule variables = {
    .info = {.id = "UndefinedVar",
             .severity = SEVERITY_MEDIUM,
             .title = "Variables are set before they are used",
             .why = "A variable that nothing sets is empty: a path or an owner is then another "
                    "than the one that was meant, and the build goes on.",
             .remedy = "Declare it with ARG or ENV above, in the same stage; or mend its name.",
             .example = "ARG APP=/app\nCOPY . $APP"},
    .ours = true,
    .file_hook = check_variables,
};

/* ---- InvalidDefaultArgInFrom ---- */

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_any_alnum(char c)
{
    return is_alnum((char)small(c));
}

/* Small letters and digits, with one . or _, two _, or any number of - between them. */
static bool valid_component(struct str s)
{
    if (!s.n || !is_alnum(s.p[0]) || !is_alnum(s.p[s.n - 1]))
        return false;
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        while (i < s.n && !is_alnum(s.p[i]))
            i++;
        struct str between = str_slice(s, from, i);
        bool dashes = true;
        for (size_t k = 0; k < between.n; k++)
            dashes &= between.p[k] == '-';
        if (!dashes && !str_is(between, ".") && !str_is(between, "_") && !str_is(between, "__"))
            return false;
        while (i < s.n && is_alnum(s.p[i]))
            i++;
    }
    return true;
}

static bool valid_tag(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_any_alnum(s.p[i]) && s.p[i] != '_' && (i == 0 || (s.p[i] != '.' && s.p[i] != '-')))
            return false;
    return s.n && s.n <= 128;
}

static bool valid_registry(struct str s)
{
    struct str host, port;
    bool has_port = str_cut(s, ':', &host, &port);
    uint64_t ignored;
    if (str_starts(s, STR("["))) /* an address */
        return str_find(s, ']') < s.n;
    for (size_t i = 0; i < host.n; i++)
        if (!is_any_alnum(host.p[i]) && host.p[i] != '.' && host.p[i] != '-')
            return false;
    return host.n && (!has_port || !str_u64(port, 10, &ignored));
}

static bool valid_digest(struct str s)
{
    struct str algorithm, hex;
    uint64_t ignored;
    if (!str_cut(s, ':', &algorithm, &hex) || !algorithm.n || hex.n < 32)
        return false;
    for (size_t i = 0; i < hex.n; i++)
        if (str_u64(str_slice(hex, i, i + 1), 16, &ignored))
            return false;
    return !str_is(algorithm, "sha256") || hex.n == 64;
}

static bool valid_reference(struct str text)
{
    struct lint_reference r = lint_reference_read(text);
    struct str name = str_slice(text, 0, str_find(text, '@'));
    if (str_find(text, '@') < text.n && !valid_digest(r.digest))
        return false;
    if (r.registry.n && !valid_registry(r.registry))
        return false;
    bool tagged = str_find(str_from(name, r.registry.n), ':') < name.n - r.registry.n;
    if (tagged && !valid_tag(r.tag))
        return false;
    for (struct str component, rest = r.repository;;) {
        bool more = str_cut(rest, '/', &component, &rest);
        if (!valid_component(component))
            return false;
        if (!more)
            return true;
    }
}

/* Each base once more, as it is when nobody gives build arguments. */
static void check_defaults(struct lint_context *c)
{
    struct scope scope;
    scope_begin(&scope, c->a, c->d, NULL);
    vec_each (&c->file->steps, i) {
        const struct lint_step *s = &c->file->steps.v[i];
        if (s->stage >= 0)
            break;
        scope_enter(&scope, s->outer);
        scope_leave(&scope, s->outer);
    }
    vec_each (&c->file->stages, i) {
        const struct placed *base = &c->file->stages.v[i].s->base;
        struct expand_env env = scope_env(&scope);
        struct span where;
        struct str image;
        struct err e = {0};
        scope_enter(&scope, c->file->stages.v[i].from);
        if (str_find(base->s, '$') == base->s.n ||
            expand_text(c->a, base, &env, &image, NULL, &where, &e) || valid_reference(image))
            continue;
        lint_add(c, placed_span(base, 0, base->s.n),
                 "without build arguments this is \"" STR_F "\", which names no image",
                 STR_A(image));
    }
}

static const struct lint_rule defaults = {
    .info = {.id = "InvalidDefaultArgInFrom",
             .severity = SEVERITY_MEDIUM,
             .title = "FROM names an image without build arguments, too",
             .why = "Who builds without knowing which arguments are needed gets an error, or "
                    "cannot check the file at all.",
             .remedy = "Give the ARG a default.",
             .example = "ARG VERSION=12\nFROM debian:${VERSION}"},
    .ours = true,
    .file_hook = check_defaults,
};

const struct lint_rule *const lint_variables[] = {&in_from, &variables, &defaults, NULL};
