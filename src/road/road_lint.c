/* road_lint: see road_lint.h.
 *
 * Invariants
 * 1. A file is written only when a repair changed it, and then whole. (lint.t: whole)
 *    What stays as it was is reported as it was. (lint.t: hard)
 * 2. A file that cannot be read or written hides no other. (lint.t: others)
 * 3. Memory does not grow with the number of files. (lint.t: many)
 */
#include "road/road_lint.h"

#include "base/limits.h"
#include "lint/lint_repair.h"
#include "lint/lint_rule.h"
#include "road/shellcheck_run.h"
#include "sys/file.h"
#include "sys/spawn.h"

/* Files that are looked at together: enough to give ShellCheck its fill, few enough to forget. */
enum { HANDFUL = 128, HANDFUL_BYTES = 1024 * 1024 };

struct unit {
    struct str path, name; /* name: in reports */
    struct str before;     /* as it was read */
    struct lint_options options;
    struct lint_repaired repaired; /* of mode CHECK only text and file */
    size_t first_script, end_script;
};

struct walker {
    struct arena *a; /* of the whole run */
    const struct road_lint *road;
    const struct road_lint_listener *to;
    struct road_lint_result *result;
    struct lint_reading reading;
    struct lint_codes codes;
    struct str shellcheck; /* empty: not to be run */
    struct pin *pin;       /* NULL: nobody is asked for digests */

    struct arena now; /* of this handful */
    struct unit *units;
    size_t n, bytes;
    struct lint_scripts scripts;
    struct lint_comments *comments;
};

static void complain(void *ctx, const struct err *e)
{
    struct walker *w = ctx;
    if (e->kind > w->result->failure)
        w->result->failure = e->kind;
    w->to->complaint(w->to->ctx, e);
}

/* ---- one file ---- */

static bool too_large(struct str path)
{
    struct stat st;
    struct err none;
    return !sys_stat(path, &st, &none) && S_ISREG(st.st_mode) &&
           st.st_size > LIMIT_DOCKERFILE_BYTES;
}

/* What is refused for its size has a place, as what is refused for its text has. */
static int read_text(struct walker *w, struct str path, struct str *ret, struct err *e)
{
    if (!str_is(path, "-")) {
        if (too_large(path))
            return err_set(e, ERR_INPUT,
                           STR_F ":1:1: is larger than the %d bytes that are read of a Dockerfile",
                           STR_A(path), LIMIT_DOCKERFILE_BYTES);
        return (w->road->found ? sys_read_found : sys_read_file)(path, &w->now,
                                                                 LIMIT_DOCKERFILE_BYTES, ret, e);
    }
    struct sys_source in = sys_source(0);
    if (source_read_all(&in.source, &w->now, LIMIT_DOCKERFILE_BYTES, ret, e))
        return err_wrap(e, e->kind == ERR_INPUT ? "-:1:1" : "standard input");
    return 0;
}

/* The repaired text: shown as a difference, printed, or written. It is written at once, not after
 * ShellCheck has thought about it: what it is made from gets old. */
static int hand_over(struct walker *w, struct unit *u, struct err *e)
{
    const struct road_lint_options *o = &w->road->options;
    struct err wrong = {0};
    bool changed = !str_eq(u->before, u->repaired.text);
    bool write = changed && o->mode == ROAD_LINT_FIX && !str_is(u->path, "-");
    if (write && sys_rewrite_file(u->path, u->before, u->repaired.text, &wrong)) {
        wrong.kind = ERR_MACHINE; /* whyever */
        complain(w, &wrong);
        u->repaired = (struct lint_repaired){.text = u->before};
        lint_file_read(&w->now, u->name, u->before, &w->reading, &u->repaired.file);
        return 0;
    }
    w->result->repairs += u->repaired.n;
    w->result->changed += changed;
    if (o->mode == ROAD_LINT_DIFF)
        return w->to->text(w->to->ctx, fix_diff(&w->now, u->name, u->before, u->repaired.text), e);
    return write || !str_is(u->path, "-") ? 0 : w->to->text(w->to->ctx, u->repaired.text, e);
}

static void take_scripts(struct walker *w, struct unit *u)
{
    bool wanted = w->shellcheck.n && w->road->options.mode != ROAD_LINT_DIFF;
    size_t large = 0;
    u->first_script = w->scripts.n;
    if (wanted)
        large = lint_shellcheck_scripts(&w->now, &u->repaired.file, w->road->options.compat,
                                        &w->scripts);
    u->end_script = w->scripts.n;
    if (large)
        w->to->note(w->to->ctx,
                    str_fmt(&w->now,
                            STR_F
                            ": scripts of more than %d bytes are not given to shellcheck: %zu",
                            STR_A(u->path), LIMIT_SCRIPT_BYTES, large));
}

/* What its images are known to be, before rules look at it. */
static void ask_for_images(struct walker *w, const struct unit *u)
{
    struct arena a = {0};
    struct lint_file file;
    struct lint_wants wants = {0};
    if (!w->pin)
        return;
    lint_file_read(&a, u->name, u->before, &w->reading, &file);
    lint_known_wants(&a, &file, &wants);
    pin_ask(w->pin, &wants);
    arena_free(&a);
}

static int take_file(struct walker *w, struct str path, struct err *e)
{
    const struct road_lint_options *o = &w->road->options;
    struct unit *u = &w->units[w->n];
    struct err why = {0};
    int rc = 0;
    *u = (struct unit){.path = path, .name = o->report_name.n ? o->report_name : path};
    if (read_text(w, path, &u->before, &why)) {
        why.kind = ERR_INPUT; /* whyever */
        complain(w, &why);
        return 0;
    }
    w->n++;
    w->bytes += u->before.n;
    w->result->files++;
    ask_for_images(w, u);
    u->options = (struct lint_options){.config = &w->road->config,
                                       .only = o->only,
                                       .compat = o->compat,
                                       .secrets = o->secrets,
                                       .known = pin_known(w->pin)};
    if (!o->compat)
        u->options.dockerignore = lint_paths_dockerignore(&w->now, path);
    u->repaired.text = u->before;
    if (o->mode == ROAD_LINT_CHECK) {
        lint_file_read(&w->now, u->name, u->before, &w->reading, &u->repaired.file);
    } else {
        lint_repair(&w->now, u->name, u->before, &w->reading, &u->options,
                    o->unsafe ? FIX_UNSAFE : FIX_SAFE, &u->repaired);
        rc = hand_over(w, u, e);
    }
    take_scripts(w, u);
    return rc;
}

/* ---- what becomes of it ---- */

static void count(struct walker *w, const struct lint_report *report)
{
    vec_each (&report->findings, i) {
        const struct lint_finding *f = &report->findings.v[i];
        bool wrong = rule_is(f->f.rule, STR("DL1000"));
        /* what could not be read was not judged, whoever ignores that */
        w->result->syntax |= wrong && !(f->f.ignored.n && w->road->options.compat);
        w->result->over += !f->f.ignored.n && f->f.severity >= w->road->settings.threshold;
    }
}

/* Rules that are asked for alone may be ShellCheck's, too. */
static void keep_only(const struct strs *only, struct lint_findings *list)
{
    size_t n = 0;
    vec_each (list, i) {
        bool keep = !only->n;
        for (size_t k = 0; k < only->n; k++)
            keep |= rule_is(list->v[i].f.rule, only->v[k]);
        if (keep)
            list->v[n++] = list->v[i];
    }
    list->n = n;
}

static int show(struct walker *w, struct unit *u, struct err *e)
{
    struct lint_findings more = {0};
    struct lint_report report;
    for (size_t i = u->first_script; i < u->end_script; i++)
        lint_shellcheck_findings(&w->codes, &w->now, &w->scripts.v[i], &w->comments[i], &more);
    keep_only(&u->options.only, &more);
    lint_check(&w->now, &u->repaired.file, &u->options, &more, &report);
    count(w, &report);
    return w->to->report(w->to->ctx, &report, e);
}

static void ask_shellcheck(struct walker *w)
{
    struct err why = {0};
    size_t first = 0;
    w->comments = arena_array(&w->now, struct lint_comments, w->scripts.n);
    if (!w->scripts.n)
        return;
    size_t missed = shellcheck_run(&w->now, w->shellcheck, w->road->options.compat, &w->scripts,
                                   w->comments, &first, &why);
    if (!missed)
        return;
    const struct unit *u = w->units;
    while (u->end_script <= first)
        u++;
    size_t step = w->scripts.v[first].step;
    uint32_t at = u->repaired.file.steps.v[step].outer->place.from;
    w->to->note(w->to->ctx,
                str_fmt(&w->now, "shellcheck did not check %zu RUNs, the first is " STR_F ":%u: %s",
                        missed, STR_A(u->name), dockerfile_position(&u->repaired.file.d, at).line,
                        why.text));
}

static int finish_handful(struct walker *w, struct err *e)
{
    int rc = 0;
    ask_shellcheck(w);
    for (size_t i = 0; i < w->n && !rc; i++) {
        if (w->road->options.mode != ROAD_LINT_DIFF)
            rc = show(w, &w->units[i], e);
    }
    w->n = w->bytes = 0;
    w->scripts = (struct lint_scripts){0};
    arena_reset(&w->now);
    return rc;
}

static void find_shellcheck(struct walker *w)
{
    const struct road_lint_options *o = &w->road->options;
    bool asked = !o->only.n;
    for (size_t i = 0; i < o->only.n; i++)
        asked |= str_starts_case(o->only.v[i], STR("SC"));
    if (asked && !o->no_shellcheck && !sys_which(w->a, STR("shellcheck"), &w->shellcheck))
        w->to->note(w->to->ctx,
                    STR("shellcheck is not installed: the shell in RUN is checked by our "
                        "own rules alone (--no-shellcheck says that this is fine)"));
}

static void note_unknown(struct walker *w, struct str id)
{
    bool compat = w->road->options.compat;
    if (!(compat ? lint_rule_has_form : lint_rule_may_be)(id))
        w->to->note(w->to->ctx, str_fmt(w->a, "there is no rule " STR_F, STR_A(id)));
}

/* A rule that is misspelt would be left out, or let through, and nobody would be told. */
static void note_unknown_rules(struct walker *w)
{
    const struct lint_config *c = &w->road->config;
    for (size_t i = 0; i < w->road->options.only.n; i++)
        note_unknown(w, w->road->options.only.v[i]);
    for (size_t i = 0; i < c->ignored.n; i++)
        note_unknown(w, c->ignored.v[i]);
    for (size_t i = 0; i < c->overrides.n; i++)
        note_unknown(w, c->overrides.v[i].rule);
}

int road_lint(struct arena *a, const struct road_lint *road,
              const struct road_lint_listener *listener, struct road_lint_result *ret,
              struct err *e)
{
    const struct road_lint_options *o = &road->options;
    struct lint_paths paths = {0};
    struct walker w = {.a = a, .road = road, .to = listener, .result = ret, .codes = {.a = a}};
    *ret = (struct road_lint_result){0};
    w.reading = (struct lint_reading){.compat = o->compat, .build_args = o->build_args};
    w.units = arena_array(a, struct unit, HANDFUL);
    if (o->pin.n)
        w.pin = pin_begin(a, &o->pin, &road->config, listener->note, listener->ctx);
    if (o->mode != ROAD_LINT_DIFF)
        find_shellcheck(&w);
    if (!o->compat)
        note_unknown_rules(&w);
    for (size_t i = 0; i < o->paths.n; i++)
        lint_paths_add(a, o->paths.v[i], o->recursive, complain, &w, &paths);
    size_t handful = w.shellcheck.n ? HANDFUL : 1;
    int rc = 0;
    for (size_t i = 0; i < paths.n && !rc; i++) {
        rc = take_file(&w, paths.v[i], e);
        if (!rc && (w.n == handful || w.bytes >= HANDFUL_BYTES))
            rc = finish_handful(&w, e);
    }
    if (!rc)
        rc = finish_handful(&w, e);
    arena_free(&w.now);
    pin_end(w.pin);
    return rc;
}
