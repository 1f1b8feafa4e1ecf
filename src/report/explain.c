/* explain: entries → the pages of `shuck explain`, docs/rules.md among them.
 *
 * Invariants
 * 1. docs/rules.md and docs/moves.md are what `shuck explain --all --kind rule` (and move)
 * `--format markdown` prints. (tests/docs.t)
 */
#include "report/explain.h"

#include "base/buf.h"
#include "base/json.h"
#include "report/fill.h"

static void add_property(struct arena *a, struct explain_entry *e, const char *key,
                         struct str value)
{
    struct str_pair *v = arena_array(a, struct str_pair, e->properties.n + 1);
    if (e->properties.n)
        memcpy(v, e->properties.v, e->properties.n * sizeof *v);
    v[e->properties.n] = (struct str_pair){str_of(key), value};
    e->properties = (struct str_pairs){v, e->properties.n + 1};
}

struct explain_entry explain_rule(struct arena *a, const struct rule_info *rule)
{
    struct explain_entry e = {
        .id = str_of(rule->id),
        .title = str_of(rule->title),
        .kind = STR("rule"),
        .aliases = rule_aliases(a, rule),
        .why = str_of(rule->why),
        .remedy = str_of(rule->remedy),
        .example = str_of(rule->example),
    };
    add_property(a, &e, "Severity", str_of(severity_name(rule->severity)));
    if (rule->cis)
        add_property(a, &e, "CIS Docker Benchmark", str_of(rule->cis));
    return e;
}

struct explain_entry explain_lint(struct arena *a, const struct lint_rule *rule)
{
    struct explain_entry e = {
        .id = str_of(rule->info.id),
        .title = str_of(rule->info.title),
        .kind = STR("lint"),
        .aliases = rule_aliases(a, &rule->info),
        .why = str_of(rule->info.why),
        .remedy = str_of(rule->info.remedy),
        .example = str_of(rule->info.example),
    };
    add_property(a, &e, "Looks at", STR("Dockerfiles"));
    add_property(a, &e, "Level", str_of(lint_level_name(rule->info.severity)));
    if (rule->info.cis)
        add_property(a, &e, "CIS Docker Benchmark", str_of(rule->info.cis));
    if (rule->image)
        add_property(a, &e, "In a build stage", STR("one level less"));
    if (rule->repairs != FIX_NONE)
        add_property(a, &e, "Repaired by",
                     rule->repairs == FIX_SAFE ? STR("--fix") : STR("--fix --unsafe"));
    if (rule->off)
        add_property(a, &e, "Only", STR("on request"));
    if (rule->ours)
        add_property(a, &e, "hadolint", STR("does not have it"));
    return e;
}

struct explain_entry explain_move(struct arena *a, const struct prove_move *move)
{
    struct explain_entry e = {
        .id = str_of(move->id),
        .title = str_of(move->title),
        .kind = STR("move"),
        .why = str_of(move->why),
        .how = str_of(move->how),
        .remedy = str_of(move->remedy),
        .example = str_fmt(a, "shuck prove IMAGE --move %s", move->id),
    };
    struct buf techniques = {.a = a}, steps = {.a = a};
    for (size_t i = 0; i < 2 && move->technique[i]; i++)
        buf_addf(&techniques, "%s%s", i ? ", " : "", move->technique[i]);
    for (size_t i = 0; i < 3 && move->stopped_by[i] != STEP_NONE; i++)
        buf_addf(&steps, "%s%s", i ? ", " : "", prove_step_name(move->stopped_by[i]));
    if (techniques.n)
        add_property(a, &e, "ATT&CK", buf_str(&techniques));
    add_property(a, &e, "Grade while it succeeds", str_of(prove_grade_name(move->grade)));
    if (steps.n)
        add_property(a, &e, "Stopped by", buf_str(&steps));
    return e;
}

static struct str joined(struct arena *a, struct strs list)
{
    struct buf b = {.a = a};
    for (size_t i = 0; i < list.n; i++)
        buf_addf(&b, "%s" STR_F, i ? ", " : "", STR_A(list.v[i]));
    return buf_str(&b);
}

/* Every line of it stands as code. */
static void add_example(struct buf *b, struct str example)
{
    struct str line;
    if (example.n)
        buf_addc(b, '\n');
    while (str_line(&example, &line))
        buf_addf(b, "    " STR_F "\n", STR_A(line));
}

static void add_text(struct buf *b, struct arena *a, const struct explain_entry *e)
{
    enum { INDENT = 2, WIDTH = 90 };
    buf_addf(b, STR_F "  " STR_F "\n\n", STR_A(e->id), STR_A(e->title));
    for (size_t i = 0; i < e->properties.n; i++)
        buf_addf(b, "  " STR_F ": " STR_F "\n", STR_A(e->properties.v[i].key),
                 STR_A(e->properties.v[i].value));
    if (e->aliases.n)
        buf_addf(b, "  Elsewhere: " STR_F "\n", STR_A(joined(a, e->aliases)));
    buf_addz(b, "\nWhy\n");
    report_fill(b, e->why, 0, INDENT, WIDTH);
    if (e->how.n) {
        buf_addz(b, "\nWhat is tried\n");
        report_fill(b, e->how, 0, INDENT, WIDTH);
    }
    if (e->remedy.n) {
        buf_addz(b, "\nWhat to do\n");
        report_fill(b, e->remedy, 0, INDENT, WIDTH);
    }
    add_example(b, e->example);
}

static void add_markdown(struct buf *b, struct arena *a, const struct explain_entry *e)
{
    enum { WIDTH = 100 };
    buf_addf(b, "## " STR_F ": " STR_F "\n\n", STR_A(e->id), STR_A(e->title));
    for (size_t i = 0; i < e->properties.n; i++)
        buf_addf(b, "%s" STR_F ": " STR_F, i ? " · " : "", STR_A(e->properties.v[i].key),
                 STR_A(e->properties.v[i].value));
    if (e->aliases.n)
        buf_addf(b, " · Elsewhere: " STR_F, STR_A(joined(a, e->aliases)));
    buf_addz(b, "\n\n");
    report_fill(b, e->why, 0, 0, WIDTH);
    if (e->how.n) {
        buf_addc(b, '\n');
        report_fill(b, str_fmt(a, "**What is tried.** " STR_F, STR_A(e->how)), 0, 0, WIDTH);
    }
    if (e->remedy.n) {
        buf_addc(b, '\n');
        report_fill(b, str_fmt(a, "**What to do.** " STR_F, STR_A(e->remedy)), 0, 0, WIDTH);
    }
    add_example(b, e->example);
}

static json_t *entry_json(const struct explain_entry *e)
{
    json_t *j = json_object(), *aliases = json_array(), *properties = json_object();
    for (size_t i = 0; i < e->aliases.n; i++)
        json_array_append_new(aliases, json_text(e->aliases.v[i]));
    for (size_t i = 0; i < e->properties.n; i++)
        json_object_setn_new(properties, e->properties.v[i].key.p, e->properties.v[i].key.n,
                             json_text(e->properties.v[i].value));
    json_object_set_new(j, "id", json_text(e->id));
    json_object_set_new(j, "kind", json_text(e->kind));
    json_object_set_new(j, "title", json_text(e->title));
    json_object_set_new(j, "aliases", aliases);
    json_object_set_new(j, "properties", properties);
    json_object_set_new(j, "why", json_text(e->why));
    json_object_set_new(j, "how", e->how.n ? json_text(e->how) : json_null());
    json_object_set_new(j, "remedy", json_text(e->remedy));
    json_object_set_new(j, "example", e->example.n ? json_text(e->example) : json_null());
    return j;
}

struct str report_explain(struct arena *a, const struct explain_entry *entries, size_t n,
                          enum explain_format format)
{
    struct buf b = {.a = a};
    if (format == EXPLAIN_JSON) {
        JSON_AUTO json_t *list = json_array();
        for (size_t i = 0; i < n; i++)
            json_array_append_new(list, entry_json(&entries[i]));
        buf_add(&b, json_show(a, list, 2));
        buf_addc(&b, '\n');
        return buf_str(&b);
    }
    if (format == EXPLAIN_MARKDOWN && n > 1)
        buf_addz(&b,
                 "# What shuck explains\n\nMade from the program's own constants by `shuck explain "
                 "--all --format markdown`.\n\n");
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_addz(&b, format == EXPLAIN_MARKDOWN ? "\n" : "\n\n");
        (format == EXPLAIN_MARKDOWN ? add_markdown : add_text)(&b, a, &entries[i]);
    }
    return buf_str(&b);
}
