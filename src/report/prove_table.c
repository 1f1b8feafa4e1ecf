/* prove_table: reports of moves → a table, details, JSON.
 *
 * Invariants
 * 1. Before and after are matched by move, not by position: they may have been asked for different
 *    ones. (test_prove_table: pairs)
 * 2. Text of the image (its name, evidence) reaches the terminal without control characters.
 *    (test_prove_table: safe)
 * 3. A grade that an inconclusive move could lower is called the best it can be.
 *    (test_prove_table: at best)
 */
#include "report/prove_table.h"

#include "base/buf.h"
#include "base/safe.h"

enum { ID_WIDTH = 14, TITLE_WIDTH = 45, CELL_WIDTH = 14 };

#define RED    "\033[31m"
#define GREEN  "\033[32m"
#define YELLOW "\033[33m"
#define BOLD   "\033[1m"
#define DIM    "\033[2m"
#define OFF    "\033[0m"

static void paint(struct buf *b, bool color, const char *code, const char *text, int width)
{
    buf_addf(b, "%s%-*s%s", color ? code : "", width, text, color ? OFF : "");
}

static void cell(struct buf *b, bool color, const struct prove_result *r, enum prove_verdict v)
{
    static const struct {
        const char *code, *text;
    } look[] = {
        [VERDICT_SUCCEEDED] = {RED, "succeeded"},
        [VERDICT_BLOCKED] = {GREEN, "blocked"},
        [VERDICT_NOT_APPLICABLE] = {DIM, "n/a"},
        [VERDICT_INCONCLUSIVE] = {YELLOW, "inconclusive"},
    };
    if (!r)
        paint(b, color, DIM, "", CELL_WIDTH);
    else
        paint(b, color, look[v].code, look[v].text, CELL_WIDTH);
}

static const struct prove_result *find(const struct prove_report *r, const struct prove_move *move)
{
    for (size_t i = 0; i < r->n_results; i++)
        if (r->results[i].move == move)
            return &r->results[i];
    return NULL;
}

static struct str end_line(struct buf *b)
{
    while (b->n && b->p[b->n - 1] == ' ')
        b->n--;
    buf_addc(b, '\n');
    return buf_str(b);
}

/* ---- the table ---- */

struct pair {
    const struct prove_report *before, *after;
    bool color;
};

static const struct prove_result *find_before(const struct pair *p, const struct prove_move *move)
{
    return p->before ? find(p->before, move) : NULL;
}

static void heading(struct buf *b, const struct pair *p)
{
    struct buf line = {.a = b->a};
    buf_addf(&line, "%-*s", ID_WIDTH + TITLE_WIDTH, "");
    if (p->before)
        buf_addf(&line, "%-*s%-*s%-*s", CELL_WIDTH, "before", CELL_WIDTH, "after", CELL_WIDTH,
                 "restricted");
    else
        buf_addf(&line, "%-*s%-*s%-*s", CELL_WIDTH, "image alone", CELL_WIDTH, "restricted",
                 CELL_WIDTH, "credit");
    buf_add(b, end_line(&line));
}

static void row(struct buf *b, const struct pair *p, const struct prove_move *move)
{
    const struct prove_result *was = find_before(p, move), *is = find(p->after, move);
    struct buf line = {.a = b->a};
    buf_addf(&line, "  %-*s%-*s", ID_WIDTH - 2, move->id, TITLE_WIDTH, move->title);
    if (p->before)
        cell(&line, p->color, was, was ? was->permissive : 0);
    cell(&line, p->color, is, is ? is->permissive : 0);
    cell(&line, p->color, is, is ? is->restricted : 0);
    if (!p->before && is && is->credit)
        buf_addz(&line, is->credit);
    buf_add(b, end_line(&line));
}

static void rows(struct buf *b, const struct pair *p)
{
    const char *group = NULL;
    for (size_t i = 0; i < prove_n_moves; i++) {
        const struct prove_move *move = &prove_moves[i];
        if (!find_before(p, move) && !find(p->after, move))
            continue;
        if (group != prove_move_group(move)) {
            group = prove_move_group(move);
            paint(b, p->color, BOLD, group, 0);
            buf_addc(b, '\n');
        }
        row(b, p, move);
    }
}

static void grades(struct buf *b, const struct pair *p)
{
    struct buf line = {.a = b->a};
    bool all = p->after->n_results == prove_n_moves;
    paint(&line, p->color, BOLD, all ? "Grade" : "Grade, of these moves only",
          ID_WIDTH + TITLE_WIDTH);
    if (p->before)
        buf_addf(&line, "%-*s", CELL_WIDTH, prove_grade_name(p->before->grade));
    buf_addf(&line, "%-*s%-*s", CELL_WIDTH, prove_grade_name(p->after->grade), CELL_WIDTH,
             prove_grade_name(p->after->restricted_grade));
    buf_add(b, end_line(&line));
}

static size_t count(const struct prove_report *r, enum prove_verdict v)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_results; i++)
        n += r->results[i].permissive == v;
    return n;
}

static void summary(struct buf *b, const char *label, const struct prove_report *r)
{
    buf_addf(b, "%s" STR_F ": %zu succeeded, %zu blocked, %zu not applicable, %zu inconclusive\n",
             label, STR_A(safe_text(b->a, r->image)), count(r, VERDICT_SUCCEEDED),
             count(r, VERDICT_BLOCKED), count(r, VERDICT_NOT_APPLICABLE),
             count(r, VERDICT_INCONCLUSIVE));
}

/* The moves that hold the grade down: those that succeeded with just that letter. */
static void held_down(struct buf *b, const struct prove_report *r, bool restricted)
{
    enum prove_grade grade = restricted ? r->restricted_grade : r->grade;
    const struct prove_move *first = NULL;
    for (size_t i = 0; i < r->n_results; i++) {
        const struct prove_result *one = &r->results[i];
        enum prove_verdict v = restricted ? one->restricted : one->permissive;
        if (v != VERDICT_SUCCEEDED || one->move->grade != grade)
            continue;
        if (!first)
            buf_addf(b, "  %s%s, held down by ", prove_grade_name(grade),
                     restricted ? " restricted" : "");
        buf_addf(b, "%s%s", first ? ", " : "", one->move->id);
        first = first ? first : one->move;
    }
    if (first)
        buf_addf(b, "\n    replay: shuck prove " STR_F " --move %s\n",
                 STR_A(safe_text(b->a, r->image)), first->id);
}

/* Moves that would hold the grade further down, and of which nothing is known. */
static void unknown(struct buf *b, const struct prove_report *r, bool restricted)
{
    enum prove_grade grade = restricted ? r->restricted_grade : r->grade;
    size_t n = 0;
    for (size_t i = 0; i < r->n_results; i++) {
        const struct prove_result *one = &r->results[i];
        enum prove_verdict v = restricted ? one->restricted : one->permissive;
        if (v != VERDICT_INCONCLUSIVE || one->move->grade <= grade)
            continue;
        if (!n)
            buf_addf(b, "  %s%s at best: inconclusive are ", prove_grade_name(grade),
                     restricted ? " restricted" : "");
        buf_addf(b, "%s%s", n++ ? ", " : "", one->move->id);
    }
    if (n)
        buf_addc(b, '\n');
}

struct str report_prove_table(struct arena *a, const struct prove_report *before,
                              const struct prove_report *after, bool color)
{
    struct buf b = {.a = a};
    struct pair p = {before, after, color};
    heading(&b, &p);
    rows(&b, &p);
    grades(&b, &p);
    buf_addc(&b, '\n');
    if (before) {
        summary(&b, "before ", before);
        held_down(&b, before, false);
        unknown(&b, before, false);
    }
    summary(&b, before ? "after  " : "", after);
    held_down(&b, after, false);
    unknown(&b, after, false);
    held_down(&b, after, true);
    unknown(&b, after, true);
    buf_addf(&b, "as user " STR_F " on " STR_F " by " STR_F " in %lld.%lld s",
             STR_A(safe_text(a, after->user)), STR_A(safe_text(a, after->platform)),
             STR_A(safe_text(a, after->runtime)), (long long)after->ms / 1000,
             (long long)after->ms % 1000 / 100);
    if (before)
        buf_addf(&b, " (before as " STR_F ")", STR_A(safe_text(a, before->user)));
    buf_addc(&b, '\n');
    return buf_str(&b);
}

/* ---- details ---- */

static void run_line(struct buf *b, const char *label, enum prove_verdict v, struct str evidence,
                     int error)
{
    buf_addf(b, "  %-12s%s", label, prove_verdict_name(v));
    if (error)
        buf_addf(b, " (" STR_F ")", STR_A(prove_error_name(b->a, error)));
    if (evidence.n)
        buf_addf(b, ": " STR_F, STR_A(safe_text(b->a, evidence)));
    buf_addc(b, '\n');
}

struct str report_prove_details(struct arena *a, const struct prove_report *report, bool color)
{
    struct buf b = {.a = a};
    for (size_t i = 0; i < report->n_results; i++) {
        const struct prove_result *r = &report->results[i];
        paint(&b, color, BOLD, r->move->id, 0);
        buf_addf(&b, " %s, " STR_F "\n", r->move->title, STR_A(safe_text(a, report->image)));
        buf_addf(&b, "  %-12s%s\n", "tried", r->move->how);
        run_line(&b, "image alone", r->permissive, r->evidence, r->error);
        run_line(&b, "restricted", r->restricted, r->restricted_evidence, r->restricted_error);
        run_line(&b, "control", r->control, r->control_evidence, 0);
        if (r->credit)
            buf_addf(&b, "  %-12s%s\n", "credit", r->credit);
        if (r->stopped != STEP_NONE)
            buf_addf(&b, "  %-12s%s\n", "stopped by", prove_step_name(r->stopped));
        buf_addf(&b, "  %-12s%s\n", "remedy", r->move->remedy);
    }
    return buf_str(&b);
}

/* ---- JSON ---- */

struct str report_prove_json(struct arena *a, const struct prove_report *before,
                             const struct prove_report *after)
{
    json_t *value JSON_AUTO = json_object();
    json_object_set_new(value, "schema", json_string("shuck.prove.1"));
    json_object_set_new(value, "shuck", json_string(SHUCK_VERSION));
    json_object_set_new(value, "before", before ? prove_to_json(before) : json_null());
    json_object_set_new(value, "after", prove_to_json(after));
    struct buf b = {.a = a};
    buf_add(&b, json_show(a, value, 2));
    buf_addc(&b, '\n');
    return buf_str(&b);
}
