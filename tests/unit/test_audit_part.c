/* test_audit_part: reports, and the parts of them that are asked for. */
#include "rules/audit_part.h"

#include "lib/tap.h"

static const struct rule_info setuid = {.id = "CIS-4.8", .cis = "4.8"}, git = {.id = "SHUCK-GIT"};

static const char ids[][33] = {
    "00000000000000000000000000000000", "11111111111111111111111111111111",
    "22222222222222222222222222222222", "33333333333333333333333333333333"};

static void add(struct arena *a, struct audit_report *r, size_t id, const struct rule_info *rule,
                enum severity severity, bool inherited)
{
    *vec_push(a, &r->findings) = (struct finding){.rule = rule,
                                                  .severity = severity,
                                                  .inherited = inherited,
                                                  .identity = str_of(ids[id]),
                                                  .count = 1};
}

/* Two of CIS-4.8, one of our own, a check that passes. */
static struct audit_report made(struct arena *a)
{
    static const struct rule_info pass = {.id = "CIS-4.9", .cis = "4.9"};
    struct audit_report r = {0};
    add(a, &r, 0, &setuid, SEVERITY_HIGH, false);
    add(a, &r, 1, &setuid, SEVERITY_LOW, true);
    add(a, &r, 2, &git, SEVERITY_MEDIUM, false);
    *vec_push(a, &r.checks) = (struct check){&setuid, CHECK_FAIL, {0}, 0, 2};
    *vec_push(a, &r.checks) = (struct check){&pass, CHECK_PASS, STR("all"), 2, 0};
    *vec_push(a, &r.checks) = (struct check){&git, CHECK_FAIL, {0}, 2, 1};
    rules_count(&r);
    return r;
}

static void test_counts(struct arena *a)
{
    struct audit_report r = made(a);
    is_int(rules_found(&r.counts), 3, "counts: all findings");
    is_int(r.counts.inherited, 1, "counts: one came with the base");
    is_int(r.counts.by_status[CHECK_FAIL], 2, "counts: two checks fail");
    rules_only_cis(a, &r);
    ok(r.benchmark && r.checks.n == 2 && r.findings.n == 2, "counts: only items of the benchmark");
    is_int(rules_found(&r.counts), 2, "counts: what is kept");
    struct audit_threshold t = {.by_severity = true, .severity = SEVERITY_MEDIUM};
    ok(rules_over(&r, &t), "counts: over the threshold");
}

static struct str baseline(struct arena *a, const char *findings)
{
    return str_fmt(a, "{\"schema_version\":1,\"since\":null,\"findings\":[%s]}", findings);
}

static void test_hidden(struct arena *a)
{
    struct err e = {0};
    struct audit_report r = made(a);
    struct audit_baseline b;
    struct str text =
        baseline(a, "{\"rule\":\"CIS-4.8\",\"identity\":\"00000000000000000000000000000000\"},"
                    "{\"rule\":\"SHUCK-GIT\",\"identity\":\"22222222222222222222222222222222\"},"
                    "{\"rule\":\"OTHER\",\"identity\":\"aaaa2222222222222222222222222222\"},"
                    "{\"rule\":\"SHUCK-GIT\",\"identity\":\"33333333333333333333333333333333\"}");
    ok(rules_baseline_read(text, STR("b.json"), a, &b, &e) == 0, "a baseline is read");
    rules_since(a, &b, &r);
    is_int(r.findings.n, 1, "hidden: all but one");
    is_int(r.since.known, 2, "hidden: two");
    is_int(r.since.resolved, 1, "one is gone, of a rule that was run");
    ok(r.checks.v[0].status == CHECK_FAIL && r.checks.v[0].n == 1, "the new one fails its check");
    ok(r.checks.v[2].status == CHECK_KNOWN && !r.checks.v[2].n, "hidden: the check is known");
    is_str(r.checks.v[2].evidence, "1 finding, all of the baseline", "hidden: and says so");
    ok(r.checks.v[1].status == CHECK_PASS, "what passed passes");
    struct audit_threshold t = {.by_severity = true, .severity = SEVERITY_MEDIUM};
    ok(!rules_over(&r, &t), "hidden: what is known reaches no threshold");
}

static const struct {
    const char *text, *says;
} refused[] = {
    {"", "b.json: line 1 column 0"},
    {"{\"a\":\n1,,}", "b.json: line 2 column"},
    {"[]", "b.json: line 1: is no object"},
    {"{}", "b.json: schema_version: is no number"},
    {"{\"schema_version\":1}", "b.json: findings: is no list"},
    {"{\"schema_version\":1,\"findings\":[1]}", "b.json: findings[0]: is no object"},
    {"{\"schema_version\":1,\"findings\":[{\"rule\":\"x\"}]}",
     "b.json: findings[0]: has no identity, or no rule"},
    {"{\"schema_version\":1,\"findings\":[{\"rule\":1}]}", "b.json: findings[0]: \"rule\""},
    {"{\"schema_version\":1,\"findings\":[],\"since\":{}}", "b.json: since: it was made with"},
};

int main(void)
{
    struct arena a = {0};
    test_counts(&a);
    test_hidden(&a);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct err e = {0};
        struct audit_baseline b;
        is_err(rules_baseline_read(str_of(refused[i].text), STR("b.json"), &a, &b, &e), e,
               ERR_INPUT, refused[i].says, "refused: %s", refused[i].says);
    }
    arena_free(&a);
    return done_testing();
}
