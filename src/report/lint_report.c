/* lint_report: see lint_report.h. */
#include "report/lint_report.h"

#include "base/json.h"
#include "base/safe.h"

static void add_text(struct buf *b, const struct lint_report *r)
{
    vec_each (&r->findings, i) {
        const struct lint_finding *f = &r->findings.v[i];
        if (!f->f.ignored.n)
            buf_addf(b, STR_F ":%u:%u %s %s: " STR_F "\n", STR_A(safe_text(b->a, r->name)),
                     f->f.where.line, f->f.where.column, f->f.rule->id,
                     lint_level_name(f->f.severity), STR_A(safe_text(b->a, f->f.evidence)));
    }
}

static void add_json(json_t *list, const struct lint_report *r)
{
    vec_each (&r->findings, i) {
        const struct lint_finding *f = &r->findings.v[i];
        if (f->f.ignored.n)
            continue;
        json_t *o = json_object();
        json_t *aliases = json_array();
        for (size_t k = 0; k < 6 && f->f.rule->aliases[k]; k++)
            json_array_append_new(aliases, json_string(f->f.rule->aliases[k]));
        json_object_set_new(o, "aliases", aliases);
        json_object_set_new(o, "code", json_string(f->f.rule->id));
        json_object_set_new(o, "column", json_integer(f->f.where.column));
        json_object_set_new(o, "file", json_text(r->name));
        json_object_set_new(o, "level", json_string(lint_level_name(f->f.severity)));
        json_object_set_new(o, "line", json_integer(f->f.where.line));
        json_object_set_new(o, "message", json_text(f->f.evidence));
        json_array_append_new(list, o);
    }
}

struct str report_lint(struct arena *a, const struct lint_reports *reports, enum lint_format format,
                       bool color)
{
    struct buf b = {.a = a};
    json_t *list JSON_AUTO = json_array();
    (void)color;
    vec_each (reports, i)
        if (format == LINT_JSON)
            add_json(list, &reports->v[i]);
        else
            add_text(&b, &reports->v[i]);
    return format == LINT_JSON ? str_fmt(a, STR_F "\n", STR_A(json_write(a, list, 0)))
                               : buf_str(&b);
}
