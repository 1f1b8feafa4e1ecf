/* lint_platform: --platform of FROM and what its base is known to be → findings where they differ.
 *
 * What platforms an image has only a registry or a local image knows (lint_known.h). Without either
 * two things are known: a repository that carries an architecture in its name has that one alone,
 * and a stage has the platform it was given.
 *
 * Invariants
 * 1. A platform with a variable in it is not judged. (test_lint_table: what only the build knows)
 * 2. As builders do, system and architecture are compared, and an index is for all of its
 *    platforms. (test_lint_table: an index)
 */
#include "lint/lint_known.h"
#include "lint/lint_rules.h"

struct architecture {
    struct str name, variant; /* variant empty: any */
};

/* Names of repositories on the left, as those of official images are. */
static const struct {
    struct str prefix;
    struct architecture is;
} prefixes[] = {
    {STR_INIT("amd64"), {STR_INIT("amd64"), STR_INIT("")}},
    {STR_INIT("arm32v5"), {STR_INIT("arm"), STR_INIT("v5")}},
    {STR_INIT("arm32v6"), {STR_INIT("arm"), STR_INIT("v6")}},
    {STR_INIT("arm32v7"), {STR_INIT("arm"), STR_INIT("v7")}},
    {STR_INIT("arm64v8"), {STR_INIT("arm64"), STR_INIT("")}},
    {STR_INIT("i386"), {STR_INIT("386"), STR_INIT("")}},
    {STR_INIT("mips64le"), {STR_INIT("mips64le"), STR_INIT("")}},
    {STR_INIT("ppc64le"), {STR_INIT("ppc64le"), STR_INIT("")}},
    {STR_INIT("riscv64"), {STR_INIT("riscv64"), STR_INIT("")}},
    {STR_INIT("s390x"), {STR_INIT("s390x"), STR_INIT("")}},
};

/* Other names of the same. */
static const struct {
    struct str alias, name;
} aliases[] = {
    {STR_INIT("x86_64"), STR_INIT("amd64")},  {STR_INIT("x86-64"), STR_INIT("amd64")},
    {STR_INIT("aarch64"), STR_INIT("arm64")}, {STR_INIT("armhf"), STR_INIT("arm")},
    {STR_INIT("armel"), STR_INIT("arm")},     {STR_INIT("i386"), STR_INIT("386")},
};

/* OS/ARCHITECTURE[/VARIANT], or the architecture alone. */
static struct architecture architecture_of(struct str platform)
{
    struct architecture is = {0};
    struct str rest = {0};
    if (!str_cut(platform, '/', &is.name, &rest)) {
        if (str_is(platform, "linux") || str_is(platform, "windows"))
            is.name = (struct str){0};
    } else {
        str_cut(rest, '/', &is.name, &is.variant);
    }
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (str_eq(is.name, aliases[i].alias))
            is.name = aliases[i].name;
    return is;
}

static struct architecture architecture_of_image(const struct lint_reference *base)
{
    struct str folder, rest;
    bool official = !base->registry.n || str_is(base->registry, "docker.io");
    if (official && str_cut(base->repository, '/', &folder, &rest))
        for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
            if (str_eq(folder, prefixes[i].prefix))
                return prefixes[i].is;
    return (struct architecture){0};
}

static bool differ(struct architecture x, struct architecture y)
{
    if (!x.name.n || !y.name.n)
        return false;
    return !str_eq(x.name, y.name) || (x.variant.n && y.variant.n && !str_eq(x.variant, y.variant));
}

/* ---- images that somebody was asked for ---- */

static struct str given(const struct lint_file *f, const char *name)
{
    for (size_t i = 0; f->build_args && i < f->build_args->n; i++)
        if (str_is(f->build_args->v[i].key, name))
            return f->build_args->v[i].value;
    return (struct str){0};
}

struct str lint_platform_asked(const struct lint_file *file, const struct lint_stage *stage)
{
    static const char *const build[] = {"BUILDPLATFORM", "BUILDOS",        "BUILDARCH",
                                        "BUILDVARIANT",  "TARGETPLATFORM", "TARGETOS",
                                        "TARGETARCH",    "TARGETVARIANT"};
    const struct dockerfile_flag *flag = dockerfile_flag(stage->from, "platform");
    if (!flag)
        return given(file, "TARGETPLATFORM");
    for (size_t i = 0; i < sizeof build / sizeof *build; i++)
        if (str_has(flag->value.s, str_of(build[i])) && !given(file, build[i]).n)
            return (struct str){0};
    return stage->platform.known ? stage->platform.text : (struct str){0};
}

static struct str os_of(struct str platform)
{
    struct str os, rest;
    if (str_cut(platform, '/', &os, &rest) || str_is(os, "linux") || str_is(os, "windows"))
        return os;
    return (struct str){0};
}

static bool has(const struct lint_image *image, struct str asked)
{
    struct str os = os_of(asked), arch = architecture_of(asked).name;
    for (size_t i = 0; i < image->platforms.n; i++) {
        const struct image_platform *p = &image->platforms.v[i];
        if ((!os.n || str_eq(os, p->os)) && (!arch.n || str_eq(arch, p->arch)))
            return true;
    }
    return false;
}

/* A handful of platforms, each once. */
static struct str listed(struct arena *a, const struct lint_image *image)
{
    enum { MOST = 8 };
    struct buf b = {.a = a};
    size_t n = image->platforms.n < MOST ? image->platforms.n : MOST;
    for (size_t i = 0; i < n; i++) {
        const struct image_platform *p = &image->platforms.v[i];
        buf_addf(&b, "%s" STR_F "/" STR_F "%s" STR_F, i ? ", " : "", STR_A(p->os), STR_A(p->arch),
                 p->variant.n ? "/" : "", STR_A(p->variant));
    }
    if (n < image->platforms.n)
        buf_addf(&b, " and %zu more", image->platforms.n - n);
    return buf_str(&b);
}

/* True when somebody was asked and knows. */
static bool check_known(struct lint_context *c, const struct lint_stage *stage)
{
    const struct lint_image *image = lint_known_image(c->options->known, stage->base.text);
    struct str asked = lint_platform_asked(c->file, stage);
    if (!image || !image->whole || !image->platforms.n || !asked.n)
        return false;
    if (!has(image, asked))
        lint_add(c, stage->base.place,
                 STR_F " is for " STR_F ", as " STR_F " has it, and " STR_F " is asked for",
                 STR_A(stage->base.text), STR_A(listed(c->a, image)), STR_A(image->by),
                 STR_A(asked));
    return true;
}

static void check_base(struct lint_context *c, const struct lint_stage *stage)
{
    if (stage->parent < 0 && stage->base.known && check_known(c, stage))
        return;
    if (!stage->platform.text.n || !stage->platform.known || !stage->base.known)
        return;
    struct architecture want = architecture_of(stage->platform.text), have = {0};
    if (stage->parent < 0) {
        have = architecture_of_image(&stage->base);
    } else if (c->file->stages.v[stage->parent].platform.known) {
        have = architecture_of(c->file->stages.v[stage->parent].platform.text);
    }
    if (differ(want, have))
        lint_add(c, stage->base.place,
                 STR_F " is for " STR_F "%s" STR_F ", and " STR_F " is asked for",
                 STR_A(stage->base.text), STR_A(have.name), have.variant.n ? "/" : "",
                 STR_A(have.variant), STR_A(stage->platform.text));
}

static const struct lint_rule base_platform = {
    .info = {.id = "InvalidBaseImagePlatform",
             .severity = SEVERITY_MEDIUM,
             .title = "The base image is for the platform that is asked for",
             .why = "The builder takes the base for another platform than it is. Its programs do "
                    "not run there, or the image says of itself what is not true. Judged by what "
                    "those know that --pin names; without, by architectures in names of images, "
                    "and by earlier stages.",
             .remedy = "Take a base for that platform, or drop --platform.",
             .example = "FROM --platform=$BUILDPLATFORM golang:1.22"},
    .ours = true,
    .stage = check_base,
};

const struct lint_rule *const lint_platform[] = {&base_platform, NULL};
