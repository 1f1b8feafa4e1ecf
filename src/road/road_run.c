/* road_run: the box → one run of an image → what was seen, for a person.
 *
 * Invariants
 * 1. Nothing the image says reaches a terminal but its lines and safe_text(). (tests/harden.t)
 */
#include "base/buf.h"
#include "base/safe.h"
#include "road/journey.h"

static void add_lines(struct buf *b, struct str text)
{
    struct str line;
    while (str_line(&text, &line)) {
        for (size_t tab; (tab = str_find(line, '\t')) < line.n; line = str_from(line, tab + 1)) {
            buf_add(b, safe_text(b->a, str_slice(line, 0, tab)));
            buf_addc(b, '\t');
        }
        buf_add(b, safe_text(b->a, line));
        buf_addc(b, '\n');
    }
}

/* What the program itself wrote: its beginning, for that is where it says what it lacks. */
static void add_output(struct buf *b, const char *label, struct str text)
{
    enum { OUTPUT_MOST = 4096 };
    if (!text.n)
        return;
    buf_addf(b, "%s:\n", label);
    add_lines(b, str_slice(text, 0, OUTPUT_MOST));
    if (text.n > OUTPUT_MOST)
        buf_addf(b, "\xe2\x80\xa6 %zu bytes in all\n", text.n);
}

/* What one run looked like, for a person. */
static struct str run_text(struct arena *a, const struct outcome *o)
{
    struct buf b = {.a = a};
    buf_addf(&b, "ready: " STR_F "\n", STR_A(journey_ready_text(a, o)));
    for (size_t i = 0; i < o->n_https; i++) {
        buf_addf(&b, STR_F ": " STR_F "\n", STR_A(o->https[i].request),
                 STR_A(journey_answer_text(a, &o->https[i])));
        add_lines(&b, o->https[i].body);
    }
    for (size_t i = 0; i < o->n_execs + o->n_scripts; i++) {
        const struct outcome_exec *x = i < o->n_execs ? &o->execs[i] : &o->scripts[i - o->n_execs];
        buf_addf(&b, "$ " STR_F "\n", STR_A(outcome_command(a, x)));
        add_lines(&b, x->out);
    }
    add_output(&b, "standard output", o->out);
    add_output(&b, "standard error", o->err);
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
