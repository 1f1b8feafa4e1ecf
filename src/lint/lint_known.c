/* lint_known: see lint_known.h.
 *
 * Invariants
 * 1. A digest goes where it changes this image and nothing else: behind a name, or into the default
 *    of a variable that is there for this name alone. (test_lint_known: variables)
 * 2. Nobody is asked for a stage, or for what may be a build context's name.
 *    (test_lint_known: wants)
 */
#include "lint/lint_known.h"

#include "lint/lint_mounts.h"

const struct lint_image *lint_known_image(const struct lint_known *known, struct str name)
{
    struct str bare, digest;
    const struct lint_image *image = known ? map_get(&known->images, name) : NULL;
    if (image || !known || !str_cut(name, '@', &bare, &digest))
        return image;
    image = map_get(&known->images, bare);
    return image && str_eq(image->digest, digest) ? image : NULL;
}

/* ---- where a digest goes ---- */

/* Behind the value, where it is written as it is, perhaps in quotes. */
static bool end_of(const struct placed *raw, struct str value, struct span *ret)
{
    struct str s = raw->s;
    bool quoted = s.n == value.n + 2 && (*s.p == '"' || *s.p == '\'') && s.p[s.n - 1] == *s.p &&
                  str_eq(str_slice(s, 1, s.n - 1), value);
    if (!value.n || !(quoted || str_eq(s, value)))
        return false;
    uint32_t at = placed_at(raw, s.n - quoted);
    *ret = (struct span){at, at};
    return true;
}

static bool is_name_byte(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (!first && c >= '0' && c <= '9');
}

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_name_byte(s.p[i], !i))
            return false;
    return s.n > 0;
}

/* "debian:$TAG", "debian:${TAG}" → "debian:" and "TAG": one variable, at the end. */
static bool cut_variable(struct str s, struct str *before, struct str *name)
{
    if (!str_cut(s, '$', before, name))
        return false;
    if (name->n > 2 && *name->p == '{' && name->p[name->n - 1] == '}')
        *name = str_slice(*name, 1, name->n - 1);
    return is_name(*name);
}

/* What is made of a variable in the whole file. */
struct use {
    const struct dockerfile_pair *arg; /* before the first FROM */
    struct str base;                   /* the FROMs that take it all name this */
    bool spoilt; /* declared twice, or in a stage, or taken by something else or another FROM */
};

static struct use *use_of(struct map *uses, struct str name)
{
    void **at = map_at(uses, name);
    if (!*at)
        *at = arena_new(uses->a, struct use);
    return *at;
}

/* Every $NAME and ${NAME…} of a text; `base` is set for what a FROM names. */
static void note_uses(struct map *uses, struct str text, struct str base)
{
    for (size_t at; (at = str_find(text, '$')) < text.n;) {
        text = str_from(text, at + 1);
        if (text.n && *text.p == '{')
            text = str_from(text, 1);
        size_t n = 0;
        while (n < text.n && is_name_byte(text.p[n], !n))
            n++;
        if (!n)
            continue;
        struct use *u = use_of(uses, str_slice(text, 0, n));
        u->spoilt |= !base.n || (u->base.n && !str_eq(u->base, base));
        u->base = base;
    }
}

static void note_args(struct map *uses, const struct lint_step *s)
{
    vec_each (&s->i->pairs, p) {
        const struct dockerfile_pair *pair = &s->i->pairs.v[p];
        struct use *u = use_of(uses, pair->key.text.s);
        u->spoilt |= u->arg || s->stage >= 0 || s->onbuild;
        u->arg = pair;
    }
}

/* One pass over the file, whatever asks for it. */
static void read_uses(const struct lint_file *f, struct map *uses)
{
    vec_each (&f->steps, k) {
        const struct lint_step *s = &f->steps.v[k];
        const struct dockerfile_instruction *i = s->i;
        if (i->kind == DOCKERFILE_ARG)
            note_args(uses, s);
        if (i->kind == DOCKERFILE_FROM && s->stage >= 0) {
            struct str base = f->d.stages.v[s->stage].base.s;
            note_uses(uses, base, base);
            vec_each (&i->flags, p)
                note_uses(uses, i->flags.v[p].value.s, (struct str){0});
        } else if (s->stage < 0) {
            note_uses(uses, i->text.s, (struct str){0});
        }
    }
}

static bool is_given(const struct lint_file *f, struct str name)
{
    for (size_t i = 0; f->build_args && i < f->build_args->n; i++)
        if (str_eq(f->build_args->v[i].key, name))
            return true;
    return false;
}

static void place_base(const struct lint_file *f, struct map *uses, const struct placed *raw,
                       struct lint_pin *pin)
{
    struct str before, name;
    if (end_of(raw, pin->name, &pin->to))
        return;
    pin->why = "its name is made of more than one variable's default";
    if (!cut_variable(raw->s, &before, &name) || !str_starts(pin->name, before))
        return;
    if (!uses->n)
        read_uses(f, uses);
    const struct use *u = use_of(uses, name);
    pin->why = is_given(f, name) ? "its variable is given by the build"
                                 : "its variable is set or used elsewhere, too, or has no default";
    if (u->arg && u->arg->has_value && !u->spoilt && !is_given(f, name) &&
        end_of(&u->arg->value.text, str_from(pin->name, before.n), &pin->to))
        pin->why = NULL;
}

/* ---- names ---- */

static bool is_unpinned(const struct lint_reference *r)
{
    return r->text.n && !r->digest.n && !str_is(r->text, "scratch");
}

static void add_base(struct arena *a, const struct lint_file *f, struct map *uses,
                     const struct lint_stage *stage, struct lint_pins *to)
{
    if (stage->parent != DOCKERFILE_NO_STAGE || !stage->base.known || !is_unpinned(&stage->base))
        return;
    struct lint_pin *pin = vec_push(a, to);
    *pin = (struct lint_pin){
        .name = stage->base.text, .place = stage->base.place, .step = &f->steps.v[stage->step]};
    place_base(f, uses, &stage->s->base, pin);
}

/* COPY --from and --mount=from= name an image, unless they name a stage. */
static void add_source(struct arena *a, const struct lint_file *f, const struct lint_step *s,
                       const struct dockerfile_flag *flag, struct str name, struct lint_pins *to)
{
    if (!name.n || memchr(name.p, '$', name.n) ||
        dockerfile_stage_named(&f->d, name, s->stage) >= 0)
        return;
    struct lint_reference r = lint_reference_read(name);
    if (!is_unpinned(&r))
        return;
    uint32_t end = placed_of(&flag->value, name).to;
    struct lint_pin *pin = vec_push(a, to);
    *pin = (struct lint_pin){.name = name, .place = flag->place, .step = s, .to = {end, end}};
    if (!r.registry.n && !r.tag.n && str_find(name, '/') == name.n)
        pin->why = "it may as well be the name of a build context";
}

void lint_pins_read(struct arena *a, const struct lint_file *file, struct lint_pins *ret)
{
    struct lint_mounts mounts = {0};
    struct map uses = {.a = a}; /* read when the first name asks for it */
    vec_each (&file->stages, i)
        add_base(a, file, &uses, &file->stages.v[i], ret);
    vec_each (&file->steps, i) {
        const struct lint_step *s = &file->steps.v[i];
        const struct dockerfile_flag *from = dockerfile_flag(s->i, "from");
        if (s->i->kind == DOCKERFILE_COPY && from)
            add_source(a, file, s, from, from->value.s, ret);
        lint_mounts_read(a, s, &mounts);
        vec_each (&mounts, k)
            add_source(a, file, s, mounts.v[k].flag, mounts.v[k].from, ret);
    }
}

static void want(struct arena *a, struct map *seen, struct str name, bool platforms,
                 struct lint_wants *to)
{
    void **at = map_at(seen, name);
    if (!*at) {
        *vec_push(a, to) = (struct lint_want){.name = name};
        *at = (void *)(uintptr_t)to->n;
    }
    to->v[(uintptr_t)*at - 1].platforms |= platforms;
}

void lint_known_wants(struct arena *a, const struct lint_file *file, struct lint_wants *ret)
{
    struct map seen = {.a = a};
    struct lint_pins pins = {0};
    lint_pins_read(a, file, &pins);
    vec_each (&pins, i)
        if (!pins.v[i].why)
            want(a, &seen, pins.v[i].name, false, ret);
    vec_each (&file->stages, i) {
        const struct lint_stage *s = &file->stages.v[i];
        if (s->parent == DOCKERFILE_NO_STAGE && s->base.known && s->base.text.n &&
            !str_is(s->base.text, "scratch") && lint_platform_asked(file, s).n)
            want(a, &seen, s->base.text, true, ret);
    }
}
