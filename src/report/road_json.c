/* road_json: struct road_report → JSON as docs/road.schema.json describes it.
 *
 * Invariants
 * 1. Every key is always there; what was not asked for is null. (tests/road.t)
 * 2. Any bytes of an image become valid UTF-8. (test_json: bad bytes)
 */
#include "base/json.h"
#include "harden/harden_list.h"
#include "report/audit_report.h"
#include "report/road_report.h"

static json_t *side_json(struct arena *a, const struct road_side *side)
{
    json_t *j = json_object();
    json_set_optional(j, "name", side->name);
    json_set_optional(j, "config_digest", digest_text(a, &side->config_digest));
    json_set_number(j, "stored_bytes", side->image_bytes);
    json_set_number(j, "bytes", side->bytes);
    json_set_number(j, "files", side->files);
    json_set_number(j, "layers", side->layers);
    json_set_number(j, "packages", side->packages);
    json_set_optional(j, "user", side->user);
    json_set_optional(j, "base", side->base);
    json_set(j, "audit", side->audit ? report_audit_value(a, side->audit) : json_null());
    json_set(j, "prove", side->prove ? prove_to_json(side->prove) : json_null());
    return j;
}

static json_t *evidence_json(const struct road_report *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->n_evidence; i++) {
        json_t *j = json_object();
        json_set_optional(j, "what", r->evidence[i].what);
        json_set_optional(j, "before", r->evidence[i].was);
        json_set_optional(j, "after", r->evidence[i].is);
        json_array_append_new(list, j);
    }
    return list;
}

static json_t *answer_json(int status, struct str text)
{
    json_t *j = json_object();
    json_set(j, "status", status ? json_integer(status) : json_null());
    json_set(j, status ? "body" : "error", json_text(text));
    return j;
}

static json_t *shows_json(const struct road_report *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->n_shows; i++) {
        json_t *j = json_object();
        json_set_optional(j, "request", r->shows[i].request);
        json_set(j, "before", answer_json(r->shows[i].was_status, r->shows[i].was));
        json_set(j, "after", answer_json(r->shows[i].is_status, r->shows[i].is));
        json_array_append_new(list, j);
    }
    return list;
}

struct str report_road_json(struct arena *a, const struct road_report *r)
{
    JSON_AUTO json_t *j = json_object();
    json_set_number(j, "schema_version", 1);
    json_set(j, "tool", json_pack("{ssss}", "name", "shuck", "version", SHUCK_VERSION));
    json_set_optional(j, "platform", r->platform);
    json_set_optional(j, "runtime", r->runtime);
    json_set_number(j, "milliseconds", (uint64_t)r->ms);
    json_set(j, "level", json_string(harden_level_name(r->level)));
    json_set_number(j, "results_made", r->rounds);
    json_set_number(j, "repairs", r->repairs);
    json_set(j, "before", side_json(a, &r->before));
    json_set(j, "after", side_json(a, &r->after));
    json_set(j, "evidence", evidence_json(r));
    json_set(j, "doubts", json_texts(r->doubts));
    json_set(j, "shows", shows_json(r));
    json_set_optional(j, "user", r->user_note);
    json_set_optional(j, "any_user", r->any_uid);
    json_set(j, "written", json_texts(r->written));
    json_set(j, "plan", harden_list_value(a, r->original, r->plan));
    return str_fmt(a, STR_F "\n", STR_A(json_show(a, j, 2)));
}
