/* choose: facts, trace and the user's wishes → the files to keep, each with its reason.
 *
 * Invariants
 * 1. Each level keeps all that the one before it keeps. (test_harden: levels)
 * 2. The same facts and trace give the same set in the same order. (test_family: once)
 * 3. What a user asks for and is not there is an error, never passed over. (test_harden: asked)
 */
#include "harden/choose.h"

const char *harden_level_name(enum harden_level level)
{
    static const char *const names[] = {"exact", "balanced", "safe"};
    return names[level];
}

static int keep_wishes(struct facts_keeper *k, const struct harden_options *o, struct err *e)
{
    struct facts_reason asked = {WHY_ASKED, STR("asked for")};
    for (size_t i = 0; i < o->keep_paths.n; i++) {
        struct tree_node *node = facts_keep_path(k, o->keep_paths.v[i], TREE_FOLLOW, asked);
        if (!node)
            return err_set(e, ERR_USAGE, "cannot keep " STR_F ": the image has no such file",
                           STR_A(o->keep_paths.v[i]));
        facts_keep_subtree(k, node, asked);
        if (node->inode->mode & 0111)
            facts_keep_execute(k, node);
    }
    for (size_t i = 0; i < o->keep_packages.n; i++) {
        const struct facts_package *p = map_get(&k->f->package_by_name, o->keep_packages.v[i]);
        if (!p)
            return err_set(e, ERR_USAGE,
                           "cannot keep package " STR_F ": the image has none of "
                           "that name",
                           STR_A(o->keep_packages.v[i]));
        facts_keep_package(k, p, asked);
    }
    if (o->keep_shell && !facts_keep_command(k, STR("/bin/sh"), asked))
        return err_set(e, ERR_USAGE, "cannot keep the shell: the image has no /bin/sh");
    return 0;
}

/* A number is better (Kubernetes can check it), but a name may bring groups of its own. */
bool harden_user_is_name(const struct facts *f, bool keep_user)
{
    return f->run_as.verdict == USER_BY_NAME && (keep_user || f->run_as.n_groups);
}

/* Without its line in these a runtime refuses to start. */
static void keep_user_names(struct facts_keeper *k)
{
    struct facts_reason reason = {WHY_PROGRAM, STR("the config's User is a name")};
    facts_keep_path(k, STR("/etc/passwd"), TREE_FOLLOW, reason);
    facts_keep_path(k, STR("/etc/group"), TREE_FOLLOW, reason);
}

static int choose(struct facts_keeper *k, const struct trace *trace,
                  const struct harden_options *options, struct err *e)
{
    facts_keep_config(k);
    evidence_of_trace(k, trace);
    if (harden_user_is_name(k->f, options->keep_user))
        keep_user_names(k);
    if (keep_wishes(k, options, e) || facts_keep_run(k, e))
        return -1;
    if (options->level >= HARDEN_BALANCED) {
        whole_packages(k, options->level == HARDEN_SAFE);
        if (facts_keep_run(k, e))
            return -1;
    }
    package_db_keep(k);
    return facts_keep_run(k, e);
}

int harden_choose(struct arena *a, const struct facts *f, const struct trace *trace,
                  const struct harden_options *options, struct facts_keep *ret, struct err *e)
{
    struct facts_keep keep = {.nodes = {.a = a}, .by_node = {.a = a}, .tree = f->tree};
    struct facts_keeper k = facts_keep_new(a, f, &keep);
    int rc = choose(&k, trace, options, e);
    facts_keep_end(&k);
    if (!rc)
        *ret = keep;
    return rc;
}

bool harden_repair(struct arena *a, const struct facts *f, struct facts_keep *keep, struct str path)
{
    struct facts_keeper k = facts_keep_new(a, f, keep);
    struct facts_reason reason = {WHY_REPAIR, STR("the result looked for it")};
    k.seen = keep->by_node.n; /* families saw these when they were chosen */
    struct err e;
    size_t had = keep->by_node.n;
    struct tree_node *node = facts_keep_path(&k, path, TREE_FOLLOW, reason);
    if (!node)
        node = facts_keep_path(&k, path, TREE_NOFOLLOW, reason);
    if (node && node->inode->type == ENTRY_FILE && (node->inode->mode & 0111))
        facts_keep_execute(&k, node);
    if (facts_keep_run(&k, &e) == 0)
        package_db_keep(&k);
    facts_keep_end(&k);
    return keep->by_node.n > had;
}
