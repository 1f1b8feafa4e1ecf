/* lint_casing: instructions, AS and names of stages → findings about capital and small letters.
 *
 * Invariants
 * 1. Where as many instructions are small as capital, capital is right.
 *    (test_lint_table: as many of both)
 * 2. A keyword that mixes both says nothing about its AS. (test_lint_table: a mixed keyword)
 */
#include "base/map.h"
#include "lint/lint_rules.h"

static bool has_small(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 'a' && s.p[i] <= 'z')
            return true;
    return false;
}

static bool has_capital(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 'A' && s.p[i] <= 'Z')
            return true;
    return false;
}

static struct str cased(struct arena *a, struct str s, bool small)
{
    struct buf b = {.a = a};
    for (size_t i = 0; i < s.n; i++) {
        bool letter = small ? s.p[i] >= 'A' && s.p[i] <= 'Z' : s.p[i] >= 'a' && s.p[i] <= 'z';
        buf_addc(&b, letter ? (char)(s.p[i] ^ 0x20) : s.p[i]);
    }
    return buf_str(&b);
}

/* Writes the text in the other letters, where it stands in one piece. */
static void recase(struct lint_context *c, struct lint_finding *f, const struct placed *text,
                   bool small)
{
    struct span place = placed_span(text, 0, text->s.n);
    if (place.to - place.from != text->s.n)
        return;
    struct str want = cased(c->a, text->s, small);
    if (str_eq(want, text->s))
        return;
    lint_fix(c, f, FIX_SAFE, "writes " STR_F, STR_A(want));
    lint_edit(c, f, place, STR_F, STR_A(want));
}

/* The AS of a FROM, or NULL. */
static const struct dockerfile_word *as_of(const struct dockerfile_instruction *from)
{
    bool named = from->words.n == 3 && str_eq_case(from->words.v[1].text.s, STR("as"));
    return named ? &from->words.v[1] : NULL;
}

/* ---- ConsistentInstructionCasing ---- */

/* BuildKit does not look at ARGs before the first FROM; fragments are looked at all the same. */
static void check_instructions(struct lint_context *c)
{
    size_t small = 0, capital = 0;
    size_t first = c->file->stages.n ? c->file->stages.v[0].step : 0;
    for (size_t i = first; i < c->file->steps.n; i++) {
        const struct dockerfile_instruction *one = c->file->steps.v[i].outer;
        if (one->kind == DOCKERFILE_UNKNOWN)
            continue;
        small += !has_capital(one->name.s);
        capital += !has_small(one->name.s);
    }
    for (size_t i = first; i < c->file->steps.n; i++) {
        const struct dockerfile_instruction *one = c->file->steps.v[i].outer;
        bool right = small > capital ? !has_capital(one->name.s) : !has_small(one->name.s);
        if (right || one->kind == DOCKERFILE_UNKNOWN)
            continue;
        struct lint_finding *f =
            lint_add(c, placed_span(&one->name, 0, one->name.s.n),
                     STR_F " is not in %s letters, as most "
                           "instructions of this file are",
                     STR_A(one->name.s), small > capital ? "small" : "capital");
        if (one->kind == DOCKERFILE_FROM && as_of(one))
            recase(c, f, &as_of(one)->text, small > capital);
        recase(c, f, &one->name, small > capital);
    }
}

static const struct lint_rule instructions = {
    .info = {.id = "ConsistentInstructionCasing",
             .severity = SEVERITY_INFO,
             .title = "Instructions are all in capital letters, or all in small ones",
             .why = "Who reads the file looks for instructions by their shape; one that looks "
                    "like an argument is passed over.",
             .remedy = "Write all instructions in the same letters, best in capital ones.",
             .example = "COPY . /app"},
    .ours = true,
    .file_hook = check_instructions,
    .repairs = FIX_SAFE,
};

/* ---- FromAsCasing, StageNameCasing ---- */

static void check_as(struct lint_context *c, const struct lint_stage *stage)
{
    const struct dockerfile_word *as = as_of(stage->from);
    struct str from = stage->from->name.s;
    if (!as || (has_small(from) && has_capital(from)))
        return;
    bool small = has_small(from);
    if (small ? !has_capital(as->text.s) : !has_small(as->text.s))
        return;
    struct lint_finding *f = lint_add(c, as->place,
                                      STR_F " and " STR_F " are not in the same "
                                            "letters",
                                      STR_A(from), STR_A(as->text.s));
    recase(c, f, &as->text, small);
}

static const struct lint_rule as = {
    .info = {.id = "FromAsCasing",
             .severity = SEVERITY_INFO,
             .title = "FROM and its AS are in the same letters",
             .why = "A small `as` between names is easily read as one of them.",
             .remedy = "Write AS as FROM is written.",
             .example = "FROM golang:1.22 AS build"},
    .ours = true,
    .stage = check_as,
    .repairs = FIX_SAFE,
};

/* The word that may name an earlier stage, or NULL. */
static const struct placed *reference(const struct dockerfile_instruction *i)
{
    const struct dockerfile_flag *from = dockerfile_flag(i, "from");
    if (i->kind == DOCKERFILE_FROM && i->words.n)
        return &i->words.v[0].text;
    return from && (i->kind == DOCKERFILE_COPY || i->kind == DOCKERFILE_ADD) ? &from->value : NULL;
}

struct references VEC(const struct placed *);

/* Names in small letters → where they stand. */
static struct map references_of(struct lint_context *c)
{
    struct map all = {.a = c->a};
    vec_each (&c->file->steps, i) {
        const struct placed *text = reference(c->file->steps.v[i].i);
        if (!text || !has_capital(text->s))
            continue;
        void **slot = map_at(&all, cased(c->a, text->s, true));
        if (!*slot)
            *slot = arena_new(c->a, struct references);
        *vec_push(c->a, (struct references *)*slot) = text;
    }
    return all;
}

/* Who calls the builder with the old name may have one that tells letters apart: not a safe repair.
 * What names the stage in the file is mended with the first stage of that name. */
static void rename_stage(struct lint_context *c, struct lint_finding *f, const struct placed *name,
                         struct map *all)
{
    struct str want = cased(c->a, name->s, true);
    struct references *list = map_get(all, want);
    recase(c, f, name, true);
    if (!f->fix.edits.n)
        return;
    lint_fix(c, f, FIX_UNSAFE, "names the stage in small letters");
    for (size_t i = 0; list && i < list->n; i++)
        lint_edit(c, f, placed_span(list->v[i], 0, list->v[i]->s.n), STR_F, STR_A(want));
    if (list)
        list->n = 0;
}

static void check_names(struct lint_context *c)
{
    struct map all = references_of(c);
    vec_each (&c->file->stages, i) {
        const struct placed *name = &c->file->stages.v[i].s->name;
        if (has_capital(name->s) && !memchr(name->s.p, '$', name->s.n))
            rename_stage(c,
                         lint_add(c, placed_span(name, 0, name->s.n),
                                  "the name " STR_F " has capital letters", STR_A(name->s)),
                         name, &all);
    }
}

static const struct lint_rule name = {
    .info = {.id = "StageNameCasing",
             .severity = SEVERITY_INFO,
             .title = "Names of stages are in small letters",
             .why = "Builders take names of stages for the same whatever their letters, people "
                    "and some tools do not; in small letters nobody takes one for an instruction.",
             .remedy = "Write the name in small letters, and wherever it is used.",
             .example = "FROM golang:1.22 AS build"},
    .ours = true,
    .file_hook = check_names,
    .repairs = FIX_UNSAFE,
};

const struct lint_rule *const lint_casing[] = {&instructions, &as, &name, NULL};
