/* audit_table: struct audit_report → lines for a terminal: about a screen, or everything.
 *
 * Without `all` a table has SCREEN lines of as many columns as it is given: as many findings of
 * each check as fit, the worst first, those of the base in one line; then of those that found
 * something grave; at last a line a check, with its worst finding. A table of all checks and notes
 * has a few lines more. Places that are long are shortened in the middle: names matter, and
 * evidence needs room.
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

enum {
    SCREEN = 30,
    COLUMNS = 120,
    LEAST_COLUMNS = 60,
    DIGEST_SHOWN = 24,

    WIDTH_WHERE = 34,
    INDENT = 9
};

struct table {
    struct arena *a;
    struct buf b;
    const struct audit_report *r;
    const struct report_audit_options *options;
    size_t shown;        /* findings of a check at most */
    enum severity floor; /* a check whose worst is below it has a line only */
    size_t where;        /* width of the places of a check */
    size_t columns;
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
    [CHECK_KNOWN] = {"·", "\033[2m"},   [CHECK_NOTED] = {"i", "\033[2m"},
};

static void add_safe(struct table *t, struct str text)
{
    buf_add(&t->b, safe_text(t->a, text));
}

/* Bytes of the first n characters. */
static size_t bytes_of(struct str s, size_t n)
{
    size_t end = 0;
    for (; n && end < s.n; n--)
        do
            end++;
        while (end < s.n && ((unsigned char)s.p[end] & 0xc0) == 0x80);
    return end;
}

/* What fits behind column `at`; all of it with --all. */
static void add_cut(struct table *t, struct str text, size_t at)
{
    struct str safe = safe_text(t->a, text);
    size_t room = at + 1 < t->columns ? t->columns - at - 1 : 1;
    if (t->options->all || report_width(safe) <= room + 1) {
        buf_add(&t->b, safe);
        return;
    }
    buf_add(&t->b, str_slice(safe, 0, bytes_of(safe, room)));
    buf_addz(&t->b, "…");
}

/* At most `most` characters, its middle left out; all of it with --all. */
static struct str shortened(const struct table *t, struct str text, size_t most)
{
    struct str safe = safe_text(t->a, text);
    size_t n = report_width(safe);
    if (t->options->all || n <= most)
        return safe;
    size_t head = (most - 1) / 3, tail = most - 1 - head; /* the end of a path tells more */
    return str_fmt(t->a, STR_F "…" STR_F, STR_A(str_slice(safe, 0, bytes_of(safe, head))),
                   STR_A(str_from(safe, bytes_of(safe, n - tail))));
}

/* Where a finding is, in two fifths of a line. */
static struct str place_text(const struct table *t, const struct finding *f)
{
    return shortened(t, location_text(t->a, &f->where), t->columns * 2 / 5);
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
    at += add_column(t, place_text(t, f), t->where);
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

/* The worst first, the ignored last, as they stand within one severity. Returns how many places are
 * not shown. */
static uint64_t add_group(struct table *t, const struct group *g)
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
    return rest;
}

static void count_group(const struct group *g, size_t *by_severity)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->v[i].inherited == g->inherited && !g->v[i].ignored.n)
            by_severity[g->v[i].severity] += rules_places(&g->v[i], i);
}

/* One line for what is not shown, and for all that came with the base. */
static void add_rest(struct table *t, uint64_t rest, const struct group *base)
{
    size_t by_severity[SEVERITY_CRITICAL + 1] = {0};
    if (!rest && !base->of)
        return;
    count_group(base, by_severity);
    buf_addz(&t->b, "         ");
    if (rest)
        buf_addf(&t->b, "… and %llu more%s", (unsigned long long)rest, base->of ? "; " : "");
    if (base->of)
        buf_addz(&t->b, "from the base: ");
    if (base->of && !add_severities(t, by_severity))
        buf_addf(&t->b, "%zu ignored", base->of);
    buf_addz(&t->b, ": --all\n");
}

static void add_findings(struct table *t, const struct check *check)
{
    struct group ours = group_of(t, check, false), base = group_of(t, check, true);
    t->where = 0;
    for (size_t i = 0; i < check->n && t->where < WIDTH_WHERE; i++) {
        size_t n = report_width(place_text(t, &t->r->findings.v[check->first + i]));
        t->where = n > t->where ? n : t->where;
    }
    t->where = t->where < WIDTH_WHERE ? t->where : WIDTH_WHERE;
    uint64_t rest = ours.of ? add_group(t, &ours) : 0;
    if (!t->options->all) {
        add_rest(t, rest, &base);
    } else if (base.of) {
        buf_addf(&t->b, "         %sfrom the base:%s\n", paint(t, "\033[2m"), paint(t, "\033[0m"));
        add_group(t, &base);
    }
}

/* ---- checks ---- */

/* ": 2 high, 1 low: config User not set: …": how much, and the worst of it. */
static void add_sum(struct table *t, const struct check *check, size_t at)
{
    size_t by_severity[SEVERITY_CRITICAL + 1] = {0};
    struct group ours = group_of(t, check, false), base = group_of(t, check, true);
    const struct finding *worst = NULL;
    count_group(&ours, by_severity);
    count_group(&base, by_severity);
    buf_addz(&t->b, ": ");
    if (!add_severities(t, by_severity)) {
        buf_addz(&t->b, "ignored");
        return;
    }
    for (size_t i = 0; i < ours.n; i++) {
        const struct finding *f = &ours.v[i];
        if (!f->ignored.n && !f->inherited && (!worst || f->severity > worst->severity))
            worst = f;
    }
    if (!worst)
        return;
    for (int s = SEVERITY_CRITICAL; s >= 0; s--) /* what that was wide, without colours */
        if (by_severity[s])
            at += str_fmt(t->a, ", %zu %s", by_severity[s], severity_name((enum severity)s)).n;
    buf_addz(&t->b, ": ");
    add_cut(t, str_fmt(t->a, STR_F "  " STR_F, STR_A(place_text(t, worst)), STR_A(worst->evidence)),
            at + 2);
}

static bool is_summed(const struct table *t, const struct check *check)
{
    enum severity worst = SEVERITY_INFO;
    for (size_t i = 0; i < check->n; i++) {
        const struct finding *f = &t->r->findings.v[check->first + i];
        worst = !f->ignored.n && f->severity > worst ? f->severity : worst;
    }
    return !t->options->all && (!t->shown || worst < t->floor);
}

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
    } else if (is_summed(t, check)) {
        add_sum(t, check, at);
    }
    buf_addc(&t->b, '\n');
    if (check->n && !is_summed(t, check))
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
    struct str platform = shortened(t, image->platform, 20);
    size_t beside = 2 + report_width(platform) + (image->digest.n ? 2 + image->digest.n : 0);
    struct str digest = image->digest;
    if (!t->options->all && beside + report_width(safe_text(t->a, image->name)) > t->columns) {
        digest = shortened(t, digest, DIGEST_SHOWN);
        beside = 2 + report_width(platform) + (digest.n ? 2 + DIGEST_SHOWN : 0);
    }
    buf_addz(&t->b, paint(t, "\033[1m"));
    buf_add(&t->b, shortened(t, image->name, t->columns - beside));
    buf_addf(&t->b, "%s  " STR_F, paint(t, "\033[0m"), STR_A(platform));
    if (digest.n)
        buf_addf(&t->b, "  " STR_F, STR_A(digest));
    buf_addz(&t->b, "\n\n");
}

/* What is said to be the base's is not ours to mend: by what that is known. */
static void add_seam(struct table *t)
{
    const struct audit_base *base = &t->r->base;
    if (base->sure || !t->r->counts.inherited)
        return;
    struct str text =
        str_fmt(t->a, "base: %zu of %zu layers, told from " STR_F "; --base IMAGE settles it",
                base->layers, t->r->image.layers, STR_A(base->layers_evidence));
    add_cut(t, text, 0);
    buf_addc(&t->b, '\n');
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
    buf_add(&t->b, shortened(t, t->r->since.baseline, t->columns / 3));
    buf_addf(&t->b, ": %zu found before and not shown, %zu resolved\n", t->r->since.known,
             t->r->since.resolved);
}

static void add_base(struct table *t)
{
    const struct audit_base *base = &t->r->base;
    buf_addf(&t->b, "base " STR_F, STR_A(base->rung));
    if (base->pretty_name.n) {
        buf_addz(&t->b, " (");
        buf_add(&t->b, shortened(t, base->pretty_name, t->columns / 4));
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
    buf_addc(&t->b, '\n');
    size_t start = t->b.n;
    add_base(t);
    buf_addf(&t->b, " · " STR_F " in %zu file%s and %zu layer%s · %zu package%s · user ",
             STR_A(str_size(t->a, image->bytes)), image->files, image->files == 1 ? "" : "s",
             image->layers, image->layers == 1 ? "" : "s", r->packages,
             r->packages == 1 ? "" : "s");
    add_safe(t, image->user);
    struct str line = str_dup(t->a, str_from(buf_str(&t->b), start));
    t->b.n = start;
    add_cut(t, line, 0);
    buf_addc(&t->b, '\n');
    add_seam(t);
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

/* From much to little. */
static const struct {
    size_t shown;
    enum severity floor;
} sizes[] = {
    {4, SEVERITY_INFO}, {3, SEVERITY_INFO},     {2, SEVERITY_INFO},
    {1, SEVERITY_INFO}, {3, SEVERITY_HIGH},     {2, SEVERITY_HIGH},
    {1, SEVERITY_HIGH}, {1, SEVERITY_CRITICAL}, {0, SEVERITY_INFO},
};

struct str report_audit_table(struct arena *a, const struct audit_report *r,
                              const struct report_audit_options *options)
{
    size_t columns = options->columns ? options->columns : COLUMNS;
    columns = columns < LEAST_COLUMNS ? LEAST_COLUMNS : columns;
    struct table t = {a, {.a = a}, r, options, 0, SEVERITY_INFO, 0, columns};
    for (size_t i = 0;; i++) {
        t.shown = sizes[i].shown;
        t.floor = sizes[i].floor;
        t.b.n = 0;
        add_head(&t);
        add_checks(&t);
        add_summary(&t);
        if (options->all || !t.shown || lines_in(buf_str(&t.b)) <= SCREEN)
            return buf_str(&t.b);
    }
}
