/* lint_check: steps, stages and commands → every rule's findings, placed, judged and sorted.
 *
 * Invariants
 * 1. Rules see the same file whatever the configuration says; configuration and pragmas decide only
 *    what becomes of findings. (test_lint: overrides)
 * 2. Findings are sorted by place, then by rule; what is the same is said once.
 *    (test_lint: order)
 * 3. With compat a finding stands at its instruction, and each rule finds once in each.
 *    (test_lint: compat)
 * 4. No evidence holds more of a secret than its first characters. (test_lint_report: secret)
 * 5. Memory does not grow with the findings of a rule beyond LIMIT_LINT_FINDINGS, and the last one
 *    kept says that there are more. (test_lint: more than)
 */
#include "base/limits.h"
#include "lint/lint_pragma.h"
#include "lint/lint_rules.h"
#include "lint/lint_told.h"
#include "secret/redact.h"

const char *lint_level_name(enum severity s)
{
    static const char *const names[] = {"style", "info", "warning", "error", "error"};
    return names[s];
}

bool lint_level_parse(struct str text, enum severity *ret, bool *off)
{
    static const struct {
        struct str name;
        enum severity severity;
        bool off;
    } levels[] = {
        {STR_INIT("error"), SEVERITY_HIGH, false}, {STR_INIT("warning"), SEVERITY_MEDIUM, false},
        {STR_INIT("info"), SEVERITY_LOW, false},   {STR_INIT("style"), SEVERITY_INFO, false},
        {STR_INIT("ignore"), SEVERITY_INFO, true}, {STR_INIT("none"), SEVERITY_INFO, true},
    };
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (str_eq(text, levels[i].name)) {
            *ret = levels[i].severity;
            *off = levels[i].off;
            return true;
        }
    return false;
}

void lint_names_split(struct arena *a, struct str list, struct lint_names *to)
{
    for (struct str head; list.n;) {
        str_cut(list, ',', &head, &list);
        if (str_trim(head).n)
            *vec_push(a, to) = str_trim(head);
    }
}

/* ---- what rules call ---- */

struct lint_finding *lint_add(struct lint_context *c, struct span place, const char *evidence, ...)
{
    if (c->found > LIMIT_LINT_FINDINGS)
        return &c->spare;
    struct lint_finding *f = vec_push(c->a, c->findings);
    va_list ap;
    va_start(ap, evidence);
    *f = (struct lint_finding){.f = {.rule = &c->rule->info,
                                     .severity = c->rule->info.severity,
                                     .evidence = str_vfmt(c->a, evidence, ap),
                                     .count = 1},
                               .rule = c->rule,
                               .place = place,
                               .step = c->step ? c->step->index : LINT_NO_STEP};
    va_end(ap);
    if (c->found++ == LIMIT_LINT_FINDINGS)
        f->f.evidence = str_fmt(c->a, STR_F "; more than %d findings of a rule are not shown",
                                STR_A(f->f.evidence), LIMIT_LINT_FINDINGS);
    return f;
}

void lint_fix(struct lint_context *c, struct lint_finding *f, enum fix_safety safety,
              const char *what, ...)
{
    if (f == &c->spare)
        return;
    va_list ap;
    va_start(ap, what);
    f->fix.safety = safety;
    f->fix.what = str_vfmt(c->a, what, ap);
    va_end(ap);
}

void lint_edit(struct lint_context *c, struct lint_finding *f, struct span place, const char *text,
               ...)
{
    if (f == &c->spare)
        return;
    va_list ap;
    va_start(ap, text);
    *vec_push(c->a, &f->fix.edits) = (struct fix_edit){place, str_vfmt(c->a, text, ap)};
    va_end(ap);
}

bool lint_lists(const char *list, struct str word)
{
    if (!word.n || memchr(word.p, ' ', word.n))
        return false;
    for (const char *at = list; *at;) {
        if (*at++ != ' ' || *at != *word.p) /* most end here, so it comes first */
            continue;
        if (!strncmp(at, word.p, word.n) && at[word.n] == ' ')
            return true;
    }
    return false;
}

/* ---- running rules ---- */

static void run_step(struct lint_context *c, const struct lint_step *s)
{
    const struct lint_rule *rule = c->rule;
    unsigned kinds = rule->kinds ? rule->kinds : rule->command ? LINT_ON(RUN) : ~0u;
    if (!(kinds >> s->i->kind & 1) || (rule->flat && s->onbuild && c->options->compat))
        return;
    c->step = s;
    if (rule->step)
        rule->step(c, s);
    vec_each (&s->commands, k) {
        const struct lint_command *command = &s->commands.v[k];
        if (rule->command && (!rule->programs || lint_lists(rule->programs, command->program)))
            rule->command(c, command);
    }
    c->step = NULL;
}

static void run_rule(struct lint_context *c)
{
    c->found = 0;
    if (c->rule->file_hook)
        c->rule->file_hook(c);
    vec_each (&c->file->stages, i)
        if (c->rule->stage)
            c->rule->stage(c, &c->file->stages.v[i]);
    if (c->rule->step || c->rule->command)
        vec_each (&c->file->steps, i)
            run_step(c, &c->file->steps.v[i]);
}

static bool wanted(const struct strs *only, const struct lint_rule *rule)
{
    for (size_t i = 0; i < only->n; i++)
        if (rule_is(&rule->info, only->v[i]))
            return true;
    return only->n == 0;
}

/* ---- judging ---- */

static size_t step_at(const struct lint_file *f, uint32_t byte)
{
    size_t from = 0, to = f->steps.n;
    while (from < to) {
        size_t mid = (from + to) / 2;
        if (f->steps.v[mid].outer->place.from <= byte)
            from = mid + 1;
        else
            to = mid;
    }
    return from && byte <= f->steps.v[from - 1].outer->place.to ? from - 1 : LINT_NO_STEP;
}

/* One level less for what is thrown away with its stage. */
static void lower(const struct lint_file *file, struct lint_finding *f)
{
    if (!f->rule || !f->rule->image || f->step == LINT_NO_STEP)
        return;
    int stage = file->steps.v[f->step].stage;
    if (stage < 0 || file->stages.v[stage].result || f->f.severity == SEVERITY_INFO)
        return;
    f->f.severity--;
    f->build_stage = true;
}

/* True when the finding is wanted at all. */
static bool override(const struct lint_config *config, const struct lint_pragma *directive,
                     struct lint_finding *f)
{
    bool off = f->rule && f->rule->off;
    vec_each (&directive->experimental, i)
        if (rule_is(f->f.rule, directive->experimental.v[i]) ||
            (str_is(directive->experimental.v[i], "all") && lint_pragma_is_check(f->f.rule)))
            off = false;
    for (size_t i = 0; config && i < config->overrides.n; i++)
        if (rule_is(f->f.rule, config->overrides.v[i].rule)) {
            f->f.severity = config->overrides.v[i].severity;
            f->build_stage = false; /* the level is what the team says, anywhere */
            off = config->overrides.v[i].off;
        }
    for (size_t i = 0; config && i < config->ignored.n; i++)
        if (rule_is(f->f.rule, config->ignored.v[i]))
            f->f.ignored = STR("config");
    return !off;
}

static void place(const struct lint_file *file, struct lint_finding *f)
{
    struct dockerfile_position at = dockerfile_position(&file->d, f->place.from);
    struct dockerfile_position end = dockerfile_position(&file->d, f->place.to);
    f->f.where = (struct location){.kind = LOCATION_FILE,
                                   .path = file->name,
                                   .line = at.line,
                                   .column = at.column,
                                   .end_line = end.line,
                                   .end_column = end.column};
}

static int by_place(const void *a, const void *b)
{
    const struct lint_finding *x = a, *y = b;
    if (x->place.from != y->place.from)
        return x->place.from < y->place.from ? -1 : 1;
    int id = strcmp(x->f.rule->id, y->f.rule->id);
    if (id)
        return id;
    if (x->place.to != y->place.to)
        return x->place.to < y->place.to ? -1 : 1;
    return str_cmp(x->f.evidence, y->f.evidence);
}

static bool same(const struct lint_finding *x, const struct lint_finding *y)
{
    return x->place.from == y->place.from && x->f.rule == y->f.rule &&
           str_eq(x->f.evidence, y->f.evidence);
}

static void judge(struct arena *a, const struct lint_file *file, const struct lint_options *o,
                  struct lint_findings *list)
{
    size_t n = 0;
    struct lint_pragma directive = {0};
    if (!o->compat)
        directive = lint_pragma_directive(a, file);
    vec_each (list, i) {
        struct lint_finding f = list->v[i];
        if (f.step == LINT_NO_STEP)
            f.step = step_at(file, f.place.from);
        if (!o->compat)
            lower(file, &f);
        else if (f.step != LINT_NO_STEP && !o->each)
            f.place = file->steps.v[f.step].outer->place;
        if (!override(o->config, &directive, &f))
            continue;
        place(file, &f);
        list->v[n++] = f;
    }
    list->n = n;
}

static void unique(const struct lint_options *o, struct lint_findings *list)
{
    bool once = o->compat && !o->each;
    size_t n = 0;
    vec_each (list, i) {
        const struct lint_finding *f = &list->v[i], *last = n ? &list->v[n - 1] : NULL;
        if (last && (same(last, f) || (once && last->f.rule == f->f.rule && last->step == f->step &&
                                       f->step != LINT_NO_STEP)))
            continue;
        list->v[n++] = *f;
    }
    list->n = n;
}

static void add(struct arena *a, struct lint_findings *to, const struct lint_findings *from)
{
    vec_each (from, i)
        *vec_push(a, to) = from->v[i];
}

static void sort(struct lint_findings *list)
{
    if (list->n)
        qsort(list->v, list->n, sizeof *list->v, by_place);
}

/* That an ignore is of no use is known only when all rules have run. */
static void check_pragmas(struct arena *a, const struct lint_options *options,
                          struct lint_report *ret)
{
    struct lint_findings unused = {0};
    struct lint_context c = {.a = a,
                             .file = ret->file,
                             .d = &ret->file->d,
                             .options = options,
                             .rule = &lint_inline_unused,
                             .findings = &unused};
    lint_pragmas(&c, ret);
    if (options->compat || !wanted(&options->only, &lint_inline_unused))
        return;
    judge(a, ret->file, options, &unused);
    add(a, &ret->findings, &unused);
    sort(&ret->findings);
}

/* No evidence shows a secret. */
static void clean(struct arena *a, const struct lint_file *file, const struct lint_options *options,
                  struct lint_findings *list)
{
    struct lint_told told;
    struct secret_scanner *own = NULL, *secrets = options->secrets;
    if (!secrets && list->n)
        secrets = own = secret_scanner_builtin();
    lint_told_find(a, file, &told);
    vec_each (list, i) {
        struct lint_finding *f = &list->v[i];
        f->f.evidence = lint_told_redact(a, &told, secret_redact(secrets, a, f->f.evidence));
        if (f->fix.what.n)
            f->fix.what = lint_told_redact(a, &told, f->fix.what);
    }
    secret_scanner_free(own);
}

void lint_check(struct arena *a, const struct lint_file *file, const struct lint_options *options,
                const struct lint_findings *more, struct lint_report *ret)
{
    *ret = (struct lint_report){.name = file->name, .file = file};
    struct lint_context c = {
        .a = a, .file = file, .d = &file->d, .options = options, .findings = &ret->findings};
    for (size_t i = 0; lint_families[i]; i++)
        for (size_t k = 0; lint_families[i][k]; k++) {
            c.rule = lint_families[i][k];
            if (!(options->compat && c.rule->ours) && wanted(&options->only, c.rule))
                run_rule(&c);
        }
    if (more)
        add(a, &ret->findings, more);
    judge(a, file, options, &ret->findings);
    sort(&ret->findings);
    unique(options, &ret->findings);
    check_pragmas(a, options, ret);
    clean(a, file, options, &ret->findings);
}
