/* lint_workdir: the first WORKDIR of a stage and of those it is made from → a finding when where it
 * leads depends on a base image. */
#include "lint/lint_rules.h"

static bool is_absolute(struct str path)
{
    return str_starts(path, STR("/")) || str_starts(path, STR("\\")) ||
           (path.n > 1 && path.p[1] == ':');
}

/* Begins with a variable that has no value: it may be anything. */
static bool is_open(const struct lint_value *path)
{
    struct str text = path->text;
    if (text.n && (text.p[0] == '"' || text.p[0] == '\''))
        text = str_from(text, 1);
    return !text.n || (!path->known && text.p[0] == '$');
}

static void check_workdir(struct lint_context *c)
{
    bool *set = arena_array(c->a, bool, c->file->stages.n);
    vec_each (&c->file->stages, i) {
        const struct lint_stage *stage = &c->file->stages.v[i];
        set[i] = stage->parent >= 0 && set[stage->parent];
        for (size_t k = stage->step; k < stage->end; k++) {
            const struct lint_step *s = &c->file->steps.v[k];
            if (s->i->kind != DOCKERFILE_WORKDIR || s->onbuild)
                continue;
            if (!set[i] && !is_open(&s->whole) && !is_absolute(s->whole.text))
                lint_add(c, s->whole.place, STR_F " begins where the base image happens to be",
                         STR_A(s->whole.text));
            set[i] = true;
        }
    }
}

static const struct lint_rule relative = {
    .info = {.id = "WorkdirRelativePath",
             .severity = SEVERITY_MEDIUM,
             .title = "The first WORKDIR of a stage is absolute",
             .why = "A relative path begins in the folder that the base image was left in. When a "
                    "new base is left in another one, files end up elsewhere.",
             .remedy = "Write the path from / on.",
             .example = "WORKDIR /app"},
    .ours = true,
    .file_hook = check_workdir,
};

const struct lint_rule *const lint_workdir[] = {&relative, NULL};
