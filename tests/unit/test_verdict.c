/* test_verdict: what was seen → what is said. */
#include "prove/verdict.h"

#include <errno.h>

#include "agent/wire.h"
#include "base/buf.h"
#include "lib/tap.h"

/* ---- verdicts ---- */

#define SUCCEEDED                                                                                  \
    {                                                                                              \
        .seen = SEEN_MARK, .outcome = VERDICT_SUCCEEDED                                            \
    }
#define BLOCKED(n)                                                                                 \
    {                                                                                              \
        .seen = SEEN_MARK, .outcome = VERDICT_BLOCKED, .error = n                                  \
    }
#define NA                                                                                         \
    {                                                                                              \
        .seen = SEEN_MARK, .outcome = VERDICT_NOT_APPLICABLE                                       \
    }
#define UNCLEAR                                                                                    \
    {                                                                                              \
        .seen = SEEN_MARK, .outcome = VERDICT_INCONCLUSIVE                                         \
    }
#define SEEN(s)                                                                                    \
    {                                                                                              \
        .seen = SEEN_##s                                                                           \
    }
#define NONE                                                                                       \
    {                                                                                              \
        .seen = SEEN_NOTHING                                                                       \
    }

static const struct {
    const char *what, *move;
    struct prove_runs runs; /* permissive, restricted, control, reference */
    enum prove_verdict permissive, restricted;
    const char *credit;
    enum prove_step stopped;
} cases[] = {
    {"credit: allowed alone, blocked by the policy",
     "d.root",
     {SUCCEEDED, BLOCKED(EROFS), SUCCEEDED, NONE},
     VERDICT_SUCCEEDED,
     VERDICT_BLOCKED,
     "runtime",
     STEP_READ_ONLY},
    {"credit: allowed under both",
     "x.memfd",
     {SUCCEEDED, SUCCEEDED, SUCCEEDED, NONE},
     VERDICT_SUCCEEDED,
     VERDICT_SUCCEEDED,
     "neither",
     STEP_NONE},
    {"credit: root in an empty image may, this image's user may not",
     "d.root",
     {BLOCKED(EACCES), BLOCKED(EROFS), SUCCEEDED, SUCCEEDED},
     VERDICT_BLOCKED,
     VERDICT_BLOCKED,
     "image",
     STEP_USER},
    {"credit: any container is stopped",
     "d.shm",
     {BLOCKED(EACCES), BLOCKED(EACCES), SUCCEEDED, BLOCKED(EACCES)},
     VERDICT_BLOCKED,
     VERDICT_BLOCKED,
     "runtime",
     STEP_NONE},
    {"credit: no reference, no credit",
     "d.root",
     {BLOCKED(EACCES), BLOCKED(EACCES), SUCCEEDED, SEEN(TIMEOUT)},
     VERDICT_BLOCKED,
     VERDICT_BLOCKED,
     NULL,
     STEP_NONE},
    {"absent: one run stands for both",
     "x.sh",
     {BLOCKED(ENOENT), NONE, SUCCEEDED, NONE},
     VERDICT_BLOCKED,
     VERDICT_BLOCKED,
     "image",
     STEP_SHELL},
    {"absent: a file that is not a layer of defence",
     "c.shadow",
     {BLOCKED(ENOENT), NONE, SUCCEEDED, NONE},
     VERDICT_BLOCKED,
     VERDICT_BLOCKED,
     "image",
     STEP_NONE},
    {"not there but not a matter of files: restricted has to be run",
     "d.tmp",
     {BLOCKED(ENOENT), NONE, SUCCEEDED, SUCCEEDED},
     VERDICT_BLOCKED,
     VERDICT_INCONCLUSIVE,
     "image",
     STEP_NONE},
    {"control: an errno of the machine is no defence",
     "s.bpf",
     {BLOCKED(EPERM), BLOCKED(EPERM), BLOCKED(EPERM), BLOCKED(EPERM)},
     VERDICT_INCONCLUSIVE,
     VERDICT_INCONCLUSIVE,
     NULL,
     STEP_NONE},
    {"control: that was not run is none",
     "s.bpf",
     {BLOCKED(EPERM), BLOCKED(EPERM), NONE, BLOCKED(EPERM)},
     VERDICT_INCONCLUSIVE,
     VERDICT_INCONCLUSIVE,
     NULL,
     STEP_NONE},
    {"control: kernel without the call",
     "s.iouring",
     {BLOCKED(ENOSYS), BLOCKED(EPERM), BLOCKED(ENOSYS), NONE},
     VERDICT_INCONCLUSIVE,
     VERDICT_INCONCLUSIVE,
     NULL,
     STEP_NONE},
    {"control: that timed out is none",
     "x.sh",
     {BLOCKED(ENOENT), NONE, SEEN(TIMEOUT), NONE},
     VERDICT_INCONCLUSIVE,
     VERDICT_INCONCLUSIVE,
     NULL,
     STEP_NONE},
    {"seen is seen: success without a control",
     "s.userns",
     {SUCCEEDED, BLOCKED(EPERM), BLOCKED(EPERM), NONE},
     VERDICT_SUCCEEDED,
     VERDICT_INCONCLUSIVE,
     NULL,
     STEP_NONE},
    {"no mark",
     "x.sh",
     {SEEN(NO_MARK), SEEN(NO_MARK), SUCCEEDED, NONE},
     VERDICT_INCONCLUSIVE,
     VERDICT_INCONCLUSIVE,
     NULL,
     STEP_NONE},
    {"no mark: under the policy only",
     "x.sh",
     {SUCCEEDED, SEEN(NO_MARK), SUCCEEDED, NONE},
     VERDICT_SUCCEEDED,
     VERDICT_INCONCLUSIVE,
     NULL,
     STEP_NONE},
    {"no mark: two of them",
     "x.sh",
     {SEEN(MANY), SUCCEEDED, SUCCEEDED, NONE},
     VERDICT_INCONCLUSIVE,
     VERDICT_SUCCEEDED,
     NULL,
     STEP_NONE},
    {"no mark: a timeout",
     "x.sh",
     {SEEN(TIMEOUT), SEEN(TIMEOUT), SUCCEEDED, NONE},
     VERDICT_INCONCLUSIVE,
     VERDICT_INCONCLUSIVE,
     NULL,
     STEP_NONE},
    {"no mark: not started",
     "x.sh",
     {SEEN(NOT_STARTED), SEEN(NOT_STARTED), SUCCEEDED, NONE},
     VERDICT_INCONCLUSIVE,
     VERDICT_INCONCLUSIVE,
     NULL,
     STEP_NONE},
    {"not applicable is nobody's credit",
     "e.suid",
     {NA, NA, SUCCEEDED, NONE},
     VERDICT_NOT_APPLICABLE,
     VERDICT_NOT_APPLICABLE,
     NULL,
     STEP_NONE},
    {"the agent itself was unsure",
     "t.dl",
     {UNCLEAR, UNCLEAR, SUCCEEDED, NONE},
     VERDICT_INCONCLUSIVE,
     VERDICT_INCONCLUSIVE,
     NULL,
     STEP_NONE},
    {"one step explains it",
     "s.keyctl",
     {SUCCEEDED, BLOCKED(EPERM), SUCCEEDED, NONE},
     VERDICT_SUCCEEDED,
     VERDICT_BLOCKED,
     "runtime",
     STEP_SECCOMP},
    {"killed by the filter",
     "s.keyctl",
     {SUCCEEDED, BLOCKED(0), SUCCEEDED, NONE},
     VERDICT_SUCCEEDED,
     VERDICT_BLOCKED,
     "runtime",
     STEP_SECCOMP},
    {"two steps could: none is named",
     "s.perf",
     {SUCCEEDED, BLOCKED(EPERM), SUCCEEDED, NONE},
     VERDICT_SUCCEEDED,
     VERDICT_BLOCKED,
     "runtime",
     STEP_NONE},
    {"no new privileges",
     "e.suid",
     {SUCCEEDED, BLOCKED(0), SUCCEEDED, NONE},
     VERDICT_SUCCEEDED,
     VERDICT_BLOCKED,
     "runtime",
     STEP_NO_NEW_PRIVS},
};

static void test_judge(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena a = {0};
        struct prove_result r;
        prove_judge(&a, prove_move_find(str_of(cases[i].move)), &cases[i].runs, &r);
        bool credit = r.credit && cases[i].credit ? strcmp(r.credit, cases[i].credit) == 0
                                                  : r.credit == cases[i].credit;
        if (!ok(r.permissive == cases[i].permissive && r.restricted == cases[i].restricted &&
                    credit && r.stopped == cases[i].stopped,
                "%s (%s)", cases[i].what, cases[i].move))
            printf("# %s, %s, credit %s, stopped by %s\n", prove_verdict_name(r.permissive),
                   prove_verdict_name(r.restricted), r.credit ? r.credit : "-",
                   prove_step_name(r.stopped));
        if (r.permissive == VERDICT_INCONCLUSIVE && r.error)
            ok(false, "%s: an inconclusive run has no errno to show", cases[i].what);
        arena_free(&a);
    }
}

static void test_evidence(void)
{
    struct arena a = {0};
    struct prove_result r;
    struct prove_runs runs = {
        .permissive = {SEEN_MARK, VERDICT_BLOCKED, EPERM, STR("bpf: not permitted")},
        .control = {SEEN_MARK, VERDICT_BLOCKED, EPERM, STR("bpf: not permitted either")}};
    prove_judge(&a, prove_move_find(STR("s.bpf")), &runs, &r);
    is_str(r.evidence,
           "bpf: not permitted; but unrestricted on this machine: bpf: not permitted either",
           "inconclusive says what the control saw");
    is_str(r.restricted_evidence, "not run", "what was not run says so");
    arena_free(&a);
}

/* ---- marks ---- */

static void add_record(struct buf *b, unsigned char type, struct str payload)
{
    uint32_t n = (uint32_t)payload.n + 1;
    for (int i = 0; i < 4; i++)
        buf_addc(b, (char)(n >> 8 * i));
    buf_addc(b, (char)type);
    buf_add(b, payload);
}

static struct str mark(struct arena *a, unsigned char outcome, int error, const char *evidence)
{
    struct buf b = {.a = a};
    uint32_t n = (uint32_t)strlen(evidence);
    buf_addc(&b, (char)outcome);
    for (int i = 0; i < 4; i++)
        buf_addc(&b, (char)((unsigned)error >> 8 * i));
    buf_addc(&b, (char)n);
    buf_addc(&b, (char)(n >> 8));
    buf_addz(&b, evidence);
    return buf_str(&b);
}

static void test_marks(void)
{
    struct arena a = {0};
    struct buf b = {.a = &a};
    struct prove_run run;
    add_record(&b, WIRE_HELLO, STR("\1\0\0\0"));
    size_t hello = b.n;
    add_record(&b, WIRE_MARK, mark(&a, WIRE_BLOCKED, EROFS, "/: write:\nno \033[31m"));
    size_t marked = b.n;
    add_record(&b, WIRE_BYE, (struct str){0});
    prove_mark_read(buf_str(&b), &a, &run);
    ok(run.seen == SEEN_MARK && run.outcome == VERDICT_BLOCKED && run.error == EROFS,
       "a mark is read");
    is_str(run.evidence, "/: write: no  [31m", "its evidence is one line");
    prove_mark_read((struct str){b.p, marked}, &a, &run);
    ok(run.seen == SEEN_MARK, "the end may be cut off");
    prove_mark_read((struct str){b.p, hello}, &a, &run);
    ok(run.seen == SEEN_NO_MARK, "no mark");
    prove_mark_read((struct str){0}, &a, &run);
    ok(run.seen == SEEN_NO_MARK, "nothing at all");
    for (size_t n = 0; n < b.n; n++) {
        char *copy = str_cstr(&a, (struct str){b.p, n});
        prove_mark_read((struct str){copy, n}, &a, &run);
        if (n < marked && run.seen != SEEN_NO_MARK)
            ok(false, "cut at %zu is no mark", n);
    }
    add_record(&b, WIRE_MARK, mark(&a, WIRE_SUCCEEDED, 0, ""));
    prove_mark_read(buf_str(&b), &a, &run);
    ok(run.seen == SEEN_MANY, "a second mark spoils the first");
    arena_free(&a);
}

static void test_bad_marks(void)
{
    static const struct {
        struct str bytes;
        const char *what;
    } bad[] = {
        {STR_INIT("\0\0\0\0\7"), "a record of nothing"},
        {STR_INIT("\377\377\377\377\7"), "a length that lies"},
        {STR_INIT("\10\0\0\0\7\1\0\0\0\0\5\0"), "evidence longer than its record"},
        {STR_INIT("\10\0\0\0\7\0\0\0\0\0\0\0"), "no such outcome"},
        {STR_INIT("\10\0\0\0\7\5\0\0\0\0\0\0"), "no such outcome either"},
        {STR_INIT("\2\0\0\0\7\1"), "a mark that is too short"},
    };
    struct arena a = {0};
    struct prove_run run;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        prove_mark_read(bad[i].bytes, &a, &run);
        ok(run.seen == SEEN_MANY, "not the agent's: %s", bad[i].what);
    }
    arena_free(&a);
}

/* ---- grade and names ---- */

static enum prove_grade grade_of(const char *succeeded)
{
    struct arena a = {0};
    struct prove_report r = {.results = arena_array(&a, struct prove_result, prove_n_moves),
                             .n_results = prove_n_moves};
    for (size_t i = 0; i < prove_n_moves; i++) {
        bool yes = strstr(succeeded, prove_moves[i].id) != NULL;
        r.results[i] =
            (struct prove_result){.move = &prove_moves[i],
                                  .permissive = yes ? VERDICT_SUCCEEDED : VERDICT_INCONCLUSIVE,
                                  .restricted = VERDICT_BLOCKED};
    }
    prove_grade(&r);
    ok(r.restricted_grade == GRADE_A_PLUS, "each axis has its own grade");
    arena_free(&a);
    return r.grade;
}

static void test_grade(void)
{
    static const struct {
        const char *succeeded, *grade;
    } table[] = {
        {"x.self x.anonrx x.procmem", "A+"},
        {"x.self x.memfd", "A"},
        {"x.memfd s.userns", "B"},
        {"x.sh s.userns", "C"},
        {"x.sh d.tmp", "D"},
        {"d.tmp e.setuid0", "E"},
        {"e.setuid0 r.env", "F"},
        {"k.corepat", "F"},
        {"", "A+"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        is_str(str_of(prove_grade_name(grade_of(table[i].succeeded))), table[i].grade,
               "grade with %s", table[i].succeeded);
}

static void test_names(void)
{
    struct arena a = {0};
    struct err e = {0};
    enum prove_grade g = GRADE_F;
    for (int i = GRADE_A_PLUS; i <= GRADE_F; i++)
        if (prove_grade_parse(str_of(prove_grade_name((enum prove_grade)i)), &g, &e) || (int)g != i)
            ok(false, "grade %d reads back", i);
    is_err(prove_grade_parse(STR("G"), &g, &e), e, ERR_INPUT, "is no grade", "no grade G");
    for (int s = STEP_NONE; s <= STEP_MASKED; s++)
        if (!prove_step_name((enum prove_step)s))
            ok(false, "step %d has a name", s);
    is_str(prove_error_name(&a, EROFS), "EROFS", "names: errno");
    is_str(prove_error_name(&a, 4000), "errno 4000", "names: an errno without one");
    arena_free(&a);
}

int main(void)
{
    test_judge();
    test_evidence();
    test_marks();
    test_bad_marks();
    test_grade();
    test_names();
    return done_testing();
}
