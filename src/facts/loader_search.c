/* facts_loader_search: one library's name, and who asks for it → the file the loader would take.
 *
 * glibc (elf/dl-load.c): a name with a slash is a path. Else, when the asker has no DT_RUNPATH, the
 * DT_RPATH of the asker, of who asked for it, and so on up to the program; LD_LIBRARY_PATH; the
 * asker's own DT_RUNPATH; ld.so.cache; the default folders. DF_1_NODEFLIB takes the last two away
 * where they lead to default folders. A DT_RPATH beside a DT_RUNPATH does not count.
 * musl (ldso/dynlink.c): LD_LIBRARY_PATH; DT_RUNPATH or DT_RPATH of the asker and of all above it;
 * /etc/ld-musl-ARCH.path, or else /lib:/usr/local/lib:/usr/lib. Names of its own parts are itself.
 *
 * Both pass over files of another class, machine or byte order and go on.
 *
 * Invariants
 * 1. The order above. (test_closure: order)
 * 2. Of a failed try nothing stays in memory; the number of tries is bounded. (test_closure: spent)
 */
#include "base/limits.h"
#include "facts/loader.h"

static const struct str default_dirs[] = {STR_INIT("/lib"), STR_INIT("/usr/lib")};

/* ---- one place ---- */

static bool fits(const struct facts_loader_run *run, const struct tree_lookup *found)
{
    const struct elf_facts *want = run->objects.v[0].elf;
    const struct file_facts *is = found->error ? NULL : facts_of(found->node);
    return is && found->node->inode->type == ENTRY_FILE && is->kind == FILE_ELF &&
           is->elf.bits == want->bits && is->elf.machine == want->machine &&
           is->elf.big_endian == want->big_endian;
}

/* Counts work; false when it is more than any real image needs. */
static bool may_look(struct facts_loader_run *run)
{
    if (++run->k->lookups > LIMIT_LIBRARY_LOOKUPS)
        run->k->spent = true;
    return !run->k->spent;
}

/* path lives as long as the scratch memory it may stand in; what is found, as long as all else. */
static bool try_path(struct facts_loader_run *run, struct str path, struct tree_lookup *ret)
{
    struct facts_keeper *k = run->k;
    struct arena_mark mark = arena_mark(&k->scratch);
    struct tree_lookup found = {0};
    if (!may_look(run) || path.n > LIMIT_PATH_BYTES)
        return false;
    tree_resolve(k->keep->tree, &k->scratch, k->workdir, path, TREE_FOLLOW, &found);
    bool there = fits(run, &found);
    arena_rewind(&k->scratch, mark);
    if (there)
        tree_resolve(k->keep->tree, k->a, k->workdir, str_dup(k->a, path), TREE_FOLLOW, ret);
    return there;
}

/* glibc-hwcaps/NAME/: the same library for newer processors; which one is taken depends on where
 * the image runs. */
static void keep_variants(struct facts_loader_run *run, struct str dir, struct str name)
{
    struct facts_keeper *k = run->k;
    struct str folder = str_fmt(&k->scratch, STR_F "/glibc-hwcaps", STR_A(dir));
    struct tree_lookup at = {0};
    if (!facts_keep_find(k, k->workdir, folder, TREE_FOLLOW, &at))
        return;
    for (struct tree_node *c = at.node->child; c; c = c->next) {
        struct tree_lookup found = {0};
        struct str path = str_fmt(k->a, STR_F "/" STR_F, STR_A(tree_path(k->a, c)), STR_A(name));
        if (try_path(run, path, &found))
            facts_keep_lookup(k, &found,
                              (struct facts_reason){WHY_NEEDED, STR("processor variant")});
    }
}

bool facts_loader_try(struct facts_loader_run *run, struct str dir, struct str name,
                      struct facts_loader_found *ret)
{
    struct arena *scratch = &run->k->scratch;
    struct arena_mark mark = arena_mark(scratch);
    struct tree_lookup found = {0};
    bool there = try_path(run, str_fmt(scratch, STR_F "/" STR_F, STR_A(dir), STR_A(name)), &found);
    if (there && run->style == LOADER_GLIBC)
        keep_variants(run, dir, name);
    arena_rewind(scratch, mark);
    if (there)
        *ret = (struct facts_loader_found){found, str_dup(run->k->a, dir)};
    return there;
}

/* ---- lists of places ---- */

static bool try_expanded(struct facts_loader_run *run, const struct facts_loader_object *object,
                         struct str element, struct str name, struct facts_loader_found *ret)
{
    struct arena *scratch = &run->k->scratch;
    struct arena_mark mark = arena_mark(scratch);
    struct str dir;
    bool there = false;
    for (unsigned variant = 0; !there && !run->k->spent; variant++) {
        if (!facts_loader_expand(scratch, object, element, variant, &dir))
            break;
        there = facts_loader_try(run, dir.n ? dir : STR("."), name, ret);
    }
    arena_rewind(scratch, mark);
    return there;
}

static bool try_list(struct facts_loader_run *run, const struct facts_loader_object *object,
                     struct str list, struct str name, struct facts_loader_found *ret)
{
    for (struct str element; list.n && !run->k->spent;) {
        str_cut(list, ':', &element, &list);
        if (try_expanded(run, object, element, name, ret))
            return true;
    }
    return false;
}

static bool try_library_path(struct facts_loader_run *run, struct str name,
                             struct facts_loader_found *ret)
{
    const struct strs *dirs = &run->loader->library_path;
    for (size_t i = 0; i < dirs->n; i++)
        if (try_expanded(run, &run->objects.v[0], dirs->v[i], name, ret))
            return true;
    return false;
}

/* ---- glibc ---- */

static bool try_rpaths(struct facts_loader_run *run, size_t by, struct str name,
                       struct facts_loader_found *ret)
{
    if (run->objects.v[by].elf->runpath.n)
        return false;
    for (size_t at = by + 1; at && may_look(run); at = run->objects.v[at - 1].by) {
        const struct facts_loader_object *o = &run->objects.v[at - 1];
        if (!o->elf->runpath.n && try_list(run, o, o->elf->rpath, name, ret))
            return true;
    }
    const struct facts_loader_object *program = &run->objects.v[0];
    return !program->elf->runpath.n && try_list(run, program, program->elf->rpath, name, ret);
}

static bool is_default(const struct facts_loader_run *run, struct str dir)
{
    const struct facts_loader_machine *m = facts_loader_machine_of(run->objects.v[0].elf);
    if (str_starts(dir, STR("/usr/")))
        dir = str_from(dir, 4);
    struct str below;
    if (!str_starts(dir, STR("/lib")))
        return false;
    below = str_from(dir, 1);
    return str_is(below, "lib") || str_is(below, m->lib) ||
           (str_starts(below, STR("lib/")) && str_is(str_from(below, 4), m->triplet));
}

static bool try_cache(struct facts_loader_run *run, bool no_default, struct str name,
                      struct facts_loader_found *ret)
{
    const struct facts_ldcache *cache = &run->loader->cache;
    for (const struct facts_ldcache_entry *at = facts_ldcache_find(cache, name);
         at && !run->k->spent; at = facts_ldcache_next(cache, at)) {
        size_t slash = str_rfind(at->path, '/');
        struct str dir = str_slice(at->path, 0, slash == at->path.n ? 0 : slash);
        if (at->hwcaps || (no_default && is_default(run, dir)))
            continue;
        if (facts_loader_try(run, dir, facts_keep_name(at->path), ret))
            return true;
    }
    return false;
}

static bool try_defaults(struct facts_loader_run *run, struct str name,
                         struct facts_loader_found *ret)
{
    struct arena *a = &run->k->scratch;
    struct arena_mark mark = arena_mark(a);
    const struct facts_loader_machine *m = facts_loader_machine_of(run->objects.v[0].elf);
    bool there = false;
    for (unsigned round = 0; round < 3 && !there; round++)
        for (unsigned i = 0; i < 2 && !there; i++) {
            struct str top = default_dirs[i];
            struct str dir = round == 0   ? str_fmt(a, STR_F "/%s", STR_A(top), m->triplet)
                             : round == 1 ? str_fmt(a, "%s/%s", i ? "/usr" : "", m->lib)
                                          : top;
            there = facts_loader_try(run, dir, name, ret);
        }
    arena_rewind(a, mark);
    return there;
}

static bool search_glibc(struct facts_loader_run *run, size_t by, struct str name,
                         struct facts_loader_found *ret)
{
    const struct facts_loader_object *asker = &run->objects.v[by];
    return try_rpaths(run, by, name, ret) || try_library_path(run, name, ret) ||
           try_list(run, asker, asker->elf->runpath, name, ret) ||
           try_cache(run, asker->elf->nodeflib, name, ret) ||
           (!asker->elf->nodeflib && try_defaults(run, name, ret));
}

/* ---- musl ---- */

/* The loader is the C library too, under each of these names. */
static bool is_musl_itself(struct str name)
{
    static const struct str own[] = {
        STR_INIT("libc."),  STR_INIT("libpthread."), STR_INIT("librt."),  STR_INIT("libm."),
        STR_INIT("libdl."), STR_INIT("libutil."),    STR_INIT("libxnet.")};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (str_starts(name, own[i]))
            return true;
    return false;
}

static bool search_musl(struct facts_loader_run *run, size_t by, struct str name,
                        struct facts_loader_found *ret)
{
    const struct facts_loader_object *program = &run->objects.v[0];
    if (is_musl_itself(name) && program->elf->interpreter.n) {
        size_t slash = str_rfind(program->elf->interpreter, '/');
        return facts_loader_try(run, str_slice(program->elf->interpreter, 0, slash),
                                facts_keep_name(program->elf->interpreter), ret);
    }
    if (try_library_path(run, name, ret))
        return true;
    for (size_t at = by + 1; at && may_look(run); at = run->objects.v[at - 1].by) {
        const struct facts_loader_object *o = &run->objects.v[at - 1];
        if (try_list(run, o, o->elf->runpath.n ? o->elf->runpath : o->elf->rpath, name, ret))
            return true;
    }
    return try_list(run, program, run->musl_path, name, ret);
}

bool facts_loader_search(struct facts_loader_run *run, size_t by, struct str name,
                         struct facts_loader_found *ret)
{
    if (str_find(name, '/') < name.n) {
        struct str path; /* rare: in memory that stays */
        struct tree_lookup found = {0};
        for (unsigned variant = 0;
             facts_loader_expand(run->k->a, &run->objects.v[by], name, variant, &path); variant++)
            if (try_path(run, path, &found)) {
                size_t slash = str_rfind(path, '/');
                *ret = (struct facts_loader_found){found, str_slice(path, 0, slash)};
                return true;
            }
        return false;
    }
    return run->style == LOADER_MUSL ? search_musl(run, by, name, ret)
                                     : search_glibc(run, by, name, ret);
}
