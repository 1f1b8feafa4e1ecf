/* lint_onbuild: instructions that builders refuse or no longer want → findings. */
#include "lint/lint_rules.h"

/* ---- DL3043: what ONBUILD cannot trigger ---- */

static void check_trigger(struct lint_context *c, const struct lint_step *step)
{
    const struct dockerfile_instruction *inner = step->outer->onbuild;
    if (!inner)
        return;
    unsigned refused = LINT_ON(ONBUILD) | LINT_ON(FROM) | LINT_ON(MAINTAINER);
    if (refused >> inner->kind & 1)
        lint_add(c, placed_span(&inner->name, 0, inner->name.s.n), "ONBUILD cannot trigger " STR_F,
                 STR_A(dockerfile_kind_name(inner->kind)));
}

static const struct lint_rule trigger = {
    .info = {.id = "DL3043",
             .severity = SEVERITY_HIGH,
             .title = "ONBUILD triggers what it can",
             .why = "Builders refuse ONBUILD with ONBUILD, FROM or MAINTAINER behind it, some only "
                    "when another image is made from this one.",
             .remedy = "Write the instruction without ONBUILD, or leave it out.",
             .example = "ONBUILD COPY . /srv"},
    .step = check_trigger,
};

/* ---- DL4000: MAINTAINER ---- */

static bool quoted(struct str s)
{
    return s.n > 1 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0] &&
           str_find(str_slice(s, 1, s.n - 1), s.p[0]) == s.n - 2;
}

/* The name as a value of LABEL; nothing when it cannot be told what builders make of it. */
static struct str label_value(struct lint_context *c, struct str name)
{
    if (!name.n || str_find(name, '$') < name.n || str_find(name, '\\') < name.n ||
        str_find(name, '`') < name.n)
        return (struct str){0};
    if (quoted(name))
        return name;
    if (str_find(name, '"') < name.n)
        return (struct str){0};
    return str_fmt(c->a, "\"" STR_F "\"", STR_A(name));
}

static void check_maintainer(struct lint_context *c, const struct lint_step *step)
{
    const struct dockerfile_instruction *i = step->i;
    struct span keyword = placed_span(&i->name, 0, i->name.s.n);
    struct span name = placed_span(&i->args, 0, i->args.s.n);
    struct str value = label_value(c, i->args.s);
    struct lint_finding *f = lint_add(c, keyword, "MAINTAINER is deprecated");
    if (!value.n || i->comments.n || step->onbuild || name.to - name.from != i->args.s.n)
        return;
    lint_fix(c, f, FIX_UNSAFE, "writes a LABEL");
    lint_edit(c, f, keyword, "%s", i->name.s.p[0] == 'm' ? "label" : "LABEL");
    lint_edit(c, f, name, "org.opencontainers.image.authors=" STR_F, STR_A(value));
}

static const struct lint_rule maintainer = {
    .info = {.id = "DL4000",
             .aliases = {"MaintainerDeprecated", "DS022"},
             .severity = SEVERITY_HIGH,
             .title = "A LABEL says who maintains the image",
             .why = "MAINTAINER has been deprecated for years, and builders warn of it. Tools look "
                    "for the authors in labels.",
             .remedy = "Write the label org.opencontainers.image.authors.",
             .example = "LABEL org.opencontainers.image.authors=\"team@example.com\""},
    .flat = true,
    .kinds = LINT_ON(MAINTAINER),
    .step = check_maintainer,
    .repairs = FIX_UNSAFE,
};

const struct lint_rule *const lint_onbuild[] = {&trigger, &maintainer, NULL};
