/* explain: why a rule or an attack move matters, and what to do about it. */
#include "cli/command.h"
#include "prove/prove.h"
#include "report/explain.h"
#include "rules/rule.h"

struct values {
    struct str format, kind, output;
    bool all;
};

static const struct option_spec options[] = {
    {"all", 0, OPTION_FLAG, offsetof(struct values, all), NULL, "every rule and every move", NULL},
    {"format", 'f', OPTION_STR, offsetof(struct values, format), "FORMAT", "how to print it",
     "text|markdown|json"},
    {"kind", 'k', OPTION_STR, offsetof(struct values, kind), "KIND", "with --all: only these",
     "rule|move"},
    {"output", 'o', OPTION_STR, offsetof(struct values, output), "FILE",
     "write there instead of to standard output", NULL},
};

struct entries VEC(struct explain_entry);

static int by_id(const void *a, const void *b)
{
    const struct explain_entry *x = a, *y = b;
    return str_cmp(x->id, y->id);
}

static void add_lint(struct arena *a, struct entries *list)
{
    size_t first = list->n;
    for (size_t i = 0; lint_families[i]; i++)
        for (size_t k = 0; lint_families[i][k]; k++)
            *vec_push(a, list) = explain_lint(a, lint_families[i][k]);
    qsort(list->v + first, list->n - first, sizeof *list->v, by_id);
}

/* Of images, of Dockerfiles by id, moves. */
static void add_all(struct arena *a, struct str kind, struct entries *list)
{
    for (size_t i = 0; rules_all[i] && !str_is(kind, "move"); i++)
        *vec_push(a, list) = explain_rule(a, &rules_all[i]->info);
    if (!str_is(kind, "move"))
        add_lint(a, list);
    for (size_t i = 0; i < prove_n_moves && !str_is(kind, "rule"); i++)
        *vec_push(a, list) = explain_move(a, &prove_moves[i]);
}

/* CIS-4.10, by its own id or the benchmark's number. */
static bool has_id(const struct explain_entry *e, struct str id)
{
    static const struct str benchmark = STR_INIT("CIS-");
    return str_eq_case(e->id, id) ||
           (str_starts(e->id, benchmark) && str_eq(str_from(e->id, benchmark.n), id));
}

static bool has_alias(const struct explain_entry *e, struct str id)
{
    for (size_t i = 0; i < e->aliases.n; i++)
        if (rule_id_is(e->aliases.v[i], id))
            return true;
    return false;
}

/* What has this id; else what has it elsewhere: a rule of images and some of Dockerfiles. */
static int add_named(struct arena *a, struct str id, struct entries *list, struct err *e)
{
    struct entries all = {0};
    size_t had = list->n;
    add_all(a, (struct str){0}, &all);
    vec_each (&all, i)
        if (has_id(&all.v[i], id))
            *vec_push(a, list) = all.v[i];
    for (size_t i = 0, exact = list->n; i < all.n && exact == had; i++)
        if (has_alias(&all.v[i], id))
            *vec_push(a, list) = all.v[i];
    if (list->n > had)
        return 0;
    if (str_starts_case(id, STR("SC")) && lint_rule_may_be(id))
        return err_set(e, ERR_USAGE, STR_F " is ShellCheck's, whose wiki explains it", STR_A(id));
    return err_set(e, ERR_USAGE,
                   "no rule or move \"" STR_F "\"; shuck explain without an id lists them",
                   STR_A(id));
}

/* One line each. */
static struct str overview(struct arena *a, const struct entries *list)
{
    struct str text = {0};
    vec_each (list, i)
        text = str_fmt(a, STR_F "%-22.*s " STR_F "\n", STR_A(text), STR_A(list->v[i].id),
                       STR_A(list->v[i].title));
    return text;
}

static int run(struct cli *cli, void *values, struct strs arguments, struct err *e)
{
    const struct values *v = values;
    struct entries list = {0};
    bool brief = !v->all && !arguments.n && !v->format.n;
    if (v->all && arguments.n)
        return err_set(e, ERR_USAGE, "--all explains everything; leave \"" STR_F "\" out",
                       STR_A(arguments.v[0]));
    for (size_t i = 0; i < arguments.n; i++)
        if (add_named(cli->a, arguments.v[i], &list, e))
            return -1;
    if (!arguments.n)
        add_all(cli->a, v->kind, &list);
    enum explain_format format = str_is(v->format, "json")       ? EXPLAIN_JSON
                                 : str_is(v->format, "markdown") ? EXPLAIN_MARKDOWN
                                                                 : EXPLAIN_TEXT;
    struct str text =
        brief ? overview(cli->a, &list) : report_explain(cli->a, list.v, list.n, format);
    return command_output(cli, v->output, text, e);
}

const struct command cmd_explain = {
    .name = "explain",
    .arguments = "[ID…]",
    .summary = "Say why a rule or an attack move matters, and what to do",
    .details =
        "An id is that of a rule for images (CIS-4.1, or 4.1) or for Dockerfiles (DL3008), of the "
        "same check\n"
        "in another tool (CIS-DI-0001, DS002, StageNameCasing), or of a move (x.sh). Without one,\n"
        "they are listed.",
    .example = "shuck explain CIS-4.8",
    OPTIONS(options),
    .values_size = sizeof(struct values),
    .max_arguments = 64,
    .run = run,
};
