/* audit_table: struct audit_report → lines for a terminal: about a screen, or everything.
 *
 * Without `all` a table has at most SCREEN lines of at most COLUMNS columns: as many findings of
 * each check as fit, the worst first, those of the base in one line; at last a line a check.
 *
 * Invariants
 * 1. No control character of an image reaches the terminal: every text passes safe_text().
 *    (tests/cli/audit/terminal)
 * 2. Colours only where asked for; the words say the same without them. (tests/cli/audit)
 * 3. However much was found, a table without `all` fits on a screen. (tests/audit_formats.t: a
 *    screen)
 */
#include "base/buf.h"
#include "base/safe.h"
#include "report/audit_report.h"
#include "report/fill.h"

enum { SCREEN = 48, COLUMNS = 120, FINDINGS_SHOWN = 4, WIDTH_WHERE = 34, INDENT = 9 };

struct table {
    struct arena *a;
    struct buf b;
    const struct audit_report *r;
    const struct report_audit_options *options;
    size_t shown; /* findings of a check at most */
    size_t where; /* width of the places of a check */
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
    [CHECK_PASS] = {"✓", "\033[32m"},   [CHECK_FAIL] = {"✗", "\033[31m"},
    [CHECK_SKIPPED] = {"–", "\033[2m"}, [CHECK_IGNORED] = {"·", "\033[2m"},
    [CHECK_KNOWN] = {"·", "\033[2m"},
};

static void add_safe(struct table *t, struct str text)
{
    buf_add(&t->b, safe_text(t->a, text));
}

/* What fits behind column `at`; all of it with --all. */
static void add_cut(struct table *t, struct str text, size_t at)
{
    struct str safe = safe_text(t->a, text);
    size_t room = at + 1 < COLUMNS ? COLUMNS - at - 1 : 1, end = 0;
    if (t->options->all || report_width(safe) <= room + 1) {
        buf_add(&t->b, safe);
        return;
    }
    for (size_t n = 0; n < room && end < safe.n; n++)
        do
            end++;
        while (end < safe.n && ((unsigned char)safe.p[end] & 0xc0) == 0x80);
    buf_add(&t->b, str_slice(safe, 0, end));
    buf_addz(&t->b, "…");
}

/* Returns the width it took. */
static size_t add_column(struct table *t, struct str text, size_t width)
{
    struct str safe = safe_text(t->a, text);
    size_t n = report_width(safe);
    buf_add(&t->b, safe);
    for (; n < width; n++)
        buf_addc(&t->b, ' ');
    return n;
}

/* "2 high, 1 low", coloured; nothing when there is none. */
static size_t add_severities(struct table *t, const size_t *by_severity)
{
    size_t said = 0;
    for (int s = SEVERITY_CRITICAL; s >= 0; s--)
        if (by_severity[s])
            buf_addf(&t->b, "%s%s%zu %s%s", said++ ? ", " : "", paint(t, severity_colors[s]),
                     by_severity[s], severity_name((enum severity)s), paint(t, "\033[0m"));
    return said;
}

/* ---- findings ---- */

static void add_finding(struct table *t, const struct finding *f)
{
    size_t at = INDENT + 9;
    buf_addz(&t->b, "         ");
    if (f->ignored.n) {
        buf_addf(&t->b, "%s%-8s ", paint(t, "\033[2m"), "ignored");
    } else {
        buf_addf(&t->b, "%s%-8s%s ", paint(t, severity_colors[f->severity]),
                 severity_name(f->severity), paint(t, "\033[0m"));
    }
    at += add_column(t, location_text(t->a, &f->where), t->where);
    buf_addz(&t->b, "  ");
    struct str text = f->evidence;
    if (f->ignored.n)
        text = str_fmt(t->a, STR_F "; ignored: " STR_F, STR_A(f->evidence), STR_A(f->ignored));
    add_cut(t, text, at + 2);
    buf_addf(&t->b, "%s\n", f->ignored.n ? paint(t, "\033[0m") : "");
    for (size_t i = 0; t->options->all && i < f->details.n; i++) {
        buf_addf(&t->b, "%*s", INDENT + 9, "");
        add_safe(t, f->details.v[i]);
        buf_addc(&t->b, '\n');
    }
}

/* Those of a check that are to be listed one by one: the base's with --all only. */
struct group {
    const struct finding *v;
    size_t n, of; /* of: in the group */
    bool inherited;
};

static struct group group_of(const struct table *t, const struct check *c, bool inherited)
{
    struct group g = {c->n ? &t->r->findings.v[c->first] : NULL, c->n, 0, inherited};
    for (size_t i = 0; i < g.n; i++)
        g.of += g.v[i].inherited == inherited;
    return g;
}

/* The worst first, the ignored last, as they stand within one severity. */
static void add_group(struct table *t, const struct group *g)
{
    /* "and 1 more" takes the line that the one would */
    size_t most = t->options->all || g->of == t->shown + 1 ? g->of : t->shown;
    size_t shown = 0;
    uint64_t rest = 0;
    for (int rank = SEVERITY_CRITICAL; rank >= -1; rank--)
        for (size_t i = 0; i < g->n; i++) {
            const struct finding *f = &g->v[i];
            if (f->inherited != g->inherited || (f->ignored.n ? -1 : (int)f->severity) != rank)
                continue;
            if (shown++ < most)
                add_finding(t, f);
            else
                rest += rules_places(f, i);
        }
    if (rest)
        buf_addf(&t->b, "         … and %llu more: --all\n", (unsigned long long)rest);
}

static void count_group(const struct group *g, size_t *by_severity)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->v[i].inherited == g->inherited && !g->v[i].ignored.n)
            by_severity[g->v[i].severity] += rules_places(&g->v[i], i);
}

/* One line for all that came with the base. */
static void add_base_line(struct table *t, const struct group *g)
{
    size_t by_severity[SEVERITY_CRITICAL + 1] = {0};
    count_group(g, by_severity);
    buf_addz(&t->b, "         from the base: ");
    if (!add_severities(t, by_severity))
        buf_addf(&t->b, "%zu ignored", g->of);
    buf_addz(&t->b, ": --all\n");
}

static void add_findings(struct table *t, const struct check *check)
{
    struct group ours = group_of(t, check, false), base = group_of(t, check, true);
    t->where = 0;
    for (size_t i = 0; i < check->n && t->where < WIDTH_WHERE; i++) {
        struct str where = location_text(t->a, &t->r->findings.v[check->first + i].where);
        size_t n = report_width(safe_text(t->a, where));
        t->where = n > t->where ? n : t->where;
    }
    t->where = t->where < WIDTH_WHERE ? t->where : WIDTH_WHERE;
    if (ours.of)
        add_group(t, &ours);
    if (base.of && !t->options->all)
        add_base_line(t, &base);
    if (base.of && t->options->all) {
        buf_addf(&t->b, "         %sfrom the base:%s\n", paint(t, "\033[2m"), paint(t, "\033[0m"));
        add_group(t, &base);
    }
}

/* ---- checks ---- */

static void add_check(struct table *t, const struct check *check)
{
    const struct rule_info *rule = check->rule;
    size_t at = INDENT + report_width(str_of(rule->title));
    buf_addf(&t->b, " %s%s%s %-5s ", paint(t, marks[check->status].color),
             marks[check->status].mark, paint(t, "\033[0m"), rule->cis ? rule->cis : "");
    buf_addf(&t->b, "%s%s%s", paint(t, "\033[1m"), rule->title, paint(t, "\033[0m"));
    if (!rule->cis) {
        buf_addf(&t->b, " %s[%s]%s", paint(t, "\033[2m"), rule->id, paint(t, "\033[0m"));
        at += strlen(rule->id) + 3;
    }
    if (!check->n) {
        const char *skipped = check->status == CHECK_SKIPPED ? "skipped, " : "";
        buf_addf(&t->b, ": %s", skipped);
        add_cut(t, check->evidence, at + 2 + strlen(skipped));
    } else if (!t->shown && !t->options->all) {
        size_t by_severity[SEVERITY_CRITICAL + 1] = {0};
        struct group ours = group_of(t, check, false), base = group_of(t, check, true);
        count_group(&ours, by_severity);
        count_group(&base, by_severity);
        buf_addz(&t->b, ": ");
        if (!add_severities(t, by_severity))
            buf_addz(&t->b, "ignored");
    }
    buf_addc(&t->b, '\n');
    if (t->shown || t->options->all)
        add_findings(t, check);
}

static void add_checks(struct table *t)
{
    size_t quiet = 0; /* checks of our own that pass or were skipped: one line for all */
    vec_each (&t->r->checks, i) {
        const struct check *check = &t->r->checks.v[i];
        if (check->rule->cis || check->n || t->options->all)
            add_check(t, check);
        else
            quiet++;
    }
    if (quiet)
        buf_addf(&t->b, "   %zu further checks found nothing: --all\n", quiet);
}

/* ---- head and foot ---- */

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
    if (!add_severities(t, n->by_severity))
        buf_addf(&t->b, "%sno findings%s", paint(t, "\033[32m"), paint(t, "\033[0m"));
    if (n->inherited)
        buf_addf(&t->b, ", %zu of them from the base", n->inherited);
    if (n->ignored)
        buf_addf(&t->b, ", %zu ignored", n->ignored);
    if (n->by_status[CHECK_SKIPPED])
        buf_addf(&t->b, "; %zu of %zu checks skipped", n->by_status[CHECK_SKIPPED], t->r->checks.n);
    buf_addc(&t->b, '\n');
    if (!t->r->since.baseline.n)
        return;
    buf_addz(&t->b, "since ");
    add_safe(t, t->r->since.baseline);
    buf_addf(&t->b, ": %zu found before and not shown, %zu resolved\n", t->r->since.known,
             t->r->since.resolved);
}

static void add_base(struct table *t)
{
    const struct audit_base *base = &t->r->base;
    buf_addf(&t->b, "\nbase " STR_F, STR_A(base->rung));
    if (base->pretty_name.n) {
        buf_addz(&t->b, " (");
        add_safe(t, base->pretty_name);
        buf_addc(&t->b, ')');
    }
    if (base->layers == 1)
        buf_addz(&t->b, ", its layer 0");
    else if (base->layers)
        buf_addf(&t->b, ", its layers 0 to %zu", base->layers - 1);
}

static void add_notes(struct table *t)
{
    enum { NOTES_SHOWN = 3 };
    const struct strs *notes = &t->r->notes;
    for (size_t i = 0; i < notes->n && (t->options->all || i < NOTES_SHOWN); i++) {
        buf_addz(&t->b, "note: ");
        add_cut(t, notes->v[i], 6);
        buf_addc(&t->b, '\n');
    }
    if (notes->n > NOTES_SHOWN && !t->options->all)
        buf_addf(&t->b, "note: and %zu more: --all\n", notes->n - NOTES_SHOWN);
}

static void add_summary(struct table *t)
{
    const struct audit_report *r = t->r;
    const struct audit_image *image = &r->image;
    add_base(t);
    buf_addf(&t->b, " · " STR_F " in %zu file%s and %zu layer%s · %zu package%s · user ",
             STR_A(str_size(t->a, image->bytes)), image->files, image->files == 1 ? "" : "s",
             image->layers, image->layers == 1 ? "" : "s", r->packages,
             r->packages == 1 ? "" : "s");
    add_safe(t, image->user);
    buf_addc(&t->b, '\n');
    add_counts(t);
    add_notes(t);
}

static size_t lines_in(struct str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

struct str report_audit_table(struct arena *a, const struct audit_report *r,
                              const struct report_audit_options *options)
{
    struct table t = {a, {.a = a}, r, options, FINDINGS_SHOWN, 0};
    for (;; t.shown--) {
        t.b.n = 0;
        add_head(&t);
        add_checks(&t);
        add_summary(&t);
        if (options->all || !t.shown || lines_in(buf_str(&t.b)) <= SCREEN)
            return buf_str(&t.b);
    }
}
