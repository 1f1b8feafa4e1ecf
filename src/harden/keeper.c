/* keeper: one decision to keep something → all that has to come with it.
 *
 * Invariants
 * 1. With a node all folders above it are kept. (test_harden: parents)
 * 2. Every symlink that a kept resolution passed is kept. (test_harden: links)
 * 3. A reason is only ever replaced by a stronger one. (test_harden: reasons)
 * 4. Nothing below /proc, /sys and /dev is kept. (test_harden: runtime's folders)
 * 5. A script's interpreter is kept only when the script is run. (test_harden: scripts)
 */
#include "harden/keeper.h"

#include <fnmatch.h>

#include "base/limits.h"
#include "harden/shell_commands.h"

const struct harden_kept *harden_kept_of(const struct harden_keep *keep,
                                         const struct tree_node *node)
{
    struct tree_node *key = (struct tree_node *)(uintptr_t)node;
    return map_get(&keep->by_node, keeper_address(&key));
}

static struct strs split_path(struct arena *a, struct str text)
{
    struct {
        struct str *v;
        size_t n, cap;
    } dirs = {0};
    for (struct str head; text.n && dirs.n < LIMIT_PATH_FOLDERS;) {
        str_cut(text, ':', &head, &text);
        *vec_push(a, &dirs) = head.n ? head : STR(".");
    }
    return (struct strs){dirs.v, dirs.n};
}

struct keeper keeper_new(struct arena *a, const struct facts *f, struct harden_keep *keep)
{
    struct keeper k = {.a = a, .f = f, .keep = keep};
    arena_alloc(&k.scratch, 1);
    k.executed.a = k.closed.a = k.units.a = a;
    k.workdir = f->image->config.workdir;
    if (!str_starts(k.workdir, STR("/")))
        k.workdir = str_fmt(a, "/" STR_F, STR_A(k.workdir));
    k.path = split_path(a, facts_search_path(f));
    return k;
}

void keeper_end(struct keeper *k)
{
    arena_free(&k->scratch);
}

/* Most of what is looked for is not there: only what is costs memory that stays. */
bool keeper_find(struct keeper *k, struct str cwd, struct str path, enum tree_follow last,
                 struct tree_lookup *ret)
{
    struct arena_mark mark = arena_mark(&k->scratch);
    struct tree_lookup found = {0};
    tree_resolve(k->keep->tree, &k->scratch, cwd, path, last, &found);
    arena_rewind(&k->scratch, mark);
    *ret = (struct tree_lookup){.error = found.error, .dir = found.dir};
    if (found.error)
        return false;
    tree_resolve(k->keep->tree, k->a, cwd, path, last, ret);
    return true;
}

/* ---- nodes ---- */

bool keeper_mark(struct keeper *k, struct map *set, struct tree_node *node)
{
    if (map_has(set, keeper_address(&node)))
        return false;
    struct tree_node **key = arena_new(k->a, struct tree_node *);
    *key = node;
    *map_at(set, keeper_address(key)) = node;
    return true;
}

static bool is_runtimes(const struct tree_node *node)
{
    if (!node->parent)
        return false;
    while (node->parent->parent)
        node = node->parent;
    return str_is(node->name, "proc") || str_is(node->name, "sys") || str_is(node->name, "dev");
}

static void enqueue(struct keeper *k, struct tree_node *node)
{
    const struct file_facts *facts = facts_of(node);
    if (node->inode->type != ENTRY_FILE || !facts || facts->kind != FILE_ELF)
        return;
    bool program = facts->elf.interpreter.n > 0;
    *vec_push(k->a, program ? &k->programs : &k->libraries) = node;
}

/* Whether the node was not kept before. */
static bool keep_one(struct keeper *k, struct tree_node *node, struct harden_reason reason)
{
    struct harden_kept *kept = map_get(&k->keep->by_node, keeper_address(&node));
    if (kept) {
        if (reason.why < kept->reason.why)
            kept->reason = reason;
        return false;
    }
    kept = arena_new(k->a, struct harden_kept);
    *kept = (struct harden_kept){node, tree_path(k->a, node), reason};
    *map_at(&k->keep->by_node, keeper_address(&kept->node)) = kept;
    *map_at(&k->keep->nodes, kept->path) = kept;
    k->changed = true;
    enqueue(k, node);
    return true;
}

void keeper_node(struct keeper *k, struct tree_node *node, struct harden_reason reason)
{
    if (is_runtimes(node))
        return;
    bool fresh = keep_one(k, node, reason);
    struct harden_reason parent = {WHY_PARENT, STR("folder of what is kept")};
    for (node = node->parent; fresh && node && node->parent; node = node->parent)
        fresh = keep_one(k, node, parent);
}

void keeper_subtree(struct keeper *k, struct tree_node *node, struct harden_reason reason)
{
    keeper_node(k, node, reason);
    for (struct tree_node *at = node->child; at;) {
        keeper_node(k, at, reason);
        if (at->inode->type == ENTRY_SYMLINK)
            keeper_path(k, tree_path(k->a, at), TREE_FOLLOW, reason);
        if (at->child) {
            at = at->child;
            continue;
        }
        while (at != node && !at->next)
            at = at->parent;
        at = at == node ? NULL : at->next;
    }
}

static void keep_way(struct keeper *k, const struct tree_lookup *found)
{
    struct harden_reason link = {WHY_LINK, STR("link on the way")},
                         folder = {WHY_PARENT, STR("folder of what is kept")};
    vec_each (&found->via, i) {
        struct tree_node *node = found->via.v[i];
        if (node->parent)
            keeper_node(k, node, node->inode->type == ENTRY_SYMLINK ? link : folder);
    }
}

void keeper_lookup(struct keeper *k, const struct tree_lookup *found, struct harden_reason reason)
{
    keep_way(k, found);
    if (found->node)
        keeper_node(k, found->node, reason);
}

struct tree_node *keeper_path(struct keeper *k, struct str path, enum tree_follow last,
                              struct harden_reason reason)
{
    struct tree_lookup found = {0};
    if (!keeper_find(k, k->workdir, path, last, &found))
        return NULL;
    keeper_lookup(k, &found, reason);
    return found.node;
}

/* ---- patterns ---- */

bool keeper_matches(struct str name, struct str pattern)
{
    char n[LIMIT_NAME_BYTES + 1], p[LIMIT_NAME_BYTES + 1];
    if (name.n >= sizeof n || pattern.n >= sizeof p)
        return false;
    memcpy(n, name.p, name.n);
    memcpy(p, pattern.p, pattern.n);
    n[name.n] = p[pattern.n] = '\0';
    return fnmatch(p, n, FNM_PERIOD) == 0;
}

static void glob_below(struct keeper *k, struct tree_node *dir, struct str rest,
                       struct harden_reason reason)
{
    struct str part;
    str_cut(rest, '/', &part, &rest);
    for (struct tree_node *at = dir->child; at; at = at->next) {
        if (!keeper_matches(at->name, part))
            continue;
        struct tree_lookup found = {0};
        struct str path = tree_path(k->a, at);
        if (!keeper_find(k, STR("/"), path, TREE_FOLLOW, &found))
            continue;
        if (!rest.n)
            keeper_lookup(k, &found, reason);
        else if (found.node->inode->type == ENTRY_DIR)
            keeper_glob(k, str_fmt(k->a, STR_F "/" STR_F, STR_A(path), STR_A(rest)), reason);
    }
}

void keeper_glob(struct keeper *k, struct str pattern, struct harden_reason reason)
{
    size_t star = 0;
    while (star < pattern.n && pattern.p[star] && !strchr("*?[", pattern.p[star]))
        star++;
    if (star == pattern.n) {
        keeper_path(k, pattern, TREE_FOLLOW, reason);
        return;
    }
    size_t slash = str_rfind(str_slice(pattern, 0, star), '/');
    struct str dir = str_slice(pattern, 0, slash ? slash : 1), rest = str_from(pattern, slash + 1);
    struct tree_lookup found = {0};
    if (!keeper_find(k, STR("/"), dir, TREE_FOLLOW, &found) || found.node->inode->type != ENTRY_DIR)
        return;
    if (str_is(rest, "**")) {
        keeper_lookup(k, &found, reason);
        keeper_subtree(k, found.node, reason);
        return;
    }
    glob_below(k, found.node, rest, reason);
}

/* ---- programs and scripts ---- */

static bool is_program(const struct tree_lookup *found)
{
    return found->node->inode->type == ENTRY_FILE && (found->node->inode->mode & 0111);
}

struct tree_node *keeper_command(struct keeper *k, struct str name, struct harden_reason reason)
{
    bool slash = str_find(name, '/') < name.n;
    for (size_t i = 0; name.n && i < (slash ? 1 : k->path.n); i++) {
        struct arena_mark mark = arena_mark(&k->scratch);
        struct tree_lookup found = {0};
        struct str path = name;
        if (!slash)
            path = str_fmt(&k->scratch, STR_F "/" STR_F, STR_A(k->path.v[i]), STR_A(name));
        bool there = keeper_find(k, k->workdir, path, TREE_FOLLOW, &found) && is_program(&found);
        arena_rewind(&k->scratch, mark);
        if (!there)
            continue;
        keeper_lookup(k, &found, reason);
        keeper_execute(k, found.node);
        return found.node;
    }
    return NULL;
}

void keeper_execute(struct keeper *k, struct tree_node *node)
{
    if (!keeper_mark(k, &k->executed, node))
        return;
    const struct file_facts *facts = facts_of(node);
    if (facts && facts->kind == FILE_SCRIPT)
        *vec_push(k->a, &k->scripts) = node;
}

void keeper_shell(struct keeper *k, struct str text, struct str who)
{
    struct shell_calls calls;
    shell_commands(text, k->a, &calls);
    struct harden_reason reason = {WHY_SCRIPT, str_fmt(k->a, "called by " STR_F, STR_A(who))};
    vec_each (&calls.commands, i)
        keeper_command(k, calls.commands.v[i], reason);
    vec_each (&calls.sourced, i) {
        struct tree_node *node = keeper_path(k, calls.sourced.v[i], TREE_FOLLOW, reason);
        if (node)
            keeper_execute(k, node);
    }
    /* exec "$@" of an entrypoint: the config's own words follow the script's name */
    const struct strs *command = &k->f->command;
    for (size_t i = 1; calls.runs_arguments && i < command->n; i++)
        if (command->v[i].n && command->v[i].p[0] != '-' &&
            keeper_command(k, command->v[i], reason))
            break;
}

/* #! → interpreter → what env starts → the commands of a shell script. */
static void run_script(struct keeper *k, struct tree_node *node)
{
    const struct file_facts *facts = facts_of(node);
    struct str path = tree_path(k->a, node), word = facts->script.interpreter;
    struct harden_reason reason = {WHY_INTERPRETER,
                                   str_fmt(k->a, "interpreter of " STR_F, STR_A(path))};
    struct tree_node *interpreter = keeper_path(k, word, TREE_FOLLOW, reason);
    if (interpreter)
        keeper_execute(k, interpreter);
    if (str_is(keeper_name(word), "env")) {
        struct str rest = facts->script.argument;
        while (str_word(&rest, &word))
            if (word.p[0] != '-' && str_find(word, '=') == word.n)
                break;
        keeper_command(k, word, reason);
    }
    if (shell_is_shell(keeper_name(word)))
        keeper_shell(k, facts->text, path);
}

/* ---- the work ---- */

/* Programs come first: their libraries are found in their context, run paths and all, and need not
 * be looked at again on their own. */
static struct tree_node *next_elf(struct keeper *k)
{
    struct keeper_nodes *from = k->programs.n ? &k->programs : &k->libraries;
    return from->n ? from->v[--from->n] : NULL;
}

int keeper_run(struct keeper *k, struct err *e)
{
    do {
        struct tree_node *node;
        k->changed = false;
        while (k->scripts.n)
            run_script(k, k->scripts.v[--k->scripts.n]);
        while (!k->spent && (node = next_elf(k)))
            if (!map_has(&k->closed, keeper_address(&node)))
                loader_close(k, node);
        if (k->spent)
            return err_set(e, ERR_INPUT,
                           "finding the libraries of the image's programs takes more than %d "
                           "lookups: their run paths are not those of real programs",
                           LIMIT_LIBRARY_LOOKUPS);
        family_fire(k);
    } while (k->changed || k->scripts.n || k->programs.n || k->libraries.n);
    return 0;
}
