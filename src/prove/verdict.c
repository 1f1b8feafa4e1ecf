/* verdict: runs of one move → verdicts, credit, the layer of defence; verdicts → grade.
 *
 * Invariants
 * 1. A blocked mark counts only when the control run of the same move succeeded. An errno is never
 *    enough: it may be the machine's. (test_verdict: control)
 * 2. No mark, two marks, a timeout or a refusal to start is inconclusive, under any policy.
 *    (test_verdict: no mark)
 * 3. What succeeded counts as seen whatever the control did. (test_verdict: seen is seen)
 * 4. Credit goes to the image only for a move that the same policy allows in an empty image.
 *    (test_verdict: credit)
 */
#include "prove/verdict.h"

#include <errno.h>

#include "agent/wire.h"

/* ---- marks ---- */

static uint32_t u32_at(struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* A control character or a newline in evidence would break a table: one line, bounded. */
static struct str clean_evidence(struct arena *a, struct str s)
{
    enum { MOST = 1024 };
    struct str copy = str_dup(a, str_slice(s, 0, MOST));
    char *p = (char *)copy.p;
    for (size_t i = 0; i < copy.n; i++)
        if ((unsigned char)p[i] < ' ' || p[i] == 127)
            p[i] = ' ';
    return copy;
}

static bool read_mark(struct str payload, struct arena *a, struct prove_run *ret)
{
    static const enum prove_verdict outcomes[] = {
        [WIRE_SUCCEEDED] = VERDICT_SUCCEEDED,
        [WIRE_BLOCKED] = VERDICT_BLOCKED,
        [WIRE_NOT_APPLICABLE] = VERDICT_NOT_APPLICABLE,
        [WIRE_INCONCLUSIVE] = VERDICT_INCONCLUSIVE,
    };
    if (payload.n < 7)
        return false;
    unsigned outcome = (unsigned char)payload.p[0];
    size_t n = (unsigned char)payload.p[5] | (size_t)(unsigned char)payload.p[6] << 8;
    if (outcome < WIRE_SUCCEEDED || outcome > WIRE_INCONCLUSIVE || payload.n != 7 + n)
        return false;
    *ret = (struct prove_run){.seen = SEEN_MARK,
                              .outcome = outcomes[outcome],
                              .error = (int)(int32_t)u32_at(payload, 1),
                              .evidence = clean_evidence(a, str_from(payload, 7))};
    return true;
}

void prove_mark_read(struct str bytes, struct arena *a, struct prove_run *ret)
{
    static const struct prove_run many = {
        .seen = SEEN_MANY, .evidence = STR_INIT("the report was written to by someone else")};
    struct prove_run found = {.seen = SEEN_NO_MARK,
                              .evidence = STR("the container ended without a result")};
    while (bytes.n) {
        if (bytes.n < 5)
            break; /* cut off in the middle: what came before counts */
        size_t n = u32_at(bytes, 0);
        if (n < 1 || n > WIRE_RECORD_MAX) {
            *ret = many;
            return;
        }
        if (n > bytes.n - 4)
            break;
        struct str payload = str_slice(bytes, 5, 4 + n);
        if ((unsigned char)bytes.p[4] == WIRE_MARK &&
            (found.seen == SEEN_MARK || !read_mark(payload, a, &found))) {
            *ret = many;
            return;
        }
        bytes = str_from(bytes, 4 + n);
    }
    *ret = found;
}

/* ---- verdicts ---- */

bool prove_absent(const struct prove_move *move, const struct prove_run *permissive)
{
    return move->needs == PROVE_NEEDS_FILE && permissive->seen == SEEN_MARK &&
           permissive->outcome == VERDICT_BLOCKED && permissive->error == ENOENT;
}

bool prove_wants_reference(const struct prove_move *move, const struct prove_run *permissive)
{
    return permissive->seen == SEEN_MARK && permissive->outcome == VERDICT_BLOCKED &&
           !prove_absent(move, permissive);
}

static bool succeeded(const struct prove_run *run)
{
    return run->seen == SEEN_MARK && run->outcome == VERDICT_SUCCEEDED;
}

static enum prove_verdict judge_run(struct arena *a, const struct prove_run *run,
                                    const struct prove_run *control, struct str *evidence)
{
    *evidence = run->evidence;
    if (run->seen == SEEN_NOTHING && !evidence->n)
        *evidence = STR("not run");
    if (run->seen != SEEN_MARK)
        return VERDICT_INCONCLUSIVE;
    if (run->outcome != VERDICT_BLOCKED || succeeded(control))
        return run->outcome;
    *evidence = str_fmt(a, STR_F "; but unrestricted on this machine: " STR_F, STR_A(run->evidence),
                        STR_A(control->evidence));
    return VERDICT_INCONCLUSIVE;
}

static const char *credit(const struct prove_result *r, const struct prove_runs *runs)
{
    if (r->permissive == VERDICT_BLOCKED) {
        if (prove_absent(r->move, &runs->permissive) || succeeded(&runs->reference))
            return "image";
        return runs->reference.seen == SEEN_MARK ? "runtime" : NULL;
    }
    if (r->permissive != VERDICT_SUCCEEDED)
        return NULL;
    if (r->restricted == VERDICT_BLOCKED)
        return "runtime";
    return r->restricted == VERDICT_SUCCEEDED ? "neither" : NULL;
}

static bool lists(const struct prove_move *move, enum prove_step step)
{
    for (size_t i = 0; i < sizeof move->stopped_by / sizeof *move->stopped_by; i++)
        if (step != STEP_NONE && move->stopped_by[i] == step)
            return true;
    return false;
}

/* Steps that are the absence of something. */
static enum prove_step absence(const struct prove_move *move)
{
    enum prove_step s = move->stopped_by[0];
    return s == STEP_SHELL || s == STEP_PACKAGE_MANAGER || s == STEP_DOWNLOADER ||
                   s == STEP_INTERPRETER || s == STEP_SETUID || s == STEP_SECRETS
               ? s
               : STEP_NONE;
}

/* The one step that explains what was seen; none when two could. */
static enum prove_step explain(const struct prove_result *r)
{
    const struct prove_move *m = r->move;
    bool by_image = r->permissive == VERDICT_BLOCKED;
    int error = by_image ? r->error : r->restricted_error;
    if (r->permissive != VERDICT_BLOCKED && r->restricted != VERDICT_BLOCKED)
        return STEP_NONE;
    if (error == EROFS)
        return STEP_READ_ONLY;
    if (error == ENOENT)
        return m->needs == PROVE_NEEDS_FILE ? absence(m) : STEP_NONE;
    if (by_image && r->credit && str_is(str_of(r->credit), "image") && lists(m, STEP_USER))
        return STEP_USER; /* uid 0 was let through under the same policy */
    static const enum prove_step by_restriction[] = {STEP_SECCOMP, STEP_CAPABILITIES,
                                                     STEP_NO_NEW_PRIVS, STEP_LIMITS, STEP_MASKED};
    enum prove_step only = STEP_NONE;
    for (size_t i = 0; !by_image && i < sizeof by_restriction / sizeof *by_restriction; i++) {
        if (!lists(m, by_restriction[i]))
            continue;
        if (only != STEP_NONE)
            return STEP_NONE;
        only = by_restriction[i];
    }
    return only;
}

void prove_judge(struct arena *a, const struct prove_move *move, const struct prove_runs *runs,
                 struct prove_result *ret)
{
    struct prove_result r = {.move = move};
    const struct prove_run *p = &runs->permissive, *q = &runs->restricted;
    if (prove_absent(move, p))
        q = p;
    r.permissive = judge_run(a, p, &runs->control, &r.evidence);
    r.restricted = judge_run(a, q, &runs->control, &r.restricted_evidence);
    r.control = runs->control.seen == SEEN_MARK ? runs->control.outcome : VERDICT_INCONCLUSIVE;
    r.control_evidence = runs->control.evidence;
    r.error = r.permissive == VERDICT_BLOCKED ? p->error : 0;
    r.restricted_error = r.restricted == VERDICT_BLOCKED ? q->error : 0;
    r.credit = credit(&r, runs);
    r.stopped = explain(&r);
    *ret = r;
}

/* ---- grade ---- */

void prove_grade(struct prove_report *report)
{
    enum prove_grade alone = GRADE_A_PLUS, restricted = GRADE_A_PLUS;
    for (size_t i = 0; i < report->n_results; i++) {
        const struct prove_result *r = &report->results[i];
        if (r->permissive == VERDICT_SUCCEEDED && r->move->grade > alone)
            alone = r->move->grade;
        if (r->restricted == VERDICT_SUCCEEDED && r->move->grade > restricted)
            restricted = r->move->grade;
    }
    report->grade = alone;
    report->restricted_grade = restricted;
}
