/* Repairs of a whole file, by rules of our own, of which some do not keep what they promise. */
#include "lint/lint_repair.h"

#include <time.h>

#include "lib/tap.h"
#include "lint/lint_rule.h"

/* Each finds a word wherever it stands, and puts another in its place. */
static void find(struct lint_context *c, const char *word, const char *better,
                 enum fix_safety safety)
{
    struct str text = c->d->text;
    size_t n = strlen(word);
    for (size_t at = 0; (at += str_find_str(str_from(text, at), str_of(word))) < text.n; at += n) {
        struct span place = {(uint32_t)at, (uint32_t)(at + n)};
        struct lint_finding *f = lint_add(c, place, "%s", word);
        lint_fix(c, f, safety, "better");
        lint_edit(c, f, place, "%s", better);
    }
}

#define FINDS(name, word, better, safety)                                                          \
    static void name(struct lint_context *c)                                                       \
    {                                                                                              \
        find(c, word, better, safety);                                                             \
    }
FINDS(old, "old", "new", FIX_SAFE)
FINDS(sharp, "sharp", "blunt", FIX_UNSAFE)
FINDS(wrong, "wrong", "\nNOPE", FIX_SAFE)
FINDS(quote, "quote", "\"", FIX_SAFE)
FINDS(brings_higher, "trap", "old", FIX_SAFE)
FINDS(brings_lower, "down", "small", FIX_SAFE)
FINDS(stays, "stay", "stays", FIX_SAFE)
FINDS(grows, "more", "moremore", FIX_SAFE)
FINDS(ping, "ping", "pong", FIX_SAFE)
FINDS(pong, "pong", "ping", FIX_SAFE)
FINDS(wide, "RUN wide", "RUN slim", FIX_SAFE)
FINDS(joins, "tail\nRUN", "tail &&", FIX_SAFE)
FINDS(tail, "tail &&", "did &&", FIX_SAFE)
FINDS(tails, "tail\n", "TAIL\n", FIX_SAFE)

static void finds_small(struct lint_context *c)
{
    size_t at = str_find_str(c->d->text, STR("small"));
    if (at < c->d->text.n)
        lint_add(c, (struct span){(uint32_t)at, (uint32_t)at + 5}, "small");
}

/* Finds the first of a row only: each repair uncovers the next. */
static void uncovers(struct lint_context *c)
{
    size_t at = str_find_str(c->d->text, STR("row "));
    if (at == c->d->text.n)
        return;
    struct span place = {(uint32_t)at, (uint32_t)at + 4};
    struct lint_finding *f = lint_add(c, place, "a row");
    lint_fix(c, f, FIX_SAFE, "less");
    lint_edit(c, f, place, "%s", "");
}

/* Never comes to an end: what it takes away it puts at the end. */
static void runs(struct lint_context *c)
{
    size_t at = str_find_str(c->d->text, STR("# run\n"));
    if (at == c->d->text.n)
        return;
    struct span place = {(uint32_t)at, (uint32_t)at + 6};
    struct span end = {(uint32_t)c->d->text.n, (uint32_t)c->d->text.n};
    struct lint_finding *f = lint_add(c, place, "runs");
    lint_fix(c, f, FIX_SAFE, "runs");
    lint_edit(c, f, place, "%s", "");
    lint_edit(c, f, end, "# run\n");
}

#define RULE(name, level, hook)                                                                    \
    static const struct lint_rule rule_##name = {.info = {.id = #name, .severity = level},         \
                                                 .file_hook = hook};
RULE(old, SEVERITY_MEDIUM, old)
RULE(sharp, SEVERITY_MEDIUM, sharp)
RULE(wrong, SEVERITY_MEDIUM, wrong)
RULE(quote, SEVERITY_MEDIUM, quote)
RULE(trap, SEVERITY_LOW, brings_higher)
RULE(down, SEVERITY_MEDIUM, brings_lower)
RULE(small, SEVERITY_LOW, finds_small)
RULE(stay, SEVERITY_MEDIUM, stays)
RULE(more, SEVERITY_MEDIUM, grows)
RULE(ping, SEVERITY_MEDIUM, ping)
RULE(pong, SEVERITY_MEDIUM, pong)
RULE(wide, SEVERITY_MEDIUM, wide)
RULE(row, SEVERITY_MEDIUM, uncovers)
RULE(runs, SEVERITY_MEDIUM, runs)

RULE(tail, SEVERITY_LOW, tail)
RULE(tails, SEVERITY_MEDIUM, tails)
static const struct lint_rule rule_joins = {
    .info = {.id = "joins", .severity = SEVERITY_MEDIUM}, .first = true, .file_hook = joins};

static const struct lint_rule *const family[] = {
    &rule_old,   &rule_sharp, &rule_wrong, &rule_quote, &rule_trap,  &rule_down,
    &rule_small, &rule_stay,  &rule_more,  &rule_ping,  &rule_pong,  &rule_wide,
    &rule_row,   &rule_runs,  &rule_joins, &rule_tail,  &rule_tails, NULL,
};
const struct lint_rule *const *const lint_families[] = {family, NULL};

const struct lint_rule *lint_rule_find(struct str id)
{
    for (size_t i = 0; family[i]; i++)
        if (rule_is(&family[i]->info, id))
            return family[i];
    return NULL;
}

/* ---- cases ---- */

static const struct row {
    const char *what, *before, *after;
    size_t n;
    bool unsafe;
} rows[] = {
    {"nothing to repair", "FROM a\nRUN b\n", "FROM a\nRUN b\n", 0, false},
    {"one", "FROM a\nRUN old\n", "FROM a\nRUN new\n", 1, false},
    {"all", "FROM a\nRUN old old\nRUN old", "FROM a\nRUN new new\nRUN new", 3, false},
    {"safe ones only", "FROM a\nRUN old sharp\n", "FROM a\nRUN new sharp\n", 1, false},
    {"unsafe ones, too", "FROM a\nRUN old sharp\n", "FROM a\nRUN new blunt\n", 2, true},
    {"errors: none that was not there", "FROM a\nRUN a wrong b\n", "FROM a\nRUN a wrong b\n", 0,
     false},
    {"errors: a file that has some is repaired", "FROM\nRUN old\n", "FROM\nRUN new\n", 1, false},
    {"errors: of the script", "FROM a\nRUN echo quote\n", "FROM a\nRUN echo quote\n", 0, false},
    {"alone: others are made", "FROM a\nRUN old wrong old\nRUN quote old\nRUN wrong old\n",
     "FROM a\nRUN new wrong new\nRUN quote new\nRUN wrong new\n", 4, false},
    {"brings what is as bad", "FROM a\nRUN ping\n", "FROM a\nRUN ping\n", 0, false},
    {"brings worse", "FROM a\nRUN trap\n", "FROM a\nRUN trap\n", 0, false},
    {"brings what is less bad", "FROM a\nRUN down\n", "FROM a\nRUN small\n", 1, false},
    {"brings nothing new beside a good one", "FROM a\nRUN trap old down\n",
     "FROM a\nRUN trap new small\n", 2, false},
    {"its finding stays", "FROM a\nRUN stay old\n", "FROM a\nRUN stay new\n", 1, false},
    {"its finding grows", "FROM a\nRUN more old\n", "FROM a\nRUN more new\n", 1, false},
    {"one in the way of another waits", "FROM a\nRUN wide old\n", "FROM a\nRUN slim new\n", 2,
     false},
    {"what joins goes first, then others look", "FROM a\nRUN tail\nRUN old\nRUN tail\n",
     "FROM a\nRUN did && new\nRUN TAIL\n", 4, false},
    {"each uncovers the next", "FROM a\nRUN row row row old\n", "FROM a\nRUN new\n", 4, false},
    {"bounded: what never ends is not begun", "FROM a\n# run\nRUN old\n",
     "FROM a\n# run\nRUN old\n", 0, false},
};

static struct lint_repaired repair(struct arena *a, struct str text, struct lint_config *config,
                                   bool unsafe)
{
    struct lint_reading how = {0};
    struct lint_options options = {.config = config};
    struct lint_repaired r;
    lint_repair(a, STR("Dockerfile"), text, &how, &options, unsafe ? FIX_UNSAFE : FIX_SAFE, &r);
    return r;
}

static void check_row(const struct row *row)
{
    struct arena a = {0};
    struct lint_config config = {0};
    struct lint_repaired once = repair(&a, str_of(row->before), &config, row->unsafe);
    struct lint_repaired twice = repair(&a, once.text, &config, row->unsafe);
    is_str(once.text, row->after, "%s", row->what);
    is_int(once.n, row->n, "%s: so many", row->what);
    ok(str_eq(once.text, twice.text) && !twice.n, "%s: twice is once", row->what);
    ok(str_eq(once.file.d.text, once.text), "%s: what is left is of the result", row->what);
    arena_free(&a);
}

static void check_ignored(void)
{
    struct arena a = {0};
    struct str id = STR("old");
    struct lint_config config = {.ignored = {&id, 1}};
    struct lint_repaired r = repair(&a, STR("FROM a\nRUN old down\n"), &config, false);
    is_str(r.text, "FROM a\nRUN old small\n", "ignored findings are left");
    arena_free(&a);
}

/* Every second one must be left out: far more than can be found one by one. */
static void check_bounded(void)
{
    struct arena a = {0};
    struct lint_config config = {0};
    struct buf b = {.a = &a};
    struct timespec begin, end;
    for (int i = 0; i < 10000; i++)
        buf_addf(&b, "RUN old\nRUN wrong\n");
    clock_gettime(CLOCK_MONOTONIC, &begin);
    struct lint_repaired r = repair(&a, buf_str(&b), &config, false);
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("# %ld s, %zu repairs\n", (long)(end.tv_sec - begin.tv_sec), r.n);
    ok(str_eq(r.text, buf_str(&b)) && end.tv_sec - begin.tv_sec < 100, "bounded: by work");
    arena_free(&a);
}

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&rows[i]);
    check_ignored();
    check_bounded();
    return done_testing();
}
