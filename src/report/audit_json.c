/* audit_json: struct audit_report → JSON as docs/audit.schema.json describes it.
 *
 * Invariants
 * 1. The same report gives the same bytes: keys in the order written here. (tests/cli/audit/json)
 * 2. Any bytes of an image become valid UTF-8. (test_json: bad bytes)
 */
#include "base/json.h"
#include "report/audit_report.h"

enum { SCHEMA_VERSION = 1, INDENT = 2 };

static json_t *image_json(const struct audit_image *image)
{
    json_t *j = json_object();
    json_set_text(j, "name", image->name);
    json_set_optional(j, "digest", image->digest);
    json_set_text(j, "platform", image->platform);
    json_set_number(j, "size", image->bytes);
    json_set_number(j, "stored_size", image->stored_bytes);
    json_set_number(j, "files", image->files);
    json_set_number(j, "layers", image->layers);
    json_set_number(j, "packages", 0);
    json_set_text(j, "user", image->user);
    json_set(j, "command", json_texts(image->command));
    return j;
}

static json_t *base_json(const struct audit_base *base)
{
    json_t *j = json_object();
    json_set_text(j, "rung", base->rung);
    json_set_optional(j, "release", base->pretty_name);
    json_set_optional(j, "name", base->name);
    json_set_optional(j, "digest", base->digest);
    json_set_optional(j, "evidence", base->evidence);
    json_set_number(j, "layers", base->layers);
    json_set_optional(j, "layers_evidence", base->layers_evidence);
    json_set_optional(j, "created", base->created);
    return j;
}

static json_t *location_json(struct arena *a, const struct location *l)
{
    static const char *const kinds[] = {"image", "config", "layer", "file"};
    json_t *j = json_object();
    json_set(j, "kind", json_string(kinds[l->kind]));
    if (l->kind == LOCATION_CONFIG)
        json_set_text(j, "config_key", l->config_key);
    if (l->kind == LOCATION_LAYER || l->kind == LOCATION_FILE)
        json_set_text(j, "path", l->path);
    if (l->kind == LOCATION_LAYER) {
        json_set_number(j, "layer", l->layer);
        json_set_text(j, "layer_diff_id", digest_text(a, &l->layer_diff_id));
    }
    if (l->kind == LOCATION_FILE && l->line)
        json_set_number(j, "line", l->line);
    json_set_text(j, "text", location_text(a, l));
    return j;
}

static json_t *finding_json(struct arena *a, const struct finding *f)
{
    json_t *j = json_object();
    json_set(j, "rule", json_string(f->rule->id));
    json_set_text(j, "identity", f->identity);
    json_set(j, "severity", json_string(severity_name(f->severity)));
    json_set(j, "location", location_json(a, &f->where));
    json_set_text(j, "evidence", f->evidence);
    json_set_text(j, "remedy", report_audit_remedy(f));
    json_set_number(j, "count", f->count);
    json_set(j, "details", json_texts(f->details));
    json_set(j, "inherited", json_boolean(f->inherited));
    json_set_optional(j, "ignored", f->ignored);
    return j;
}

static json_t *check_json(struct arena *a, const struct audit_report *r, const struct check *c)
{
    json_t *j = json_object();
    const struct rule_info *rule = c->rule;
    size_t live = 0;
    for (size_t i = 0; i < c->n; i++)
        live += !r->findings.v[c->first + i].ignored.n;
    json_set(j, "rule", json_string(rule->id));
    json_set(j, "aliases", json_texts(rule_aliases(a, rule)));
    json_set(j, "cis", rule->cis ? json_string(rule->cis) : json_null());
    json_set(j, "title", json_string(rule->title));
    json_set(j, "status", json_string(check_status_name(c->status)));
    json_set_optional(j, "evidence", c->n ? (struct str){0} : c->evidence);
    json_set(j, "remedy", json_string(rule->remedy));
    json_set_number(j, "findings", live);
    json_set_number(j, "ignored", c->n - live);
    return j;
}

static json_t *summary_json(const struct audit_counts *n)
{
    json_t *j = json_object();
    for (int s = SEVERITY_CRITICAL; s >= 0; s--)
        json_set_number(j, severity_name((enum severity)s), n->by_severity[s]);
    json_set_number(j, "ignored", n->ignored);
    json_set_number(j, "inherited", n->inherited);
    json_set_number(j, "checks_passed", n->by_status[CHECK_PASS]);
    json_set_number(j, "checks_failed", n->by_status[CHECK_FAIL]);
    json_set_number(j, "checks_skipped", n->by_status[CHECK_SKIPPED]);
    json_set_number(j, "checks_ignored", n->by_status[CHECK_IGNORED]);
    json_set_number(j, "checks_noted", n->by_status[CHECK_NOTED]);
    json_set_number(j, "checks_known", n->by_status[CHECK_KNOWN]);
    return j;
}

static json_t *since_json(const struct audit_since *since)
{
    if (!since->baseline.n)
        return json_null();
    json_t *j = json_object();
    json_set_text(j, "baseline", since->baseline);
    json_set_number(j, "known", since->known);
    json_set_number(j, "resolved", since->resolved);
    return j;
}

json_t *report_audit_value(struct arena *a, const struct audit_report *r)
{
    json_t *j = json_object();
    json_t *image = image_json(&r->image), *checks = json_array(), *findings = json_array();
    json_set_number(image, "packages", r->packages);
    vec_each (&r->checks, i)
        json_array_append_new(checks, check_json(a, r, &r->checks.v[i]));
    vec_each (&r->findings, i)
        json_array_append_new(findings, finding_json(a, &r->findings.v[i]));
    json_set_number(j, "schema_version", SCHEMA_VERSION);
    json_set(j, "tool", json_pack("{ssss}", "name", "shuck", "version", SHUCK_VERSION));
    json_set(j, "benchmark", r->benchmark ? json_string("cis") : json_null());
    json_set(j, "since", since_json(&r->since));
    json_set(j, "image", image);
    json_set(j, "base", base_json(&r->base));
    json_set(j, "summary", summary_json(&r->counts));
    json_set(j, "checks", checks);
    json_set(j, "findings", findings);
    json_set(j, "notes", json_texts(r->notes));
    return j;
}

struct str report_audit_json(struct arena *a, const struct audit_report *r)
{
    JSON_AUTO json_t *j = report_audit_value(a, r);
    return str_fmt(a, STR_F "\n", STR_A(json_show(a, j, INDENT)));
}
