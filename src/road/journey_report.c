/* journey_report: the loop's result → struct road_report and words for a person.
 *
 * It decides nothing: what is called the same was found the same by harden_loop(). */
#include "road/journey.h"

static struct road_side side_of(struct arena *a, const struct facts *f,
                                const struct image_name *name)
{
    struct road_side side = {
        .name = image_name_text(a, name),
        .config_digest = f->image->config_digest,
        .bytes = f->tree->bytes,
        .files = f->tree->n_files,
        .layers = f->image->n_layers,
        .packages = f->packages.n,
        .user = f->image->config.user,
        .base = f->base.pretty_name.n ? f->base.pretty_name : str_of(rules_rung_name(f->base.rung)),
    };
    for (size_t i = 0; i < f->image->n_layers; i++)
        side.image_bytes += f->image->layers[i].size;
    return side;
}

struct str journey_answer_text(struct arena *a, const struct outcome_http *h)
{
    return h->status ? str_fmt(a, "%d, %zu bytes", h->status, h->body.n)
                     : str_fmt(a, "no answer: " STR_F, STR_A(h->error));
}

struct str journey_ready_text(struct arena *a, const struct outcome *o)
{
    static const char *const how[] = {"never", "listens", "is healthy", "said so",
                                      "ran to its end"};
    return str_fmt(a, "%s after %lld ms", how[o->ready], (long long)o->ready_ms);
}

struct str journey_stop_text(struct arena *a, const struct outcome *o)
{
    return o->stopped_by_kill
               ? STR("had to be killed")
               : str_fmt(a, "status %d after %lld ms", o->exit_status, (long long)o->stop_ms);
}

static struct str exec_text(struct arena *a, const struct outcome_exec *x)
{
    return str_fmt(a, "status %d, %zu bytes", x->status, x->out.n);
}

/* Only called for runs that were found equal. */
static void add_evidence(struct arena *a, struct road_report *r, const struct outcome *was,
                         const struct outcome *is)
{
    size_t most = 2 + was->n_https + was->n_execs + was->n_scripts + (was->health >= 0);
    struct road_evidence *v = arena_array(a, struct road_evidence, most);
    size_t n = 0;
    v[n++] =
        (struct road_evidence){STR("ready"), journey_ready_text(a, was), journey_ready_text(a, is)};
    for (size_t i = 0; i < was->n_https && i < is->n_https; i++)
        v[n++] =
            (struct road_evidence){was->https[i].request, journey_answer_text(a, &was->https[i]),
                                   journey_answer_text(a, &is->https[i])};
    for (size_t i = 0; i < was->n_execs && i < is->n_execs; i++)
        v[n++] = (struct road_evidence){outcome_command(a, &was->execs[i]),
                                        exec_text(a, &was->execs[i]), exec_text(a, &is->execs[i])};
    for (size_t i = 0; i < was->n_scripts && i < is->n_scripts; i++)
        v[n++] =
            (struct road_evidence){outcome_command(a, &was->scripts[i]),
                                   exec_text(a, &was->scripts[i]), exec_text(a, &is->scripts[i])};
    if (was->health >= 0)
        v[n++] = (struct road_evidence){STR("health check"), str_fmt(a, "status %d", was->health),
                                        str_fmt(a, "status %d", is->health)};
    v[n++] =
        (struct road_evidence){STR("stop"), journey_stop_text(a, was), journey_stop_text(a, is)};
    r->evidence = v;
    r->n_evidence = n;
}

/* What was not compared, and what the record of the original lacks. */
static struct strs doubts_of(struct arena *a, const struct harden_result *h)
{
    const struct trace *t = &h->was.trace;
    struct strs list = {arena_array(a, struct str, h->varies.n + t->refused.n + 1), 0};
    vec_each (&h->varies, i)
        list.v[list.n++] =
            str_fmt(a, STR_F " differs between two runs of the original too: not compared",
                    STR_A(h->varies.v[i]));
    for (size_t i = 0; i < t->refused.n; i++)
        list.v[list.n++] = str_fmt(a, "while recording: " STR_F, STR_A(t->refused.v[i]));
    if (!t->complete && !h->was.stopped_by_kill) /* which ends the record with the program */
        list.v[list.n++] = STR("the record of the original was cut off");
    return list;
}

void journey_report(struct sandbox *sb, struct arena *a, struct journey *j)
{
    static const struct str any_uid[] = {
        [ANY_UID_UNTRIED] = STR_INIT(""),
        [ANY_UID_RUNS] = STR_INIT("runs under any user id"),
        [ANY_UID_DIFFERS] = STR_INIT("does not behave the same under an arbitrary user id"),
    };
    struct road_report *r = &j->report;
    const struct harden_result *h = &j->result;
    r->before = side_of(a, &j->subject.facts, &j->options->input);
    r->after = side_of(a, &h->candidate.facts, &j->options->output);
    r->level = h->level;
    r->rounds = h->rounds;
    r->repairs = h->repairs;
    r->original = &j->subject.facts;
    r->plan = &h->plan;
    r->user_note = h->user_note;
    r->any_uid = any_uid[h->any_uid];
    r->written = h->was.written;
    r->doubts = doubts_of(a, h);
    r->runtime = sandbox_describe(sb, a);
    r->platform = str_fmt(a, STR_F "/" STR_F, STR_A(j->subject.image->config.platform.os),
                          STR_A(j->subject.image->config.platform.arch));
    r->version = STR(SHUCK_VERSION);
    harden_by_package(a, &j->subject.facts, &h->plan.keep, &r->packages);
    add_evidence(a, r, &h->was, &h->is);
}
