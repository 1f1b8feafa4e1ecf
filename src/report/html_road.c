/* html_road: struct road_report → one page: what an intruder lost, what the image lost, what stayed
 * the same.
 *
 * Invariants
 * 1. Lists are cut at the caps below and say so; the whole is in the JSON. (test_road_report: cut)
 */
#include "base/safe.h"
#include "report/html.h"
#include "report/road_report.h"

enum { PACKAGES_MOST = 200, KEPT_MOST = 1000, ITEMS_MOST = 200, ANSWER_MOST = 5000 };

/* ---- the head ---- */

static void add_card(struct buf *b, const char *label, struct str was, struct str is)
{
    buf_addz(b, "<div class=\"card\">");
    html_element(b, "div", "label", str_of(label));
    html_element(b, "div", "is", is);
    buf_addz(b, "<div class=\"was\">was ");
    html_text(b, was);
    buf_addz(b, "</div></div>\n");
}

static const char *grade_class(enum prove_grade g)
{
    return g <= GRADE_B ? "grade good" : g <= GRADE_C ? "grade mid" : "grade bad";
}

static void add_grades(struct buf *b, const struct prove_report *was, const struct prove_report *is)
{
    buf_addz(b, "<div class=\"card\"><div class=\"label\">Grade</div>"
                "<div class=\"grades\">");
    html_element(b, "span", grade_class(was->grade), str_of(prove_grade_name(was->grade)));
    buf_addz(b, "<span class=\"soft\">\xe2\x86\x92</span>");
    html_element(b, "span", grade_class(is->grade), str_of(prove_grade_name(is->grade)));
    buf_addz(b, "</div>");
    html_element(b, "div", "was",
                 str_fmt(b->a, "%s when run restricted", prove_grade_name(is->restricted_grade)));
    buf_addz(b, "</div>\n");
}

/* What the page says, in two sentences. */
static void add_summary(struct buf *b, const struct road_report *r)
{
    const struct prove_report *was = r->before.prove, *is = r->after.prove;
    struct buf text = {.a = b->a};
    if (was && is) {
        size_t worked = 0, stopped = 0, left = 0;
        for (size_t i = 0; i < was->n_results && i < is->n_results; i++) {
            bool before = was->results[i].permissive == VERDICT_SUCCEEDED;
            worked += before;
            stopped += before && is->results[i].permissive == VERDICT_BLOCKED;
            left += is->results[i].permissive == VERDICT_SUCCEEDED;
        }
        buf_addf(&text,
                 "%zu of the %zu attack moves that worked on the original are blocked by the "
                 "result; %zu still work%s. ",
                 stopped, worked, left, left == 1 ? "s" : "");
    }
    buf_addf(&text, "%zu of %zu files %s left, and the program behaves the same%s.", r->after.files,
             r->before.files, r->after.files == 1 ? "is" : "are",
             r->doubts.n ? " as far as could be compared" : "");
    html_element(b, "p", "lead", buf_str(&text));
}

static void add_head(struct buf *b, const struct road_report *r)
{
    const struct road_side *was = &r->before, *is = &r->after;
    buf_addz(b, "<h1>What an intruder lost</h1><p class=\"names\"><code>");
    html_text(b, was->name);
    buf_addz(b, "</code> <span class=\"soft\">(");
    html_text(b, was->base);
    buf_addz(b, ")</span> \xe2\x86\x92 <code>");
    html_text(b, is->name);
    buf_addz(b, "</code></p>\n");
    add_summary(b, r);
    buf_addz(b, "<div class=\"cards\">\n");
    if (was->prove && is->prove)
        add_grades(b, was->prove, is->prove);
    add_card(b, "Size of the files", str_size(b->a, was->bytes), str_size(b->a, is->bytes));
    add_card(b, "Files", str_number(b->a, was->files), str_number(b->a, is->files));
    add_card(b, "Packages", str_number(b->a, was->packages), str_number(b->a, is->packages));
    add_card(b, "Runs as", was->user.n ? was->user : STR("root"),
             is->user.n ? is->user : STR("root"));
    if (was->audit && is->audit)
        add_card(b, "Findings", str_number(b->a, rules_found(&was->audit->counts)),
                 str_number(b->a, rules_found(&is->audit->counts)));
    buf_addz(b, "</div>\n");
}

/* ---- requests shown ---- */

static void add_terminal(struct buf *b, const char *label, struct str answer)
{
    buf_addz(b, "<div>");
    html_element(b, "div", "soft", str_of(label));
    buf_addz(b, "<pre class=\"term\">");
    /* line ends are the answer's own; everything else goes through the escaping */
    struct str rest = str_slice(answer, 0, ANSWER_MOST), line;
    while (str_line(&rest, &line)) {
        html_text(b, line);
        buf_addc(b, '\n');
    }
    if (answer.n > ANSWER_MOST)
        buf_addz(b, "\xe2\x80\xa6");
    buf_addz(b, "</pre></div>\n");
}

static void add_shows(struct buf *b, const struct road_report *r)
{
    if (!r->n_shows)
        return;
    html_heading(b, "hole", "The same requests, before and after");
    for (size_t i = 0; i < r->n_shows; i++) {
        const struct road_show *s = &r->shows[i];
        html_element(b, "p", "mono names", s->request);
        buf_addz(b, "<div class=\"pair\">");
        add_terminal(b, "before", s->was);
        add_terminal(b, "after", s->is);
        buf_addz(b, "</div>\n");
    }
}

/* ---- moves ---- */

static const char *verdict_class(enum prove_verdict v)
{
    static const char *const classes[] = {
        [VERDICT_SUCCEEDED] = "chip bad",
        [VERDICT_BLOCKED] = "chip good",
        [VERDICT_NOT_APPLICABLE] = "chip none",
        [VERDICT_INCONCLUSIVE] = "chip mid",
    };
    return classes[v];
}

static void add_verdict(struct buf *b, const char *label, enum prove_verdict v, struct str evidence)
{
    buf_addf(b, "<td data-label=\"%s\"><div>", label);
    html_element(b, "span", verdict_class(v), str_of(prove_verdict_name(v)));
    if (evidence.n)
        html_element(b, "span", "why", evidence);
    buf_addz(b, "</div></td>");
}

/* A line over the moves of one kind: how many of those that worked are blocked now. */
static void add_group(struct buf *b, const struct prove_report *was, const struct prove_report *is,
                      const char *group)
{
    size_t worked = 0, stopped = 0;
    for (size_t i = 0; i < was->n_results && i < is->n_results; i++) {
        if (prove_move_group(was->results[i].move) != group ||
            was->results[i].permissive != VERDICT_SUCCEEDED)
            continue;
        worked++;
        stopped += is->results[i].permissive == VERDICT_BLOCKED;
    }
    buf_addz(b, "<tr class=\"group\"><th colspan=\"4\" scope=\"rowgroup\">");
    html_textz(b, group);
    html_element(b, "span", "soft",
                 worked ? str_fmt(b->a, " %zu of %zu that worked %s blocked", stopped, worked,
                                  worked == 1 ? "is" : "are")
                        : STR(" none worked before"));
    buf_addz(b, "</th></tr>\n");
}

static void add_move(struct buf *b, const struct prove_result *was, const struct prove_result *is)
{
    bool lost = was->permissive == VERDICT_SUCCEEDED && is->permissive == VERDICT_BLOCKED;
    bool alike = was->permissive == is->permissive && str_eq(was->evidence, is->evidence);
    buf_addf(b, "<tr%s><td class=\"move\"><code>", lost ? " class=\"lost\"" : "");
    html_textz(b, is->move->id);
    buf_addz(b, "</code> ");
    html_textz(b, is->move->title);
    buf_addz(b, "</td>");
    add_verdict(b, "before", was->permissive, was->evidence);
    add_verdict(b, "after", is->permissive, alike ? (struct str){0} : is->evidence);
    add_verdict(b, "restricted", is->restricted, (struct str){0});
    buf_addz(b, "</tr>\n");
}

static void add_moves(struct buf *b, const struct road_report *r)
{
    const struct prove_report *was = r->before.prove, *is = r->after.prove;
    if (!was || !is)
        return;
    html_heading(b, "moves", "Attack moves");
    html_element(
        b, "p", "soft",
        STR("Each was tried once in a fresh container of the image, as the image's own user, with "
            "the runtime's default rights; the last column is the result under a restricted "
            "policy (read-only, no capabilities, no new privileges, seccomp)."));
    buf_addz(b, "<div class=\"wide\"><table class=\"stack\"><thead><tr><th>Move</th><th>Before</th>"
                "<th>After</th><th>After, restricted</th></tr></thead><tbody>\n");
    const char *group = NULL;
    for (size_t i = 0; i < was->n_results && i < is->n_results; i++) {
        const char *of = prove_move_group(is->results[i].move);
        if (group != of)
            add_group(b, was, is, of);
        group = of;
        add_move(b, &was->results[i], &is->results[i]);
    }
    buf_addz(b, "</tbody></table></div>\n");
}

/* ---- checks ---- */

static void add_check(struct buf *b, const char *label, const struct audit_report *audit, size_t i)
{
    static const char *const classes[] = {
        [CHECK_PASS] = "chip good",   [CHECK_FAIL] = "chip bad",  [CHECK_SKIPPED] = "chip none",
        [CHECK_IGNORED] = "chip mid", [CHECK_KNOWN] = "chip mid", [CHECK_NOTED] = "chip none",
    };
    const struct check *c = &audit->checks.v[i];
    struct str evidence = c->n ? audit->findings.v[c->first].evidence : c->evidence;
    buf_addf(b, "<td data-label=\"%s\"><div>", label);
    html_element(b, "span", classes[c->status], str_of(check_status_name(c->status)));
    if (evidence.n)
        html_element(b, "span", "why", evidence);
    if (c->n > 1)
        html_element(b, "span", "why", str_fmt(b->a, "and %zu more", c->n - 1));
    buf_addz(b, "</div></td>");
}

static void add_checks(struct buf *b, const struct road_report *r)
{
    const struct audit_report *was = r->before.audit, *is = r->after.audit;
    if (!was || !is)
        return;
    html_heading(b, "checks", "Checks");
    buf_addz(b,
             "<div class=\"wide\"><table class=\"stack\"><thead><tr><th>Check</th><th>Before</th>"
             "<th>After</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < was->checks.n && i < is->checks.n; i++) {
        buf_addz(b, "<tr><td class=\"move\"><code>");
        html_textz(b, was->checks.v[i].rule->id);
        buf_addz(b, "</code> ");
        html_textz(b, was->checks.v[i].rule->title);
        buf_addz(b, "</td>");
        add_check(b, "before", was, i);
        add_check(b, "after", is, i);
        buf_addz(b, "</tr>\n");
    }
    buf_addz(b, "</tbody></table></div>\n");
}

/* One item a text, cut at ITEMS_MOST. */
static void add_items(struct buf *b, const struct strs *texts, const char *before,
                      const char *after)
{
    for (size_t i = 0; i < texts->n && i < ITEMS_MOST; i++)
        html_element(b, "li", NULL,
                     str_fmt(b->a, "%s" STR_F "%s", before, STR_A(texts->v[i]), after));
    if (texts->n > ITEMS_MOST)
        html_element(b, "li", "soft",
                     str_fmt(b->a, "%zu more are in the JSON report.", texts->n - ITEMS_MOST));
}

/* ---- what stayed the same ---- */

static void add_evidence(struct buf *b, const struct road_report *r)
{
    html_heading(b, "same", "What stayed the same");
    html_element(
        b, "p", "soft",
        str_fmt(b->a,
                "Both images went through one exercise. Level: %s; %zu result%s made; %zu path%s "
                "added after running one.",
                harden_level_name(r->level), r->rounds, r->rounds == 1 ? "" : "s", r->repairs,
                r->repairs == 1 ? "" : "s"));
    buf_addz(
        b, "<div class=\"wide\"><table class=\"stack\"><thead><tr><th>Looked at</th><th>Before</th>"
           "<th>After</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < r->n_evidence; i++) {
        const struct road_evidence *v = &r->evidence[i];
        buf_addz(b, "<tr>");
        html_element(b, "td", "mono names move", v->what);
        buf_addz(b, "<td data-label=\"before\"><div>");
        html_text(b, v->was);
        buf_addz(b, "</div></td><td data-label=\"after\"><div>");
        html_text(b, v->is);
        buf_addz(b, "</div></td></tr>\n");
    }
    buf_addz(b, "</tbody></table></div>\n");
    if (!r->doubts.n)
        return;
    buf_addz(b, "<p>What this does not cover:</p><ul class=\"names\">");
    add_items(b, &r->doubts, "", "");
    buf_addz(b, "</ul>\n");
}

static struct strs remedies_of(struct arena *a, const struct harden_plan *plan)
{
    struct strs texts = {arena_array(a, struct str, plan->remedies.n), 0};
    vec_each (&plan->remedies, i)
        texts.v[texts.n++] = plan->remedies.v[i].what;
    return texts;
}

static void add_changes(struct buf *b, const struct road_report *r)
{
    struct strs remedies = remedies_of(b->a, r->plan);
    if (!remedies.n && !r->user_note.n && !r->any_uid.n && !r->written.n)
        return;
    html_heading(b, "changes", "What was changed in what is kept");
    buf_addz(b, "<ul class=\"names\">");
    add_items(b, &remedies, "", "");
    if (r->user_note.n)
        html_element(b, "li", NULL, r->user_note);
    if (r->any_uid.n)
        html_element(b, "li", NULL, r->any_uid);
    add_items(b, &r->written, "The program writes ",
              ": give it a volume when the root is read-only");
    buf_addz(b, "</ul>\n");
}

/* ---- what is gone, and what is kept ---- */

static void add_packages(struct buf *b, const struct road_report *r)
{
    size_t gone = 0;
    for (size_t i = 0; i < r->packages.n; i++)
        gone += r->packages.v[i].kept_files == 0;
    if (!r->packages.n)
        return;
    html_heading(b, "packages", "Packages");
    buf_addf(b, "<details open><summary>%zu of %zu packages are gone whole</summary>", gone,
             r->packages.n);
    buf_addz(b,
             "<div class=\"wide\"><table><thead><tr><th>Package</th><th class=\"number\">Size</th>"
             "<th class=\"number\">Kept</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < r->packages.n && i < PACKAGES_MOST; i++) {
        const struct harden_package *p = &r->packages.v[i];
        buf_addz(b, "<tr><td>");
        html_text(b, p->package->name);
        buf_addz(b, " <span class=\"soft\">");
        html_text(b, p->package->version);
        buf_addz(b, "</span></td>");
        html_element(b, "td", "number", str_size(b->a, p->bytes));
        html_element(b, "td", "number",
                     p->kept_files ? str_size(b->a, p->kept_bytes) : STR("\xe2\x80\x93"));
        buf_addz(b, "</tr>\n");
    }
    buf_addz(b, "</tbody></table></div></details>\n");
    if (r->packages.n > PACKAGES_MOST)
        html_element(b, "p", "soft",
                     str_fmt(b->a, "%zu smaller ones are in the JSON report.",
                             r->packages.n - PACKAGES_MOST));
}

static void add_kept(struct buf *b, const struct road_report *r)
{
    size_t shown = 0, files = 0;
    map_each (&r->plan->keep.nodes, i) {
        const struct facts_kept *k = r->plan->keep.nodes.v[i].value;
        files += k->node->inode->type != ENTRY_DIR;
    }
    html_heading(b, "kept", "What is kept, and why");
    buf_addf(b, "<details%s><summary>%zu file%s and link%s</summary>", files <= 20 ? " open" : "",
             files, files == 1 ? "" : "s", files == 1 ? "" : "s");
    buf_addz(b, "<div class=\"wide\"><table class=\"stack\"><thead><tr><th>Path</th><th>Why</th>"
                "<th class=\"number\">Size</th></tr></thead><tbody>\n");
    map_each (&r->plan->keep.nodes, i) {
        const struct facts_kept *k = r->plan->keep.nodes.v[i].value;
        if (k->node->inode->type == ENTRY_DIR || shown++ >= KEPT_MOST)
            continue;
        buf_addz(b, "<tr>");
        html_element(b, "td", "mono names", k->path);
        html_element(b, "td", NULL, k->reason.detail);
        html_element(b, "td", "number", str_size(b->a, k->node->inode->size));
        buf_addz(b, "</tr>\n");
    }
    buf_addz(b, "</tbody></table></div></details>\n");
    if (files > KEPT_MOST)
        html_element(b, "p", "soft",
                     str_fmt(b->a, "%zu more are in the JSON report.", files - KEPT_MOST));
}

struct str report_road_html(struct arena *a, const struct road_report *r)
{
    struct buf b = {.a = a};
    html_begin(&b, str_fmt(a, "shuck: " STR_F, STR_A(r->before.name)));
    add_head(&b, r);
    add_shows(&b, r);
    add_moves(&b, r);
    add_checks(&b, r);
    add_evidence(&b, r);
    add_changes(&b, r);
    add_packages(&b, r);
    add_kept(&b, r);
    buf_addz(&b, "<footer>");
    html_text(&b, str_fmt(a, "shuck " STR_F ", " STR_F ", " STR_F ", %lld.%lld s",
                          STR_A(r->version), STR_A(r->platform), STR_A(r->runtime),
                          (long long)(r->ms / 1000), (long long)(r->ms % 1000 / 100)));
    buf_addz(&b, "</footer>\n");
    html_end(&b);
    return buf_str(&b);
}
