/* lint_lines: findings → one line each: as hadolint prints them, and as GNU tools do.
 *
 * Invariants
 * 1. A finding is one line, whatever is in it. (tests/lint_formats.t: one line)
 */
#include "base/safe.h"
#include "report/lint_output.h"

static const char *color_of(enum severity s)
{
    static const char *const colors[] = {"\033[32m", "\033[36m", "\033[33m", "\033[31m",
                                         "\033[1;31m"};
    return colors[s];
}

static void add_plain(struct report_lint_output *out, const struct lint_report *r,
                      const struct lint_finding *f)
{
    bool color = out->options.color;
    if (!strcmp(f->f.rule->id, "DL1000")) { /* what cannot be read has a column and no level */
        buf_addf(&out->b, STR_F ":%u:%u " STR_F "\n", STR_A(safe_text(out->a, r->name)),
                 f->f.where.line, f->f.where.column, STR_A(safe_text(out->a, f->f.evidence)));
        return;
    }
    buf_addf(&out->b, STR_F ":%u %s %s%s%s: " STR_F "\n", STR_A(safe_text(out->a, r->name)),
             f->f.where.line, f->f.rule->id, color ? color_of(f->f.severity) : "",
             lint_level_name(f->f.severity), color ? "\033[0m" : "",
             STR_A(safe_text(out->a, f->f.evidence)));
}

static void add_gnu(struct report_lint_output *out, const struct lint_report *r,
                    const struct lint_finding *f)
{
    buf_addf(&out->b, "%s:" STR_F ":%u:", out->options.compat ? "hadolint" : "shuck",
             STR_A(safe_text(out->a, r->name)), f->f.where.line);
    if (!out->options.compat)
        buf_addf(&out->b, "%u:", f->f.where.column);
    buf_addf(&out->b, " %s %s: " STR_F "\n", f->f.rule->id, lint_level_name(f->f.severity),
             STR_A(safe_text(out->a, f->f.evidence)));
}

const struct report_lint_form report_lint_plain = {.finding = add_plain};
const struct report_lint_form report_lint_gnu = {.finding = add_gnu};
