/* lint_ignore: pragmas of a file and findings → which findings they ignore. See lint_pragma.h.
 *
 * Each id that a pragma names is put under what it covers: the file, a stage, a step or a line. A
 * finding asks each of the four for its rule's names.
 *
 * Invariants
 * 1. Work is linear in findings and pragmas: each finding looks up its rule's few names.
 *    (test_lint_pragma: many)
 * 2. With compat a pragma speaks of the line behind it alone, one about a stage of the lines below
 *    that up to the next FROM; else of the next instruction.
 *    (test_lint_pragma: blank lines)
 * 3. A finding that the configuration ignores is left as it is. (test_lint_pragma: configuration)
 */
#include "base/map.h"
#include "lint/lint_pragma.h"
#include "lint/lint_rule.h"

/* One id of one pragma. */
struct cover {
    struct str id, reason;
    struct span place;
    bool used;
};

/* With compat: the ids are ignored from below this line to the next of these. */
struct stretch {
    uint32_t line;
    struct map ids;
};

struct ignorer {
    struct arena *a;
    const struct lint_file *f;
    bool compat;
    struct covers VEC(struct cover *) all;
    struct map file, lines;     /* ids → struct cover; for lines "LINE ID" */
    struct map *stages, *steps; /* as many as the file has */
    struct stretches VEC(struct stretch) stretches;
    struct lint_pragma directive;
};

static struct cover *cover(struct ignorer *ig, struct map *to, struct str key, struct str id,
                           struct str reason)
{
    struct cover *c = arena_new(ig->a, struct cover);
    *c = (struct cover){.id = id, .reason = reason.n ? reason : STR("pragma")};
    to->a = ig->a;
    void **slot = map_at(to, key);
    if (!*slot)
        *slot = c;
    *vec_push(ig->a, &ig->all) = c;
    return c;
}

/* Puts a pragma's ids under what they cover. The ids are views into text, which begins at byte
 * `from`. */
static void put(struct ignorer *ig, struct map *to, const struct lint_pragma *p, struct str text,
                uint32_t from)
{
    vec_each (&p->ids, i) {
        struct cover *c = cover(ig, to, rule_id_plain(ig->a, p->ids.v[i]), p->ids.v[i], p->reason);
        uint32_t at = from + (uint32_t)(p->ids.v[i].p - text.p);
        c->place = (struct span){at, at + (uint32_t)p->ids.v[i].n};
    }
}

/* The same for one line of an instruction. */
static void put_line(struct ignorer *ig, uint32_t line, const struct lint_pragma *p,
                     struct str text, uint32_t from)
{
    vec_each (&p->ids, i) {
        struct str id = p->ids.v[i];
        uint32_t at = from + (uint32_t)(id.p - text.p);
        struct str plain = rule_id_plain(ig->a, id);
        struct str key = str_fmt(ig->a, "%u " STR_F, line, STR_A(plain));
        cover(ig, &ig->lines, key, id, p->reason)->place = (struct span){at, at + (uint32_t)id.n};
    }
}

/* ---- comments between instructions ---- */

static uint32_t line_of(const struct lint_file *f, uint32_t byte)
{
    return dockerfile_position(&f->d, byte).line;
}

/* For hadolint the line behind a stage's pragma need be no FROM, and is not covered itself. */
static struct map *stretch_from(struct ignorer *ig, uint32_t line)
{
    struct stretch *s = vec_push(ig->a, &ig->stretches);
    *s = (struct stretch){.line = line};
    return &s->ids;
}

/* The one that the line is in, or NULL. */
static const struct map *stretch_of(const struct ignorer *ig, uint32_t line)
{
    size_t from = 0, to = ig->stretches.n;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        if (ig->stretches.v[mid].line < line)
            from = mid + 1;
        else
            to = mid;
    }
    return from ? &ig->stretches.v[from - 1].ids : NULL;
}

/* A FROM begins a new one, unless a pragma directly above it has done so. */
static void end_stretch(struct ignorer *ig, const struct dockerfile_instruction *from)
{
    uint32_t line = line_of(ig->f, from->place.from);
    size_t n = ig->stretches.n;
    if (!n || ig->stretches.v[n - 1].line != line)
        stretch_from(ig, line);
}

static void read_comment(struct ignorer *ig, const struct dockerfile_item *item, size_t next)
{
    const struct lint_steps *steps = &ig->f->steps;
    struct str text = item->text;
    uint32_t from = (uint32_t)(text.p - ig->f->d.text.p);
    struct lint_pragma p = lint_pragma_read(ig->a, text, ig->compat);
    if (p.kind == LINT_PRAGMA_GLOBAL)
        put(ig, &ig->file, &p, text, from);
    if (p.kind == LINT_PRAGMA_STAGE && ig->compat)
        put(ig, stretch_from(ig, line_of(ig->f, from) + 1), &p, text, from);
    if (next == steps->n)
        return;
    const struct lint_step *s = &steps->v[next];
    /* hadolint maps the pragma to the line behind it, whatever stands there */
    bool near = line_of(ig->f, s->outer->place.from) == line_of(ig->f, from) + 1;
    if (ig->compat && !near)
        return;
    if (p.kind == LINT_PRAGMA_STAGE && s->i->kind == DOCKERFILE_FROM && s->stage >= 0 &&
        !ig->compat)
        put(ig, &ig->stages[s->stage], &p, text, from);
    if (p.kind == LINT_PRAGMA_IGNORE || p.kind == LINT_PRAGMA_CHECK)
        put(ig, &ig->steps[next], &p, text, from);
}

/* ---- comments inside instructions ---- */

/* Of each comment the line behind it that is neither comment nor empty. From the last line on: a
 * line knows what is behind it. */
static uint32_t *lines_behind(const struct ignorer *ig, const struct dockerfile_instruction *i)
{
    uint32_t *behind = arena_array(ig->a, uint32_t, i->comments.n);
    uint32_t last = 0, target = 0; /* the line looked at before, and what is behind that */
    for (size_t comments = i->comments.n, empty = i->empty_lines.n; comments;) {
        struct span comment = i->comments.v[comments - 1];
        bool is_empty = empty && i->empty_lines.v[empty - 1].from > comment.from;
        uint32_t line = line_of(ig->f, is_empty ? i->empty_lines.v[empty - 1].from : comment.from);
        target = line + 1 == last ? target : line + 1;
        last = line;
        if (is_empty)
            empty--;
        else
            behind[--comments] = target;
    }
    return behind;
}

static void read_inside(struct ignorer *ig, const struct dockerfile_instruction *i)
{
    uint32_t *behind = lines_behind(ig, i);
    vec_each (&i->comments, k) {
        struct span place = i->comments.v[k];
        struct str text = str_slice(ig->f->d.text, place.from, place.to);
        size_t mark = str_find(text, '#');
        if (mark == text.n)
            continue;
        struct lint_pragma p = lint_pragma_read(ig->a, str_from(text, mark), false);
        if (p.kind == LINT_PRAGMA_IGNORE)
            put_line(ig, behind[k], &p, text, place.from);
    }
}

/* ---- the file ---- */

/* check=skip=all stands for all of them; names are those of rules otherwise. */
static void read_directive(struct ignorer *ig)
{
    if (ig->compat)
        return;
    ig->directive = lint_pragma_directive(ig->a, ig->f);
    vec_each (&ig->directive.ids, i)
        cover(ig, &ig->file, ig->directive.ids.v[i], ig->directive.ids.v[i], STR("check=skip"))
            ->used = true;
}

static void read_file(struct ignorer *ig)
{
    const struct dockerfile_items *items = &ig->f->d.items;
    size_t next = 0; /* step */
    read_directive(ig);
    vec_each (items, k) {
        const struct dockerfile_item *item = &items->v[k];
        if (item->kind == DOCKERFILE_ITEM_COMMENT)
            read_comment(ig, item, next);
        if (item->kind != DOCKERFILE_ITEM_INSTRUCTION)
            continue;
        if (!ig->compat) /* for hadolint these are no pragmas */
            read_inside(ig, item->instruction);
        else if (item->instruction->kind == DOCKERFILE_FROM)
            end_stretch(ig, item->instruction);
        next++;
    }
}

/* ---- findings ---- */

static struct cover *under(const struct map *m, struct str id, bool is_check)
{
    struct cover *c = m->n ? map_get(m, id) : NULL;
    return c || !m->n || !is_check ? c : map_get(m, STR("all"));
}

/* The cover of one of the rule's names. */
static struct cover *covered_as(struct ignorer *ig, const struct lint_finding *f, struct str id,
                                bool is_check)
{
    struct cover *c = under(&ig->file, id, is_check);
    if (!c && f->step != LINT_NO_STEP) {
        const struct lint_step *s = &ig->f->steps.v[f->step];
        c = under(&ig->steps[f->step], id, is_check);
        if (!c && s->stage >= 0)
            c = under(&ig->stages[s->stage], id, false);
    }
    const struct map *stretch = c ? NULL : stretch_of(ig, f->f.where.line);
    if (stretch)
        c = under(stretch, id, false);
    if (!c && ig->lines.n)
        c = map_get(&ig->lines, str_fmt(ig->a, "%u " STR_F, f->f.where.line, STR_A(id)));
    return c;
}

static void mark(struct ignorer *ig, struct lint_finding *f)
{
    const struct rule_info *rule = f->f.rule;
    const size_t most = sizeof rule->aliases / sizeof *rule->aliases;
    bool is_check = lint_pragma_is_check(rule);
    struct cover *c = covered_as(ig, f, str_of(rule->id), is_check);
    for (size_t i = 0; !c && i < most && rule->aliases[i]; i++)
        c = covered_as(ig, f, str_of(rule->aliases[i]), is_check);
    if (c) {
        c->used = true;
        f->f.ignored = c->reason;
    } else if (ig->directive.error && is_check && f->f.severity < SEVERITY_HIGH) {
        f->f.severity = SEVERITY_HIGH;
    }
}

/* Whether the rule of this name has run. What shellcheck would say is not known here. */
static bool has_run(const struct strs *only, struct str id)
{
    const struct lint_rule *rule = lint_rule_find(id);
    for (size_t i = 0; rule && i < only->n; i++)
        if (rule_is(&rule->info, only->v[i]))
            return true;
    return only->n == 0 && !str_starts(id, STR("SC"));
}

static void say_unused(const struct ignorer *ig, struct lint_context *c)
{
    vec_each (&ig->all, i) {
        const struct cover *cover = ig->all.v[i];
        if (!cover->used && has_run(&c->options->only, cover->id))
            lint_add(c, cover->place, "there is no finding of " STR_F " to ignore here",
                     STR_A(cover->id));
    }
}

void lint_pragmas(struct lint_context *c, struct lint_report *report)
{
    const struct lint_options *o = c->options;
    struct ignorer ig = {.a = c->a, .f = report->file, .compat = o->compat};
    if (o->config && o->config->no_pragmas)
        return;
    ig.stages = arena_array(c->a, struct map, ig.f->stages.n);
    ig.steps = arena_array(c->a, struct map, ig.f->steps.n);
    read_file(&ig);
    vec_each (&report->findings, i)
        if (!report->findings.v[i].f.ignored.n)
            mark(&ig, &report->findings.v[i]);
    say_unused(&ig, c);
}
