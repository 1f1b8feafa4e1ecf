/* lint_tty: findings → lines for a person, a file at a time, each with its place in the source.
 *
 * Invariants
 * 1. No control character of a file reaches the terminal: every text passes safe_text().
 *    (tests/lint_formats.t: terminal)
 * 2. Without colours the words say the same. (tests/lint_formats.t: colour)
 * 3. The caret stands under the first character that is meant, and no source line is wider than 80
 *    columns, however long it is. (test_lint_report: caret)
 * 4. What looks like a secret in a source line is masked. (test_lint_report: secret)
 */
#include "base/safe.h"
#include "report/fill.h"
#include "report/lint_output.h"

enum { WIDTH = 80, INDENT = 8, SOURCE = WIDTH - INDENT - 2, BEFORE = 24 };

static const char *const colors[] = {
    [SEVERITY_INFO] = "\033[32m", [SEVERITY_LOW] = "\033[36m",      [SEVERITY_MEDIUM] = "\033[33m",
    [SEVERITY_HIGH] = "\033[31m", [SEVERITY_CRITICAL] = "\033[31m",
};

static const char *paint(const struct report_lint_output *out, const char *code)
{
    return out->options.color ? code : "";
}

/* ---- the source ---- */

/* The part of a line that is shown, and where in it the place is; all in columns of the terminal.
 */
struct view {
    struct buf text;
    size_t from, to;
};

/* The first byte that is shown: all of a line that fits, else a little before the place. */
static size_t view_start(struct str line, size_t place, bool *cut)
{
    size_t at = place;
    if (line.n > SOURCE)
        for (size_t n = 0; at && n < BEFORE; n++)
            do
                at--;
            while (at && ((unsigned char)line.p[at] & 0xc0) == 0x80);
    else
        at = 0;
    *cut = at > 0;
    while (at < place && (line.p[at] == ' ' || line.p[at] == '\t'))
        at++;
    return at;
}

static struct view look(struct arena *a, struct str line, size_t from, size_t to)
{
    struct view v = {.text = {.a = a}};
    bool cut;
    size_t at = view_start(line, from, &cut), width = 0, seen = 0;
    if (cut)
        buf_addz(&v.text, "…"), width++;
    v.from = v.to = width;
    for (size_t n; at < line.n && width < SOURCE; at += n) {
        n = safe_sequence(str_from(line, at));
        n = n ? n : 1;
        struct str c = line.p[at] == '\t' ? STR(" ") : safe_text(a, str_slice(line, at, at + n));
        if (at <= from)
            v.from = width;
        buf_add(&v.text, c);
        width += report_width(c);
        if (at < to)
            v.to = width;
        seen = at + n;
    }
    if (from >= seen)
        v.from = width; /* behind the last character */
    if (at < line.n)
        buf_addz(&v.text, "…");
    return v;
}

static void add_source(struct report_lint_output *out, const struct lint_report *r,
                       const struct lint_finding *f)
{
    const struct dockerfile *d = &r->file->d;
    const struct location *l = &f->f.where;
    if (!l->line || l->line > d->lines.n)
        return;
    size_t begin = d->lines.v[l->line - 1], from = f->place.from - begin;
    struct str rest = str_from(report_lint_masked(out, r), begin), line = {0};
    str_line(&rest, &line);
    size_t to = l->end_line == l->line ? f->place.to - begin : line.n;
    struct view v = look(out->a, line, from < line.n ? from : line.n, to < line.n ? to : line.n);
    const char *edge = "      | ";
    buf_addf(&out->b, "%s" STR_F "\n%s%*s%s^", edge, STR_A(buf_str(&v.text)), edge, (int)v.from, "",
             paint(out, colors[f->f.severity]));
    for (size_t i = v.from + 1; i < v.to; i++)
        buf_addc(&out->b, '~');
    buf_addf(&out->b, "%s\n", paint(out, "\033[0m"));
}

/* ---- a finding ---- */

static void add_head(struct report_lint_output *out, const struct lint_finding *f)
{
    struct str place = str_fmt(out->a, "%u:%u", f->f.where.line, f->f.where.column);
    const char *level = lint_level_name(f->f.severity);
    struct str head = str_fmt(out->a, "  %-6s %-7s %s  ", place.p, level, f->f.rule->id);
    struct str text = str_fmt(out->a, STR_F "%s", STR_A(safe_text(out->a, f->f.evidence)),
                              f->build_stage ? " (in a build stage: one level less)" : "");
    buf_addf(&out->b, "  %-6s %s%-7s%s %s%s%s  ", place.p, paint(out, colors[f->f.severity]), level,
             paint(out, "\033[0m"), paint(out, "\033[1m"), f->f.rule->id, paint(out, "\033[0m"));
    report_fill(&out->b, text, head.n, INDENT, WIDTH);
}

static void add_repair(struct report_lint_output *out, const struct lint_finding *f)
{
    if (f->fix.safety == FIX_NONE)
        return;
    struct str text =
        str_fmt(out->a, "repair: " STR_F " (--fix%s)", STR_A(safe_text(out->a, f->fix.what)),
                f->fix.safety == FIX_UNSAFE ? " --unsafe" : "");
    buf_addz(&out->b, paint(out, "\033[32m"));
    report_fill(&out->b, text, 0, INDENT, WIDTH);
    buf_addz(&out->b, paint(out, "\033[0m"));
}

/* The next finding is about the very same place: the source is shown once, below the last. */
static bool goes_on(const struct lint_report *r, const struct lint_finding *f)
{
    const struct lint_finding *end = r->findings.v + r->findings.n, *next = f + 1;
    while (next < end && next->f.ignored.n)
        next++;
    return next < end && next->place.from == f->place.from && next->place.to == f->place.to;
}

static void add_finding(struct report_lint_output *out, const struct lint_report *r,
                        const struct lint_finding *f)
{
    add_head(out, f);
    add_repair(out, f);
    if (!goes_on(r, f))
        add_source(out, r, f);
}

/* ---- a file, and the end ---- */

static void begin_file(struct report_lint_output *out, const struct lint_report *r)
{
    if (report_lint_count(r))
        buf_addf(&out->b, "%s%s" STR_F "%s\n", out->found ? "\n" : "", paint(out, "\033[1m"),
                 STR_A(safe_text(out->a, r->name)), paint(out, "\033[0m"));
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void add_levels(struct report_lint_output *out)
{
    static const char *const names[] = {"style", "info", "warning", "error"};
    size_t n[] = {out->by_level[SEVERITY_INFO], out->by_level[SEVERITY_LOW],
                  out->by_level[SEVERITY_MEDIUM],
                  out->by_level[SEVERITY_HIGH] + out->by_level[SEVERITY_CRITICAL]};
    const char *between = ": ";
    for (size_t i = sizeof n / sizeof *n; i-- > 0;)
        if (n[i]) {
            /* "info" and "style" are no words that are counted */
            buf_addf(&out->b, "%s%zu %s%s", between, n[i], names[i],
                     i >= SEVERITY_MEDIUM ? plural(n[i]) : "");
            between = ", ";
        }
}

static void end(struct report_lint_output *out)
{
    if (!out->files)
        return;
    if (!out->found) {
        buf_addf(&out->b, "%sno findings%s in %zu file%s\n", paint(out, "\033[32m"),
                 paint(out, "\033[0m"), out->files, plural(out->files));
        return;
    }
    buf_addf(&out->b, "\n%zu finding%s in ", out->found, plural(out->found));
    if (out->files > out->files_found)
        buf_addf(&out->b, "%zu of ", out->files_found);
    buf_addf(&out->b, "%zu file%s", out->files, plural(out->files));
    add_levels(out);
    buf_addc(&out->b, '\n');
    if (out->safe)
        buf_addf(&out->b, "--fix mends %zu of them", out->safe);
    if (out->unsafe)
        buf_addf(&out->b, "%s%zu%s", out->safe ? "; --fix --unsafe " : "--fix --unsafe mends ",
                 out->unsafe, out->safe ? " more" : "");
    if (out->safe || out->unsafe)
        buf_addc(&out->b, '\n');
}

const struct report_lint_form report_lint_tty = {
    .file_begin = begin_file, .finding = add_finding, .end = end};
