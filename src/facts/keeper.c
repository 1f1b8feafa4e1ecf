/* keeper: one decision to keep something → all that has to come with it.
 *
 * Invariants
 * 1. With a node all folders above it are kept. (test_harden: parents)
 * 2. Every symlink that a kept resolution passed is kept. (test_harden: links)
 * 3. A reason is only ever replaced by a stronger one. (test_harden: reasons)
 * 4. Nothing below /proc, /sys and /dev is kept. (test_harden: runtime's folders)
 * 5. A script's interpreter is kept only when the script is run. (test_harden: scripts)
 */
#include "facts/keeper.h"

#include <fnmatch.h>

#include "base/limits.h"
#include "facts/shell_commands.h"

const struct facts_kept *facts_kept_of(const struct facts_keep *keep, const struct tree_node *node)
{
    struct tree_node *key = (struct tree_node *)(uintptr_t)node;
    return map_get(&keep->by_node, facts_keep_address(&key));
}

const char *facts_why_name(enum facts_why why)
{
    static const char *const names[] = {
        [WHY_TRACED] = "traced",           [WHY_PROGRAM] = "program", [WHY_NEEDED] = "needed",
        [WHY_INTERPRETER] = "interpreter", [WHY_SCRIPT] = "script",   [WHY_DLOPEN] = "dlopen",
        [WHY_FAMILY] = "family",           [WHY_PACKAGE] = "package", [WHY_ASKED] = "asked",
        [WHY_REPAIR] = "repair",           [WHY_PARENT] = "parent",   [WHY_LINK] = "link",
    };
    return names[why];
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

struct facts_keeper facts_keep_new(struct arena *a, const struct facts *f, struct facts_keep *keep)
{
    struct facts_keeper k = {.a = a, .f = f, .keep = keep};
    arena_alloc(&k.scratch, 1);
    k.executed.a = k.closed.a = k.units.a = a;
    k.workdir = f->image->config.workdir;
    if (!str_starts(k.workdir, STR("/")))
        k.workdir = str_fmt(a, "/" STR_F, STR_A(k.workdir));
    k.path = split_path(a, facts_search_path(f));
    return k;
}

void facts_keep_end(struct facts_keeper *k)
{
    arena_free(&k->scratch);
}

/* Most of what is looked for is not there: only what is costs memory that stays. */
bool facts_keep_find(struct facts_keeper *k, struct str cwd, struct str path, enum tree_follow last,
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

bool facts_keep_mark(struct facts_keeper *k, struct map *set, struct tree_node *node)
{
    if (map_has(set, facts_keep_address(&node)))
        return false;
    struct tree_node **key = arena_new(k->a, struct tree_node *);
    *key = node;
    *map_at(set, facts_keep_address(key)) = node;
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

static void enqueue(struct facts_keeper *k, struct tree_node *node)
{
    const struct file_facts *facts = facts_of(node);
    if (node->inode->type != ENTRY_FILE || !facts || facts->kind != FILE_ELF)
        return;
    bool program = facts->elf.interpreter.n > 0;
    *vec_push(k->a, program ? &k->programs : &k->libraries) = node;
}

/* Whether the node was not kept before. */
static bool keep_one(struct facts_keeper *k, struct tree_node *node, struct facts_reason reason)
{
    struct facts_kept *kept = map_get(&k->keep->by_node, facts_keep_address(&node));
    if (kept) {
        if (reason.why < kept->reason.why)
            kept->reason = reason;
        return false;
    }
    kept = arena_new(k->a, struct facts_kept);
    *kept = (struct facts_kept){node, tree_path(k->a, node), reason};
    *map_at(&k->keep->by_node, facts_keep_address(&kept->node)) = kept;
    *map_at(&k->keep->nodes, kept->path) = kept;
    k->changed = true;
    enqueue(k, node);
    return true;
}

void facts_keep_node(struct facts_keeper *k, struct tree_node *node, struct facts_reason reason)
{
    if (is_runtimes(node))
        return;
    bool fresh = keep_one(k, node, reason);
    struct facts_reason parent = {WHY_PARENT, STR("folder of what is kept")};
    for (node = node->parent; fresh && node && node->parent; node = node->parent)
        fresh = keep_one(k, node, parent);
}

void facts_keep_subtree(struct facts_keeper *k, struct tree_node *node, struct facts_reason reason)
{
    facts_keep_node(k, node, reason);
    for (struct tree_node *at = node->child; at;) {
        facts_keep_node(k, at, reason);
        if (at->inode->type == ENTRY_SYMLINK)
            facts_keep_path(k, tree_path(k->a, at), TREE_FOLLOW, reason);
        if (at->child) {
            at = at->child;
            continue;
        }
        while (at != node && !at->next)
            at = at->parent;
        at = at == node ? NULL : at->next;
    }
}

static void keep_way(struct facts_keeper *k, const struct tree_lookup *found)
{
    struct facts_reason link = {WHY_LINK, STR("link on the way")},
                        folder = {WHY_PARENT, STR("folder of what is kept")};
    vec_each (&found->via, i) {
        struct tree_node *node = found->via.v[i];
        if (node->parent)
            facts_keep_node(k, node, node->inode->type == ENTRY_SYMLINK ? link : folder);
    }
}

void facts_keep_lookup(struct facts_keeper *k, const struct tree_lookup *found,
                       struct facts_reason reason)
{
    keep_way(k, found);
    if (found->node)
        facts_keep_node(k, found->node, reason);
}

struct tree_node *facts_keep_path(struct facts_keeper *k, struct str path, enum tree_follow last,
                                  struct facts_reason reason)
{
    struct tree_lookup found = {0};
    if (!facts_keep_find(k, k->workdir, path, last, &found))
        return NULL;
    facts_keep_lookup(k, &found, reason);
    return found.node;
}

void facts_keep_package(struct facts_keeper *k, const struct facts_package *p,
                        struct facts_reason reason)
{
    for (size_t i = 0; i < p->files.n; i++) {
        struct tree_lookup found = {0};
        if (facts_keep_find(k, STR("/"), p->files.v[i], TREE_NOFOLLOW, &found) &&
            found.node->parent)
            facts_keep_lookup(k, &found, reason);
    }
}

/* ---- patterns ---- */

bool facts_keep_matches(struct str name, struct str pattern)
{
    char n[LIMIT_NAME_BYTES + 1], p[LIMIT_NAME_BYTES + 1];
    if (name.n >= sizeof n || pattern.n >= sizeof p)
        return false;
    memcpy(n, name.p, name.n);
    memcpy(p, pattern.p, pattern.n);
    n[name.n] = p[pattern.n] = '\0';
    return fnmatch(p, n, FNM_PERIOD) == 0;
}

static void glob_below(struct facts_keeper *k, struct tree_node *dir, struct str rest,
                       struct facts_reason reason)
{
    struct str part;
    str_cut(rest, '/', &part, &rest);
    for (struct tree_node *at = dir->child; at; at = at->next) {
        if (!facts_keep_matches(at->name, part))
            continue;
        struct tree_lookup found = {0};
        struct str path = tree_path(k->a, at);
        if (!facts_keep_find(k, STR("/"), path, TREE_FOLLOW, &found))
            continue;
        if (!rest.n)
            facts_keep_lookup(k, &found, reason);
        else if (found.node->inode->type == ENTRY_DIR)
            facts_keep_glob(k, str_fmt(k->a, STR_F "/" STR_F, STR_A(path), STR_A(rest)), reason);
    }
}

void facts_keep_glob(struct facts_keeper *k, struct str pattern, struct facts_reason reason)
{
    size_t star = 0;
    while (star < pattern.n && pattern.p[star] && !strchr("*?[", pattern.p[star]))
        star++;
    if (star == pattern.n) {
        facts_keep_path(k, pattern, TREE_FOLLOW, reason);
        return;
    }
    size_t slash = str_rfind(str_slice(pattern, 0, star), '/');
    struct str dir = str_slice(pattern, 0, slash ? slash : 1), rest = str_from(pattern, slash + 1);
    struct tree_lookup found = {0};
    if (!facts_keep_find(k, STR("/"), dir, TREE_FOLLOW, &found) ||
        found.node->inode->type != ENTRY_DIR)
        return;
    if (str_is(rest, "**")) {
        facts_keep_lookup(k, &found, reason);
        facts_keep_subtree(k, found.node, reason);
        return;
    }
    glob_below(k, found.node, rest, reason);
}

/* ---- programs and scripts ---- */

static bool is_program(const struct tree_lookup *found)
{
    return found->node->inode->type == ENTRY_FILE && (found->node->inode->mode & 0111);
}

struct tree_node *facts_keep_command(struct facts_keeper *k, struct str name,
                                     struct facts_reason reason)
{
    bool slash = str_find(name, '/') < name.n;
    for (size_t i = 0; name.n && i < (slash ? 1 : k->path.n); i++) {
        struct arena_mark mark = arena_mark(&k->scratch);
        struct tree_lookup found = {0};
        struct str path = name;
        if (!slash)
            path = str_fmt(&k->scratch, STR_F "/" STR_F, STR_A(k->path.v[i]), STR_A(name));
        bool there =
            facts_keep_find(k, k->workdir, path, TREE_FOLLOW, &found) && is_program(&found);
        arena_rewind(&k->scratch, mark);
        if (!there)
            continue;
        facts_keep_lookup(k, &found, reason);
        facts_keep_execute(k, found.node);
        return found.node;
    }
    return NULL;
}

void facts_keep_execute(struct facts_keeper *k, struct tree_node *node)
{
    if (!facts_keep_mark(k, &k->executed, node))
        return;
    const struct file_facts *facts = facts_of(node);
    if (facts && facts->kind == FILE_SCRIPT)
        *vec_push(k->a, &k->scripts) = node;
}

void facts_keep_shell(struct facts_keeper *k, struct str text, struct str who)
{
    struct facts_shell_calls calls;
    facts_shell_commands(text, k->a, &calls);
    struct facts_reason reason = {WHY_SCRIPT, str_fmt(k->a, "called by " STR_F, STR_A(who))};
    vec_each (&calls.commands, i)
        facts_keep_command(k, calls.commands.v[i], reason);
    vec_each (&calls.sourced, i) {
        struct tree_node *node = facts_keep_path(k, calls.sourced.v[i], TREE_FOLLOW, reason);
        if (node)
            facts_keep_execute(k, node);
    }
    /* exec "$@" of an entrypoint: the config's own words follow the script's name */
    const struct strs *command = &k->f->command;
    for (size_t i = 1; calls.runs_arguments && i < command->n; i++)
        if (command->v[i].n && command->v[i].p[0] != '-' &&
            facts_keep_command(k, command->v[i], reason))
            break;
}

/* #! → interpreter → what env starts → the commands of a shell script. */
static void run_script(struct facts_keeper *k, struct tree_node *node)
{
    const struct file_facts *facts = facts_of(node);
    struct str path = tree_path(k->a, node), word = facts->script.interpreter;
    struct facts_reason reason = {WHY_INTERPRETER,
                                  str_fmt(k->a, "interpreter of " STR_F, STR_A(path))};
    struct tree_node *interpreter = facts_keep_path(k, word, TREE_FOLLOW, reason);
    if (interpreter)
        facts_keep_execute(k, interpreter);
    if (str_is(facts_keep_name(word), "env")) {
        struct str rest = facts->script.argument;
        while (str_word(&rest, &word))
            if (word.p[0] != '-' && str_find(word, '=') == word.n)
                break;
        facts_keep_command(k, word, reason);
    }
    if (facts_is_shell(facts_keep_name(word)))
        facts_keep_shell(k, facts->text, path);
}

/* ---- the work ---- */

/* Programs come first: their libraries are found in their context, run paths and all, and need not
 * be looked at again on their own. */
static struct tree_node *next_elf(struct facts_keeper *k)
{
    struct facts_keep_nodes *from = k->programs.n ? &k->programs : &k->libraries;
    return from->n ? from->v[--from->n] : NULL;
}

int facts_keep_run(struct facts_keeper *k, struct err *e)
{
    do {
        struct tree_node *node;
        k->changed = false;
        while (k->scripts.n)
            run_script(k, k->scripts.v[--k->scripts.n]);
        while (!k->spent && (node = next_elf(k)))
            if (!map_has(&k->closed, facts_keep_address(&node)))
                facts_loader_close(k, node);
        if (k->spent)
            return err_set(e, ERR_INPUT,
                           "finding the libraries of the image's programs takes more than %d "
                           "lookups: their run paths are not those of real programs",
                           LIMIT_LIBRARY_LOOKUPS);
        facts_family_fire(k);
    } while (k->changed || k->scripts.n || k->programs.n || k->libraries.n);
    return 0;
}
