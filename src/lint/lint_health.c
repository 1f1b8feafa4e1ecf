/* lint_health: whether anyone can ask a container how it is → findings. */
#include "lint/lint_rules.h"

static bool is_healthcheck(const struct lint_step *step)
{
    return step->i->kind == DOCKERFILE_HEALTHCHECK && !step->onbuild;
}

static bool stage_checks(const struct lint_context *c, const struct lint_stage *stage)
{
    for (size_t i = stage->step; i < stage->end; i++)
        if (is_healthcheck(&c->file->steps.v[i]))
            return true;
    return false;
}

/* ---- repair ---- */

/* The last EXPOSE of the stage, or NULL. */
static const struct lint_step *last_expose(const struct lint_context *c,
                                           const struct lint_stage *stage)
{
    for (size_t i = stage->end; i > stage->step; i--) {
        const struct lint_step *step = &c->file->steps.v[i - 1];
        if (step->i->kind == DOCKERFILE_EXPOSE && !step->onbuild)
            return step;
    }
    return NULL;
}

/* Its first TCP port, or nothing. */
static struct str first_port(const struct lint_step *expose)
{
    vec_each (&expose->words, k) {
        struct str port, protocol;
        uint64_t number;
        bool named = str_cut(expose->words.v[k].text, '/', &port, &protocol);
        if ((!named || str_is(protocol, "tcp")) && !str_u64(port, 10, &number) && number &&
            number < 65536)
            return port;
    }
    return (struct str){0};
}

/* busybox has an nc that tries a port; what other images have is not known. */
static bool has_nc(const struct lint_context *c, const struct lint_stage *stage)
{
    while (stage->parent >= 0)
        stage = &c->file->stages.v[stage->parent];
    const struct lint_reference *base = &stage->base;
    struct str name = base->repository;
    size_t slash = str_rfind(name, '/');
    name = str_from(name, slash < name.n ? slash + 1 : 0);
    return base->known && (str_is(name, "alpine") || str_is(name, "busybox") ||
                           str_has(base->tag, STR("alpine")) || str_has(base->tag, STR("busybox")));
}

/* A port that is meant to be reached can be tried. */
static void try_port(struct lint_context *c, struct lint_finding *f, const struct lint_stage *stage)
{
    const struct lint_step *expose = last_expose(c, stage);
    struct str port = expose && has_nc(c, stage) ? first_port(expose) : (struct str){0};
    if (!port.n)
        return;
    struct span end = {expose->i->place.to, expose->i->place.to};
    bool crlf = memchr(c->d->text.p, '\r', c->d->text.n) != NULL;
    lint_fix(c, f, FIX_UNSAFE, "tries port " STR_F, STR_A(port));
    lint_edit(c, f, end, "%sHEALTHCHECK CMD [\"nc\", \"-z\", \"127.0.0.1\", \"" STR_F "\"]",
              crlf ? "\r\n" : "\n", STR_A(port));
}

/* ---- DL3057 ---- */

static void missing_in(struct lint_context *c, const struct lint_stage *stage)
{
    struct lint_finding *f = lint_add(c, stage->base.place, "there is no HEALTHCHECK");
    if (stage->index + 1 == c->file->stages.n)
        try_port(c, f, stage);
}

/* The image has that of the stages it is made from. */
static void check_image(struct lint_context *c)
{
    const struct lint_stages *all = &c->file->stages;
    if (!all->n)
        return;
    for (int k = (int)all->n - 1; k >= 0; k = all->v[k].parent)
        if (stage_checks(c, &all->v[k]))
            return;
    missing_in(c, &all->v[all->n - 1]);
}

/* hadolint calls a stage by its alias, else by its image. */
static struct str hadolint_name(const struct lint_stage *stage)
{
    return stage->s->name.s.n ? stage->s->name.s : stage->base.repository;
}

/* Stages before this one that it is made from by name, and those they are made from. */
static void excuse_bases(const struct lint_context *c, bool *good, size_t stage, size_t *todo)
{
    const struct lint_stages *all = &c->file->stages;
    size_t n = 0;
    todo[n++] = stage;
    while (n) {
        struct str image = all->v[todo[--n]].base.repository;
        for (size_t k = 0; k < stage; k++)
            if (!good[k] && str_eq(hadolint_name(&all->v[k]), image)) {
                good[k] = true;
                todo[n++] = k;
            }
    }
}

static bool made_from_good(const struct lint_context *c, const bool *good, size_t stage)
{
    const struct lint_stages *all = &c->file->stages;
    for (size_t k = 0; k < stage; k++)
        if (good[k] && str_eq(hadolint_name(&all->v[k]), all->v[stage].base.repository))
            return true;
    return false;
}

/* hadolint asks every stage, also those that are thrown away, but lets off what a stage with a
 * HEALTHCHECK is made from. */
static void check_stages(struct lint_context *c)
{
    const struct lint_stages *all = &c->file->stages;
    bool *good = arena_array(c->a, bool, all->n + 1);
    size_t *todo = arena_array(c->a, size_t, all->n + 1);
    vec_each (all, k) {
        good[k] = made_from_good(c, good, k);
        if (!stage_checks(c, &all->v[k]))
            continue;
        good[k] = true;
        excuse_bases(c, good, k, todo);
    }
    vec_each (all, k)
        if (!good[k])
            missing_in(c, &all->v[k]);
}

static void check_health(struct lint_context *c)
{
    if (c->options->compat)
        check_stages(c);
    else
        check_image(c);
}

static const struct lint_rule health = {
    .info = {.id = "DL3057",
             .aliases = {"DS026", "CIS-DI-0006"},
             .cis = "4.6",
             .severity = SEVERITY_LOW,
             .title = "The image has a HEALTHCHECK",
             .why = "A program may hang and still be there. Without a check it goes on getting "
                    "requests, and nobody starts it anew.",
             .remedy = "Say how to find out whether the program works, or HEALTHCHECK NONE where "
                       "something else watches it.",
             .example = "HEALTHCHECK CMD [\"/app\", \"--check\"]"},
    .off = true,
    .file_hook = check_health,
};

const struct lint_rule *const lint_health[] = {&health, NULL};
