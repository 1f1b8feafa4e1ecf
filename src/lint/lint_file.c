/* lint_file: see lint_file.h.
 *
 * Invariants
 * 1. Each instruction is one step, and so is what an ONBUILD triggers, in the order of the file.
 *    (test_lint_file: steps)
 * 2. A variable is put in only where its value is known; else it stands as it is written.
 *    (test_lint_file: values)
 * 3. A stage is of the result when it is the last one, or an ancestor of it by FROM.
 *    (test_lint_file: result)
 * 4. A shell that SHELL sets counts from there on, in the stage and those made from it.
 *    (test_lint_file: shells)
 * 5. What ONBUILD triggers changes nothing for the instructions after it.
 *    (test_lint_file: triggers)
 */
#include "lint/lint_file.h"

#include "base/limits.h"
#include "dockerfile/scope.h"
#include "lint/lint_compat.h"
#include "lint/lint_pragma.h"

struct reader {
    struct arena *a;
    struct lint_file *f;
    const struct lint_reading *how;
    struct scope scope;
    size_t room;    /* bytes that variables may still bring into commands */
    bool triggered; /* we are in an ONBUILD: who builds from the image may declare anything */
    struct lint_shell_state {
        enum lint_shell shell;
        struct str text;
        bool pipefail;
    } * shells; /* of each stage as it ends; one more for before the first */
    struct lint_shell_state now;
};

/* ---- shells ---- */

enum lint_shell lint_shell_named(struct str program)
{
    static const struct {
        struct str name;
        enum lint_shell shell;
    } shells[] = {
        {STR_INIT("sh"), LINT_SH},     {STR_INIT("bash"), LINT_BASH}, {STR_INIT("ash"), LINT_ASH},
        {STR_INIT("dash"), LINT_DASH}, {STR_INIT("ksh"), LINT_KSH},   {STR_INIT("zsh"), LINT_ZSH},
    };
    struct str name =
        str_from(program, str_rfind(program, '/') < program.n ? str_rfind(program, '/') + 1 : 0);
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (str_eq(name, shells[i].name))
            return shells[i].shell;
    return LINT_OTHER;
}

/* -o pipefail, -eo pipefail, -euxo pipefail. */
static bool sets_pipefail(const struct dockerfile_words *words)
{
    for (size_t i = 1; i + 1 < words->n; i++) {
        struct str option = words->v[i].text.s;
        if (option.n > 1 && option.p[0] == '-' && option.p[1] != '-' &&
            str_ends(option, STR("o")) && str_is(words->v[i + 1].text.s, "pipefail"))
            return true;
    }
    return false;
}

static void set_shell(struct reader *r, const struct dockerfile_instruction *i)
{
    struct buf b = {.a = r->a};
    if (!i->words.n)
        return;
    vec_each (&i->words, k)
        buf_addf(&b, "%s" STR_F, k ? " " : "", STR_A(i->words.v[k].text.s));
    r->now = (struct lint_shell_state){lint_shell_named(i->words.v[0].text.s), buf_str(&b),
                                       sets_pipefail(&i->words)};
}

/* ---- variables ---- */

static struct lint_value written(const struct placed *text, struct span place)
{
    return (struct lint_value){text->s, place, !memchr(text->s.n ? text->s.p : "", '$', text->s.n)};
}

static void note_uses(struct reader *r, const struct expand_uses *from, struct lint_uses *to)
{
    vec_each (from, k) {
        const struct expand_use *u = &from->v[k];
        struct str ignored;
        bool declared =
            u->set || r->triggered || scope_lookup(&r->scope, u->name, &ignored) != SCOPE_UNDEFINED;
        *vec_push(r->a, to) = (struct lint_use){u->name, u->place, declared, u->excused};
    }
}

/* A word of an instruction, as builders make it. One whose variables have no value, and one that is
 * wrong, stays as it is. */
static struct lint_value value_of(struct reader *r, const struct placed *text, struct span place,
                                  struct lint_uses *uses)
{
    struct lint_value v = written(text, place);
    struct expand_env env = scope_env(&r->scope);
    struct expand_uses mine = {0};
    struct span where;
    struct str got;
    struct err e = {0};
    bool set = true;
    if (expand_text(r->a, text, &env, &got, &mine, &where, &e))
        return v;
    note_uses(r, &mine, uses);
    vec_each (&mine, k)
        set &= mine.v[k].set || mine.v[k].excused;
    if (r->how->compat && mine.n)
        return v;
    v.known = set;
    if (set)
        v.text = got;
    return v;
}

/* Variables in the flags and here-documents of ADD and COPY are asked for, too. */
static void read_copied(struct reader *r, struct lint_step *s)
{
    static const char *const flags[] = {"chown", "chmod", "checksum"};
    for (size_t k = 0; k < sizeof flags / sizeof *flags; k++) {
        const struct dockerfile_flag *f = dockerfile_flag(s->i, flags[k]);
        if (f)
            value_of(r, &f->value, f->place, &s->uses);
    }
    vec_each (&s->i->heredocs, k)
        if (s->i->heredocs.v[k].expands)
            value_of(r, &s->i->heredocs.v[k].body, s->i->heredocs.v[k].place, &s->uses);
}

static void read_values(struct reader *r, struct lint_step *s)
{
    const struct dockerfile_instruction *i = s->i;
    bool expands = scope_expands(i->kind) && !(i->json && i->kind == DOCKERFILE_SHELL);
    vec_each (&i->words, k) {
        const struct dockerfile_word *w = &i->words.v[k];
        *vec_push(r->a, &s->words) =
            expands ? value_of(r, &w->text, w->place, &s->uses) : written(&w->text, w->place);
    }
    vec_each (&i->pairs, k) {
        const struct dockerfile_pair *p = &i->pairs.v[k];
        struct lint_uses ignored = {0};
        *vec_push(r->a, &s->keys) = value_of(r, &p->key.text, p->key.place, &s->uses);
        *vec_push(r->a, &s->values) =
            value_of(r, &p->value.text, p->value.place, p->has_value ? &s->uses : &ignored);
    }
    if (i->kind == DOCKERFILE_ADD || i->kind == DOCKERFILE_COPY)
        read_copied(r, s);
    struct span whole = placed_span(&i->args, 0, i->args.s.n);
    if (expands && !i->words.n && !i->pairs.n)
        s->whole = value_of(r, &i->args, whole, &s->uses);
    else
        s->whole = written(&i->args, whole);
}

/* ---- commands ---- */

static bool shell_lookup(const void *ctx, struct str name, struct str *value)
{
    struct reader *r = (struct reader *)(uintptr_t)ctx; /* looking up pays from the scope's work */
    if (scope_lookup(&r->scope, name, value) != SCOPE_SET || value->n > r->room)
        return false;
    r->room -= value->n;
    return true;
}

static bool runs_next(struct str name)
{
    return str_is(name, "command") || str_is(name, "builtin") || str_is(name, "exec") ||
           str_is(name, "busybox");
}

/* The name that rules ask for. hadolint keeps the folder, and looks through the shell's own words
 * for running a command, but not through sudo and its kin. */
static struct str program_of(const struct lint_command *c, bool compat)
{
    const struct lint_value *first = &c->words.v[0];
    struct str name = first->text;
    if (compat && c->words.n > 1 && runs_next(name))
        name = (first + 1)->text;
    if (!compat && str_rfind(name, '/') < name.n)
        name = str_from(name, str_rfind(name, '/') + 1);
    bool whole = str_find(name, '$') == name.n && str_find(name, '`') == name.n;
    return whole ? name : (struct str){0};
}

static void read_command(struct reader *r, struct lint_step *s, size_t index)
{
    const struct shell_command *c = &s->script.commands.v[index];
    struct lint_command *to = vec_push(r->a, &s->commands);
    size_t next = index + 1;
    to->shell = c;
    to->index = index;
    to->words.v = arena_array(r->a, struct lint_value, c->words.n);
    for (size_t k = 0; k < c->words.n; k++) {
        struct lint_value *v = &to->words.v[to->words.n++];
        const struct shell_word *w = &c->words.v[k];
        v->place = w->place;
        v->known = !w->parts.n;
        if (r->how->compat)
            v->text = lint_compat_word(r->a, &s->script, index, w, &next);
        else
            v->text = shell_word_value(r->a, w, shell_lookup, r, &v->known);
    }
    if (to->words.n)
        to->program = program_of(to, r->how->compat);
}

/* The words of a JSON form as one line of shell: so hadolint reads it. */
static struct placed joined(struct arena *a, const struct dockerfile_words *words)
{
    struct placed_buf b = {.text = {.a = a}};
    vec_each (words, k) {
        const struct dockerfile_word *w = &words->v[k];
        if (k)
            placed_add_wide(&b, STR(" "), (struct span){(w - 1)->place.to, w->place.from});
        placed_add(&b, &w->text, 0, w->text.s.n);
    }
    return placed_done(&b);
}

static void read_commands(struct reader *r, struct lint_step *s)
{
    const struct dockerfile_instruction *i = s->i;
    if (i->kind != DOCKERFILE_RUN && i->kind != DOCKERFILE_CMD &&
        i->kind != DOCKERFILE_ENTRYPOINT && i->kind != DOCKERFILE_HEALTHCHECK)
        return;
    if (i->json && r->how->compat) {
        struct placed line = joined(r->a, &i->words);
        shell_read(r->a, &line, &s->script);
    } else if (i->json) {
        struct placed *words = arena_array(r->a, struct placed, i->words.n);
        vec_each (&i->words, k)
            words[k] = i->words.v[k].text;
        shell_read_words(r->a, words, i->words.n, &s->script);
    } else {
        s->source = dockerfile_script(r->a, &r->f->d, i);
        struct placed script = s->source;
        if (r->how->compat)
            script = lint_compat_script(r->a, i, &script);
        shell_read(r->a, &script, &s->script);
    }
    if (r->how->compat && s->script.errors.n)
        return; /* hadolint has nothing of a script that it cannot read */
    vec_each (&s->script.commands, k)
        if (!(r->how->compat && s->script.commands.v[k].flags & SHELL_WRAPPED))
            read_command(r, s, k);
}

/* ---- steps and stages ---- */

static void begin_stage(struct reader *r, const struct lint_step *s)
{
    const struct dockerfile_stage *stage = &r->f->d.stages.v[s->stage];
    const struct dockerfile_flag *platform = dockerfile_flag(s->i, "platform");
    struct lint_uses ignored = {0};
    struct lint_stage *to = vec_push(r->a, &r->f->stages);
    struct span whole = placed_span(&stage->base, 0, stage->base.s.n);
    struct lint_value base = value_of(r, &stage->base, whole, &ignored);
    *to = (struct lint_stage){.s = stage,
                              .from = s->i,
                              .index = (size_t)s->stage,
                              .step = s->index,
                              .parent = stage->parent};
    to->base = r->how->compat ? lint_reference_compat(base.text) : lint_reference_read(base.text);
    to->base.known = base.known;
    to->base.place = whole;
    if (base.known && !(base.text.n && base.text.p[0] >= '0' && base.text.p[0] <= '9'))
        to->parent = dockerfile_stage_named(&r->f->d, base.text, s->stage);
    if (platform)
        to->platform =
            value_of(r, &platform->value, platform->place, &r->f->steps.v[s->index].uses);
    r->now = to->parent >= 0 ? r->shells[to->parent] : (struct lint_shell_state){0};
}

static void read_step(struct reader *r, const struct dockerfile_instruction *outer)
{
    const struct dockerfile_instruction *i = outer;
    while (i->kind == DOCKERFILE_ONBUILD && i->onbuild)
        i = i->onbuild;
    struct lint_step *s = vec_push(r->a, &r->f->steps);
    *s = (struct lint_step){.i = i,
                            .outer = outer,
                            .onbuild = i != outer,
                            .index = r->f->steps.n - 1,
                            .stage = outer->stage,
                            .shell = r->now.shell,
                            .shell_text = r->now.text,
                            .pipefail = r->now.pipefail};
    r->triggered = i != outer;
    scope_enter(&r->scope, i);
    read_values(r, s);
    read_commands(r, s);
    if (outer->kind == DOCKERFILE_FROM && outer->stage >= 0 &&
        r->f->d.stages.v[outer->stage].from == outer)
        begin_stage(r, s);
    if (i == outer)
        scope_leave(&r->scope, i);
    if (i->kind == DOCKERFILE_SHELL && i == outer)
        set_shell(r, i);
    if (outer->stage >= 0) {
        r->shells[outer->stage] = r->now;
        r->f->stages.v[outer->stage].end = r->f->steps.n;
    }
}

/* # hadolint shell=NAME stands for a SHELL that the base image has set. */
static void read_comment(struct reader *r, struct str comment)
{
    struct lint_pragma p = lint_pragma_read(r->a, comment, r->how->compat);
    if (p.kind == LINT_PRAGMA_SHELL)
        r->now = (struct lint_shell_state){lint_shell_named(p.shell), p.shell, false};
}

static void mark_result(struct lint_file *f)
{
    for (int k = (int)f->stages.n - 1; k >= 0 && !f->stages.v[k].result; k = f->stages.v[k].parent)
        f->stages.v[k].result = true;
}

static int by_place(const void *a, const void *b)
{
    const struct dockerfile_error *x = a, *y = b;
    return (x->place.from > y->place.from) - (x->place.from < y->place.from);
}

static void join_errors(struct reader *r)
{
    struct dockerfile_errors *to = &r->f->errors;
    vec_each (&r->f->d.errors, i)
        *vec_push(r->a, to) = r->f->d.errors.v[i];
    /* hadolint expands nothing, and so finds nothing wrong there */
    for (size_t i = 0; i < r->scope.errors.n && !r->how->compat; i++)
        *vec_push(r->a, to) = r->scope.errors.v[i];
    if (to->n)
        qsort(to->v, to->n, sizeof *to->v, by_place);
}

void lint_file_read(struct arena *a, struct str name, struct str text,
                    const struct lint_reading *how, struct lint_file *ret)
{
    *ret = (struct lint_file){.a = a, .name = name, .build_args = how->build_args};
    dockerfile_parse(a, text, &ret->d);
    struct reader r = {.a = a, .f = ret, .how = how, .room = LIMIT_LINT_BROUGHT};
    r.shells = arena_array(a, struct lint_shell_state, ret->d.stages.n);
    scope_begin(&r.scope, a, &ret->d, how->build_args);
    vec_each (&ret->d.items, k) {
        const struct dockerfile_item *item = &ret->d.items.v[k];
        if (item->kind == DOCKERFILE_ITEM_COMMENT)
            read_comment(&r, item->text);
        else if (item->kind == DOCKERFILE_ITEM_INSTRUCTION)
            read_step(&r, item->instruction);
    }
    mark_result(ret);
    join_errors(&r);
}

/* ---- places ---- */

struct span lint_keyword(const struct lint_step *s)
{
    return placed_span(&s->outer->name, 0, s->outer->name.s.n);
}

struct span lint_command_place(const struct lint_command *c)
{
    if (!c->words.n)
        return c->shell->place;
    return (struct span){c->words.v[0].place.from, c->words.v[c->words.n - 1].place.to};
}
