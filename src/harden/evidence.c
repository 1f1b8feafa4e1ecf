/* evidence: the config and the record of a run → what they show to be needed.
 *
 * Invariants
 * 1. Whatever a lookup resolves to in the image is kept, whatever the call then said, with the
 *    links on its way: the result is asked the same questions. (test_harden: trace)
 * 2. Where the run made something new, the folder it went into is kept. (test_harden: made)
 * 3. A lookup below /proc, /sys or /dev keeps nothing. (test_harden: runtime's folders)
 */
#include <errno.h>

#include "base/buf.h"
#include "harden/choose.h"
#include "harden/shell_commands.h"

/* ---- the config ---- */

/* Words as a line of shell, so that `tini -- env A=b prog` and `sh -c …` are understood alike. */
static struct str quoted(struct arena *a, struct strs words)
{
    struct buf b = {.a = a};
    for (size_t i = 0; i < words.n; i++) {
        buf_addz(&b, i ? " '" : "'");
        for (size_t j = 0; j < words.v[i].n; j++)
            if (words.v[i].p[j] == '\'')
                buf_addz(&b, "'\\''");
            else
                buf_addc(&b, words.v[i].p[j]);
        buf_addc(&b, '\'');
    }
    return buf_str(&b);
}

/* The health check as words; none when there is no check. */
static struct strs health_words(const struct image_config *c, struct arena *a)
{
    const struct image_healthcheck *h = &c->healthcheck;
    if (!h->set || h->test.n < 2)
        return (struct strs){0};
    if (str_is(h->test.v[0], "CMD"))
        return (struct strs){h->test.v + 1, h->test.n - 1};
    if (!str_is(h->test.v[0], "CMD-SHELL"))
        return (struct strs){0};
    size_t n = c->shell.n ? c->shell.n : 2;
    struct str *v = arena_array(a, struct str, n + 1);
    v[0] = STR("/bin/sh");
    v[1] = STR("-c");
    for (size_t i = 0; i < c->shell.n; i++)
        v[i] = c->shell.v[i];
    v[n] = h->test.v[1];
    return (struct strs){v, n + 1};
}

struct tree_node *evidence_health_program(const struct facts *f, struct arena *a)
{
    struct strs words = health_words(&f->image->config, a);
    struct str path;
    return words.n ? facts_which(f, a, words.v[0], &path) : NULL;
}

static void keep_command_line(struct keeper *k, struct strs words, struct harden_reason reason)
{
    if (!words.n || !keeper_command(k, words.v[0], reason))
        return;
    keeper_shell(k, quoted(k->a, words), reason.detail);
}

void evidence_of_config(struct keeper *k)
{
    const struct image_config *c = &k->f->image->config;
    keep_command_line(k, k->f->command, (struct harden_reason){WHY_PROGRAM, STR("the program")});
    keep_command_line(k, health_words(c, k->a),
                      (struct harden_reason){WHY_PROGRAM, STR("the health check")});
    if (c->workdir.n > 1)
        keeper_path(k, c->workdir, TREE_FOLLOW,
                    (struct harden_reason){WHY_PROGRAM, STR("the working folder")});
    for (size_t i = 0; i < c->volumes.n; i++) { /* a new volume starts with what is there */
        struct harden_reason reason = {WHY_PROGRAM, STR("a volume of the config")};
        struct tree_node *node = keeper_path(k, c->volumes.v[i], TREE_FOLLOW, reason);
        if (node && node->parent)
            keeper_subtree(k, node, reason);
    }
}

/* ---- the trace ---- */

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
static void keep_nearest(struct keeper *k, struct str path, struct harden_reason reason)
{
    while (path.n > 1) {
        size_t slash = str_rfind(path, '/');
        path = str_slice(path, 0, slash == path.n ? 0 : slash);
        struct tree_lookup found = {0};
        if (!keeper_find(k, STR("/"), path, TREE_FOLLOW, &found))
            continue;
        if (found.node->parent)
            keeper_lookup(k, &found, reason);
        return;
    }
}

static void keep_traced(struct keeper *k, const struct trace_lookup *l)
{
    struct harden_reason reason = {WHY_TRACED, STR("used")};
    if ((size_t)l->call < sizeof call_names / sizeof *call_names)
        reason.detail = str_of(call_names[l->call]);
    if (is_runtimes_path(l->path))
        return;
    struct tree_lookup found = {0};
    enum tree_follow last = l->nofollow ? TREE_NOFOLLOW : TREE_FOLLOW;
    keeper_find(k, STR("/"), l->path, last, &found);
    bool made = !l->error || l->create, is_root = !found.error && !found.node->parent;
    if (is_root || (found.error && l->error == ENOENT && !made))
        return;      /* the root is always there; what never was is to stay away */
    if (found.error) /* now with the way it went */
        tree_resolve(k->keep->tree, k->a, STR("/"), l->path, last, &found);
    if (found.error == ENOTDIR) {
        keep_nearest(k, l->path, reason);
        return;
    }
    keeper_lookup(k, &found, reason);
    /* made by the run, or put there by the runtime: its folder has to be there */
    if (found.error && made && found.dir && found.dir->parent)
        keeper_node(k, found.dir,
                    (struct harden_reason){WHY_TRACED, STR("something was made in it")});
    if (l->call == TRACE_EXEC && !l->error && !found.error)
        keeper_execute(k, found.node);
}

void evidence_of_trace(struct keeper *k, const struct trace *trace)
{
    vec_each (&trace->lookups, i)
        keep_traced(k, &trace->lookups.v[i]);
    vec_each (&trace->execs, i)
        if (!is_runtimes_path(trace->execs.v[i].path))
            keeper_command(k, trace->execs.v[i].path,
                           (struct harden_reason){WHY_TRACED, STR("run")});
}
