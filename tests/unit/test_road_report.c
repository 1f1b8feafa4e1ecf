/* test_road_report: a road_report made by hand, or of a small image → the table, the page, JSON. */
#include "base/json.h"
#include "lib/roadcase.h"
#include "report/html.h"
#include "report/road_report.h"

static struct arena arena;
static struct prove_result was_results[64], is_results[64];
static struct prove_report was_prove = {.results = was_results, .grade = GRADE_E};
static struct prove_report is_prove = {
    .results = is_results, .grade = GRADE_D, .restricted_grade = GRADE_B};

/* Every move worked before; what is called x.… is blocked after. */
static void fill_moves(void)
{
    for (size_t i = 0; i < prove_n_moves; i++) {
        bool run = prove_moves[i].id[0] == 'x';
        was_results[i] = (struct prove_result){.move = &prove_moves[i],
                                               .permissive = VERDICT_SUCCEEDED,
                                               .evidence = STR("</span><script>was")};
        is_results[i] = was_results[i];
        if (run) {
            is_results[i].permissive = VERDICT_BLOCKED;
            is_results[i].evidence = STR("exec: \"ls\": not found");
        }
    }
    was_prove.n_results = is_prove.n_results = prove_n_moves;
}

static size_t count(struct str text, const char *word)
{
    size_t n = 0, at;
    while ((at = str_find_str(text, str_of(word))) < text.n) {
        text = str_from(text, at + 1);
        n++;
    }
    return n;
}

static struct road_report report(struct harden_plan *plan)
{
    plan->keep.nodes.a = &arena;
    return (struct road_report){
        .before = {.name = STR("fat<b>.tar"), .files = 100, .bytes = 5000, .prove = &was_prove},
        .after = {.name = STR("small\033[2J.tar"), .files = 1, .bytes = 7, .prove = &is_prove},
        .plan = plan};
}

static void table(void)
{
    struct harden_plan plan = {0};
    struct road_report r = report(&plan);
    for (size_t i = 0; i < 9; i++)
        *vec_push(&arena, &plan.remedies) = (struct harden_remedy){
            REMEDY_GROUP0, str_fmt(&arena, "/f%zu\033: group 4 \xe2\x86\x92 0", i)};
    *vec_push(&arena, &plan.remedies) = (struct harden_remedy){REMEDY_USER, STR("USER root")};
    struct str text = report_road_table(&arena, &r, false);
    ok(!str_has(text, STR("\033")), "terminal: no escape of an image gets there");
    ok(str_has(text, STR("/f4")) && !str_has(text, STR("/f5")), "the first five of a kind");
    ok(str_has(text, STR("and 4 more changes")), "the rest is counted");
    ok(str_has(text, STR("USER root")), "another kind is still shown");
}

static void page(void)
{
    struct harden_plan plan = {0};
    struct road_report r = report(&plan);
    struct str text = report_road_html(&arena, &r);
    ok(!str_has(text, STR("<script")) && !str_has(text, STR("fat<b>")), "escaped");
    ok(!str_has(text, STR("http")) && !str_has(text, STR("url(")), "alone: it names no address");
    ok(str_has(text, STR("1 of 100 files is left, and the program behaves the same.")), "summary");
    size_t run = 0;
    for (size_t i = 0; i < prove_n_moves; i++)
        run += prove_moves[i].id[0] == 'x';
    ok(str_has(text,
               str_fmt(&arena, "%zu of the %zu attack moves that worked", run, prove_n_moves)),
       "summary: moves");
    ok(str_has(text, str_fmt(&arena, "%zu of %zu that worked are blocked", run, run)),
       "a group says how many of its moves are blocked");
    is_int(count(text, "rowgroup"),
           count(text, "that worked are blocked") + count(text, "that worked is blocked"),
           "each group once");
    is_int(count(text, "exec: &quot;ls&quot;"), run, "what changed is told");
    is_int(count(text, "script&gt;was"), prove_n_moves, "what stayed is told once");
    struct str doubt = STR("times");
    r.doubts = (struct strs){&doubt, 1};
    ok(str_has(report_road_html(&arena, &r), STR("the same as far as could be compared")),
       "summary: doubts");
}

static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < ' ' && text.p[i] != '\n')
            return false;
    return !str_has(text, STR("\x7f")) && !str_has(text, STR("\xe2\x80\xae"));
}

static void test_terminal(void)
{
    struct roadcase r;
    roadcase_open(&r, &arena, STR("evil\033]0;x\a\033[31m\r\n\x7f\xe2\x80\xae\xff"), 3);
    struct str text = report_road_table(&arena, &r.report, false);
    ok(is_plain(text), "terminal: nothing of an image acts on it");
    ok(str_has(text, STR("evil\\x1b]0;x\\x07")), "terminal: but all of it is shown");
    ok(str_has(text, STR("\n  But evil")), "what was not compared is said");
    struct str color = report_road_table(&arena, &r.report, true);
    ok(!str_has(color, STR("\033]0")) && !str_has(color, STR("evil\033")),
       "terminal: nor in colour");
    roadcase_close(&r);
}

static void test_cut(void)
{
    struct roadcase r;
    roadcase_open(&r, &arena, STR("plain"), 3);
    r.show.was = STR("1\n2\n3\n4\n5\n6\n");
    r.show.is = STR("");
    struct str text = report_road_table(&arena, &r.report, false);
    ok(str_has(text, STR("         6\n  after  (nothing)\n")), "cut: six lines are not cut");
    r.show.was = STR("1\n2\n3\n4\n5\n6\n7\n");
    text = report_road_table(&arena, &r.report, false);
    ok(str_has(text, STR("         6\n         \xe2\x80\xa6\n")) &&
           !str_has(text, STR("         7\n")),
       "cut: of seven six are shown, and that there is more");
    char *big = arena_alloc(&arena, 300);
    memset(big, 'y', 300);
    r.show.was = (struct str){big, 300};
    text = report_road_table(&arena, &r.report, false);
    ok(str_has(text, STR("yyyy\xe2\x80\xa6\n")), "cut: a long line says so");
    roadcase_close(&r);
}

static void test_json(void)
{
    struct roadcase r;
    struct err e = {0};
    roadcase_open(&r, &arena, STR("evil\033\xff\""), 3);
    JSON_AUTO json_t *j = NULL, *bare = NULL;
    ok(!json_read(report_road_json(&arena, &r.report), &j, &e), "json: any bytes become JSON");
    is_int((long)json_array_size(json_object_get(j, "doubts")), 1, "json: doubts");
    r.report.before.prove = r.report.after.prove = NULL;
    r.report.before.audit = r.report.after.audit = NULL;
    r.report.user_note = r.report.any_uid = (struct str){0};
    r.report.doubts.n = r.report.written.n = r.report.n_shows = r.report.n_evidence = 0;
    ok(!json_read(report_road_json(&arena, &r.report), &bare, &e), "json: with nothing asked for");
    const char *key;
    json_t *value;
    json_object_foreach(j, key, value) if (!json_object_get(bare, key))
        ok(false, "json: %s is there", key);
    is_int((long)json_object_size(bare), (long)json_object_size(j), "json: every key is there");
    ok(json_is_null(json_object_get(json_object_get(bare, "before"), "prove")),
       "json: and null when not asked for");
    roadcase_close(&r);
}

int main(void)
{
    fill_moves();
    table();
    page();
    test_terminal();
    test_cut();
    test_json();
    fixture_end();
    arena_free(&arena);
    return done_testing();
}
