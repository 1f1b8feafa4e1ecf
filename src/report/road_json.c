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

static void set(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

static void set_text(json_t *object, const char *key, struct str text)
{
    set(object, key, text.n ? json_text(text) : json_null());
}

static void set_number(json_t *object, const char *key, uint64_t n)
{
    set(object, key, json_integer((json_int_t)n));
}

static json_t *side_json(struct arena *a, const struct road_side *side)
{
    json_t *j = json_object();
    set_text(j, "name", side->name);
    set_text(j, "config_digest", digest_text(a, &side->config_digest));
    set_number(j, "stored_bytes", side->image_bytes);
    set_number(j, "bytes", side->bytes);
    set_number(j, "files", side->files);
    set_number(j, "layers", side->layers);
    set_number(j, "packages", side->packages);
    set_text(j, "user", side->user);
    set_text(j, "base", side->base);
    set(j, "audit", side->audit ? report_audit_value(a, side->audit) : json_null());
    set(j, "prove", side->prove ? prove_to_json(side->prove) : json_null());
    return j;
}

static json_t *evidence_json(const struct road_report *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->n_evidence; i++) {
        json_t *j = json_object();
        set_text(j, "what", r->evidence[i].what);
        set_text(j, "before", r->evidence[i].was);
        set_text(j, "after", r->evidence[i].is);
        json_array_append_new(list, j);
    }
    return list;
}

static json_t *answer_json(int status, struct str text)
{
    json_t *j = json_object();
    set(j, "status", status ? json_integer(status) : json_null());
    set(j, status ? "body" : "error", json_text(text));
    return j;
}

static json_t *shows_json(const struct road_report *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->n_shows; i++) {
        json_t *j = json_object();
        set_text(j, "request", r->shows[i].request);
        set(j, "before", answer_json(r->shows[i].was_status, r->shows[i].was));
        set(j, "after", answer_json(r->shows[i].is_status, r->shows[i].is));
        json_array_append_new(list, j);
    }
    return list;
}

static json_t *texts_json(struct strs texts)
{
    json_t *list = json_array();
    for (size_t i = 0; i < texts.n; i++)
        json_array_append_new(list, json_text(texts.v[i]));
    return list;
}

struct str report_road_json(struct arena *a, const struct road_report *r)
{
    JSON_AUTO json_t *j = json_object();
    set_number(j, "schema_version", 1);
    set(j, "tool", json_pack("{ssss}", "name", "shuck", "version", SHUCK_VERSION));
    set_text(j, "platform", r->platform);
    set_text(j, "runtime", r->runtime);
    set_number(j, "milliseconds", (uint64_t)r->ms);
    set(j, "level", json_string(harden_level_name(r->level)));
    set_number(j, "results_made", r->rounds);
    set_number(j, "repairs", r->repairs);
    set(j, "before", side_json(a, &r->before));
    set(j, "after", side_json(a, &r->after));
    set(j, "evidence", evidence_json(r));
    set(j, "doubts", texts_json(r->doubts));
    set(j, "shows", shows_json(r));
    set_text(j, "user", r->user_note);
    set_text(j, "any_user", r->any_uid);
    set(j, "written", texts_json(r->written));
    set(j, "plan", harden_list_value(a, r->original, r->plan));
    return str_fmt(a, STR_F "\n", STR_A(json_write(a, j, 2)));
}
