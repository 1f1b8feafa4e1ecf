/* lint_sarif: findings → SARIF 2.1.0, with what each rule says of itself and the repairs it offers.
 *
 * Results come first and the tool last, so that only rules with findings are described and nothing
 * has to be kept until the end but their names.
 *
 * Invariants
 * 1. The output fits the SARIF 2.1.0 schema. (tests/lint_formats.t: sarif)
 * 2. ruleIndex points at the rule of ruleId. (tests/lint_formats.t: ruleIndex)
 * 3. No repair is offered that would show a secret. (tests/lint_formats.t: no secret)
 * 4. Making the edits of `fixes` gives the file that --fix makes. (tests/lint_formats.t: fixes)
 */
#include "base/json.h"
#include "base/safe.h"
#include "report/lint_output.h"
#include "report/sarif.h"

static json_t *artifact_value(struct report_lint_output *out, const struct lint_report *r)
{
    json_t *o = json_object();
    json_set_text(o, "uri", sarif_uri(out->a, r->name));
    return o;
}

static json_t *region_value(struct report_lint_output *out, const struct lint_report *r,
                            struct dockerfile_position from, struct dockerfile_position to)
{
    json_t *o = json_object();
    json_set_number(o, "startLine", from.line);
    json_set_number(o, "startColumn", report_lint_column(out, r, from, false));
    json_set_number(o, "endLine", to.line);
    json_set_number(o, "endColumn", report_lint_column(out, r, to, false));
    return o;
}

/* ---- repairs ---- */

static json_t *replacement_value(struct report_lint_output *out, const struct lint_report *r,
                                 const struct fix_edit *edit)
{
    const struct dockerfile *d = &r->file->d;
    json_t *o = json_object();
    json_set(o, "deletedRegion",
             region_value(out, r, dockerfile_position(d, edit->place.from),
                          dockerfile_position(d, edit->place.to)));
    if (edit->text.n)
        json_set(o, "insertedContent", sarif_text(edit->text));
    return o;
}

/* It is text, which SARIF needs, and shows no secret: neither one of its own, nor one that it
 * writes in another form. */
static bool can_be_shown(struct report_lint_output *out, const struct lint_report *r,
                         const struct fix_edit *edit)
{
    struct span at = edit->place;
    return safe_utf8(edit->text) == edit->text.n && report_lint_shows_none(out, edit->text) &&
           str_eq(str_slice(report_lint_masked(out, r), at.from, at.to),
                  str_slice(r->file->d.text, at.from, at.to));
}

/* NULL: none, or one that cannot be shown. */
static json_t *fix_value(struct report_lint_output *out, const struct lint_report *r,
                         const struct fix *fix)
{
    if (fix->safety == FIX_NONE || !fix->edits.n)
        return NULL;
    vec_each (&fix->edits, i)
        if (!can_be_shown(out, r, &fix->edits.v[i]))
            return NULL;
    json_t *o = json_object(), *change = json_object(), *properties = json_object();
    json_t *replacements = json_array();
    vec_each (&fix->edits, i)
        json_array_append_new(replacements, replacement_value(out, r, &fix->edits.v[i]));
    json_set(change, "artifactLocation", artifact_value(out, r));
    json_set(change, "replacements", replacements);
    json_set_text(properties, "safety", fix->safety == FIX_SAFE ? STR("safe") : STR("unsafe"));
    json_set(o, "description", sarif_text(fix->what));
    json_set(o, "artifactChanges", sarif_list(change));
    json_set(o, "properties", properties);
    return o;
}

/* ---- results ---- */

static size_t rule_index(struct report_lint_output *out, const struct rule_info *rule)
{
    size_t next = out->rules.n;
    struct report_lint_rule **slot =
        (struct report_lint_rule **)map_at(&out->rules, str_of(rule->id));
    if (!*slot) {
        *slot = arena_new(out->a, struct report_lint_rule);
        **slot = (struct report_lint_rule){rule, next};
    }
    return (*slot)->index;
}

static json_t *location_value(struct report_lint_output *out, const struct lint_report *r,
                              const struct lint_finding *f)
{
    const struct location *l = &f->f.where;
    json_t *physical = json_object(), *o = json_object();
    json_set(physical, "artifactLocation", artifact_value(out, r));
    json_set(physical, "region",
             region_value(out, r, (struct dockerfile_position){l->line, l->column},
                          (struct dockerfile_position){l->end_line, l->end_column}));
    json_set(o, "physicalLocation", physical);
    return o;
}

static void add_result(struct report_lint_output *out, const struct lint_report *r,
                       const struct lint_finding *f)
{
    json_t *o = json_object(), *prints = json_object();
    json_t *fix = fix_value(out, r, &f->fix);
    if (out->found)
        buf_addz(&out->b, ",\n");
    json_set_text(prints, "shuckLint/v1", report_lint_fingerprint(out, r, f));
    json_set_text(o, "ruleId", str_of(f->f.rule->id));
    json_set_number(o, "ruleIndex", rule_index(out, f->f.rule));
    json_set_text(o, "level", str_of(sarif_level(f->f.severity)));
    json_set(o, "message", sarif_text(f->f.evidence));
    json_set(o, "locations", sarif_list(location_value(out, r, f)));
    json_set(o, "partialFingerprints", prints);
    if (fix)
        json_set(o, "fixes", sarif_list(fix));
    buf_add(&out->b, json_show(out->a, o, 0));
    json_decref(o);
}

/* ---- rules ---- */

static void begin_sarif(struct report_lint_output *out)
{
    out->rules = (struct map){.a = out->a};
    buf_addz(&out->b, "{\"$schema\":\"" SARIF_SCHEMA "\",\"version\":\"2.1.0\","
                      "\"runs\":[{\"columnKind\":\"" SARIF_COLUMNS "\",\n\"results\":[");
}

static void end_sarif(struct report_lint_output *out)
{
    buf_addz(&out->b, "],\n\"tool\":{\"driver\":{\"name\":\"shuck\",\"version\":\"" SHUCK_VERSION
                      "\",\"rules\":[");
    map_each (&out->rules, i) {
        const struct report_lint_rule *rule = out->rules.v[i].value;
        json_t *o = sarif_rule(out->a, rule->info);
        buf_addz(&out->b, i ? ",\n" : "");
        buf_add(&out->b, json_show(out->a, o, 0));
        json_decref(o);
    }
    buf_addz(&out->b, "]}}}]}\n");
}

const struct report_lint_form report_lint_sarif = {
    .begin = begin_sarif, .finding = add_result, .end = end_sarif};
