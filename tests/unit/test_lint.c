/* What becomes of findings: their order, place and level, by options and configuration. The rules
 * are those about pip: DL3013 finds each package, DL3042 each install. */
#include "base/buf.h"
#include "base/limits.h"
#include "lib/tap.h"
#include "lint/lint_rule.h"

static const char text[] = "FROM python:3.12 AS build\n"
                           "RUN pip install a b && \\\n"
                           "    pip install c\n"
                           "FROM python:3.12\n"
                           "ONBUILD RUN pip install d\n";

static struct lint_report check(struct arena *a, const struct lint_options *options,
                                const struct lint_findings *more)
{
    struct lint_reading how = {.compat = options->compat};
    struct lint_file *file = arena_new(a, struct lint_file);
    struct lint_report report;
    lint_file_read(a, STR("Dockerfile"), str_of(text), &how, file);
    lint_check(a, file, options, more, &report);
    return report;
}

/* "DL3013 2:17 warning", the step, - for a lower level, (why) for an ignored one */
static struct str shown(struct arena *a, const struct lint_report *r)
{
    struct buf b = {.a = a};
    vec_each (&r->findings, i) {
        const struct lint_finding *f = &r->findings.v[i];
        buf_addf(&b, "%s%s %u:%u %s", i ? ", " : "", f->f.rule->id, f->f.where.line,
                 f->f.where.column, lint_level_name(f->f.severity));
        if (f->build_stage)
            buf_addz(&b, "-");
        if (f->f.ignored.n)
            buf_addf(&b, "(" STR_F ")", STR_A(f->f.ignored));
    }
    return buf_str(&b);
}

static struct str both[] = {STR_INIT("DL3013"), STR_INIT("DL3042")};
static const struct strs pip = {both, 2};

static void test_order(struct arena *a)
{
    static const struct rule_info other = {.id = "SC2086", .severity = SEVERITY_LOW};
    struct lint_options options = {.only = pip};
    struct lint_report r = check(a, &options, NULL);
    is_str(shown(a, &r),
           "DL3042 2:5 info-, DL3013 2:17 warning, DL3013 2:19 warning, DL3042 3:5 info-, "
           "DL3013 3:17 warning, DL3042 5:13 warning, DL3013 5:25 warning",
           "order: by place, lower in a build stage where it is about the image");
    is_int(r.findings.v[3].step, 1, "order: each knows its step");
    is_int(r.findings.v[6].f.where.end_column, 26, "order: and where it ends");

    struct lint_findings more = {0};
    for (int i = 0; i < 3; i++)
        *vec_push(a, &more) = (struct lint_finding){
            .f = {.rule = &other, .severity = SEVERITY_LOW, .evidence = STR("quotes")},
            .place = {.from = i == 1 ? 43 : 37, .to = 44},
            .step = LINT_NO_STEP};
    options.only = (struct strs){both, 1};
    r = check(a, &options, &more);
    is_str(shown(a, &r),
           "SC2086 2:12 info, DL3013 2:17 warning, SC2086 2:18 info, DL3013 2:19 warning, "
           "DL3013 3:17 warning, DL3013 5:25 warning",
           "order: what comes from elsewhere is among them, each once");
    is_int(r.findings.v[0].step, 1, "order: and in its step");
}

static void test_compat(struct arena *a)
{
    struct lint_options options = {.only = pip, .compat = true};
    struct lint_report r = check(a, &options, NULL);
    is_str(shown(a, &r),
           "DL3013 2:1 warning, DL3042 2:1 warning, DL3013 5:1 warning, DL3042 5:1 warning",
           "compat: at the instruction, once, at the rule's own level");
}

static void test_only(struct arena *a)
{
    struct str none[] = {STR_INIT("DL9999")};
    struct lint_options options = {.only = {both + 1, 1}};
    struct lint_report r = check(a, &options, NULL);
    is_str(shown(a, &r), "DL3042 2:5 info-, DL3042 3:5 info-, DL3042 5:13 warning",
           "only: a rule by its id");
    options.only = (struct strs){none, 1};
    r = check(a, &options, NULL);
    is_int(r.findings.n, 0, "only: no rule");
    options.only = (struct strs){0};
    r = check(a, &options, NULL);
    ok(r.findings.n >= 7, "only: none asked for is all");
}

static void test_overrides(struct arena *a)
{
    struct str ignored[] = {STR_INIT("DL3042")};
    struct lint_override list[] = {{STR_INIT("DL3013"), SEVERITY_INFO, false},
                                   {STR_INIT("DL3042"), SEVERITY_HIGH, false}};
    struct lint_config config = {.overrides = {list, 2}};
    struct lint_options options = {.config = &config, .only = pip};
    struct lint_report r = check(a, &options, NULL);
    ok(str_starts(shown(a, &r), STR("DL3042 2:5 error, ")) &&
           str_has(shown(a, &r), STR("DL3013 2:17 style")),
       "overrides: levels");
    list[0].off = true;
    r = check(a, &options, NULL);
    ok(r.findings.n == 3 && !str_has(shown(a, &r), STR("DL3013")), "overrides: a rule is off");
    config = (struct lint_config){.ignored = {ignored, 1}};
    r = check(a, &options, NULL);
    is_str(shown(a, &r),
           "DL3042 2:5 info-(config), DL3013 2:17 warning, DL3013 2:19 warning, "
           "DL3042 3:5 info-(config), DL3013 3:17 warning, DL3042 5:13 warning(config), "
           "DL3013 5:25 warning",
           "overrides: ignored ones are still there");
}

static void test_off(struct arena *a)
{
    const struct lint_rule *rule = NULL;
    for (size_t i = 0; lint_families[i] && !rule; i++)
        for (size_t k = 0; lint_families[i][k] && !rule; k++)
            if (lint_families[i][k]->off)
                rule = lint_families[i][k];
    if (!rule)
        return;
    ok(lint_rule_find(str_of(rule->info.id)) == rule, "off: %s is found by its id", rule->info.id);
    struct str id[] = {str_of(rule->info.id)};
    struct lint_options options = {.only = {id, 1}};
    struct lint_report r = check(a, &options, NULL);
    is_int(r.findings.n, 0, "off: unless it is asked for");
}

static void test_levels(void)
{
    enum severity s = SEVERITY_CRITICAL;
    bool off;
    ok(lint_level_parse(STR("warning"), &s, &off) && s == SEVERITY_MEDIUM && !off,
       "levels: warning is medium");
    ok(lint_level_parse(STR("none"), &s, &off) && off, "levels: none is off");
    ok(!lint_level_parse(STR("Warning"), &s, &off), "levels: another");
    is_str(str_of(lint_level_name(SEVERITY_CRITICAL)), "error", "levels: critical is an error");
}

static void test_lists(void)
{
    ok(lint_lists(" a bc ", STR("bc")) && lint_lists(" a bc ", STR("a")), "lists: whole words");
    ok(!lint_lists(" a bc ", STR("b")) && !lint_lists(" a bc ", STR("c")) &&
           !lint_lists(" a bc ", STR("a bc")) && !lint_lists(" a bc ", STR("")) &&
           !lint_lists("", STR("a")),
       "lists: nothing else");
    ok(!lint_lists(" a bc ", ((struct str){"bc \0x", 5})), "lists: nor any bytes");
}

/* One file with one more than a rule may find, and three. */
static void test_many(struct arena *a)
{
    static struct str one[] = {STR_INIT("DL3003")};
    struct lint_options options = {.only = {one, 1}};
    struct lint_report r;
    struct lint_file file;
    for (int more = 0; more <= 3; more++) {
        struct buf b = {.a = a};
        buf_addz(&b, "FROM debian:12\n");
        for (int i = 0; i < LIMIT_LINT_FINDINGS + more; i++)
            buf_addz(&b, "RUN cd x && y\n");
        lint_file_read(a, STR("Dockerfile"), buf_str(&b), &(struct lint_reading){0}, &file);
        lint_check(a, &file, &options, NULL, &r);
        struct str last = r.findings.v[r.findings.n - 1].f.evidence;
        is_int(r.findings.n, LIMIT_LINT_FINDINGS + (more > 0), "many: %d more", more);
        is_int(str_has(last, STR("; more than 10000 findings of a rule are not shown")), more > 0,
               "many: said when there are");
    }
}

int main(void)
{
    struct arena a = {0};
    test_order(&a);
    test_compat(&a);
    test_only(&a);
    test_overrides(&a);
    test_off(&a);
    test_levels();
    test_lists();
    test_many(&a);
    arena_free(&a);
    return done_testing();
}
