/* lint_ignored: what ADD and COPY take from the context, and .dockerignore → findings where a
 * source is kept out of the context.
 *
 * Invariants
 * 1. Only what comes from the context is judged: neither other stages, addresses nor
 *    here-documents. (test_lint_table: from elsewhere)
 */
#include "lint/lint_dockerignore.h"
#include "lint/lint_rules.h"

static bool is_remote(struct str source)
{
    static const char *const begin[] = {"http://", "https://", "git@", "git://", "ssh://"};
    for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
        if (str_starts(source, str_of(begin[i])))
            return true;
    return false;
}

static bool has_wildcard(struct str source)
{
    return str_find(source, '*') < source.n || str_find(source, '?') < source.n ||
           str_find(source, '[') < source.n;
}

static bool has_exception(const struct dockerignore *d)
{
    for (size_t i = 0; i < d->patterns.n; i++)
        if (d->patterns.v[i].exception)
            return true;
    return false;
}

static void check_source(struct lint_context *c, const struct lint_value *v,
                         struct dockerignore *ignore)
{
    struct str path = dockerignore_path(c->a, v->text);
    if (!v->known || !path.n || is_remote(v->text) || str_starts(v->text, STR("<<")))
        return;
    /* what a pattern takes is not known: some of it may be let in */
    if (has_wildcard(path) && has_exception(ignore))
        return;
    const struct dockerignore_pattern *by = dockerignore_match(ignore, path);
    if (by)
        lint_add(c, v->place, STR_F " is kept out of the context by line %u of .dockerignore",
                 STR_A(v->text), by->line);
}

static void check_sources(struct lint_context *c)
{
    struct dockerignore ignore;
    if (!c->options->dockerignore.n)
        return;
    dockerignore_read(c->a, c->options->dockerignore, &ignore);
    vec_each (&c->file->steps, i) {
        const struct lint_step *s = &c->file->steps.v[i];
        bool copies = s->i->kind == DOCKERFILE_ADD || s->i->kind == DOCKERFILE_COPY;
        if (!copies || s->onbuild || dockerfile_flag(s->i, "from"))
            continue;
        c->step = s;
        for (size_t k = 0; k + 1 < s->words.n; k++)
            check_source(c, &s->words.v[k], &ignore);
        c->step = NULL;
    }
}

static const struct lint_rule ignored = {
    .info = {.id = "CopyIgnoredFile",
             .severity = SEVERITY_HIGH,
             .title = "What is copied is not kept out by .dockerignore",
             .why = "Files that .dockerignore names are not in the context, so the build ends here "
                    "with a file that is not found although it lies there.",
             .remedy = "Let the file in with a line that begins with !, or do not copy it.",
             .example = "!config/default.yaml"},
    .ours = true,
    .file_hook = check_sources,
};

const struct lint_rule *const lint_ignored[] = {&ignored, NULL};
