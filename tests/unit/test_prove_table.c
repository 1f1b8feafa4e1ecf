/* test_prove_table: reports → what people and programs read. */
#include "report/prove_table.h"

#include "lib/tap.h"
#include "prove/verdict.h"

static struct prove_report report(struct arena *a, const char *image, const char *const *ids,
                                  size_t n, enum prove_verdict v)
{
    struct prove_report r = {.image = str_of(image),
                             .platform = STR("linux/amd64"),
                             .user = STR("0:0"),
                             .runtime = STR("crun 1"),
                             .ms = 1500};
    r.results = arena_array(a, struct prove_result, n);
    for (size_t i = 0; i < n; i++)
        r.results[r.n_results++] = (struct prove_result){.move = prove_move_find(str_of(ids[i])),
                                                         .permissive = v,
                                                         .restricted = VERDICT_BLOCKED,
                                                         .evidence = STR("saw \033[31mred"),
                                                         .credit = "runtime"};
    prove_grade(&r);
    return r;
}

static const char *const two[] = {"x.ls", "x.sh"}, *const other[] = {"x.sh", "r.env"};

static void test_pairs(void)
{
    struct arena a = {0};
    struct prove_report before = report(&a, "fat", two, 2, VERDICT_SUCCEEDED),
                        after = report(&a, "thin", other, 2, VERDICT_BLOCKED);
    struct str text = report_prove_table(&a, &before, &after, false);
    ok(str_has(text, STR("  x.ls        run ls                                       succeeded\n")),
       "pairs: only before");
    ok(str_has(text, STR("  x.sh        run a shell                                  succeeded     "
                         "blocked       blocked\n")),
       "pairs: both");
    ok(str_has(text, STR("  r.env       read secrets from the environment                          "
                         "blocked       blocked\n")),
       "pairs: only after");
    ok(str_has(text,
               STR("  C, held down by x.ls, x.sh\n    replay: shuck prove fat --move x.ls\n")),
       "what holds the grade down, and how to see it again");
    ok(str_has(text, STR("before fat: 2 succeeded, 0 blocked")), "counts");
    ok(!str_has(text, STR(" \n")), "no blanks at the ends of lines");
    arena_free(&a);
}

static void test_at_best(void)
{
    struct arena a = {0};
    struct prove_report r = report(&a, "thin", other, 2, VERDICT_BLOCKED);
    struct str text = report_prove_table(&a, NULL, &r, false);
    ok(!str_has(text, STR("at best")), "at best: not when everything is known");
    r.results[1].permissive = VERDICT_INCONCLUSIVE;
    prove_grade(&r);
    text = report_prove_table(&a, NULL, &r, false);
    ok(str_has(text, STR("  A+ at best: inconclusive are r.env\n")), "at best: when one is not");
    ok(!str_has(text, STR("restricted at best")), "at best: of that column only");
    r.results[0].permissive = r.results[0].restricted = VERDICT_SUCCEEDED;
    r.results[1].restricted = VERDICT_INCONCLUSIVE;
    prove_grade(&r);
    text = report_prove_table(&a, NULL, &r, false);
    ok(str_has(text,
               STR("  C at best: inconclusive are r.env\n  C restricted, held down by x.sh\n")),
       "at best: under what holds it down");
    arena_free(&a);
}

static void test_safe(void)
{
    struct arena a = {0};
    struct prove_report r = report(&a, "evil\033]0;x\a", two, 2, VERDICT_SUCCEEDED);
    struct str text = report_prove_table(&a, NULL, &r, false);
    ok(str_find(text, '\033') == text.n && str_find(text, '\a') == text.n, "safe: the table");
    text = report_prove_details(&a, &r, false);
    ok(str_find(text, '\033') == text.n && str_has(text, STR("saw \\x1b[31mred")),
       "safe: the details");
    text = report_prove_table(&a, NULL, &r, true);
    ok(str_has(text, STR("\033[31msucceeded     \033[0m")), "colour when asked for");
    arena_free(&a);
}

static void test_json(void)
{
    struct arena a = {0};
    struct err e = {0};
    struct prove_report r = report(&a, "thin", other, 2, VERDICT_BLOCKED), back;
    json_t *value JSON_AUTO = NULL;
    ok(!json_read(report_prove_json(&a, NULL, &r), &value, &e), "JSON is read strictly");
    ok(json_is_null(json_object_get(value, "before")), "no baseline is null");
    ok(!prove_from_json(json_object_get(value, "after"), &a, &back, &e) && back.n_results == 2,
       "the report is in it");
    arena_free(&a);
}

int main(void)
{
    test_pairs();
    test_at_best();
    test_safe();
    test_json();
    return done_testing();
}
