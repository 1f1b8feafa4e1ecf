/* lint_stages: names of stages, and what copies from them → findings.
 *
 * Builders do not mind the case of a stage's name; hadolint does. */
#include "base/map.h"
#include "lint/lint_mounts.h"
#include "lint/lint_rules.h"

static struct span name_place(const struct lint_stage *stage)
{
    return placed_span(&stage->s->name, 0, stage->s->name.s.n);
}

/* A name as it is compared. */
static struct str compared(const struct lint_context *c, struct str name)
{
    return c->options->compat ? name : str_lower(c->a, name);
}

/* ---- DL3022, DL3023: COPY --from ---- */

/* hadolint reads as far as there are digits, and takes the stage it is in for an earlier one. */
static bool hadolint_knows(const struct lint_context *c, struct str name, int stage)
{
    size_t digits = 0, last = stage < 0 ? 0 : (size_t)stage + 1;
    uint64_t number;
    while (digits < name.n && name.p[digits] >= '0' && name.p[digits] <= '9')
        digits++;
    if (digits && !str_u64(str_slice(name, 0, digits), 10, &number) && number < last)
        return true;
    for (size_t i = 0; i < last; i++)
        if (str_eq(c->file->stages.v[i].s->name.s, name))
            return true;
    return false;
}

static bool is_own(const struct lint_context *c, struct str name, int stage)
{
    if (stage < 0)
        return false;
    struct str own = c->file->stages.v[stage].s->name.s;
    uint64_t number;
    if (!c->options->compat && !str_u64(name, 10, &number))
        return number == (uint64_t)stage;
    return own.n && str_eq(compared(c, own), compared(c, name));
}

static void check_known(struct lint_context *c, struct str name, int stage, struct span place)
{
    bool compat = c->options->compat;
    if (str_find(name, ':') < name.n) /* an image with a version */
        return;
    if (compat ? hadolint_knows(c, name, stage)
               : is_own(c, name, stage) || str_is(name, "scratch") ||
                     dockerfile_stage_named(c->d, name, stage < 0 ? 0 : stage) >= 0)
        return;
    if (dockerfile_stage_named(c->d, name, (int)c->file->stages.n) >= 0)
        lint_add(c, place, "the stage " STR_F " comes later", STR_A(name));
    else
        lint_add(c, place, STR_F " is neither an earlier stage nor an image with a version",
                 STR_A(name));
}

static void check_from(struct lint_context *c, const struct lint_step *step)
{
    const struct dockerfile_flag *from = dockerfile_flag(step->i, "from");
    struct lint_mounts mounts = {0};
    if (step->i->kind == DOCKERFILE_COPY && from && from->value.s.n)
        check_known(c, from->value.s, step->stage, from->place);
    if (step->i->kind == DOCKERFILE_RUN && !c->options->compat)
        lint_mounts_read(c->a, step, &mounts); /* hadolint does not ask about mounts */
    vec_each (&mounts, i)
        if (mounts.v[i].from.n)
            check_known(c, mounts.v[i].from, step->stage, mounts.v[i].flag->place);
}

static const struct lint_rule known = {
    .info = {.id = "DL3022",
             .severity = SEVERITY_MEDIUM,
             .title = "--from names an earlier stage, or an image's version",
             .why =
                 "What is no stage's name is taken for an image: a typing mistake then downloads "
                 "the newest image of that name, whoever made it.",
             .remedy = "Name an earlier stage by what stands behind its AS, or give the image a "
                       "tag or digest.",
             .example = "FROM golang:1.23 AS build\nFROM debian:12\nCOPY --from=build /app /app"},
    .flat = true,
    .kinds = LINT_ON(COPY) | LINT_ON(RUN),
    .step = check_from,
};

static void check_own(struct lint_context *c, const struct lint_step *step)
{
    const struct dockerfile_flag *from = dockerfile_flag(step->i, "from");
    if (from && from->value.s.n && is_own(c, from->value.s, step->stage))
        lint_add(c, from->place, STR_F " is the stage that this COPY belongs to",
                 STR_A(from->value.s));
}

static const struct lint_rule own = {
    .info = {.id = "DL3023",
             .aliases = {"DS006"},
             .severity = SEVERITY_HIGH,
             .title = "--from does not name its own stage",
             .why = "A stage is not finished while it is made, so nothing can be copied from it.",
             .remedy = "Name another stage, or copy inside the stage with a RUN.",
             .example = "COPY --from=build /app /app"},
    .flat = true,
    .kinds = LINT_ON(COPY),
    .step = check_own,
};

/* ---- DL3024, DL3063: names ---- */

static void check_twice(struct lint_context *c)
{
    struct map seen = {.a = c->a};
    vec_each (&c->file->stages, i) {
        const struct lint_stage *stage = &c->file->stages.v[i];
        if (!stage->s->name.s.n)
            continue;
        void **at = map_at(&seen, compared(c, stage->s->name.s));
        if (*at)
            lint_add(c, name_place(stage), "another stage is called " STR_F ", too",
                     STR_A(stage->s->name.s));
        *at = c;
    }
}

static const struct lint_rule twice = {
    .info = {.id = "DL3024",
             .aliases = {"DuplicateStageName", "DS012"},
             .severity = SEVERITY_HIGH,
             .title = "Each stage has a name of its own",
             .why = "When two stages have one name, nobody can tell which of them a COPY --from, a "
                    "FROM or a --target means.",
             .remedy = "Give one of them another name.",
             .example = "FROM debian:12 AS runtime"},
    .file_hook = check_twice,
};

static void check_reserved(struct lint_context *c, const struct lint_stage *stage)
{
    if (lint_lists(" scratch context ", compared(c, stage->s->name.s)))
        lint_add(c, name_place(stage), STR_F " has a meaning of its own to builders",
                 STR_A(stage->s->name.s));
}

static const struct lint_rule reserved = {
    .info = {.id = "DL3063",
             .aliases = {"ReservedStageName"},
             .severity = SEVERITY_MEDIUM,
             .title = "No stage is called scratch or context",
             .why = "Builders mean the empty image by scratch and the files they were sent by "
                    "context. A stage of that name cannot be reached.",
             .remedy = "Give the stage another name.",
             .example = "FROM scratch AS files"},
    .stage = check_reserved,
};

const struct lint_rule *const lint_stages[] = {&known, &own, &twice, &reserved, NULL};
