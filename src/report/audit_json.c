/* audit_json: struct audit_report → JSON as docs/audit.schema.json describes it.
 *
 * Invariants
 * 1. The same report gives the same bytes: keys in the order written here. (tests/cli/audit/json)
 * 2. Any bytes of an image become valid UTF-8. (test_json: bad bytes)
 */
#include "base/json.h"
#include "report/audit_report.h"

enum { SCHEMA_VERSION = 1, INDENT = 2 };

static void set(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

static void set_text(json_t *object, const char *key, struct str text)
{
    set(object, key, json_text(text));
}

/* An absent text is null, so that every key is always there. */
static void set_optional(json_t *object, const char *key, struct str text)
{
    set(object, key, text.n ? json_text(text) : json_null());
}

static void set_number(json_t *object, const char *key, uint64_t n)
{
    set(object, key, json_integer((json_int_t)n));
}

static json_t *texts(struct strs list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list.n; i++)
        json_array_append_new(array, json_text(list.v[i]));
    return array;
}

static json_t *image_json(const struct audit_image *image)
{
    json_t *j = json_object();
    set_text(j, "name", image->name);
    set_optional(j, "digest", image->digest);
    set_text(j, "platform", image->platform);
    set_number(j, "size", image->bytes);
    set_number(j, "stored_size", image->stored_bytes);
    set_number(j, "files", image->files);
    set_number(j, "layers", image->layers);
    set_number(j, "packages", 0);
    set_text(j, "user", image->user);
    set(j, "command", texts(image->command));
    return j;
}

static json_t *base_json(const struct audit_base *base)
{
    json_t *j = json_object();
    set_text(j, "rung", base->rung);
    set_optional(j, "release", base->pretty_name);
    set_optional(j, "name", base->name);
    set_optional(j, "digest", base->digest);
    set_optional(j, "evidence", base->evidence);
    return j;
}

static json_t *location_json(struct arena *a, const struct location *l)
{
    static const char *const kinds[] = {"image", "config", "layer", "file"};
    json_t *j = json_object();
    set(j, "kind", json_string(kinds[l->kind]));
    if (l->kind == LOCATION_CONFIG)
        set_text(j, "config_key", l->config_key);
    if (l->kind == LOCATION_LAYER || l->kind == LOCATION_FILE)
        set_text(j, "path", l->path);
    if (l->kind == LOCATION_LAYER) {
        set_number(j, "layer", l->layer);
        set_text(j, "layer_diff_id", digest_text(a, &l->layer_diff_id));
    }
    if (l->kind == LOCATION_FILE && l->line)
        set_number(j, "line", l->line);
    set_text(j, "text", location_text(a, l));
    return j;
}

static json_t *finding_json(struct arena *a, const struct finding *f)
{
    json_t *j = json_object();
    set(j, "rule", json_string(f->rule->id));
    set(j, "severity", json_string(severity_name(f->severity)));
    set(j, "location", location_json(a, &f->where));
    set_text(j, "evidence", f->evidence);
    set_text(j, "remedy", f->remedy.n ? f->remedy : str_of(f->rule->remedy));
    set_number(j, "count", f->count);
    set_optional(j, "ignored", f->ignored);
    return j;
}

static json_t *check_json(const struct audit_report *r, const struct check *c)
{
    json_t *j = json_object(), *aliases = json_array();
    const struct rule_info *rule = c->rule;
    size_t live = 0;
    for (size_t i = 0; i < c->n; i++)
        live += !r->findings.v[c->first + i].ignored.n;
    for (size_t i = 0; i < sizeof rule->aliases / sizeof *rule->aliases && rule->aliases[i]; i++)
        json_array_append_new(aliases, json_string(rule->aliases[i]));
    set(j, "rule", json_string(rule->id));
    set(j, "aliases", aliases);
    set(j, "cis", rule->cis ? json_string(rule->cis) : json_null());
    set(j, "title", json_string(rule->title));
    set(j, "status", json_string(check_status_name(c->status)));
    set_optional(j, "evidence", c->n ? (struct str){0} : c->evidence);
    set_number(j, "findings", live);
    set_number(j, "ignored", c->n - live);
    return j;
}

static json_t *summary_json(const struct audit_counts *n)
{
    json_t *j = json_object();
    for (int s = SEVERITY_CRITICAL; s >= 0; s--)
        set_number(j, severity_name((enum severity)s), n->by_severity[s]);
    set_number(j, "ignored", n->ignored);
    set_number(j, "checks_passed", n->by_status[CHECK_PASS]);
    set_number(j, "checks_failed", n->by_status[CHECK_FAIL]);
    set_number(j, "checks_skipped", n->by_status[CHECK_SKIPPED]);
    set_number(j, "checks_ignored", n->by_status[CHECK_IGNORED]);
    return j;
}

json_t *report_audit_value(struct arena *a, const struct audit_report *r)
{
    json_t *j = json_object();
    json_t *image = image_json(&r->image), *checks = json_array(), *findings = json_array();
    set_number(image, "packages", r->packages);
    vec_each (&r->checks, i)
        json_array_append_new(checks, check_json(r, &r->checks.v[i]));
    vec_each (&r->findings, i)
        json_array_append_new(findings, finding_json(a, &r->findings.v[i]));
    set_number(j, "schema_version", SCHEMA_VERSION);
    set(j, "tool", json_pack("{ssss}", "name", "shuck", "version", SHUCK_VERSION));
    set(j, "image", image);
    set(j, "base", base_json(&r->base));
    set(j, "summary", summary_json(&r->counts));
    set(j, "checks", checks);
    set(j, "findings", findings);
    set(j, "notes", texts(r->notes));
    return j;
}

struct str report_audit_json(struct arena *a, const struct audit_report *r)
{
    JSON_AUTO json_t *j = report_audit_value(a, r);
    return str_fmt(a, STR_F "\n", STR_A(json_write(a, j, INDENT)));
}
