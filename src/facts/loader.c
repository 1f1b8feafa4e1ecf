/* loader: an ELF file → everything its loader maps before or while it runs, kept with its reason.
 *
 * Breadth first, as loaders do: a name that one object brought in settles it for all that come
 * after. A shared library that no program here asked for (a plugin, a module) is taken as loaded by
 * dlopen: it is the root of its own walk.
 *
 * Invariants
 * 1. What `ldd` lists for a program is kept for it. (test_closure: against ldd)
 * 2. Each object is walked once a program, each name searched once a program.
 *    (test_closure: order)
 * 3. A library that is not found keeps nothing and stops nothing: the run may never want it.
 *    (test_closure: missing)
 */
#include "facts/loader.h"

#include "base/limits.h"

/* ---- what a loader knows ---- */

static void add_words(struct arena *a, struct strs *to, struct str text, const char *separators)
{
    struct {
        struct str *v;
        size_t n, cap;
    } words = {to->v, to->n, to->n};
    size_t from = 0;
    for (size_t at = 0; at <= text.n; at++)
        if (at == text.n || strchr(separators, text.p[at])) {
            if (at > from && words.n < LIMIT_CONFIG_ITEMS)
                *vec_push(a, &words) = str_slice(text, from, at);
            from = at + 1;
        }
    *to = (struct strs){words.v, words.n};
}

static struct facts_loader *loader_make(struct facts_keeper *k)
{
    struct facts_loader *l = arena_new(k->a, struct facts_loader);
    struct err broken; /* a cache that cannot be read is none, as for the loader itself */
    if (facts_ldcache_read(facts_text(k->f, k->a, STR("/etc/ld.so.cache")), k->a, &l->cache,
                           &broken))
        l->cache = (struct facts_ldcache){0};
    add_words(k->a, &l->preload, facts_text(k->f, k->a, STR("/etc/ld.so.preload")), " \t\r\n:");
    for (size_t i = 0; i < k->f->image->config.env.n; i++) {
        struct str name, value;
        str_cut(k->f->image->config.env.v[i], '=', &name, &value);
        if (str_is(name, "LD_PRELOAD"))
            add_words(k->a, &l->preload, value, " :");
        else if (str_is(name, "LD_LIBRARY_PATH"))
            add_words(k->a, &l->library_path, value, ":;");
    }
    return l;
}

static enum facts_loader_style style_of(const struct facts_loader *l, const struct elf_facts *elf)
{
    struct str interpreter = elf->interpreter;
    for (size_t i = 0; i < elf->needed.n && !interpreter.n; i++)
        if (str_starts(elf->needed.v[i], STR("libc.musl")) || str_is(elf->needed.v[i], "libc.so"))
            return LOADER_MUSL;
        else if (str_is(elf->needed.v[i], "libc.so.6"))
            return LOADER_GLIBC;
    if (!interpreter.n && l->main)
        interpreter = facts_of(l->main)->elf.interpreter;
    return str_starts(facts_keep_name(interpreter), STR("ld-musl")) ? LOADER_MUSL : LOADER_GLIBC;
}

static struct str musl_path(struct facts_keeper *k, const struct elf_facts *elf)
{
    struct str name = str_fmt(k->a, "/etc/ld-musl-%s.path", facts_loader_machine_of(elf)->musl);
    struct str text = str_trim(facts_text(k->f, k->a, name));
    facts_keep_path(k, name, TREE_FOLLOW,
                    (struct facts_reason){WHY_NEEDED, STR("library folders")});
    if (!text.n)
        return STR("/lib:/usr/local/lib:/usr/lib");
    char *list = str_cstr(k->a, text);
    for (size_t i = 0; i < text.n; i++)
        if (list[i] == '\n')
            list[i] = ':';
    return (struct str){list, text.n};
}

/* ---- the walk ---- */

static struct str inode_key(const struct tree_node *node)
{
    return (struct str){(const char *)&node->inode, sizeof(node->inode)};
}

static void add_object(struct facts_loader_run *run, struct tree_node *node, struct str origin,
                       size_t by)
{
    const struct elf_facts *elf = &facts_of(node)->elf;
    *vec_push(run->k->a, &run->objects) = (struct facts_loader_object){node, elf, origin, by};
    if (!by || !elf->interpreter.n) /* a program that another one loads is still to be looked at */
        facts_keep_mark(run->k, &run->k->closed, node);
    *map_at(&run->inodes, inode_key(node)) = node;
    if (elf->soname.n)
        *map_at(&run->names, elf->soname) = node;
}

static struct tree_node *load(struct facts_loader_run *run, size_t by, struct str name,
                              struct facts_reason reason)
{
    struct facts_loader_found found = {0};
    if (!name.n || run->k->spent)
        return NULL;
    if (map_has(&run->names, name))
        return map_get(&run->names, name);
    bool there = facts_loader_search(run, by, name, &found);
    struct tree_node *node = there ? found.lookup.node : NULL;
    *map_at(&run->names, name) = node;
    if (!there)
        return NULL;
    facts_keep_lookup(run->k, &found.lookup, reason);
    if (!map_has(&run->inodes, inode_key(node)))
        add_object(run, node, found.dir, by + 1);
    return node;
}

static void load_all(struct facts_loader_run *run, size_t by, struct strs names, enum facts_why why,
                     struct str detail)
{
    for (size_t i = 0; i < names.n; i++)
        load(run, by, names.v[i], (struct facts_reason){why, detail});
}

static void walk(struct facts_loader_run *run)
{
    struct arena *a = run->k->a;
    for (size_t i = 0; i < run->objects.n && !run->k->spent; i++) {
        const struct elf_facts *elf = run->objects.v[i].elf;
        struct str path = tree_path(a, run->objects.v[i].node);
        struct str needed = str_fmt(a, "needed by " STR_F, STR_A(path));
        load_all(run, i, elf->needed, WHY_NEEDED, needed);
        load_all(run, i, elf->filter, WHY_NEEDED, needed);
        load_all(run, i, elf->auxiliary, WHY_NEEDED, needed);
        struct str opened = str_fmt(a, "opened when wanted by " STR_F, STR_A(path));
        load_all(run, i, elf->dlopen_required, WHY_DLOPEN, opened);
        load_all(run, i, elf->dlopen_recommended, WHY_DLOPEN, opened);
    }
}

static struct facts_loader_run run_new(struct facts_keeper *k, struct tree_node *root)
{
    if (!k->loader)
        k->loader = loader_make(k);
    const struct elf_facts *elf = &facts_of(root)->elf;
    if (elf->interpreter.n && !k->loader->main)
        k->loader->main = root;
    struct facts_loader_run run = {.k = k, .loader = k->loader, .style = style_of(k->loader, elf)};
    run.names.a = run.inodes.a = k->a;
    struct str path = tree_path(k->a, root);
    size_t slash = str_rfind(path, '/');
    add_object(&run, root, slash ? str_slice(path, 0, slash) : STR("/"), 0);
    if (run.style == LOADER_MUSL)
        run.musl_path = musl_path(k, elf);
    return run;
}

void facts_loader_close(struct facts_keeper *k, struct tree_node *root)
{
    const struct file_facts *facts =
        root->inode->facts; /* an ELF file's, as keeper.c queues them */
    const struct elf_facts *elf = &facts->elf;
    if (!elf->dynamic) {
        facts_keep_mark(k, &k->closed, root);
        return;
    }
    struct facts_loader_run run = run_new(k, root);
    if (elf->interpreter.n) {
        struct str who = str_fmt(k->a, "interpreter of " STR_F, STR_A(tree_path(k->a, root)));
        facts_keep_path(k, elf->interpreter, TREE_FOLLOW,
                        (struct facts_reason){WHY_INTERPRETER, who});
        load_all(&run, 0, k->loader->preload, WHY_NEEDED, STR("loaded before all others"));
    }
    if (elf->interpreter.n && run.style == LOADER_GLIBC) {
        struct facts_reason reason = {WHY_NEEDED, STR("where the loader looks")};
        facts_keep_path(k, STR("/etc/ld.so.cache"), TREE_FOLLOW, reason);
        facts_keep_path(k, STR("/etc/ld.so.preload"), TREE_FOLLOW, reason);
    }
    walk(&run);
}

struct tree_node *facts_loader_library(struct facts_keeper *k, struct str name,
                                       struct facts_reason reason)
{
    if (!k->loader || !k->loader->main)
        return NULL;
    struct facts_loader_run run = run_new(k, k->loader->main);
    return load(&run, 0, name, reason);
}
