/* lint_user: who runs the program of an image → findings.
 *
 * Invariants
 * 1. A user of an earlier stage counts until a stage made from it names another.
 *    (test_lint_table: a later stage has another)
 * 2. A number takes the place of a name only where one command of the file gives it.
 *    (test_lint_table: the file shows the number)
 */
#include "base/map.h"
#include "lint/lint_args.h"
#include "lint/lint_rules.h"

static struct str user_of(struct str text)
{
    struct str user, group;
    str_cut(text, ':', &user, &group);
    return user;
}

/* The last USER of the stage itself, or NULL. */
static const struct lint_step *last_user(const struct lint_context *c,
                                         const struct lint_stage *stage)
{
    for (size_t i = stage->end; i > stage->step; i--) {
        const struct lint_step *step = &c->file->steps.v[i - 1];
        if (step->i->kind == DOCKERFILE_USER && !step->onbuild)
            return step;
    }
    return NULL;
}

/* Some stage between this one and the image has a USER of its own. */
static bool replaced(const struct lint_context *c, const struct lint_stage *stage)
{
    const struct lint_stages *all = &c->file->stages;
    if (!stage->result)
        return false;
    for (int k = (int)all->n - 1; k > (int)stage->index; k = all->v[k].parent)
        if (last_user(c, &all->v[k]))
            return true;
    return false;
}

/* The USER that is left at the end of the stage, or NULL. */
static const struct lint_step *user_left(const struct lint_context *c,
                                         const struct lint_stage *stage)
{
    const struct lint_step *user = last_user(c, stage);
    return user && !c->options->compat && replaced(c, stage) ? NULL : user;
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

/* ---- DL3002: root ---- */

static bool is_root(const struct lint_context *c, const struct lint_step *step)
{
    uint64_t uid;
    if (c->options->compat) { /* only as it is written: 00 and "root" pass hadolint */
        struct str user = user_of(step->i->args.s);
        return str_is(user, "root") || str_is(user, "0");
    }
    struct str user = user_of(step->whole.text);
    return str_is(user, "root") || (all_digits(user) && !str_u64(user, 10, &uid) && uid == 0);
}

static void check_root(struct lint_context *c, const struct lint_stage *stage)
{
    const struct lint_step *step = user_left(c, stage);
    if (step && is_root(c, step))
        lint_add(c, step->whole.place, "the user that is left is " STR_F, STR_A(step->whole.text));
}

static const struct lint_rule root = {
    .info = {.id = "DL3002",
             .aliases = {"DS002", "CIS-DI-0001"},
             .cis = "4.1",
             .severity = SEVERITY_MEDIUM,
             .title = "The last USER is not root",
             .why = "Whoever takes over the program gets its user. Root may change every file of "
                    "the image and is one hole of the kernel away from the host.",
             .remedy = "Switch to another user once what needs root is done.",
             .example = "USER 1000"},
    .image = true,
    .stage = check_root,
};

/* ---- DL3066: numbers ---- */

/* Names of ARGs are not longer. */
enum { NAME_MOST = 256 };

static const char add_values[] =
    " u uid g gid G groups ingroup d h home home-dir s shell c comment gecos k skel K key p "
    "password "
    "b base-dir e expiredate f inactive firstuid lastuid firstgid lastgid conf ";

/* The number that the command gives to the new user of that name, or nothing. */
static struct str number_given(const struct lint_context *c, const struct lint_command *command,
                               struct str name)
{
    struct lint_args args;
    const struct lint_flag *uid;
    if (!lint_lists(" useradd adduser ", command->program))
        return (struct str){0};
    lint_args_read(c, command, add_values, &args);
    uid = lint_args_flag(&args, " u uid ");
    if (!args.plain.n || !args.plain.v[0].known || !str_eq(args.plain.v[0].text, name) || !uid ||
        !uid->known || !uid->value.n || !all_digits(uid->value))
        return (struct str){0};
    return uid->value;
}

/* What the file itself shows before the step: the number, when there is exactly one. */
static struct str number_shown(const struct lint_context *c, const struct lint_step *user,
                               struct str name)
{
    struct str shown = {0};
    for (int stage = user->stage; stage >= 0; stage = c->file->stages.v[stage].parent)
        for (size_t i = c->file->stages.v[stage].step;
             i < c->file->stages.v[stage].end && i < user->index; i++)
            vec_each (&c->file->steps.v[i].commands, k) {
                struct str number = number_given(c, &c->file->steps.v[i].commands.v[k], name);
                if (number.n && shown.n && !str_eq(number, shown))
                    return (struct str){0};
                shown = number.n ? number : shown;
            }
    return shown;
}

static void name_found(struct lint_context *c, const struct lint_step *step, struct str name)
{
    struct lint_finding *f =
        lint_add(c, step->whole.place, STR_F " is a name, not a number", STR_A(name));
    if (c->options->compat || step->stage < 0 || !c->file->stages.v[step->stage].result ||
        !str_eq(step->whole.text, step->i->args.s))
        return;
    struct str number = number_shown(c, step, name);
    if (!number.n)
        return;
    lint_fix(c, f, FIX_UNSAFE, "writes " STR_F, STR_A(number));
    lint_edit(c, f, placed_span(&step->i->args, 0, name.n), STR_F, STR_A(number));
}

/* What counts is the user a container gets; everyone knows root's number. */
static void check_left(struct lint_context *c, const struct lint_stage *stage)
{
    const struct lint_step *step = c->options->compat ? NULL : user_left(c, stage);
    struct str user = step ? user_of(step->whole.text) : (struct str){0};
    if (step && step->whole.known && !all_digits(user) && !str_is(user, "root"))
        name_found(c, step, user);
}

static bool names_one(const struct map *args, struct str text)
{
    size_t n = 0;
    if (str_starts(text, STR("{"))) {
        size_t end = str_find(text, '}');
        return end < text.n && map_has(args, str_slice(text, 1, end));
    }
    while (n < text.n && n < NAME_MOST) /* $USER is in $USERNAME, too */
        if (map_has(args, str_slice(text, 0, ++n)))
            return true;
    return false;
}

static bool asks_for_one(const struct map *args, struct str text)
{
    for (size_t at = str_find(text, '$'); at < text.n; at = str_find(text, '$')) {
        text = str_from(text, at + 1);
        if (names_one(args, text))
            return true;
    }
    return false;
}

/* hadolint minds every USER, also root and those that others replace, but passes over what has the
 * name of an ARG in it, whatever that one is worth. */
static void check_each(struct lint_context *c)
{
    struct map args = {.a = c->a};
    if (!c->options->compat)
        return;
    vec_each (&c->file->steps, i) {
        const struct lint_step *step = &c->file->steps.v[i];
        struct str text = step->i->args.s;
        if (step->onbuild)
            continue;
        if (step->i->kind == DOCKERFILE_ARG)
            vec_each (&step->i->pairs, k)
                *map_at(&args, step->i->pairs.v[k].key.text.s) = c;
        if (step->i->kind == DOCKERFILE_USER && !all_digits(user_of(text)) &&
            !asks_for_one(&args, text))
            name_found(c, step, user_of(text));
    }
}

static const struct lint_rule number = {
    .info = {.id = "DL3066",
             .cis = "4.1",
             .severity = SEVERITY_LOW,
             .title = "USER is a number",
             .why = "Outside of the image nobody knows what a name stands for: Kubernetes refuses "
                    "to run it with runAsNonRoot, since it could be root.",
             .remedy = "Write the number of the user, and its group's.",
             .example = "USER 1000:1000"},
    .image = true,
    .file_hook = check_each,
    .stage = check_left,
    .repairs = FIX_UNSAFE,
};

/* ---- ours: no USER at all ---- */

/* Images whose name says that they have a user of their own. */
static bool says_so(struct str image)
{
    return str_has(image, STR("nonroot")) || str_has(image, STR("unprivileged")) ||
           str_has(image, STR("rootless"));
}

static void check_missing(struct lint_context *c)
{
    const struct lint_stages *all = &c->file->stages;
    const struct lint_stage *stage;
    int k = (int)all->n - 1;
    if (k < 0)
        return;
    for (; k >= 0; k = all->v[k].parent) {
        stage = &all->v[k];
        if (last_user(c, stage) || says_so(stage->base.text))
            return;
    }
    stage = &all->v[all->n - 1];
    if (str_is(stage->base.text, "scratch"))
        lint_add(c, stage->base.place, "no USER is set, so the user is root");
    else if (stage->base.known)
        lint_add(c, stage->base.place,
                 "no USER is set, so the user is root unless " STR_F " sets another",
                 STR_A(stage->base.text));
}

static const struct lint_rule missing = {
    .info = {.id = "SHUCK-LINT-NO-USER",
             .aliases = {"DS002", "CIS-DI-0001"},
             .cis = "4.1",
             .severity = SEVERITY_MEDIUM,
             .title = "The image has a USER",
             .why = "Without a USER most images run as root. Whoever takes over the program may "
                    "then change every file of the image and is one hole of the kernel away from "
                    "the host.",
             .remedy = "Set a USER in the last stage, by its number.",
             .example = "USER 1000:1000"},
    .ours = true,
    .file_hook = check_missing,
};

const struct lint_rule *const lint_user[] = {&root, &number, &missing, NULL};
