/* road_table: struct road_report → lines for a terminal: moves, then sizes, then what was shown.
 *
 * Invariants
 * 1. Every byte that came from an image passes through safe_text(). (test_road_report: terminal)
 * 2. What is cut says so. (test_road_report: cut)
 */
#include "base/buf.h"
#include "base/safe.h"
#include "report/prove_table.h"
#include "report/road_report.h"

static void add_row(struct buf *b, const char *label, struct str was, struct str is)
{
    was = safe_text(b->a, was);
    buf_addf(b, "  %-12s " STR_F "%*s" STR_F "\n", label, STR_A(was),
             was.n < 32 ? (int)(32 - was.n) : 1, "", STR_A(safe_text(b->a, is)));
}

static struct str user_text(const struct road_side *side)
{
    return side->user.n ? side->user : STR("root");
}

static void add_sizes(struct buf *b, const struct road_report *r, bool color)
{
    const struct road_side *was = &r->before, *is = &r->after;
    const char *bold = color ? "\033[1m" : "", *off = color ? "\033[0m" : "";
    buf_addf(b, "%s  %-12s %-31s %s%s\n", bold, "image", "before", "after", off);
    add_row(b, "base", was->base, is->base);
    add_row(b, "files' size", str_size(b->a, was->bytes), str_size(b->a, is->bytes));
    add_row(b, "files", str_number(b->a, was->files), str_number(b->a, is->files));
    add_row(b, "packages", str_number(b->a, was->packages), str_number(b->a, is->packages));
    add_row(b, "user", user_text(was), user_text(is));
    if (was->audit && is->audit)
        add_row(b, "findings", str_number(b->a, rules_found(&was->audit->counts)),
                str_number(b->a, rules_found(&is->audit->counts)));
    if (was->prove && is->prove)
        add_row(b, "grade", str_of(prove_grade_name(was->prove->grade)),
                str_of(prove_grade_name(is->prove->grade)));
}

/* The first lines of an answer, indented. */
static void add_answer(struct buf *b, const char *label, struct str answer)
{
    enum { LINES_MOST = 6, LINE_MOST = 160 };
    struct str line;
    size_t n = 0;
    while (n < LINES_MOST && str_line(&answer, &line)) {
        buf_addf(b, "  %-7s" STR_F "%s\n", n ? "" : label,
                 STR_A(safe_text(b->a, str_slice(line, 0, LINE_MOST))),
                 line.n > LINE_MOST ? "\xe2\x80\xa6" : "");
        n++;
    }
    if (answer.n)
        buf_addf(b, "  %-7s\xe2\x80\xa6\n", "");
    if (!n)
        buf_addf(b, "  %-7s(nothing)\n", label);
}

static void add_shows(struct buf *b, const struct road_report *r)
{
    for (size_t i = 0; i < r->n_shows; i++) {
        buf_addf(b, "\n  " STR_F "\n", STR_A(safe_text(b->a, r->shows[i].request)));
        add_answer(b, "before", r->shows[i].was);
        add_answer(b, "after", r->shows[i].is);
    }
}

/* The first few of each kind: a hundred files that change their group say no more than five. */
static void add_remedies(struct buf *b, const struct harden_remedies *remedies)
{
    enum { KIND_MOST = 5 };
    size_t seen[REMEDY_PACKAGE_DB + 1] = {0}, left_out = 0;
    vec_each (remedies, i) {
        if (seen[remedies->v[i].kind]++ >= KIND_MOST)
            left_out++;
        else
            buf_addf(b, "  " STR_F "\n", STR_A(safe_text(b->a, remedies->v[i].what)));
    }
    if (left_out)
        buf_addf(b, "  \xe2\x80\xa6 and %zu more changes like these: --format json\n", left_out);
}

static void add_notes(struct buf *b, const struct road_report *r)
{
    size_t gone = 0;
    for (size_t i = 0; i < r->packages.n; i++)
        gone += !r->packages.v[i].kept_files;
    buf_addf(
        b, "\n  The result behaves the same (level %s, %zu result%s made, %zu path%s repaired).\n",
        harden_level_name(r->level), r->rounds, r->rounds == 1 ? "" : "s", r->repairs,
        r->repairs == 1 ? "" : "s");
    for (size_t i = 0; i < r->doubts.n; i++)
        buf_addf(b, "  But " STR_F ".\n", STR_A(safe_text(b->a, r->doubts.v[i])));
    if (r->packages.n)
        buf_addf(b, "  %zu of %zu packages are gone whole.\n", gone, r->packages.n);
    add_remedies(b, &r->plan->remedies);
    if (r->user_note.n)
        buf_addf(b, "  The result " STR_F ".\n", STR_A(safe_text(b->a, r->user_note)));
    if (r->any_uid.n)
        buf_addf(b, "  The result " STR_F ".\n", STR_A(safe_text(b->a, r->any_uid)));
    buf_addf(b, "  " STR_F ", %lld.%lld s\n", STR_A(safe_text(b->a, r->runtime)),
             (long long)(r->ms / 1000), (long long)(r->ms % 1000 / 100));
}

struct str report_road_table(struct arena *a, const struct road_report *r, bool color)
{
    struct buf b = {.a = a};
    if (r->before.prove && r->after.prove) {
        buf_add(&b, report_prove_table(a, r->before.prove, r->after.prove, color));
        buf_addc(&b, '\n');
    }
    add_sizes(&b, r, color);
    add_shows(&b, r);
    add_notes(&b, r);
    return buf_str(&b);
}
