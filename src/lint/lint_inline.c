/* lint_inline: rules about the comments that ignore findings of other rules. */
#include "lint/lint_pragma.h"
#include "lint/lint_rules.h"

static struct span place_of(const struct lint_context *c, struct str view)
{
    uint32_t from = (uint32_t)(view.p - c->d->text.p);
    return (struct span){from, from + (uint32_t)view.n};
}

/* Shows each comment of the file with what it asks for. */
static void each_pragma(struct lint_context *c,
                        void (*see)(struct lint_context *c, struct str comment,
                                    const struct lint_pragma *p))
{
    vec_each (&c->d->items, i) {
        const struct dockerfile_item *item = &c->d->items.v[i];
        if (item->kind != DOCKERFILE_ITEM_COMMENT)
            continue;
        struct lint_pragma p = lint_pragma_read(c->a, item->text, c->options->compat);
        see(c, item->text, &p);
    }
}

static void see_ignore(struct lint_context *c, struct str comment, const struct lint_pragma *p)
{
    bool ignores = p->kind == LINT_PRAGMA_IGNORE;
    /* hadolint looks for the plain form alone */
    if (!c->options->compat)
        ignores |= p->kind == LINT_PRAGMA_STAGE || p->kind == LINT_PRAGMA_GLOBAL;
    if (ignores)
        lint_add(c, place_of(c, comment), "this comment ignores " STR_F "%s", STR_A(p->ids.v[0]),
                 p->ids.n > 1 ? " and more" : "");
}

static void check_ignores(struct lint_context *c)
{
    each_pragma(c, see_ignore);
}

static const struct lint_rule ignores = {
    .info = {.id = "DL1001",
             .severity = SEVERITY_LOW,
             .title = "No comment ignores findings",
             .why = "Where a team decides about rules in one place, a comment in a file goes "
                    "around that decision without anyone noticing.",
             .remedy = "Mend what is found, or ignore the rule in the configuration."},
    .off = true,
    .file_hook = check_ignores,
};

static void see_unread(struct lint_context *c, struct str comment, const struct lint_pragma *p)
{
    if (p->kind == LINT_PRAGMA_BAD)
        lint_add(c, place_of(c, comment),
                 "this comment looks like one that ignores findings, but cannot be read, so it "
                 "ignores nothing");
    vec_each (&p->ids, i)
        if (p->kind != LINT_PRAGMA_CHECK && !lint_rule_may_be(p->ids.v[i]))
            lint_add(c, place_of(c, p->ids.v[i]), "there is no rule " STR_F, STR_A(p->ids.v[i]));
}

static void check_unread(struct lint_context *c)
{
    each_pragma(c, see_unread);
}

static const struct lint_rule unread = {
    .info = {.id = "SHUCK-PRAGMA-UNREAD",
             .severity = SEVERITY_LOW,
             .title = "Comments that ignore findings can be read",
             .why = "A comment with a misspelt rule, or with a reason that no # parts from the "
                    "rules, ignores nothing, and nobody is told.",
             .remedy = "Write the rules with commas between them, and a reason behind a second #.",
             .example = "# hadolint ignore=DL3008,DL3015 # the mirror has one version only"},
    .ours = true,
    .file_hook = check_unread,
};

/* Found by lint_pragmas(), when all other rules are done. */
const struct lint_rule lint_inline_unused = {
    .info = {.id = "SHUCK-PRAGMA-UNUSED",
             .severity = SEVERITY_LOW,
             .title = "Comments that ignore findings ignore some",
             .why = "An ignore that has outlived its finding hides the next one of that kind.",
             .remedy = "Take the rule out of the comment.",
             .example = "# hadolint ignore=DL3008"},
    .off = true,
    .ours = true,
};

const struct lint_rule *const lint_inline[] = {&ignores, &unread, &lint_inline_unused, NULL};
