/* audit_table: struct audit_report → lines for a terminal.
 *
 * Invariants
 * 1. No control character of an image reaches the terminal: every text passes safe_text().
 *    (tests/cli/audit/terminal)
 * 2. Colours only where asked for; the words say the same without them. (tests/cli/audit)
 */
#include "base/buf.h"
#include "base/limits.h"
#include "base/safe.h"
#include "report/audit_report.h"
#include "report/fill.h"

enum { FINDINGS_SHOWN = 4, WIDTH_WHERE = 34 };

struct table {
    struct arena *a;
    struct buf b;
    const struct audit_report *r;
    const struct report_audit_options *options;
};

static const char *paint(const struct table *t, const char *code)
{
    return t->options->color ? code : "";
}

static const char *const severity_colors[] = {
    [SEVERITY_INFO] = "\033[2m",        [SEVERITY_LOW] = "\033[36m",
    [SEVERITY_MEDIUM] = "\033[33m",     [SEVERITY_HIGH] = "\033[31m",
    [SEVERITY_CRITICAL] = "\033[1;31m",
};

static const struct {
    const char *mark, *color;
} marks[] = {
    [CHECK_PASS] = {"✓", "\033[32m"},
    [CHECK_FAIL] = {"✗", "\033[31m"},
    [CHECK_SKIPPED] = {"–", "\033[2m"},
    [CHECK_IGNORED] = {"·", "\033[2m"},
};

static void add_safe(struct table *t, struct str text)
{
    buf_add(&t->b, safe_text(t->a, text));
}

static void add_column(struct table *t, struct str text, size_t width)
{
    struct str safe = safe_text(t->a, text);
    size_t n = report_width(safe);
    buf_add(&t->b, safe);
    for (; n < width; n++)
        buf_addc(&t->b, ' ');
}

static void add_finding(struct table *t, const struct finding *f)
{
    buf_addz(&t->b, "         ");
    if (f->ignored.n) {
        buf_addf(&t->b, "%s%-8s ", paint(t, "\033[2m"), "ignored");
    } else {
        buf_addf(&t->b, "%s%-8s%s ", paint(t, severity_colors[f->severity]),
                 severity_name(f->severity), paint(t, "\033[0m"));
    }
    add_column(t, location_text(t->a, &f->where), WIDTH_WHERE);
    buf_addc(&t->b, ' ');
    add_safe(t, f->evidence);
    if (f->ignored.n) {
        buf_addz(&t->b, "; ignored: ");
        add_safe(t, f->ignored);
        buf_addz(&t->b, paint(t, "\033[0m"));
    }
    buf_addc(&t->b, '\n');
}

/* The worst first, the ignored last, as they stand within one severity. */
static void add_findings(struct table *t, const struct check *check)
{
    size_t shown = 0, most = t->options->all ? check->n : FINDINGS_SHOWN;
    uint64_t rest = 0;
    for (int rank = SEVERITY_CRITICAL; rank >= -1; rank--)
        for (size_t i = 0; i < check->n; i++) {
            const struct finding *f = &t->r->findings.v[check->first + i];
            if ((f->ignored.n ? -1 : (int)f->severity) != rank)
                continue;
            /* "and 1 more" takes the line that the one would */
            if (shown < most || (shown == most && i + 1 == check->n && check->n == most + 1)) {
                add_finding(t, f);
                shown++;
            } else {
                rest += i + 1 == LIMIT_RULE_FINDINGS ? f->count : 1;
            }
        }
    if (rest)
        buf_addf(&t->b, "         … and %llu more: --all\n", (unsigned long long)rest);
}

static void add_check(struct table *t, const struct check *check)
{
    const struct rule_info *rule = check->rule;
    buf_addf(&t->b, " %s%s%s %-5s ", paint(t, marks[check->status].color),
             marks[check->status].mark, paint(t, "\033[0m"), rule->cis ? rule->cis : "");
    buf_addf(&t->b, "%s%s%s", paint(t, "\033[1m"), rule->title, paint(t, "\033[0m"));
    if (!rule->cis)
        buf_addf(&t->b, " %s[%s]%s", paint(t, "\033[2m"), rule->id, paint(t, "\033[0m"));
    if (check->status == CHECK_PASS || check->status == CHECK_SKIPPED) {
        buf_addz(&t->b, check->status == CHECK_PASS ? ": " : ": skipped, ");
        add_safe(t, check->evidence);
    }
    buf_addc(&t->b, '\n');
    add_findings(t, check);
}

static void add_head(struct table *t)
{
    const struct audit_image *image = &t->r->image;
    buf_addz(&t->b, paint(t, "\033[1m"));
    add_safe(t, image->name);
    buf_addf(&t->b, "%s  ", paint(t, "\033[0m"));
    add_safe(t, image->platform);
    if (image->digest.n)
        buf_addf(&t->b, "  " STR_F, STR_A(image->digest));
    buf_addz(&t->b, "\n\n");
}

/* "2 high, 1 low, 3 ignored" */
static void add_counts(struct table *t)
{
    const struct audit_counts *n = &t->r->counts;
    size_t said = 0;
    for (int s = SEVERITY_CRITICAL; s >= 0; s--)
        if (n->by_severity[s])
            buf_addf(&t->b, "%s%s%zu %s%s", said++ ? ", " : "", paint(t, severity_colors[s]),
                     n->by_severity[s], severity_name((enum severity)s), paint(t, "\033[0m"));
    if (!said)
        buf_addf(&t->b, "%sno findings%s", paint(t, "\033[32m"), paint(t, "\033[0m"));
    if (n->ignored)
        buf_addf(&t->b, ", %zu ignored", n->ignored);
    if (n->by_status[CHECK_SKIPPED])
        buf_addf(&t->b, "; %zu of %zu checks skipped", n->by_status[CHECK_SKIPPED], t->r->checks.n);
    buf_addc(&t->b, '\n');
}

static void add_summary(struct table *t)
{
    const struct audit_report *r = t->r;
    const struct audit_image *image = &r->image;
    buf_addf(&t->b, "\nbase " STR_F, STR_A(r->base.rung));
    if (r->base.pretty_name.n) {
        buf_addz(&t->b, " (");
        add_safe(t, r->base.pretty_name);
        buf_addc(&t->b, ')');
    }
    buf_addf(&t->b, " · " STR_F " in %zu file%s and %zu layer%s · %zu package%s · user ",
             STR_A(str_size(t->a, image->bytes)), image->files, image->files == 1 ? "" : "s",
             image->layers, image->layers == 1 ? "" : "s", r->packages,
             r->packages == 1 ? "" : "s");
    add_safe(t, image->user);
    buf_addc(&t->b, '\n');
    add_counts(t);
    for (size_t i = 0; i < r->notes.n; i++) {
        buf_addz(&t->b, "note: ");
        add_safe(t, r->notes.v[i]);
        buf_addc(&t->b, '\n');
    }
}

struct str report_audit_table(struct arena *a, const struct audit_report *r,
                              const struct report_audit_options *options)
{
    struct table t = {a, {.a = a}, r, options};
    size_t quiet = 0; /* checks of our own that pass or were skipped: one line for all */
    add_head(&t);
    vec_each (&r->checks, i) {
        const struct check *check = &r->checks.v[i];
        bool found = check->status == CHECK_FAIL || check->status == CHECK_IGNORED;
        if (check->rule->cis || found || options->all)
            add_check(&t, check);
        else
            quiet++;
    }
    if (quiet)
        buf_addf(&t.b, "   %zu further checks found nothing: --all\n", quiet);
    add_summary(&t);
    return buf_str(&t.b);
}
