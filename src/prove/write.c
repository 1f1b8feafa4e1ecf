/* write: a report ⇄ JSON, to leave the box and to be kept in files. docs/prove.schema.json says
 * what each key means.
 *
 * Invariants
 * 1. What prove_write() wrote prove_read() gives back, field by field. (test_write: round trip)
 * 2. Reading trusts nothing: unknown moves, verdicts, grades and repeated moves are refused, and
 *    grades are computed again, not believed. (test_write: hostile)
 */
#include "prove/verdict.h"

/* ---- out ---- */

static json_t *one_line(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *axis(enum prove_verdict verdict, struct str evidence, int error)
{
    json_t *o = json_object();
    json_object_set_new(o, "verdict", json_string(prove_verdict_name(verdict)));
    json_object_set_new(o, "evidence", json_text(evidence));
    if (error) {
        struct arena scratch = {0};
        json_object_set_new(o, "errno", json_integer(error));
        json_object_set_new(o, "error", json_text(prove_error_name(&scratch, error)));
        arena_free(&scratch);
    }
    return o;
}

static json_t *write_result(const struct prove_result *r)
{
    const struct prove_move *m = r->move;
    json_t *o = json_object(), *techniques = json_array();
    for (size_t i = 0; i < 2 && m->technique[i]; i++)
        json_array_append_new(techniques, json_string(m->technique[i]));
    json_object_set_new(o, "move", json_string(m->id));
    json_object_set_new(o, "title", json_string(m->title));
    json_object_set_new(o, "techniques", techniques);
    json_object_set_new(o, "grade", json_string(prove_grade_name(m->grade)));
    json_object_set_new(o, "permissive", axis(r->permissive, r->evidence, r->error));
    json_object_set_new(o, "restricted",
                        axis(r->restricted, r->restricted_evidence, r->restricted_error));
    json_object_set_new(o, "control", axis(r->control, r->control_evidence, 0));
    json_object_set_new(o, "credit", one_line(r->credit));
    json_object_set_new(o, "stopped_by",
                        one_line(r->stopped == STEP_NONE ? NULL : prove_step_name(r->stopped)));
    return o;
}

json_t *prove_to_json(const struct prove_report *report)
{
    json_t *o = json_object(), *moves = json_array();
    for (size_t i = 0; i < report->n_results; i++)
        json_array_append_new(moves, write_result(&report->results[i]));
    json_object_set_new(o, "image", json_text(report->image));
    json_object_set_new(o, "platform", json_text(report->platform));
    json_object_set_new(o, "user", json_text(report->user));
    json_object_set_new(o, "runtime", json_text(report->runtime));
    json_object_set_new(o, "ms", json_integer(report->ms));
    json_object_set_new(o, "grade", json_string(prove_grade_name(report->grade)));
    json_object_set_new(o, "restricted_grade",
                        json_string(prove_grade_name(report->restricted_grade)));
    json_object_set_new(o, "moves", moves);
    return o;
}

struct str prove_write(struct arena *a, const struct prove_report *report)
{
    json_t *value JSON_AUTO = prove_to_json(report);
    return json_write(a, value, 0);
}

/* ---- in ---- */

static int read_verdict(struct str text, enum prove_verdict *ret, struct err *e)
{
    for (int v = VERDICT_SUCCEEDED; v <= VERDICT_INCONCLUSIVE; v++)
        if (str_is(text, prove_verdict_name((enum prove_verdict)v))) {
            *ret = (enum prove_verdict)v;
            return 0;
        }
    return err_set(e, ERR_INPUT, "\"" STR_F "\" is no verdict", STR_A(text));
}

static int read_axis(const json_t *move, const char *key, struct arena *a,
                     enum prove_verdict *verdict, struct str *evidence, int *error, struct err *e)
{
    const json_t *o = NULL;
    struct str text = {0};
    int64_t number = 0;
    if (json_get_object(move, key, &o, e))
        return -1;
    if (!o)
        return err_set(e, ERR_INPUT, "key \"%s\" is missing", key);
    if (json_get_str(o, "verdict", a, &text, e) || read_verdict(text, verdict, e) ||
        json_get_str(o, "evidence", a, evidence, e) || json_get_i64(o, "errno", &number, e))
        return err_wrap(e, "%s", key);
    if (number < 0 || number > 4095)
        return err_set(e, ERR_INPUT, "%s: errno %lld is out of range", key, (long long)number);
    *error = (int)number;
    return 0;
}

static int read_credit(struct str text, const char **ret, struct err *e)
{
    static const char *const credits[] = {"image", "runtime", "neither"};
    for (size_t i = 0; i < sizeof credits / sizeof *credits; i++)
        if (str_is(text, credits[i]))
            *ret = credits[i];
    return !text.n || *ret ? 0 : err_set(e, ERR_INPUT, "\"" STR_F "\" is no credit", STR_A(text));
}

static int read_step(struct str text, enum prove_step *ret, struct err *e)
{
    if (!text.n)
        return 0;
    for (int s = STEP_USER; s <= STEP_MASKED; s++)
        if (str_is(text, prove_step_name((enum prove_step)s))) {
            *ret = (enum prove_step)s;
            return 0;
        }
    return err_set(e, ERR_INPUT, "\"" STR_F "\" is no layer of defence", STR_A(text));
}

static int read_result(const json_t *o, struct arena *a, struct prove_result *ret, struct err *e)
{
    struct prove_result r = {0};
    struct str id = {0}, credit = {0}, step = {0};
    int ignored;
    if (!json_is_object(o))
        return err_set(e, ERR_INPUT, "is no object");
    if (json_get_str(o, "move", a, &id, e))
        return -1;
    r.move = prove_move_find(id);
    if (!r.move)
        return err_set(e, ERR_INPUT, "no move \"" STR_F "\"", STR_A(id));
    if (read_axis(o, "permissive", a, &r.permissive, &r.evidence, &r.error, e) ||
        read_axis(o, "restricted", a, &r.restricted, &r.restricted_evidence, &r.restricted_error,
                  e) ||
        read_axis(o, "control", a, &r.control, &r.control_evidence, &ignored, e) ||
        json_get_str(o, "credit", a, &credit, e) || read_credit(credit, &r.credit, e) ||
        json_get_str(o, "stopped_by", a, &step, e) || read_step(step, &r.stopped, e))
        return err_wrap(e, "%s", r.move->id);
    *ret = r;
    return 0;
}

/* In the order of prove_moves, each once. */
static int read_results(const json_t *list, struct arena *a, struct prove_report *ret,
                        struct err *e)
{
    size_t n = list ? json_array_size(list) : 0;
    const struct prove_move *last = NULL;
    if (n > prove_n_moves)
        return err_set(e, ERR_INPUT, "%zu moves; there are only %zu", n, prove_n_moves);
    ret->results = arena_array(a, struct prove_result, n);
    for (size_t i = 0; i < n; i++) {
        if (read_result(json_array_get(list, i), a, &ret->results[i], e))
            return err_wrap(e, "moves[%zu]", i);
        if (last && ret->results[i].move <= last)
            return err_set(e, ERR_INPUT, "moves[%zu]: %s is out of order or twice", i,
                           ret->results[i].move->id);
        last = ret->results[i].move;
    }
    ret->n_results = n;
    return 0;
}

int prove_from_json(const json_t *value, struct arena *a, struct prove_report *ret, struct err *e)
{
    struct prove_report r = {0};
    const json_t *moves = NULL;
    if (!json_is_object(value))
        return err_set(e, ERR_INPUT, "the report is no object");
    if (json_get_str(value, "image", a, &r.image, e) ||
        json_get_str(value, "platform", a, &r.platform, e) ||
        json_get_str(value, "user", a, &r.user, e) ||
        json_get_str(value, "runtime", a, &r.runtime, e) || json_get_i64(value, "ms", &r.ms, e) ||
        json_get_array(value, "moves", &moves, e) || read_results(moves, a, &r, e))
        return err_wrap(e, "reading a report of moves");
    prove_grade(&r);
    *ret = r;
    return 0;
}

int prove_read(struct str bytes, struct arena *a, struct prove_report *ret, struct err *e)
{
    json_t *value JSON_AUTO = NULL;
    if (json_read(bytes, &value, e))
        return err_wrap(e, "reading a report of moves");
    return prove_from_json(value, a, ret, e);
}
