/* evidence: the record of a run → what it shows to be needed.
 *
 * Invariants
 * 1. Whatever a lookup resolves to in the image is kept, whatever the call then said, with the
 *    links on its way: the result is asked the same questions. (test_harden: trace)
 * 2. Where the run made something new, the folder it went into is kept. (test_harden: made)
 * 3. A lookup below /proc, /sys or /dev keeps nothing. (test_harden: runtime's folders)
 */
#include <errno.h>

#include "harden/choose.h"

static const char *const call_names[] = {
    [TRACE_OPEN] = "opened",          [TRACE_STAT] = "looked at",  [TRACE_ACCESS] = "looked at",
    [TRACE_READLINK] = "followed",    [TRACE_EXEC] = "run",        [TRACE_CHDIR] = "entered",
    [TRACE_CONNECT] = "connected to", [TRACE_MKDIR] = "made",      [TRACE_UNLINK] = "removed",
    [TRACE_RENAME] = "renamed",       [TRACE_LINK] = "linked",     [TRACE_CHMOD] = "changed",
    [TRACE_CHOWN] = "changed",        [TRACE_XATTR] = "looked at", [TRACE_MOUNT] = "mounted",
    [TRACE_OTHER] = "used",
};

static bool is_runtimes_path(struct str path)
{
    static const struct str tops[] = {STR_INIT("/proc"), STR_INIT("/sys"), STR_INIT("/dev")};
    for (size_t i = 0; i < sizeof tops / sizeof *tops; i++)
        if (str_starts(path, tops[i]) && (path.n == tops[i].n || path.p[tops[i].n] == '/'))
            return true;
    return false;
}

/* "/a/b/c" is not there, or not a folder on the way: the nearest that is, when a file stands where
 * a folder was wanted, gives the errno and has to stay. */
static void keep_nearest(struct facts_keeper *k, struct str path, struct facts_reason reason)
{
    while (path.n > 1) {
        size_t slash = str_rfind(path, '/');
        path = str_slice(path, 0, slash == path.n ? 0 : slash);
        struct tree_lookup found = {0};
        if (!facts_keep_find(k, STR("/"), path, TREE_FOLLOW, &found))
            continue;
        if (found.node->parent)
            facts_keep_lookup(k, &found, reason);
        return;
    }
}

static void keep_traced(struct facts_keeper *k, const struct trace_lookup *l)
{
    struct facts_reason reason = {WHY_TRACED, STR("used")};
    if ((size_t)l->call < sizeof call_names / sizeof *call_names)
        reason.detail = str_of(call_names[l->call]);
    if (is_runtimes_path(l->path))
        return;
    struct tree_lookup found = {0};
    enum tree_follow last = l->nofollow ? TREE_NOFOLLOW : TREE_FOLLOW;
    facts_keep_find(k, STR("/"), l->path, last, &found);
    bool made = !l->error || l->create, is_root = !found.error && !found.node->parent;
    if (is_root || (found.error && l->error == ENOENT && !made))
        return;      /* the root is always there; what never was is to stay away */
    if (found.error) /* now with the way it went */
        tree_resolve(k->keep->tree, k->a, STR("/"), l->path, last, &found);
    if (found.error == ENOTDIR) {
        keep_nearest(k, l->path, reason);
        return;
    }
    facts_keep_lookup(k, &found, reason);
    /* made by the run, or put there by the runtime: its folder has to be there */
    if (found.error && made && found.dir && found.dir->parent)
        facts_keep_node(k, found.dir,
                        (struct facts_reason){WHY_TRACED, STR("something was made in it")});
    if (l->call == TRACE_EXEC && !l->error && !found.error)
        facts_keep_execute(k, found.node);
}

void evidence_of_trace(struct facts_keeper *k, const struct trace *trace)
{
    vec_each (&trace->lookups, i)
        keep_traced(k, &trace->lookups.v[i]);
    vec_each (&trace->execs, i)
        if (!is_runtimes_path(trace->execs.v[i].path))
            facts_keep_command(k, trace->execs.v[i].path,
                               (struct facts_reason){WHY_TRACED, STR("run")});
}
