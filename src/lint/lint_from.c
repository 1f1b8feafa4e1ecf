/* lint_from: what stages are made from → findings about tags, registries and platforms.
 *
 * Which tag or digest is the right one only a registry or a local image knows; so nothing here pins
 * one: a repair would edit struct lint_reference's `place`.
 *
 * Invariants
 * 1. A name with a variable that has no value is not judged by what may stand in it.
 *    (test_lint_table: a base that only the build knows)
 * 2. An earlier stage is no image, by name or number. (test_lint_table: earlier stages are no
 * images)
 */
#include "lint/lint_compat.h"
#include "lint/lint_mounts.h"
#include "lint/lint_rules.h"

/* Neither an earlier stage nor nothing at all. */
static bool is_image(const struct lint_stage *stage)
{
    return stage->base.text.n && stage->parent == DOCKERFILE_NO_STAGE &&
           !str_is(stage->base.text, "scratch");
}

/* hadolint calls only that a stage's name which is written the same; builders do not mind case. */
static bool hadolint_knows(const struct lint_context *c, struct str image, size_t before)
{
    for (size_t i = 0; i < before && i < c->file->stages.n; i++)
        if (str_eq(c->file->stages.v[i].s->name.s, image))
            return true;
    return false;
}

static bool judged(const struct lint_context *c, const struct lint_stage *stage)
{
    const struct lint_reference *base = &stage->base;
    if (!c->options->compat)
        return is_image(stage) && base->known;
    return base->text.n && !str_is(base->repository, "scratch") &&
           !str_starts(base->repository, STR("$")) &&
           !hadolint_knows(c, base->repository, stage->index);
}

/* ---- DL3006, DL3007: tags ---- */

static void check_untagged(struct lint_context *c, const struct lint_stage *stage)
{
    const struct lint_reference *base = &stage->base;
    if (judged(c, stage) && !base->tag.n && !base->digest.n)
        lint_add(c, base->place, STR_F " has no tag", STR_A(base->text));
}

static const struct lint_rule untagged = {
    .info = {.id = "DL3006",
             .aliases = {"DS001", "DKL-DI-0006"},
             .cis = "4.2",
             .severity = SEVERITY_MEDIUM,
             .title = "The base image has a tag",
             .why =
                 "Without a tag the newest image is taken. What is built tomorrow is then another "
                 "image than today's, and nobody can say which base an older one had.",
             .remedy = "Name the version, and the digest where builds have to be the same.",
             .example = "FROM debian:12.7-slim"},
    .stage = check_untagged,
};

static void check_latest(struct lint_context *c, const struct lint_stage *stage)
{
    const struct lint_reference *base = &stage->base;
    bool looked_at = c->options->compat || (is_image(stage) && base->known);
    if (looked_at && str_is(base->tag, "latest") && !base->digest.n)
        lint_add(c, base->place, STR_F " is whatever is newest", STR_A(base->text));
}

static const struct lint_rule latest = {
    .info = {.id = "DL3007",
             .aliases = {"DS001", "DKL-DI-0006"},
             .cis = "4.2",
             .severity = SEVERITY_MEDIUM,
             .title = "The base image's tag is a version",
             .why =
                 "The tag latest moves. A build may break, or take in something unwanted, without "
                 "any change of the Dockerfile.",
             .remedy = "Name the version, and the digest where builds have to be the same.",
             .example = "FROM debian:12.7-slim"},
    .stage = check_latest,
};

/* ---- DL3026: registries ---- */

static bool matches(struct str pattern, struct str registry)
{
    if (str_starts(pattern, STR("*")))
        return str_ends(registry, str_from(pattern, 1));
    if (str_ends(pattern, STR("*")))
        return str_starts(registry, str_slice(pattern, 0, pattern.n - 1));
    return str_eq(pattern, registry);
}

static bool trusted_name(const struct lint_config *config, struct str registry)
{
    for (size_t i = 0; i < config->trusted_registries.n; i++)
        if (matches(config->trusted_registries.v[i], registry))
            return true;
    return false;
}

bool lint_trusts(const struct lint_config *config, struct str registry)
{
    return !config->trusted_registries.n || trusted_name(config, registry) ||
           (str_is(registry, "docker.io") && trusted_name(config, STR("hub.docker.com")));
}

/* Images without a registry come from Docker Hub, which has two names. */
static bool trusted(const struct lint_context *c, const struct lint_reference *r)
{
    const struct lint_config *config = c->options->config;
    bool named = r->registry.n && (c->options->compat || !str_starts(r->registry, STR("$")));
    if (!named && !r->known && !c->options->compat)
        return true; /* nobody knows what it will be */
    if (named)
        return trusted_name(config, r->registry);
    return trusted_name(config, STR("docker.io")) || trusted_name(config, STR("hub.docker.com"));
}

static bool asks_for_trust(const struct lint_context *c)
{
    return c->options->config && c->options->config->trusted_registries.n;
}

static void distrust(struct lint_context *c, const struct lint_reference *r, struct span place)
{
    if (r->registry.n)
        lint_add(c, place, STR_F " is not among the trusted registries", STR_A(r->registry));
    else
        lint_add(c, place, STR_F " comes from Docker Hub, which is not trusted", STR_A(r->text));
}

/* What --from= and from= name, in an instruction of the given stage. */
static void check_source(struct lint_context *c, struct str text, int stage, struct span place)
{
    bool compat = c->options->compat;
    struct lint_reference r = compat ? lint_source_compat(text) : lint_reference_read(text);
    r.known = str_find(text, '$') == text.n;
    size_t before = stage < 0 ? 0 : (size_t)stage + 1;
    bool earlier = compat ? hadolint_knows(c, r.repository, before)
                          : dockerfile_stage_named(c->d, text, (int)before) >= 0;
    if (text.n && !earlier && !str_is(text, "scratch") && !trusted(c, &r))
        distrust(c, &r, place);
}

static void check_trusted_base(struct lint_context *c, const struct lint_stage *stage)
{
    const struct lint_reference *base = &stage->base;
    bool looked_at = c->options->compat
                         ? (base->registry.n || !str_is(base->repository, "scratch")) &&
                               !hadolint_knows(c, stage->base.repository, stage->index)
                         : is_image(stage);
    if (asks_for_trust(c) && looked_at && !trusted(c, &stage->base))
        distrust(c, &stage->base, stage->base.place);
}

static void check_trusted(struct lint_context *c, const struct lint_step *step)
{
    struct lint_mounts mounts = {0};
    const struct dockerfile_flag *from = dockerfile_flag(step->i, "from");
    if (!asks_for_trust(c))
        return;
    if (step->i->kind == DOCKERFILE_COPY && from)
        check_source(c, from->value.s, step->stage, from->place);
    if (step->i->kind == DOCKERFILE_RUN)
        lint_mounts_read(c->a, step, &mounts);
    vec_each (&mounts, i)
        if (mounts.v[i].from.n)
            check_source(c, mounts.v[i].from, step->stage, mounts.v[i].flag->place);
}

static const struct lint_rule registry = {
    .info = {.id = "DL3026",
             .cis = "4.2",
             .severity = SEVERITY_HIGH,
             .title = "Images come from trusted registries",
             .why = "Whoever controls a registry decides what its images run. A team that has "
                    "agreed on some registries wants to hear of any other.",
             .remedy = "Take the image from a trusted registry, or add its registry to "
                       "trustedRegistries.",
             .example = "FROM registry.example/base/debian:12"},
    .flat = true,
    .kinds = LINT_ON(COPY) | LINT_ON(RUN),
    .stage = check_trusted_base,
    .step = check_trusted,
};

/* ---- DL3029, DL3065: platforms ---- */

/* The name that builders have for an architecture. */
static struct str architecture_of(struct str name)
{
    static const struct {
        struct str other, name;
    } names[] = {
        {STR_INIT("x86_64"), STR_INIT("amd64")},  {STR_INIT("x86-64"), STR_INIT("amd64")},
        {STR_INIT("aarch64"), STR_INIT("arm64")}, {STR_INIT("i386"), STR_INIT("386")},
        {STR_INIT("armhf"), STR_INIT("arm")},     {STR_INIT("armel"), STR_INIT("arm")},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, names[i].other))
            return names[i].name;
    return name;
}

/* OS/ARCHITECTURE[/VARIANT]: a stage that is named after it is meant to be of that platform. */
static bool named_after(struct str stage, struct str platform)
{
    struct str os, rest, architecture, variant;
    str_cut(platform, '/', &os, &rest);
    str_cut(rest, '/', &architecture, &variant);
    architecture = architecture_of(architecture);
    return (os.n && str_has(stage, os)) || (architecture.n && str_has(stage, architecture));
}

static void check_platform(struct lint_context *c, const struct lint_stage *stage)
{
    const struct dockerfile_flag *flag = dockerfile_flag(stage->from, "platform");
    struct str text = flag ? flag->value.s : (struct str){0};
    bool found;
    if (!text.n)
        return;
    if (c->options->compat) /* hadolint minds each variable but the builder's own */
        found = !str_has(text, STR("BUILDPLATFORM")) && !str_has(text, STR("TARGETPLATFORM"));
    else
        found = str_find(text, '$') == text.n && !named_after(stage->s->name.s, text);
    if (found)
        lint_add(c, flag->place, "the platform is always " STR_F, STR_A(text));
}

static const struct lint_rule platform = {
    .info = {.id = "DL3029",
             .aliases = {"FromPlatformFlagConstDisallowed"},
             .severity = SEVERITY_MEDIUM,
             .title = "The platform is left to the build",
             .why = "A fixed platform makes the same image on every machine, also where another "
                    "architecture was asked for; there it runs slowly under emulation, or not.",
             .remedy = "Leave --platform out, write $BUILDPLATFORM for tools that only run during "
                       "the build, or name the stage after its platform.",
             .example = "FROM --platform=$BUILDPLATFORM golang:1.23 AS build"},
    .stage = check_platform,
};

static void check_redundant_platform(struct lint_context *c, const struct lint_stage *stage)
{
    const struct dockerfile_flag *flag = dockerfile_flag(stage->from, "platform");
    struct lint_finding *f;
    if (!flag)
        return;
    struct str text = flag->value.s;
    bool or_else = str_starts(text, STR("${TARGETPLATFORM:-")) && str_find(text, '}') + 1 == text.n;
    if (!str_is(text, "$TARGETPLATFORM") && !str_is(text, "${TARGETPLATFORM}") &&
        !(or_else && !c->options->compat))
        return;
    f = lint_add(c, flag->place, "$TARGETPLATFORM is what is taken without --platform");
    lint_fix(c, f, FIX_SAFE, "takes --platform away");
    struct span blanks = {flag->place.from, flag->place.to};
    while (blanks.to < c->d->text.n &&
           (c->d->text.p[blanks.to] == ' ' || c->d->text.p[blanks.to] == '\t'))
        blanks.to++;
    lint_edit(c, f, blanks, "%s", "");
}

static const struct lint_rule redundant_platform = {
    .info = {.id = "DL3065",
             .aliases = {"RedundantTargetPlatform"},
             .severity = SEVERITY_MEDIUM,
             .title = "The platform is not set to its default",
             .why =
                 "$TARGETPLATFORM is the platform of every stage that names none. Written out, it "
                 "looks as if it did something.",
             .remedy = "Leave --platform out.",
             .example = "FROM debian:12"},
    .stage = check_redundant_platform,
    .repairs = FIX_SAFE,
};

/* ---- DL3061: the order ---- */

static void check_first(struct lint_context *c, const struct lint_step *step)
{
    /* hadolint does not look at what ONBUILD triggers: it is no ARG */
    const struct dockerfile_instruction *i = c->options->compat ? step->outer : step->i;
    if (step->stage == DOCKERFILE_NO_STAGE && i->kind != DOCKERFILE_ARG &&
        i->kind != DOCKERFILE_FROM)
        lint_add(c, lint_keyword(step), STR_F " stands before any FROM",
                 STR_A(step->outer->kind == DOCKERFILE_UNKNOWN
                           ? STR("what is no instruction")
                           : dockerfile_kind_name(step->outer->kind)));
}

static const struct lint_rule first = {
    .info = {.id = "DL3061",
             .severity = SEVERITY_HIGH,
             .title = "Nothing but ARG stands before the first FROM",
             .why = "An instruction before the first FROM belongs to no image. Builders refuse the "
                    "file.",
             .remedy = "Begin with FROM, or with ARGs that FROM needs.",
             .example = "ARG VERSION=12\nFROM debian:${VERSION}"},
    .step = check_first,
};

/* ---- SHUCK-NO-STAGE ---- */

/* Where there are other instructions, DL3061 speaks of each of them. */
static void check_any(struct lint_context *c)
{
    if (c->file->stages.n || c->file->errors.n)
        return;
    vec_each (&c->file->steps, k)
        if (c->file->steps.v[k].i->kind != DOCKERFILE_ARG)
            return;
    lint_add(c, (struct span){0, 0}, "there is no FROM, so there is nothing to build");
}

static const struct lint_rule no_stage = {
    .info = {.id = "SHUCK-NO-STAGE",
             .severity = SEVERITY_MEDIUM,
             .title = "The file has a stage",
             .why = "Builders refuse a file without FROM. Often it is one that was emptied by "
                    "accident, or not written to its end.",
             .remedy = "Begin with FROM.",
             .example = "FROM debian:12"},
    .ours = true,
    .file_hook = check_any,
};

const struct lint_rule *const lint_from[] = {
    &untagged, &latest, &registry, &platform, &redundant_platform, &first, &no_stage, NULL,
};
