/* road_harden: the box → an image hardened and written → its report, or the list of what it keeps.
 *
 * Invariants
 * 1. The image is written after everything that can fail, and by image_write(), so that it is whole
 *    or absent. (tests/harden.t: killed at any moment)
 */
#include "harden/harden_list.h"
#include "road/journey.h"

static struct str harden_text(struct arena *a, const struct journey *j)
{
    const struct road_options *o = j->options;
    if (o->list || o->dry_run)
        return o->json ? harden_list_json(a, &j->subject.facts, &j->result.plan)
                       : harden_list_text(a, &j->subject.facts, &j->result.plan);
    return o->json ? report_road_json(a, &j->report) : report_road_table(a, &j->report, o->color);
}

static int harden_inside(struct sandbox *sb, void *ctx, struct arena *a, struct str *reply,
                         struct err *e)
{
    struct journey *j = ctx;
    int rc = journey_harden(sb, a, j, e);
    if (!rc && !j->options->dry_run) {
        journey_report(sb, a, j);
        j->report.ms = journey_now() - j->started;
        rc = journey_write(sb, a, j, e);
    }
    if (!rc)
        *reply = harden_text(a, j);
    candidate_drop(&j->result.candidate);
    journey_close(&j->subject);
    return rc;
}

int road_harden(struct arena *a, const struct road_options *options, struct str *text,
                struct err *e)
{
    struct journey j = {.options = options, .started = journey_now()};
    return sandbox_enter(a, &options->sandbox, harden_inside, &j, text, e);
}
