/* lint_json: findings → the JSON that editors and services of code quality read.
 *
 * Invariants
 * 1. Any bytes of a Dockerfile or of its name become valid UTF-8. (tests/lint_formats.t: bad bytes)
 * 2. The same findings give the same bytes. (tests/lint_formats.t: twice)
 */
#include "base/json.h"
#include "report/lint_output.h"

/* The object as one line in the list or stream. */
static void add_object(struct report_lint_output *out, json_t *o)
{
    buf_add(&out->b, json_show(out->a, o, 0));
    json_decref(o);
}

static void add_comma(struct report_lint_output *out)
{
    if (out->found)
        buf_addz(&out->b, ",\n");
}

static void begin_list(struct report_lint_output *out)
{
    buf_addc(&out->b, '[');
}

static void end_list(struct report_lint_output *out)
{
    buf_addz(&out->b, "]\n");
}

/* ---- hadolint's own, and what we know beyond it ---- */

static json_t *fix_value(const struct fix *fix)
{
    if (fix->safety == FIX_NONE)
        return json_null();
    json_t *o = json_object();
    json_set_text(o, "safety", fix->safety == FIX_SAFE ? STR("safe") : STR("unsafe"));
    json_set_text(o, "what", fix->what);
    return o;
}

static void add_json(struct report_lint_output *out, const struct lint_report *r,
                     const struct lint_finding *f)
{
    const struct rule_info *rule = f->f.rule;
    json_t *o = json_object();
    add_comma(out);
    json_set(o, "aliases", json_texts(rule_aliases(out->a, rule)));
    json_set(o, "buildStage", json_boolean(f->build_stage));
    json_set_optional(o, "cis", str_of(rule->cis));
    json_set_text(o, "code", str_of(rule->id));
    json_set_number(o, "column", f->f.where.column);
    json_set_number(o, "endColumn", f->f.where.end_column);
    json_set_number(o, "endLine", f->f.where.end_line);
    json_set_text(o, "file", r->name);
    json_set(o, "fix", fix_value(&f->fix));
    json_set(o, "fixable", json_boolean(f->fix.safety != FIX_NONE));
    json_set_text(o, "level", str_of(lint_level_name(f->f.severity)));
    json_set_number(o, "line", f->f.where.line);
    json_set_text(o, "message", f->f.evidence);
    add_object(out, o);
}

const struct report_lint_form report_lint_json = {
    .begin = begin_list, .finding = add_json, .end = end_list};

/* ---- Codacy: an object a line ---- */

static void add_codacy(struct report_lint_output *out, const struct lint_report *r,
                       const struct lint_finding *f)
{
    json_t *o = json_object();
    json_set_text(o, "filename", r->name);
    json_set_number(o, "line", f->f.where.line);
    json_set_text(o, "message", f->f.evidence);
    json_set_text(o, "patternId", str_of(f->f.rule->id));
    add_object(out, o);
    buf_addc(&out->b, '\n');
}

const struct report_lint_form report_lint_codacy = {.finding = add_codacy};

/* ---- Code Climate, and GitLab's part of it ---- */

static json_t *codeclimate_issue(const struct lint_report *r, const struct lint_finding *f)
{
    /* hadolint's: info is below style there */
    static const char *const severities[] = {"minor", "info", "major", "blocker", "blocker"};
    json_t *o = json_object(), *place = json_object(), *lines = json_object();
    json_t *categories = json_array();
    json_array_append_new(categories, json_string("Bug Risk"));
    json_set_number(lines, "begin", f->f.where.line);
    json_set_number(lines, "end", f->f.where.end_line);
    json_set(place, "lines", lines);
    json_set_text(place, "path", r->name);
    json_set(o, "categories", categories);
    json_set_text(o, "check_name", str_of(f->f.rule->id));
    json_set_text(o, "description", f->f.evidence);
    json_set(o, "location", place);
    json_set_text(o, "severity", str_of(severities[f->f.severity]));
    json_set_text(o, "type", STR("issue"));
    return o;
}

/* A stream, each object ended by a NUL byte. */
static void add_codeclimate(struct report_lint_output *out, const struct lint_report *r,
                            const struct lint_finding *f)
{
    add_object(out, codeclimate_issue(r, f));
    buf_addc(&out->b, '\0');
}

const struct report_lint_form report_lint_codeclimate = {.finding = add_codeclimate};

static void add_gitlab(struct report_lint_output *out, const struct lint_report *r,
                       const struct lint_finding *f)
{
    json_t *o = codeclimate_issue(r, f);
    add_comma(out);
    json_set_text(o, "fingerprint", report_lint_fingerprint(out, r, f));
    add_object(out, o);
}

const struct report_lint_form report_lint_gitlab = {
    .begin = begin_list, .finding = add_gitlab, .end = end_list};

/* ---- SonarQube's generic issues ---- */

/* Columns from 0, in UTF-16 units. SonarQube refuses an empty range, and one behind the end of a
 * line: without columns the line is meant. */
static json_t *sonar_range(struct report_lint_output *out, const struct lint_report *r,
                           const struct lint_finding *f)
{
    const struct location *l = &f->f.where;
    uint32_t from =
        report_lint_column(out, r, (struct dockerfile_position){l->line, l->column}, true);
    uint32_t to =
        report_lint_column(out, r, (struct dockerfile_position){l->end_line, l->end_column}, true);
    json_t *o = json_object();
    bool ends_in_nothing = l->end_line > l->line && to == 1;
    json_set_number(o, "startLine", l->line);
    if ((l->line == l->end_line && from == to) || ends_in_nothing)
        return o;
    json_set_number(o, "endLine", l->end_line);
    json_set_number(o, "startColumn", from - 1);
    json_set_number(o, "endColumn", to - 1);
    return o;
}

static void add_sonarqube(struct report_lint_output *out, const struct lint_report *r,
                          const struct lint_finding *f)
{
    static const char *const severities[] = {"INFO", "MINOR", "MAJOR", "CRITICAL", "CRITICAL"};
    json_t *o = json_object(), *place = json_object();
    add_comma(out);
    json_set_text(place, "filePath", r->name);
    json_set_text(place, "message", f->f.evidence);
    json_set(place, "textRange", sonar_range(out, r, f));
    json_set_text(o, "engineId", STR("shuck"));
    json_set(o, "primaryLocation", place);
    json_set_text(o, "ruleId", str_of(f->f.rule->id));
    json_set_text(o, "severity", str_of(severities[f->f.severity]));
    json_set_text(o, "type", f->f.severity >= SEVERITY_HIGH ? STR("BUG") : STR("CODE_SMELL"));
    add_object(out, o);
}

static void begin_sonarqube(struct report_lint_output *out)
{
    buf_addz(&out->b, "{\"issues\":[");
}

static void end_sonarqube(struct report_lint_output *out)
{
    buf_addz(&out->b, "]}\n");
}

const struct report_lint_form report_lint_sonarqube = {
    .begin = begin_sonarqube, .finding = add_sonarqube, .end = end_sonarqube};
