/* html_audit: struct audit_report → one page: the image, then item by item what was found in what
 * is ours and in what came with the base, then what was found right and what was not looked at.
 *
 * Invariants
 * 1. Nothing of an image reaches the page but through html_text(). (tests/audit_formats.t: escaped)
 * 2. Lists are cut at the cap below and say so; the whole is in the JSON. (tests/audit_formats.t:
 *    cut)
 */
#include "report/audit_report.h"
#include "report/html.h"

enum {
    FINDINGS_MOST = 200, /* of a check, ours and the base's each */
    DETAILS_MOST = 500,  /* of a finding */
};

/* ---- the head ---- */

static void add_card(struct buf *b, const char *label, struct str is, struct str more)
{
    buf_addz(b, "<div class=\"card\">");
    html_element(b, "div", "label", str_of(label));
    html_element(b, "div", "is", is);
    if (more.n)
        html_element(b, "div", "was", more);
    buf_addz(b, "</div>\n");
}

/* "1 critical, 3 high" */
static struct str severities_text(struct arena *a, const size_t *by_severity)
{
    struct buf b = {.a = a};
    for (int s = SEVERITY_CRITICAL; s >= 0; s--)
        if (by_severity[s])
            buf_addf(&b, "%s%zu %s", b.n ? ", " : "", by_severity[s],
                     severity_name((enum severity)s));
    return buf_str(&b);
}

static struct str base_text(struct arena *a, const struct audit_base *base)
{
    struct buf b = {.a = a};
    buf_add(&b, base->name.n ? base->name : base->pretty_name);
    if (base->layers)
        buf_addf(&b, "%s%zu layer%s", b.n ? ", " : "", base->layers, base->layers == 1 ? "" : "s");
    return buf_str(&b);
}

static void add_cards(struct buf *b, const struct audit_report *r)
{
    const struct audit_image *image = &r->image;
    const struct audit_counts *n = &r->counts;
    buf_addz(b, "<div class=\"cards small\">\n");
    add_card(b, "Findings", str_number(b->a, rules_found(n)),
             severities_text(b->a, n->by_severity));
    add_card(b, "Checks failed", str_fmt(b->a, "%zu of %zu", n->by_status[CHECK_FAIL], r->checks.n),
             str_fmt(b->a, "%zu passed, %zu skipped", n->by_status[CHECK_PASS],
                     n->by_status[CHECK_SKIPPED]));
    add_card(b, "Base", r->base.rung, base_text(b->a, &r->base));
    add_card(b, "Size of the files", str_size(b->a, image->bytes),
             str_fmt(b->a, "%zu files, %zu layer%s", image->files, image->layers,
                     image->layers == 1 ? "" : "s"));
    add_card(b, "Packages", str_number(b->a, r->packages), (struct str){0});
    add_card(b, "Runs as", image->user, (struct str){0});
    buf_addz(b, "</div>\n");
}

static void add_lead(struct buf *b, const struct audit_report *r)
{
    const struct audit_counts *n = &r->counts;
    size_t all = rules_found(n);
    struct buf text = {.a = b->a};
    if (!all)
        buf_addz(&text, "Nothing was found.");
    else if (!r->base.layers)
        buf_addf(&text, "%zu finding%s.", all, all == 1 ? "" : "s");
    else
        buf_addf(&text,
                 "%zu finding%s: %zu in what was built here, %zu in what came with the base.", all,
                 all == 1 ? "" : "s", all - n->inherited, n->inherited);
    if (n->ignored)
        buf_addf(&text, " %zu more %s ignored, with reasons.", n->ignored,
                 n->ignored == 1 ? "is" : "are");
    if (r->since.baseline.n)
        buf_addf(&text, " Since " STR_F ": %zu found before are not shown, %zu are resolved.",
                 STR_A(r->since.baseline), r->since.known, r->since.resolved);
    html_element(b, "p", "lead", buf_str(&text));
}

static void add_head(struct buf *b, const struct audit_report *r)
{
    buf_addz(b, "<h1 class=\"names\">");
    html_text(b, r->image.name);
    buf_addz(b, "</h1><p class=\"names soft\">");
    html_textz(b, r->benchmark ? "CIS Docker Benchmark, section 4 \xc2\xb7 " : "");
    html_text(b, r->image.platform);
    buf_addz(b, " <code>");
    html_text(b, r->image.digest);
    buf_addz(b, "</code></p>\n");
    add_lead(b, r);
    add_cards(b, r);
}

/* ---- findings ---- */

static const char *const severity_classes[] = {
    [SEVERITY_INFO] = "chip none", [SEVERITY_LOW] = "chip none",     [SEVERITY_MEDIUM] = "chip mid",
    [SEVERITY_HIGH] = "chip bad",  [SEVERITY_CRITICAL] = "chip bad",
};

static const char *severity_class(const struct finding *f)
{
    return f->ignored.n ? "chip none" : severity_classes[f->severity];
}

static void add_finding(struct buf *b, const struct finding *f)
{
    buf_addz(b, "<tr><td data-label=\"severity\"><div>");
    html_element(b, "span", severity_class(f),
                 f->ignored.n ? STR("ignored") : str_of(severity_name(f->severity)));
    buf_addz(b, "</div></td><td data-label=\"place\"><div class=\"mono names\">");
    html_text(b, location_text(b->a, &f->where));
    buf_addz(b, "</div></td><td data-label=\"seen\"><div class=\"names\">");
    html_text(b, f->evidence);
    if (f->ignored.n)
        html_element(b, "span", "why", str_fmt(b->a, "ignored: " STR_F, STR_A(f->ignored)));
    else if (f->remedy.n)
        html_element(b, "span", "why", f->remedy);
    if (f->details.n) {
        buf_addf(b, "<details><summary>all %zu</summary><ul>", f->details.n);
        for (size_t i = 0; i < f->details.n && i < DETAILS_MOST; i++)
            html_element(b, "li", NULL, f->details.v[i]);
        buf_addz(b, "</ul></details>");
    }
    buf_addz(b, "</div></td></tr>\n");
}

static size_t count_of(const struct audit_report *r, const struct check *c, bool inherited)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        n += r->findings.v[c->first + i].inherited == inherited;
    return n;
}

/* The worst first, what is ignored last. */
static void add_group(struct buf *b, const struct audit_report *r, const struct check *c,
                      bool inherited)
{
    size_t n = count_of(r, c, inherited), shown = 0;
    if (!n)
        return;
    if (inherited || count_of(r, c, true)) {
        buf_addz(b, "<tr class=\"group\"><th colspan=\"3\" scope=\"rowgroup\">");
        html_textz(b, inherited ? "From the base" : "Built here");
        html_element(b, "span", "soft", str_number(b->a, n));
        buf_addz(b, "</th></tr>\n");
    }
    for (int rank = SEVERITY_CRITICAL; rank >= -1; rank--)
        for (size_t i = 0; i < c->n && shown < FINDINGS_MOST; i++) {
            const struct finding *f = &r->findings.v[c->first + i];
            if (f->inherited != inherited || (f->ignored.n ? -1 : (int)f->severity) != rank)
                continue;
            add_finding(b, f);
            shown++;
        }
    if (shown < n)
        buf_addf(b, "<tr><td colspan=\"3\" class=\"soft\">%zu more are in the JSON.</td></tr>\n",
                 n - shown);
}

static void add_title(struct buf *b, const struct rule_info *rule)
{
    buf_addz(b, "<code>");
    html_textz(b, rule->id);
    buf_addz(b, "</code> ");
    html_textz(b, rule->title);
}

static void add_failed(struct buf *b, const struct audit_report *r, const struct check *c)
{
    size_t by_severity[SEVERITY_CRITICAL + 1] = {0};
    for (size_t i = 0; i < c->n; i++) {
        const struct finding *f = &r->findings.v[c->first + i];
        by_severity[f->severity] += f->ignored.n ? 0 : rules_places(f, i);
    }
    int worst = SEVERITY_CRITICAL;
    while (worst > 0 && !by_severity[worst])
        worst--;
    struct str counts = severities_text(b->a, by_severity);
    buf_addf(b, "<details%s><summary>", c->status == CHECK_FAIL ? " open" : "");
    add_title(b, c->rule);
    buf_addc(b, ' ');
    html_element(b, "span", c->status == CHECK_FAIL ? severity_classes[worst] : "chip none",
                 counts.n ? counts : STR("ignored"));
    buf_addz(b, "</summary><p class=\"pad soft\">");
    html_textz(b, c->rule->why);
    buf_addz(b, "</p><p class=\"pad\"><b>Remedy:</b> ");
    html_textz(b, c->rule->remedy);
    buf_addz(b, "</p><div class=\"wide\"><table class=\"stack found\"><thead><tr><th>Severity</th>"
                "<th>Place</th><th>What was seen</th></tr></thead><tbody>\n");
    add_group(b, r, c, false);
    add_group(b, r, c, true);
    buf_addz(b, "</tbody></table></div></details>\n");
}

/* ---- the rest ---- */

static void add_rest(struct buf *b, const struct audit_report *r, enum check_status status,
                     const char *id, const char *title, const char *column)
{
    if (!r->counts.by_status[status])
        return;
    html_heading(b, id, title);
    buf_addf(b,
             "<div class=\"wide\"><table class=\"stack\"><thead><tr><th>Check</th><th>%s</th></tr>"
             "</thead><tbody>\n",
             column);
    vec_each (&r->checks, i) {
        const struct check *c = &r->checks.v[i];
        if (c->status != status)
            continue;
        buf_addz(b, "<tr><td class=\"move\">");
        add_title(b, c->rule);
        buf_addz(b, "</td>");
        html_element(b, "td", "names", c->evidence);
        buf_addz(b, "</tr>\n");
    }
    buf_addz(b, "</tbody></table></div>\n");
}

static void add_notes(struct buf *b, const struct audit_report *r)
{
    if (!r->notes.n)
        return;
    html_heading(b, "notes", "Notes");
    buf_addz(b, "<ul class=\"names\">");
    for (size_t i = 0; i < r->notes.n; i++)
        html_element(b, "li", NULL, r->notes.v[i]);
    buf_addz(b, "</ul>\n");
}

struct str report_audit_html(struct arena *a, const struct audit_report *r)
{
    struct buf b = {.a = a};
    html_begin(&b, str_fmt(a, "%s of " STR_F,
                           r->benchmark ? "CIS Docker Benchmark, section 4," : "Audit",
                           STR_A(r->image.name)));
    add_head(&b, r);
    const size_t *n = r->counts.by_status;
    if (n[CHECK_FAIL] || n[CHECK_NOTED] || n[CHECK_IGNORED])
        html_heading(&b, "found", "What was found");
    vec_each (&r->checks, i) {
        const struct check *c = &r->checks.v[i];
        if (c->status == CHECK_FAIL || c->status == CHECK_NOTED || c->status == CHECK_IGNORED)
            add_failed(&b, r, c);
    }
    add_rest(&b, r, CHECK_SKIPPED, "skipped", "What could not be looked at", "Why");
    add_rest(&b, r, CHECK_KNOWN, "known", "What was found before", "How much");
    add_rest(&b, r, CHECK_PASS, "passed", "What is right", "What was looked at");
    add_notes(&b, r);
    html_element(&b, "footer", NULL,
                 r->base.layers_evidence.n
                     ? str_fmt(a, "shuck %s. What is the base's: %zu of %zu layers; " STR_F ".",
                               SHUCK_VERSION, r->base.layers, r->image.layers,
                               STR_A(r->base.layers_evidence))
                     : STR("shuck " SHUCK_VERSION));
    html_end(&b);
    return buf_str(&b);
}
