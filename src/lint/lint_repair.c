/* lint_repair: see lint_repair.h.
 *
 * A round makes as many repairs at once as do not touch each other and looks at the result. When it
 * is not what was promised, smaller groups are tried, down to the repair that is to blame; that one
 * is left out alone. Whether a repair is made depends on nothing but the text it is made in, so
 * that a second run, which begins where the last round of the first ended, makes none.
 *
 * Invariants
 * 1. A repaired file has no more errors than before, nor have its scripts. (test_lint_repair:
 * errors)
 * 2. Repairing twice changes nothing the second time. (test_lint_repair: twice, fuzz_lint)
 * 3. A repair takes its finding away and brings none of its level or above. (test_lint_repair:
 * brings)
 * 4. A repair that cannot stay is left out, and no other because of it. (test_lint_repair: alone)
 * 5. Ignored findings are not repaired. (test_lint_repair: ignored)
 * 6. Work is bounded; a file that needs more is left as it is. (test_lint_repair: bounded)
 */
#include "lint/lint_repair.h"

#include "base/limits.h"
#include "base/map.h"
#include "lint/lint_rule.h"

/* What is found of each rule in a text: how often, and the highest level. */
struct tally {
    size_t *n;
    enum severity *most;
    size_t errors; /* of the file and of its scripts */
};

struct state {
    struct str text;
    struct lint_file file;
    struct lint_report report;
    struct tally tally;
};

struct repair {
    struct str name;
    const struct lint_reading *how;
    struct lint_options options;
    enum fix_safety most;
    struct map rules; /* id → number of the rule, from 1 */
    uint64_t work;    /* that may still be done */
};

struct pick {
    const struct lint_finding *f;
    bool tried, chosen;
};
struct picks VEC(struct pick);

struct round {
    const struct state *now;
    struct picks picks;
    struct tally tally; /* with what is chosen so far */
    /* of the last try */
    struct fix_set set;
    size_t *taken; /* of each rule */
    enum severity least;
};

/* ---- looking ---- */

static size_t number(const struct repair *r, const struct lint_finding *f)
{
    return (uintptr_t)map_get(&r->rules, str_of(f->f.rule->id)) - 1;
}

static struct tally tally_new(const struct repair *r, struct arena *a)
{
    return (struct tally){arena_array(a, size_t, r->rules.n),
                          arena_array(a, enum severity, r->rules.n), 0};
}

static void look(struct repair *r, struct arena *a, struct str text, struct state *ret)
{
    struct tally *t = &ret->tally;
    ret->text = text;
    lint_file_read(a, r->name, text, r->how, &ret->file);
    lint_check(a, &ret->file, &r->options, NULL, &ret->report);
    *t = tally_new(r, a);
    t->errors = ret->file.errors.n;
    vec_each (&ret->file.steps, i)
        t->errors += ret->file.steps.v[i].script.errors.n;
    vec_each (&ret->report.findings, i) {
        const struct lint_finding *f = &ret->report.findings.v[i];
        size_t rule = number(r, f);
        if (f->f.ignored.n)
            continue;
        t->n[rule]++;
        if (f->f.severity > t->most[rule])
            t->most[rule] = f->f.severity;
    }
}

static bool pays(struct repair *r, size_t bytes)
{
    uint64_t cost = LIMIT_REPAIR_LEAST + bytes;
    if (cost > r->work)
        return false;
    r->work -= cost;
    return true;
}

/* ---- a round ---- */

/* What is offered; or only by rules that go first. */
static void pick(const struct repair *r, struct arena *a, struct round *round, bool first)
{
    const struct lint_findings *found = &round->now->report.findings;
    vec_each (found, i) {
        const struct lint_finding *f = &found->v[i];
        if (f->fix.safety != FIX_NONE && f->fix.safety <= r->most && !f->f.ignored.n &&
            f->fix.edits.n && (f->rule->first || !first))
            *vec_push(a, &round->picks) = (struct pick){.f = f};
    }
}

/* The text with what is chosen and those of picks from to before to that do not touch it. */
static struct str edit(const struct repair *r, struct round *round, struct arena *a, size_t from,
                       size_t to)
{
    fix_begin(&round->set, a, round->now->text);
    memset(round->taken, 0, r->rules.n * sizeof *round->taken);
    round->least = SEVERITY_CRITICAL;
    for (size_t i = 0; i < to; i++) {
        struct pick *p = &round->picks.v[i];
        if (i < from && !p->chosen)
            continue;
        p->tried = fix_take(&round->set, &p->f->fix);
        if (i < from || !p->tried)
            continue;
        round->taken[number(r, p->f)]++;
        if (p->f->f.severity < round->least)
            round->least = p->f->f.severity;
    }
    return fix_apply(&round->set);
}

/* A finding that was taken is still found at its place. */
static bool one_stays(const struct repair *r, const struct round *round, struct arena *a,
                      const struct lint_findings *left, size_t from, size_t to)
{
    uint32_t *places = arena_array(a, uint32_t, left->n);
    struct key {
        uint32_t place, rule;
    } *keys = arena_array(a, struct key, to - from + left->n), *key = keys;
    struct map taken = {.a = a};
    vec_each (left, i)
        places[i] = left->v[i].place.from;
    fix_back(&round->set, places, left->n);
    for (size_t i = from; i < to; i++, key++) {
        const struct pick *p = &round->picks.v[i];
        *key = (struct key){p->f->place.from, (uint32_t)number(r, p->f)};
        if (p->tried)
            *map_at(&taken, (struct str){(const char *)key, sizeof *key}) = key;
    }
    vec_each (left, i) {
        *key = (struct key){places[i], (uint32_t)number(r, &left->v[i])};
        if (!left->v[i].f.ignored.n &&
            map_has(&taken, (struct str){(const char *)key, sizeof *key}))
            return true;
    }
    return false;
}

/* Each finding that was taken is gone, and what came is of a lower level than all of them; or it
 * has uncovered another of its rule. */
static bool is_better(const struct repair *r, const struct round *round, struct arena *a,
                      const struct state *next, size_t from, size_t to)
{
    bool sure = true;
    if (next->tally.errors > round->tally.errors)
        return false;
    map_each (&r->rules, i) {
        if (next->tally.n[i] + round->taken[i] <= round->tally.n[i])
            continue;
        if (next->tally.n[i] > round->tally.n[i] && next->tally.most[i] >= round->least)
            return false;
        sure &= !round->taken[i];
    }
    return sure || !one_stays(r, round, a, &next->report.findings, from, to);
}

static void choose(const struct repair *r, struct round *round, const struct tally *next,
                   size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        round->picks.v[i].chosen = round->picks.v[i].tried;
    memcpy(round->tally.n, next->n, r->rules.n * sizeof *next->n);
    memcpy(round->tally.most, next->most, r->rules.n * sizeof *next->most);
    round->tally.errors = next->errors;
}

/* Tries groups: twice as large after one that is good, half as large after one that is not. Then
 * *next is what the chosen ones make of now; false: work is over. */
static bool run_round(struct repair *r, struct arena *a, struct round *round, struct state *next)
{
    size_t n = round->picks.n, width = n;
    for (size_t at = 0; at < n;) {
        struct arena_mark mark = arena_mark(a);
        size_t to = width < n - at ? at + width : n;
        struct str text = edit(r, round, a, at, to);
        if (!pays(r, text.n))
            return false;
        look(r, a, text, next);
        if (is_better(r, round, a, next, at, to)) {
            choose(r, round, &next->tally, at, to);
            if (to - at == n)
                return true;
            at = to;
            width *= 2;
        } else if (width > 1)
            width /= 2;
        else
            at++;
        arena_rewind(a, mark);
    }
    look(r, a, edit(r, round, a, n, n), next);
    return true;
}

static size_t chosen(const struct picks *picks)
{
    size_t n = 0;
    vec_each (picks, i)
        n += picks->v[i].chosen;
    return n;
}

/* ---- all ---- */

static void number_rules(struct repair *r, struct arena *a)
{
    r->rules.a = a;
    for (size_t i = 0; lint_families[i]; i++)
        for (size_t k = 0; lint_families[i][k]; k++) {
            void **at = map_at(&r->rules, str_of(lint_families[i][k]->info.id));
            *at = (void *)(uintptr_t)r->rules.n;
        }
}

/* Rounds until one makes nothing. Each is done in one of two arenas while the other has the state
 * it begins from. False: work is over. */
static bool run_rounds(struct repair *r, struct arena two[2], struct state *now, size_t *made)
{
    bool first = true;
    for (int k = 0;;) {
        struct round round = {.now = now, .tally = tally_new(r, &two[k])};
        struct state next = {0};
        round.taken = arena_array(&two[k], size_t, r->rules.n);
        pick(r, &two[k], &round, first);
        choose(r, &round, &now->tally, 0, 0);
        if (round.picks.n && !run_round(r, &two[k], &round, &next))
            return false;
        if (!chosen(&round.picks)) {
            if (!first)
                return true;
            first = false;
            arena_free(&two[k]);
            continue;
        }
        *made += chosen(&round.picks);
        *now = next;
        now->report.file = &now->file;
        k = !k;
        arena_free(&two[k]);
        first = true;
    }
}

void lint_repair(struct arena *a, struct str name, struct str text, const struct lint_reading *how,
                 const struct lint_options *options, enum fix_safety most,
                 struct lint_repaired *ret)
{
    struct repair r = {
        .name = name,
        .how = how,
        .options = *options,
        .most = most,
        .work = LIMIT_REPAIR_WORK + (uint64_t)text.n * LIMIT_REPAIR_TIMES,
    };
    struct arena two[2] = {{0}, {0}};
    struct state *now = arena_new(a, struct state);
    *ret = (struct lint_repaired){.text = text};
    r.options.each = true;
    number_rules(&r, a);
    look(&r, &two[1], text, now);
    if (run_rounds(&r, two, now, &ret->n) && ret->n)
        ret->text = str_dup(a, now->text);
    else
        ret->n = 0;
    arena_free(&two[0]);
    arena_free(&two[1]);
    lint_file_read(a, name, ret->text, how, &ret->file);
    lint_check(a, &ret->file, options, NULL, &ret->left);
}
