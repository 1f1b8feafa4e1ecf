/* harden_after: a candidate that holds → does it start again, and who may it run as.
 *
 * Invariants
 * 1. "Any user" is said only of a run under an id that the image does not know. (tests/harden.t:
 *    any user)
 * 2. An image with volumes starts a second time on its own as the original does. (tests/harden.t: a
 *    second start)
 */
#include "road/loop.h"

/* Arbitrary ids far from any package's: what a cluster that picks ids itself would give. */
enum { UID_AUTO = 65532, UID_ARBITRARY = 54321 };

/* ---- a second start ---- */

int after_restart(struct loop *l, struct outcome_differences *diffs, struct err *e)
{
    static const struct str volumes = STR_INIT("candidate");
    const struct facts_run_as *as = &l->job->facts->run_as;
    struct outcome first = {0}, second = {0};
    if (!l->has_restart)
        return 1;
    if (loop_run(l, l->r->candidate.root, as, volumes, &first, e) ||
        loop_run(l, l->r->candidate.root, as, volumes, &second, e))
        return -1;
    *diffs = (struct outcome_differences){0};
    outcome_compare(l->a, &l->restart, &second, diffs);
    return diffs->n == 0;
}

/* ---- the user ---- */

/* A line it did not say before (a warning that it is not root, mostly), and nothing else. */
static bool says_more(const struct outcome_difference *d)
{
    return str_starts(d->what, STR("standard ")) && str_is(d->was, OUTCOME_NO_LINE);
}

static bool only_says_more(const struct outcome_differences *diffs)
{
    vec_each (diffs, i)
        if (!says_more(&diffs->v[i]))
            return false;
    return true;
}

/* Runs the candidate under another uid with group 0. 1: the same; 0: *why; -1. */
static int try_uid(struct loop *l, uint32_t uid, struct str *why, struct err *e)
{
    struct facts_run_as as = {.uid = uid};
    struct outcome is = {0};
    struct outcome_differences diffs = {0};
    if (loop_run(l, l->r->candidate.root, &as, (struct str){0}, &is, e))
        return -1;
    if (loop_compare(l, &is, &diffs, e))
        return -1;
    *why = is.ready == READY_NEVER ? is.why : loop_describe(l->a, &diffs);
    /* Who asks for a user has decided to live with its log; nobody else has. */
    bool lenient = l->job->user == HARDEN_USER_SET && uid == l->job->uid;
    return diffs.n == 0 || (lenient && only_says_more(&diffs));
}

static bool has_entry(const struct facts *f, uint32_t uid)
{
    for (size_t i = 0; i < f->n_users; i++)
        if (f->users[i].uid == uid)
            return true;
    return false;
}

/* Nothing in the image is this user's: what it can do, any user of group 0 can. */
static bool is_anyone(const struct facts *f, uint32_t uid)
{
    for (const struct tree_node *at = f->tree->root; at; at = tree_next(f->tree, at))
        if (at->inode->uid == uid)
            return false;
    return !has_entry(f, uid);
}

/* Plans again with the user in it (config, and rights of group 0 on what the program reads and
 * writes), and tries that. 1: it is the result now; 0: the result is as it was; -1. */
static int try_user(struct loop *l, uint32_t uid, struct str *why, struct err *e)
{
    struct harden_result *r = l->r;
    struct candidate before = r->candidate;
    struct harden_plan plan = r->plan;
    r->candidate = CANDIDATE_NONE;
    l->config.set_user = true;
    l->config.uid = uid;
    /* without a group a runtime would take that of the entry, which is not what is tried here */
    l->config.user_text = str_fmt(l->a, has_entry(l->job->facts, uid) ? "%u:0" : "%u", uid);
    int same = loop_make(l, &plan.keep, e) || candidate_unpack(l->sb, &r->candidate, e)
                   ? -1
                   : try_uid(l, uid, why, e);
    if (same == 1) {
        candidate_drop(&before);
        return 1;
    }
    candidate_drop(&r->candidate);
    r->candidate = before;
    r->plan = plan;
    return same;
}

int after_user(struct loop *l, struct err *e)
{
    const struct harden_job *job = l->job;
    struct harden_result *r = l->r;
    struct str why = {0};
    bool set = job->user == HARDEN_USER_SET;
    bool wants = set || (job->user == HARDEN_USER_AUTO && job->facts->run_as.uid == 0);
    uint32_t uid = set ? job->uid : wants ? UID_AUTO : UID_ARBITRARY;
    int same = wants ? try_user(l, uid, &why, e) : try_uid(l, uid, &why, e);
    if (same < 0)
        return -1;
    if (!same && set)
        return err_set(e, ERR_INPUT, "as user %u the image does not behave the same: " STR_F, uid,
                       STR_A(why));
    if (wants)
        r->user_note = same ? str_fmt(l->a, "runs as user %u, group 0: it behaves the same%s" STR_F,
                                      uid, why.n ? ", but " : "", STR_A(why))
                            : str_fmt(l->a,
                                      "still runs as root: as user %u it did not behave the "
                                      "same (" STR_F ")",
                                      uid, STR_A(why));
    bool anyone = is_anyone(job->facts, uid);
    if (same && !anyone) {
        same = try_uid(l, UID_ARBITRARY, &why, e);
        if (same < 0)
            return -1;
        anyone = true;
    }
    r->any_uid = !anyone ? ANY_UID_UNTRIED : same ? ANY_UID_RUNS : ANY_UID_DIFFERS;
    return 0;
}
