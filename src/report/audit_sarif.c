/* audit_sarif: struct audit_report → SARIF 2.1.0.
 *
 * A path in a layer is an artifact below the base "LAYERn", which says what layer that is; a key of
 * the config is a logical location, and its artifact is the image.
 *
 * Invariants
 * 1. The output fits the SARIF 2.1.0 schema. (tests/audit_formats.t: sarif)
 * 2. ruleIndex points at the rule of ruleId. (tests/audit_formats.t: ruleIndex)
 * 3. What an ignore covers is a result that is suppressed with the reason. (tests/audit_formats.t:
 *    suppressed)
 */
#include "base/buf.h"
#include "report/audit_report.h"
#include "report/sarif.h"

/* For those who sort by a number, as GitHub does. */
static const char *const scores[] = {
    [SEVERITY_INFO] = "0.0", [SEVERITY_LOW] = "2.0",      [SEVERITY_MEDIUM] = "5.5",
    [SEVERITY_HIGH] = "8.0", [SEVERITY_CRITICAL] = "9.5",
};

/* ---- the tool ---- */

static json_t *rules_value(struct arena *a, const struct audit_report *r)
{
    json_t *rules = json_array();
    vec_each (&r->checks, i) {
        const struct check *c = &r->checks.v[i];
        json_t *rule = sarif_rule(a, c->rule);
        /* the rule's own, as its level is: those of findings stand in the results */
        json_set_text(json_object_get(rule, "properties"), "security-severity",
                      str_of(scores[c->rule->severity]));
        json_array_append_new(rules, rule);
    }
    return rules;
}

static json_t *tool_value(struct arena *a, const struct audit_report *r)
{
    json_t *driver = json_object(), *tool = json_object();
    json_set_text(driver, "name", STR("shuck"));
    json_set_text(driver, "version", STR(SHUCK_VERSION));
    json_set(driver, "rules", rules_value(a, r));
    json_set(tool, "driver", driver);
    return tool;
}

/* ---- where ---- */

static struct str base_id(struct arena *a, uint32_t layer)
{
    return str_fmt(a, "LAYER%u", layer);
}

static json_t *physical_value(struct arena *a, const struct audit_report *r,
                              const struct location *l)
{
    json_t *artifact = json_object(), *physical = json_object(), *region;
    bool layer = l->kind == LOCATION_LAYER && l->path.n > 1;
    struct str name = layer || l->kind == LOCATION_FILE ? l->path : r->image.name;
    json_set_text(artifact, "uri", sarif_uri(a, layer ? str_from(name, 1) : name));
    if (layer)
        json_set_text(artifact, "uriBaseId", base_id(a, l->layer));
    json_set(physical, "artifactLocation", artifact);
    if (l->kind == LOCATION_FILE && l->line) {
        json_set(physical, "region", region = json_object());
        json_set_number(region, "startLine", l->line);
    }
    return physical;
}

static json_t *logical_value(struct arena *a, const struct location *l)
{
    json_t *o = json_object();
    if (l->kind == LOCATION_CONFIG)
        json_set_text(o, "name", l->config_key);
    json_set_text(o, "fullyQualifiedName", location_text(a, l));
    json_set_text(o, "kind", l->kind == LOCATION_CONFIG ? STR("member") : STR("resource"));
    return o;
}

static json_t *location_value(struct arena *a, const struct audit_report *r,
                              const struct location *l)
{
    json_t *o = json_object();
    json_set(o, "physicalLocation", physical_value(a, r, l));
    if (l->kind != LOCATION_FILE)
        json_set(o, "logicalLocations", sarif_list(logical_value(a, l)));
    return o;
}

/* The layers that results are in. */
static json_t *bases_value(struct arena *a, const struct audit_report *r)
{
    json_t *bases = json_object();
    vec_each (&r->findings, i) {
        const struct location *l = &r->findings.v[i].where;
        if (l->kind != LOCATION_LAYER)
            continue;
        struct str id = base_id(a, l->layer);
        if (json_object_getn(bases, id.p, id.n))
            continue;
        json_t *base = json_object();
        json_set(base, "description",
                 sarif_text(str_fmt(a, "layer %u, " STR_F, l->layer,
                                    STR_A(digest_text(a, &l->layer_diff_id)))));
        json_set(bases, str_cstr(a, id), base);
    }
    return bases;
}

/* ---- results ---- */

static json_t *suppression_value(struct str reason)
{
    json_t *o = json_object();
    json_set_text(o, "kind", STR("external"));
    json_set_text(o, "status", STR("accepted"));
    json_set_text(o, "justification", reason);
    return o;
}

static json_t *result_value(struct arena *a, const struct audit_report *r, size_t rule,
                            const struct finding *f)
{
    json_t *o = json_object(), *prints = json_object(), *properties = json_object();
    json_set_text(prints, "shuckAudit/v1", f->identity);
    json_set_text(properties, "severity", str_of(severity_name(f->severity)));
    json_set(properties, "inherited", json_boolean(f->inherited));
    json_set_text(properties, "remedy", report_audit_remedy(f));
    json_set_text(o, "ruleId", str_of(f->rule->id));
    json_set_number(o, "ruleIndex", rule);
    json_set_text(o, "level", str_of(sarif_level(f->severity)));
    json_set(o, "message", sarif_text(f->evidence));
    json_set(o, "locations", sarif_list(location_value(a, r, &f->where)));
    json_set(o, "partialFingerprints", prints);
    if (r->since.baseline.n)
        json_set_text(o, "baselineState", STR("new"));
    if (f->ignored.n)
        json_set(o, "suppressions", sarif_list(suppression_value(f->ignored)));
    json_set(o, "properties", properties);
    return o;
}

static json_t *results_value(struct arena *a, const struct audit_report *r)
{
    json_t *results = json_array();
    vec_each (&r->checks, i) {
        const struct check *c = &r->checks.v[i];
        for (size_t k = 0; k < c->n; k++)
            json_array_append_new(results, result_value(a, r, i, &r->findings.v[c->first + k]));
    }
    return results;
}

/* What was not looked at is said, too: checks that were skipped, and what could not be read. */
static json_t *invocation_value(struct arena *a, const struct audit_report *r)
{
    json_t *o = json_object(), *list = json_array();
    for (size_t i = 0; i < r->notes.n; i++) {
        json_t *note = json_object();
        json_set(note, "message", sarif_text(r->notes.v[i]));
        json_set_text(note, "level", STR("warning"));
        json_array_append_new(list, note);
    }
    vec_each (&r->checks, i) {
        const struct check *c = &r->checks.v[i];
        if (c->status != CHECK_SKIPPED)
            continue;
        json_t *note = json_object();
        json_set(note, "message",
                 sarif_text(str_fmt(a, "%s was skipped: " STR_F, c->rule->id, STR_A(c->evidence))));
        json_set_text(note, "level", STR("note"));
        json_array_append_new(list, note);
    }
    json_set(o, "executionSuccessful", json_true());
    json_set(o, "toolExecutionNotifications", list);
    return o;
}

struct str report_audit_sarif(struct arena *a, const struct audit_report *r)
{
    JSON_AUTO json_t *log = json_object();
    json_t *run = json_object();
    json_set(run, "columnKind", json_string(SARIF_COLUMNS));
    json_set(run, "originalUriBaseIds", bases_value(a, r));
    json_set(run, "results", results_value(a, r));
    json_set(run, "invocations", sarif_list(invocation_value(a, r)));
    json_set(run, "tool", tool_value(a, r));
    json_set_text(log, "$schema", STR(SARIF_SCHEMA));
    json_set_text(log, "version", STR("2.1.0"));
    json_set(log, "runs", sarif_list(run));
    return str_fmt(a, STR_F "\n", STR_A(json_show(a, log, 1)));
}
