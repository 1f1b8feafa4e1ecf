/* harden_loop: an image's facts → a candidate that behaves like the original, or an error that says
 * what differed.
 *
 * Invariants
 * 1. Success means: under one exercise the candidate gave the answers of the original, apart from
 *    differences two runs of the original show too. (tests/harden.t: same answers)
 * 2. An original that never became ready, or did not answer what it was asked, is an error.
 *    (tests/harden.t: never became ready; tests/hostile.t: slam)
 *
 * The loop ends: each round keeps more than the one before, at most ROUNDS_MAX a level; a level
 * that is still growing then has failed.
 */
#include "road/loop.h"

#include <errno.h>

#include "base/buf.h"

enum { ROUNDS_MAX = 12 };
#define ORIGINAL_VOLUMES STR("original")

static void tell(const struct loop *l, struct str line)
{
    if (l->job->progress)
        l->job->progress(l->job->ctx, line);
}

/* ---- runs ---- */

int loop_run(struct loop *l, const struct sandbox_root *root, const struct facts_run_as *as,
             struct str volumes, struct outcome *ret, struct err *e)
{
    const struct image_config *config = &l->job->facts->image->config;
    struct sandbox_run run = {
        .root = root,
        .policy = &sandbox_permissive,
        .argv = l->r->exercise.argv,
        .env = l->r->exercise.env,
        .cwd = l->r->exercise.cwd,
        .uid = as->uid,
        .gid = as->gid,
        .groups = as->groups,
        .n_groups = as->n_groups,
        .volume_dirs = config->volumes.v,
        .n_volumes = config->volumes.n,
        .volume_key = volumes.n ? volumes : str_fmt(l->a, "run-%u", ++l->runs),
        .trace = true,
    };
    return sandbox_exercise(l->sb, &run, &l->r->exercise.exercise, l->a, ret, e);
}

static int never_ready(const struct outcome *o, struct err *e)
{
    return err_set(
        e, ERR_INPUT,
        "the original image never became ready, so there is nothing to compare with: " STR_F
        ". Say how to know that it is ready with --port, --ready-log or --ready-exit, give it "
        "what it needs with --env, or more time with --ready-timeout",
        STR_A(o->why));
}

/* The first start fills the volumes; what the second finds there decides how it goes, and what it
 * looks up. */
static int record_restart(struct loop *l, struct err *e)
{
    tell(l, STR("recording its second start"));
    if (loop_run(l, l->r->original_root, &l->job->facts->run_as, ORIGINAL_VOLUMES, &l->restart, e))
        return -1;
    trace_merge(l->a, &l->r->was.trace, &l->restart.trace);
    l->has_restart = true;
    return 0;
}

/* Two results that both answer nothing are alike, which says nothing of the program. */
static int unanswered(const struct outcome *o, struct err *e)
{
    char ended[160] = "";
    if (o->exited_early) /* after its port was open for a moment: a daemon's first process */
        snprintf(ended, sizeof ended,
                 "; its program exited with status %d before it was asked to: let it stay in the "
                 "foreground",
                 o->exit_status);
    for (size_t i = 0; i < o->n_https; i++)
        if (!o->https[i].status)
            return err_set(e, ERR_INPUT,
                           "the original image gave no whole answer to " STR_F " (" STR_F
                           "), so there is nothing to compare with%s",
                           STR_A(o->https[i].request), STR_A(o->https[i].error), ended);
    for (size_t i = 0; i < o->n_execs + o->n_scripts; i++) {
        const struct outcome_exec *x = i < o->n_execs ? &o->execs[i] : &o->scripts[i - o->n_execs];
        if (x->status < 0)
            return err_set(e, ERR_INPUT,
                           "\"" STR_F "\" did not start, or not end in time, with the original "
                           "image, so there is nothing to compare with",
                           STR_A(x->argv.v[0]));
    }
    return 0;
}

/* Stage 1: the original under the exercise. */
static int record(struct loop *l, struct err *e)
{
    const struct facts *f = l->job->facts;
    struct harden_result *r = l->r;
    if (exercise_plan(l->a, f, l->job->wish, &r->exercise, e) ||
        sandbox_unpack(l->sb, f->tree, f->image, &r->original_root, e))
        return -1;
    if (f->run_as.verdict == USER_UNKNOWN_NAME || f->run_as.verdict == USER_MALFORMED)
        return err_set(e, ERR_INPUT,
                       "config User \"" STR_F "\" is not in the image's passwd, so no "
                       "runtime would start it",
                       STR_A(f->run_as.name));
    tell(l, STR("recording the original"));
    if (loop_run(l, r->original_root, &f->run_as, ORIGINAL_VOLUMES, &r->was, e))
        return -1;
    if (r->was.ready == READY_NEVER)
        return never_ready(&r->was, e);
    if (!r->was.trace.lookups.n) /* running a program is one */
        return err_set(e, ERR_MACHINE, "what the program looks up could not be recorded: " STR_F,
                       STR_A(r->was.trace.refused.n ? r->was.trace.refused.v[0]
                                                    : STR("shuck doctor may know why")));
    /* A request nobody asked for that the program does not answer says nothing about it. */
    if (r->exercise.guessed_http && r->was.n_https && !r->was.https[0].status) {
        r->exercise.exercise.n_https = 0;
        r->was.n_https = 0;
    }
    if (f->image->config.volumes.n && record_restart(l, e))
        return -1;
    return unanswered(&r->was, e);
}

/* ---- checks ---- */

/* Stage 3: every recorded lookup on both trees. Returns how many paths were added, or -1. When none
 * was, what is in *unlike can be repaired by no file. */
static int repair_by_replay(struct loop *l, struct facts_keep *keep,
                            struct trace_differences *unlike, struct err *e)
{
    struct trace_replay_options options = {.ctx = &l->r->plan, .allowed = harden_allows};
    if (trace_replay(l->a, &l->r->was.trace, l->job->facts->tree, l->r->candidate.tree, &options,
                     unlike, e))
        return -1;
    int added = 0;
    vec_each (unlike, i)
        added += harden_repair(l->a, l->job->facts, keep, unlike->v[i].lookup->path);
    return added;
}

/* Stage 4: what the result missed and the original has. ENOENT in both is noise. */
static int repair_by_run(struct loop *l, struct facts_keep *keep, const struct outcome *is)
{
    int added = 0;
    vec_each (&is->trace.lookups, i) {
        const struct trace_lookup *lookup = &is->trace.lookups.v[i];
        bool missed =
            lookup->error == ENOENT || lookup->error == ENOTDIR || lookup->error == EACCES;
        struct tree_lookup found = {0};
        if (!missed)
            continue;
        tree_resolve(l->job->facts->tree, l->a, (struct str){0}, lookup->path,
                     lookup->nofollow ? TREE_NOFOLLOW : TREE_FOLLOW, &found);
        if (!found.error && harden_repair(l->a, l->job->facts, keep, lookup->path))
            added++;
    }
    return added;
}

int loop_compare(struct loop *l, const struct outcome *is, struct outcome_differences *ret,
                 struct err *e)
{
    struct outcome_differences all = {0}, noise = {0}, left = {0};
    outcome_compare(l->a, &l->r->was, is, &all);
    if (all.n && !l->has_again) {
        if (loop_run(l, l->r->original_root, &l->job->facts->run_as, (struct str){0}, &l->again, e))
            return -1;
        l->has_again = true;
    }
    if (all.n)
        outcome_compare(l->a, &l->r->was, &l->again, &noise);
    outcome_less_noise(l->a, &all, &noise, &left, &l->r->varies);
    *ret = left;
    return 0;
}

static void add_difference(struct loop *l, struct outcome_differences *to, struct str what,
                           struct str was, struct str is)
{
    *vec_push(l->a, to) = (struct outcome_difference){what, was, is, .firm = true};
}

/* A run that went well does not excuse a lookup that is answered differently. */
static void add_unlike(struct loop *l, const struct trace_differences *unlike,
                       struct outcome_differences *to)
{
    vec_each (unlike, i)
        add_difference(l, to, unlike->v[i].lookup->path, STR("as in the original"),
                       unlike->v[i].what);
}

struct str loop_describe(struct arena *a, const struct outcome_differences *diffs)
{
    struct buf b = {.a = a};
    for (size_t i = 0; i < diffs->n && i < 5; i++) {
        const struct outcome_difference *d = &diffs->v[i];
        struct str was = str_slice(d->was, 0, 200), is = str_slice(d->is, 0, 200);
        buf_addf(&b, "%s" STR_F, i ? "; " : "", STR_A(d->what));
        if (str_is(d->was, OUTCOME_NO_LINE))
            buf_addf(&b, " has a new line \"" STR_F "\"", STR_A(is));
        else if (str_is(d->is, OUTCOME_NO_LINE))
            buf_addf(&b, " lacks the line \"" STR_F "\"", STR_A(was));
        else
            buf_addf(&b, " was \"" STR_F "\", is \"" STR_F "\"", STR_A(was), STR_A(is));
    }
    if (diffs->n > 5)
        buf_addf(&b, "; and %zu more", diffs->n - 5);
    return buf_str(&b);
}

/* ---- rounds ---- */

int loop_make(struct loop *l, const struct facts_keep *keep, struct err *e)
{
    struct harden_result *r = l->r;
    candidate_drop(&r->candidate);
    r->rounds++;
    if (harden_plan(l->a, l->job->facts, keep, &r->was.trace, &l->config, &r->plan, e))
        return -1;
    return candidate_make(l->sb, l->a, l->job->facts, &r->plan, &r->candidate, e);
}

/* Stages 2 to 5 at one level. 1: it holds; 0: *diffs says what differs; -1. */
static int try_level(struct loop *l, enum harden_level level, struct outcome_differences *diffs,
                     struct err *e)
{
    struct harden_options options = *l->job->options;
    struct facts_keep keep = {0};
    options.level = level;
    options.keep_user = l->config.keep_user;
    if (harden_choose(l->a, l->job->facts, &l->r->was.trace, &options, &keep, e))
        return -1;
    for (int round = 0; round < ROUNDS_MAX; round++) {
        if (loop_make(l, &keep, e))
            return -1;
        tell(l, str_fmt(l->a, "%s: running the result with %zu files", harden_level_name(level),
                        l->r->candidate.tree->n_files));
        struct trace_differences unlike = {0};
        int added = repair_by_replay(l, &keep, &unlike, e);
        if (added < 0)
            return -1;
        if (!added) {
            if (candidate_unpack(l->sb, &l->r->candidate, e) ||
                loop_run(l, l->r->candidate.root, &l->job->facts->run_as, (struct str){0},
                         &l->r->is, e))
                return -1;
            added = repair_by_run(l, &keep, &l->r->is);
        }
        l->r->repairs += (size_t)added;
        if (added)
            continue;
        if (loop_compare(l, &l->r->is, diffs, e))
            return -1;
        add_unlike(l, &unlike, diffs);
        return diffs->n == 0;
    }
    *diffs = (struct outcome_differences){0};
    add_difference(l, diffs, STR("what it looks for"), STR("known after one run"),
                   str_fmt(l->a, "still growing after %d results", ROUNDS_MAX));
    return 0;
}

static struct loop begin(struct sandbox *sb, struct arena *a, const struct harden_job *job,
                         struct harden_result *ret)
{
    *ret = (struct harden_result){.candidate = CANDIDATE_NONE};
    return (struct loop){.sb = sb,
                         .a = a,
                         .job = job,
                         .r = ret,
                         .config.tool_version = STR(SHUCK_VERSION),
                         .config.keep_user = job->user == HARDEN_USER_KEEP};
}

int harden_loop(struct sandbox *sb, struct arena *a, const struct harden_job *job,
                struct harden_result *ret, struct err *e)
{
    struct loop l = begin(sb, a, job, ret);
    struct outcome_differences diffs = {0};
    if (record(&l, e))
        return -1;
    for (enum harden_level level = job->options->level; level <= HARDEN_SAFE; level++) {
        int holds = try_level(&l, level, &diffs, e);
        if (holds < 0)
            return -1;
        ret->level = level;
        if (holds)
            holds = after_restart(&l, &diffs, e);
        if (holds < 0)
            return -1;
        if (holds)
            return after_user(&l, e);
        tell(&l, str_fmt(a, "%s did not behave the same: " STR_F, harden_level_name(level),
                         STR_A(loop_describe(a, &diffs))));
    }
    return err_set(e, ERR_INPUT,
                   "no smaller image behaved like the original, nothing is written: " STR_F,
                   STR_A(loop_describe(a, &diffs)));
}

int harden_dry_run(struct sandbox *sb, struct arena *a, const struct harden_job *job,
                   struct harden_result *ret, struct err *e)
{
    struct loop l = begin(sb, a, job, ret);
    struct facts_keep keep = {0};
    if (record(&l, e) || harden_choose(a, job->facts, &ret->was.trace, job->options, &keep, e))
        return -1;
    return harden_plan(a, job->facts, &keep, &ret->was.trace, &l.config, &ret->plan, e);
}
