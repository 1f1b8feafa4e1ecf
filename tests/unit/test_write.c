/* test_write: a report to JSON and back, and JSON by a stranger. */
#include <errno.h>

#include "lib/tap.h"
#include "prove/verdict.h"

static struct prove_report sample(struct arena *a)
{
    struct prove_report r = {.image = STR("oci:x"),
                             .platform = STR("linux/amd64"),
                             .user = STR("5678:0"),
                             .runtime = STR("crun 1.8.1, rootless"),
                             .ms = 1234,
                             .n_results = 3};
    r.results = arena_array(a, struct prove_result, 3);
    r.results[0] = (struct prove_result){.move = prove_move_find(STR("x.sh")),
                                         .permissive = VERDICT_SUCCEEDED,
                                         .restricted = VERDICT_SUCCEEDED,
                                         .evidence = STR("/bin/sh: ran"),
                                         .control_evidence = STR("ran"),
                                         .credit = "neither"};
    r.results[1] = (struct prove_result){.move = prove_move_find(STR("d.root")),
                                         .permissive = VERDICT_SUCCEEDED,
                                         .restricted = VERDICT_BLOCKED,
                                         .restricted_error = EROFS,
                                         .restricted_evidence = STR("/: \xff\x01 read-only"),
                                         .credit = "runtime",
                                         .stopped = STEP_READ_ONLY};
    r.results[2] = (struct prove_result){.move = prove_move_find(STR("s.bpf")),
                                         .permissive = VERDICT_INCONCLUSIVE,
                                         .restricted = VERDICT_NOT_APPLICABLE,
                                         .control = VERDICT_BLOCKED};
    prove_grade(&r);
    return r;
}

static bool same_text(const char *x, const char *y)
{
    return x && y ? strcmp(x, y) == 0 : x == y;
}

static void test_round_trip(void)
{
    struct arena a = {0};
    struct err e = {0};
    struct prove_report was = sample(&a), is = {0};
    if (!ok(!prove_read(prove_write(&a, &was), &a, &is, &e), "round trip: read back"))
        printf("# %s\n", e.text);
    ok(str_eq(is.image, was.image) && str_eq(is.platform, was.platform) &&
           str_eq(is.user, was.user) && str_eq(is.runtime, was.runtime) && is.ms == was.ms,
       "round trip: head");
    ok(is.grade == GRADE_D && is.restricted_grade == GRADE_C, "round trip: grades");
    is_int(is.n_results, 3, "round trip: results");
    for (size_t i = 0; i < is.n_results; i++) {
        const struct prove_result *x = &was.results[i], *y = &is.results[i];
        ok(x->move == y->move && x->permissive == y->permissive && x->restricted == y->restricted &&
               x->control == y->control && x->error == y->error &&
               x->restricted_error == y->restricted_error && str_eq(x->evidence, y->evidence) &&
               same_text(x->credit, y->credit) && x->stopped == y->stopped,
           "round trip: %s", x->move->id);
    }
    is_str(is.results[1].restricted_evidence, "/: \xef\xbf\xbd\x01 read-only",
           "bytes that are no text are replaced");
    arena_free(&a);
}

#define AXIS "{\"verdict\":\"blocked\",\"evidence\":\"\"}"
#define MOVE(id, axis, more)                                                                       \
    "{\"move\":\"" id "\",\"permissive\":" axis ",\"restricted\":" AXIS ",\"control\":" AXIS more  \
    "}"
#define REPORT(moves) "{\"image\":\"x\",\"moves\":[" moves "]}"

static const struct {
    const char *json, *words;
} hostile[] = {
    {"", "reading a report"},
    {"[]", "no object"},
    {REPORT("1"), "moves[0]: is no object"},
    {REPORT("{}"), "no move \"\""},
    {REPORT(MOVE("x.none", AXIS, "")), "no move \"x.none\""},
    {REPORT(MOVE("x.sh", "{\"verdict\":\"maybe\"}", "")),
     "x.sh: permissive: \"maybe\" is no verdict"},
    {REPORT(MOVE("x.sh", "{}", "")), "is no verdict"},
    {REPORT(MOVE("x.sh", "{\"verdict\":\"blocked\",\"errno\":99999}", "")), "out of range"},
    {REPORT(MOVE("x.sh", "{\"verdict\":\"blocked\",\"errno\":-1}", "")), "out of range"},
    {REPORT(MOVE("x.sh", AXIS, ",\"credit\":\"me\"")), "\"me\" is no credit"},
    {REPORT(MOVE("x.sh", AXIS, ",\"stopped_by\":\"luck\"")), "\"luck\" is no layer"},
    {REPORT("{\"move\":\"x.sh\"}"), "key \"permissive\" is missing"},
    {REPORT(MOVE("x.sh", AXIS, "") "," MOVE("x.sh", AXIS, "")), "out of order or twice"},
    {REPORT(MOVE("x.sh", AXIS, "") "," MOVE("x.ls", AXIS, "")), "out of order or twice"},
    {"{\"image\":5}", "image"},
    {"{\"moves\":{}}", "moves"},
    {"{\"image\":\"x\",\"image\":\"y\"}", "image"},
};

static void test_hostile(void)
{
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct arena a = {0};
        struct err e = {0};
        struct prove_report r;
        is_err(prove_read(str_of(hostile[i].json), &a, &r, &e), e, ERR_INPUT, hostile[i].words,
               "hostile: %s", hostile[i].words);
        arena_free(&a);
    }
    struct arena a = {0};
    struct err e = {0};
    struct prove_report r = {0};
    struct str lie =
        STR("{\"grade\":\"A+\",\"moves\":[{\"move\":\"r.env\",\"permissive\":"
            "{\"verdict\":\"succeeded\"},\"restricted\":" AXIS ",\"control\":" AXIS "}]}");
    ok(!prove_read(lie, &a, &r, &e) && r.grade == GRADE_F,
       "hostile: the grade is computed, not believed");
    arena_free(&a);
}

int main(void)
{
    test_round_trip();
    test_hostile();
    return done_testing();
}
