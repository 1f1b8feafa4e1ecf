/* road_whole: the box → hardened → both sides audited and attacked → image, page and the text to
 * print.
 *
 * Audits and attacks see the very image that is written: the loop's candidate.
 *
 * Invariants
 * 1. Image and page are there together, or neither. (tests/road.t)
 */
#include <time.h>

#include "road/journey.h"

static int show_requests(struct sandbox *sb, struct arena *a, struct journey *j, struct err *e)
{
    struct outcome was = {0}, is = {0};
    const struct harden_result *h = &j->result;
    if (!j->options->shows.n)
        return 0;
    struct exercise_wish wish = j->options->wish;
    wish.https = j->options->shows;
    wish.execs = wish.scripts = (struct strs){0};
    if (journey_ask(sb, a, &wish, &j->subject.facts, h->original_root, &was, e) ||
        journey_ask(sb, a, &wish, &h->candidate.facts, h->candidate.root, &is, e))
        return err_wrap(e, "showing requests");
    struct road_show *shows = arena_array(a, struct road_show, was.n_https);
    for (size_t i = 0; i < was.n_https && i < is.n_https; i++) {
        const struct outcome_http *x = &was.https[i], *y = &is.https[i];
        shows[j->report.n_shows++] =
            (struct road_show){x->request, x->status, y->status, x->status ? x->body : x->error,
                               y->status ? y->body : y->error};
    }
    j->report.shows = shows;
    return 0;
}

/* Audits and attacks one side. What control runs show of this machine serves both. */
static int judge(struct sandbox *sb, struct arena *a, const struct road_options *o,
                 const struct facts *f, const struct sandbox_root *root,
                 struct prove_controls *controls, struct road_side *side, struct err *e)
{
    struct audit_options audit_options = {.policy = o->policy,
                                          .today = (int32_t)(time(NULL) / 86400)};
    struct audit_report *audit = arena_new(a, struct audit_report);
    struct prove_report *prove = arena_new(a, struct prove_report);
    rules_audit(a, f, &audit_options, audit);
    if (prove_image(sb, f, root, &(struct prove_options){0}, controls, a, prove, e))
        return -1;
    prove->image = side->name;
    side->audit = audit;
    side->prove = prove;
    return 0;
}

static int whole_inside(struct sandbox *sb, void *ctx, struct arena *a, struct str *reply,
                        struct err *e)
{
    struct journey *j = ctx;
    const struct road_options *o = j->options;
    struct harden_result *h = &j->result;
    struct road_report *r = &j->report;
    struct prove_controls controls = {0};
    int rc = journey_harden(sb, a, j, e);
    if (!rc) {
        journey_report(sb, a, j);
        journey_tell((void *)o, STR("attacking the original and the result"));
        rc = show_requests(sb, a, j, e) ||
             judge(sb, a, o, &j->subject.facts, h->original_root, &controls, &r->before, e) ||
             judge(sb, a, o, &h->candidate.facts, h->candidate.root, &controls, &r->after, e);
    }
    r->ms = journey_now() - j->started;
    if (!rc)
        rc = journey_write(sb, a, j, e);
    if (!rc)
        *reply = o->json ? report_road_json(a, r) : report_road_table(a, r, o->color);
    candidate_drop(&h->candidate);
    journey_close(&j->subject);
    return rc ? -1 : 0;
}

int road_whole(struct arena *a, const struct road_options *options, struct str *text, struct err *e)
{
    struct journey j = {.options = options, .started = journey_now()};
    return sandbox_enter(a, &options->sandbox, whole_inside, &j, text, e);
}
