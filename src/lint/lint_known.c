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

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
              s.p[i] == '_' || (i && s.p[i] >= '0' && s.p[i] <= '9')))
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

/* Asks for the variable, in one of all the ways there are; $NAMES is another. */
static bool mentions(struct str text, struct str name)
{
    for (size_t at; (at = str_find(text, '$')) < text.n;) {
        text = str_from(text, at + 1);
        struct str rest = text.n && *text.p == '{' ? str_from(text, 1) : text;
        if (str_starts(rest, name) && !is_name(str_slice(rest, 0, name.n + 1)))
            return true;
        if (rest.n == name.n && str_eq(rest, name))
            return true;
    }
    return false;
}

static bool is_given(const struct lint_file *f, struct str name)
{
    for (size_t i = 0; f->build_args && i < f->build_args->n; i++)
        if (str_eq(f->build_args->v[i].key, name))
            return true;
    return false;
}

/* The only ARG of that name: it stands before the first FROM, and nothing takes its value but FROMs
 * that name the very same. */
static const struct dockerfile_pair *only_arg(const struct lint_file *f, struct str name,
                                              struct str base)
{
    const struct dockerfile_pair *only = NULL;
    vec_each (&f->steps, k) {
        const struct lint_step *s = &f->steps.v[k];
        const struct dockerfile_instruction *i = s->i;
        bool from = i->kind == DOCKERFILE_FROM && s->stage >= 0;
        vec_each (&i->pairs, p) {
            const struct dockerfile_pair *pair = &i->pairs.v[p];
            if (i->kind != DOCKERFILE_ARG || !str_eq(pair->key.text.s, name))
                continue;
            if (only || s->stage >= 0 || s->onbuild)
                return NULL;
            only = pair;
        }
        if (!from && s->stage < 0 && mentions(i->text.s, name))
            return NULL;
        if (!from)
            continue;
        vec_each (&i->flags, p)
            if (mentions(i->flags.v[p].value.s, name))
                return NULL;
        struct str other = f->d.stages.v[s->stage].base.s;
        if (mentions(other, name) && !str_eq(other, base))
            return NULL;
    }
    return only;
}

static void place_base(const struct lint_file *f, const struct placed *raw, struct lint_pin *pin)
{
    struct str before, name;
    if (end_of(raw, pin->name, &pin->to))
        return;
    pin->why = "its name is made of more than one variable's default";
    if (!cut_variable(raw->s, &before, &name) || !str_starts(pin->name, before))
        return;
    const struct dockerfile_pair *arg = only_arg(f, name, raw->s);
    pin->why = is_given(f, name) ? "its variable is given by the build"
                                 : "its variable is set or used elsewhere, too, or has no default";
    if (arg && arg->has_value && !is_given(f, name) &&
        end_of(&arg->value.text, str_from(pin->name, before.n), &pin->to))
        pin->why = NULL;
}

/* ---- names ---- */

static bool is_unpinned(const struct lint_reference *r)
{
    return r->text.n && !r->digest.n && !str_is(r->text, "scratch");
}

static void add_base(struct arena *a, const struct lint_file *f, const struct lint_stage *stage,
                     struct lint_pins *to)
{
    if (stage->parent != DOCKERFILE_NO_STAGE || !stage->base.known || !is_unpinned(&stage->base))
        return;
    struct lint_pin *pin = vec_push(a, to);
    *pin = (struct lint_pin){
        .name = stage->base.text, .place = stage->base.place, .step = &f->steps.v[stage->step]};
    place_base(f, &stage->s->base, pin);
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
    vec_each (&file->stages, i)
        add_base(a, file, &file->stages.v[i], ret);
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
