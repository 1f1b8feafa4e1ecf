/* prove_image: an unpacked image → each move in containers of its own → a report.
 *
 * Invariants
 * 1. Two containers run at once a processor, at most MOST_AT_ONCE, and each is finished, also after
 *    a failure. (tests/prove.t)
 * 2. A limit that the machine did not apply is not held against the image or the policy: the
 *    restricted run of q.fork is then inconclusive. (test_prove_image: limit)
 */
#include <time.h>
#include <unistd.h>

#include "prove/agent_words.h"
#include "prove/prove_image.h"
#include "prove/verdict.h"

enum { TIMEOUT_MS = 30000, MOST_AT_ONCE = 8 };

/* One container to run, and where what was seen of it goes. */
struct job {
    struct sandbox_run run;
    struct prove_run *out;
    struct sandbox_container *container;
};
struct jobs VEC(struct job);

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- running ---- */

static void see(struct arena *a, const struct sandbox_result *r, struct prove_run *ret)
{
    if (!r->started) {
        *ret = (struct prove_run){
            .seen = SEEN_NOT_STARTED,
            .evidence = str_fmt(a, "the container did not start: " STR_F, STR_A(str_trim(r->err)))};
        return;
    }
    prove_mark_read(r->agent_bytes, a, ret);
    if (ret->seen == SEEN_NO_MARK && r->timed_out)
        *ret = (struct prove_run){.seen = SEEN_TIMEOUT, .evidence = STR("did not end in time")};
}

static int finish(struct sandbox *sb, struct arena *a, struct job *job, struct err *e)
{
    struct sandbox_result result;
    if (sandbox_finish(sb, job->container, a, &result, e))
        return -1;
    see(a, &result, job->out);
    return 0;
}

static int run_jobs(struct sandbox *sb, struct arena *a, struct jobs *jobs, struct err *e)
{
    /* Most of a container's time is the kernel taking namespaces down, not work: two a processor.
     */
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t width = processors < 1 ? 2 : (size_t)processors * 2;
    width = width < MOST_AT_ONCE ? width : MOST_AT_ONCE;
    size_t started = 0, finished = 0;
    int rc = 0;
    while (!rc && finished < jobs->n) {
        if (started < jobs->n && started - finished < width) {
            rc = sandbox_start(sb, &jobs->v[started].run, &jobs->v[started].container, e);
            started += !rc;
        } else {
            rc = finish(sb, a, &jobs->v[finished++], e);
        }
    }
    while (finished < started) { /* after a failure, whose words are kept */
        struct err ignored = {0};
        if (finish(sb, a, &jobs->v[finished++], &ignored))
            continue;
    }
    return rc;
}

/* ---- what to run ---- */

/* One image's runs, by index in prove_moves. */
struct plan {
    const struct facts *facts;
    const struct sandbox_root *root;
    struct known known;
    bool asked[64];
    struct prove_controls *controls;
    struct prove_run *permissive, *restricted;
};
_Static_assert(sizeof((struct plan){0}.asked) >= 48, "room for every move");

static struct job *add_job(struct arena *a, struct jobs *jobs, const struct sandbox_policy *policy,
                           struct strs words, struct prove_run *out)
{
    struct job *job = vec_push(a, jobs);
    *job = (struct job){
        .run = {.policy = policy, .agent = words, .cwd = STR("/"), .timeout_ms = TIMEOUT_MS},
        .out = out};
    return job;
}

static void add_attack(struct arena *a, struct plan *plan, struct jobs *jobs, size_t move,
                       const struct sandbox_policy *policy, struct prove_run *out)
{
    const struct facts *f = plan->facts;
    const struct image_config *config = &f->image->config;
    struct strs words = prove_words(a, &prove_moves[move], f, &plan->known);
    struct job *job = add_job(a, jobs, policy, words, out);
    job->run.root = plan->root;
    job->run.env = config->env;
    if (config->workdir.n)
        job->run.cwd = config->workdir;
    job->run.uid = f->run_as.uid;
    job->run.gid = f->run_as.gid;
    job->run.groups = f->run_as.groups;
    job->run.n_groups = f->run_as.n_groups;
    if (!str_is(str_of(prove_moves[move].id), "d.vol"))
        return;
    /* writable whatever the policy says of the root, as volumes are */
    job->run.volume_dirs = config->volumes.v;
    job->run.n_volumes = config->volumes.n;
    job->run.volume_key = str_fmt(a, "prove %s %p", policy->name, (const void *)plan->root);
}

/* The environment of a control run holds what r.env looks for. */
static void add_control(struct arena *a, struct plan *plan, struct jobs *jobs, size_t move,
                        const struct sandbox_policy *policy, struct prove_run *out)
{
    static struct str env[] = {STR_INIT("SHUCK_CONTROL_PASSWORD=none"), STR_INIT("HOME=/root")};
    struct job *job = add_job(a, jobs, policy, prove_control_words(a, &prove_moves[move]), out);
    job->run.root = plan->controls->root;
    job->run.env = (struct strs){env, sizeof env / sizeof *env};
}

/* Permissive runs, and the controls that are not known yet. */
static void first_round(struct arena *a, struct plan *plan, struct jobs *jobs)
{
    for (size_t i = 0; i < prove_n_moves; i++) {
        if (!plan->asked[i])
            continue;
        if (plan->controls->control[i].seen == SEEN_NOTHING)
            add_control(a, plan, jobs, i, &sandbox_control, &plan->controls->control[i]);
        add_attack(a, plan, jobs, i, &sandbox_permissive, &plan->permissive[i]);
    }
}

/* Restricted runs where they can tell more, and references where credit is open. */
static void second_round(struct arena *a, struct plan *plan, struct jobs *jobs)
{
    for (size_t i = 0; i < prove_n_moves; i++) {
        const struct prove_run *seen = &plan->permissive[i];
        if (!plan->asked[i])
            continue;
        if (!prove_absent(&prove_moves[i], seen))
            add_attack(a, plan, jobs, i, &sandbox_restricted, &plan->restricted[i]);
        if (prove_wants_reference(&prove_moves[i], seen) &&
            plan->controls->reference[i].seen == SEEN_NOTHING)
            add_control(a, plan, jobs, i, &sandbox_permissive, &plan->controls->reference[i]);
    }
}

void prove_check_limit(struct arena *a, const struct prove_move *move, struct prove_run *restricted)
{
    if (!str_is(str_of(move->id), "q.fork") || restricted->outcome != VERDICT_SUCCEEDED)
        return;
    restricted->outcome = VERDICT_INCONCLUSIVE;
    restricted->evidence =
        str_fmt(a, STR_F ": this sandbox does not apply the policy's limit of %u",
                STR_A(restricted->evidence), (unsigned)sandbox_restricted.pids);
}

int prove_options_check(const struct prove_options *options, struct err *e)
{
    for (size_t i = 0; options && i < options->only.n; i++)
        if (!prove_move_find(options->only.v[i]))
            return err_set(e, ERR_USAGE, "no move \"" STR_F "\"; shuck explain lists them",
                           STR_A(options->only.v[i]));
    return 0;
}

static int ask(struct plan *plan, const struct prove_options *options, struct err *e)
{
    bool all = !options || !options->only.n;
    if (prove_options_check(options, e))
        return -1;
    for (size_t i = 0; i < prove_n_moves; i++)
        plan->asked[i] = all;
    for (size_t i = 0; !all && i < options->only.n; i++)
        plan->asked[prove_move_find(options->only.v[i]) - prove_moves] = true;
    return 0;
}

static int prepare_controls(struct sandbox *sb, struct arena *a, struct prove_controls *c,
                            struct err *e)
{
    if (c->root)
        return 0;
    c->control = arena_array(a, struct prove_run, prove_n_moves);
    c->reference = arena_array(a, struct prove_run, prove_n_moves);
    return sandbox_empty(sb, &c->root, e);
}

/* ---- whether this image can be tried ---- */

int prove_machine_fits(const struct image_platform *p, const char *machine, struct err *e)
{
    static const struct {
        const char *machine, *arch[2];
    } runs[] = {{"x86_64", {"amd64", "386"}}, {"aarch64", {"arm64", "arm"}}};
    if (!p->arch.n) /* a folder: its programs will say */
        return 0;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        for (size_t k = 0; strcmp(machine, runs[i].machine) == 0 && k < 2; k++)
            if (str_is(p->arch, runs[i].arch[k]))
                return 0;
    return err_set(e, ERR_MACHINE,
                   "not applicable: the image is for " STR_F "/" STR_F
                   ", whose programs do not run on this machine (%s)",
                   STR_A(p->os), STR_A(p->arch), machine);
}

int prove_subject_check(const struct facts *f, struct err *e)
{
#if defined __x86_64__
    static const char machine[] = "x86_64";
#else
    static const char machine[] = "aarch64";
#endif
    const struct facts_run_as *u = &f->run_as;
    if (prove_machine_fits(&f->image->config.platform, machine, e))
        return -1;
    if (u->verdict != USER_UNKNOWN_NAME && u->verdict != USER_MALFORMED)
        return 0;
    return err_set(e, ERR_INPUT, "the image's user \"" STR_F "\" %s, so no runtime would start it",
                   STR_A(u->name),
                   u->verdict == USER_MALFORMED ? "is malformed" : "is not in its /etc/passwd");
}

/* ---- the report ---- */

static void judge(struct arena *a, struct plan *plan, struct prove_report *ret)
{
    ret->results = arena_array(a, struct prove_result, prove_n_moves);
    for (size_t i = 0; i < prove_n_moves; i++) {
        if (!plan->asked[i])
            continue;
        struct prove_runs runs = {plan->permissive[i], plan->restricted[i],
                                  plan->controls->control[i], plan->controls->reference[i]};
        if (runs.restricted.seen == SEEN_MARK)
            prove_check_limit(a, &prove_moves[i], &runs.restricted);
        prove_judge(a, &prove_moves[i], &runs, &ret->results[ret->n_results++]);
    }
    prove_grade(ret);
}

/* Nothing that started: no grade can be given. */
static int check_any(const struct plan *plan, struct err *e)
{
    const struct prove_run *last = NULL;
    for (size_t i = 0; i < prove_n_moves; i++) {
        if (plan->permissive[i].seen == SEEN_MARK)
            return 0;
        if (plan->asked[i])
            last = &plan->permissive[i];
    }
    return err_set(e, ERR_MACHINE, "no move could be tried: " STR_F "; shuck doctor may know why",
                   STR_A(last ? last->evidence : STR("none was asked for")));
}

int prove_image(struct sandbox *sb, const struct facts *f, const struct sandbox_root *root,
                const struct prove_options *options, struct prove_controls *controls,
                struct arena *a, struct prove_report *ret, struct err *e)
{
    struct prove_controls own = {0};
    struct plan plan = {.facts = f, .root = root, .controls = controls ? controls : &own};
    struct jobs first = {0}, second = {0};
    const struct image_platform *p = &f->image->config.platform;
    int64_t start = now_ms();
    if (prove_subject_check(f, e) || ask(&plan, options, e) ||
        prepare_controls(sb, a, plan.controls, e))
        return -1;
    plan.permissive = arena_array(a, struct prove_run, prove_n_moves);
    plan.restricted = arena_array(a, struct prove_run, prove_n_moves);
    known_find(a, f, &plan.known);
    first_round(a, &plan, &first);
    if (run_jobs(sb, a, &first, e) || check_any(&plan, e))
        return err_wrap(e, "trying moves");
    second_round(a, &plan, &second);
    if (run_jobs(sb, a, &second, e))
        return err_wrap(e, "trying moves");
    struct prove_report report = {
        .platform = str_fmt(a, STR_F "/" STR_F, STR_A(p->os.n ? p->os : STR("linux")),
                            STR_A(p->arch.n ? p->arch : STR("unknown"))),
        .user = str_fmt(a, "%u:%u", f->run_as.uid, f->run_as.gid),
        .runtime = sandbox_describe(sb, a),
    };
    judge(a, &plan, &report);
    report.ms = now_ms() - start;
    *ret = report;
    return 0;
}
