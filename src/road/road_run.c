/* road_run: the box → one run of an image → what was seen, for a person. */
#include "base/buf.h"
#include "road/journey.h"

/* What one run looked like, for a person. */
static struct str run_text(struct arena *a, const struct outcome *o)
{
    struct buf b = {.a = a};
    buf_addf(&b, "ready: " STR_F "\n", STR_A(journey_ready_text(a, o)));
    for (size_t i = 0; i < o->n_https; i++)
        buf_addf(&b, STR_F ": " STR_F "\n" STR_F "%s", STR_A(o->https[i].request),
                 STR_A(journey_answer_text(a, &o->https[i])), STR_A(o->https[i].body),
                 str_ends(o->https[i].body, STR("\n")) || !o->https[i].body.n ? "" : "\n");
    for (size_t i = 0; i < o->n_execs + o->n_scripts; i++) {
        const struct outcome_exec *x = i < o->n_execs ? &o->execs[i] : &o->scripts[i - o->n_execs];
        buf_addf(&b, "$ " STR_F "\n" STR_F, STR_A(journey_exec_name(a, x)), STR_A(x->out));
    }
    buf_addf(&b, "end: " STR_F "\n", STR_A(journey_stop_text(a, o)));
    return buf_str(&b);
}

static int run_inside(struct sandbox *sb, void *ctx, struct arena *a, struct str *reply,
                      struct err *e)
{
    struct journey *j = ctx;
    struct sandbox_root *root = NULL;
    struct outcome o = {0};
    int rc = journey_open(a, j->options, &j->subject, e) ||
             sandbox_unpack(sb, j->subject.tree, j->subject.image, &root, e) ||
             journey_ask(sb, a, &j->options->wish, &j->subject.facts, root, &o, e);
    if (!rc && o.ready == READY_NEVER)
        rc = err_set(e, ERR_INPUT, "the program never became ready: " STR_F, STR_A(o.why));
    if (!rc)
        *reply = run_text(a, &o);
    else
        err_wrap(e, STR_F, STR_A(image_name_text(a, &j->options->input)));
    journey_close(&j->subject);
    return rc ? -1 : 0;
}

int road_run(struct arena *a, const struct road_options *options, struct str *text, struct err *e)
{
    struct journey j = {.options = options};
    return sandbox_enter(a, &options->sandbox, run_inside, &j, text, e);
}
