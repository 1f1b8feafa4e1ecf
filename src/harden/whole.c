/* whole: packages kept as a whole, when the evidence alone did not make the program behave.
 *
 * Invariants
 * 1. A package counts as touched by a file of its own that the evidence asks for, not by a folder
 *    or a link on the way. (test_harden: levels)
 * 2. A package is added once; dependencies that go in circles end. (test_harden: levels)
 */
#include "harden/choose.h"

struct package_queue VEC(const struct facts_package *);

static void want(struct facts_keeper *k, struct map *wanted, struct package_queue *queue,
                 const struct facts_package *p)
{
    void **slot = map_at(wanted, p->name);
    if (*slot)
        return;
    *slot = queue;
    *vec_push(k->a, queue) = p;
}

/* Names that depends list may be provided by another package. */
static const struct facts_package *provider(const struct map *provides, const struct facts *f,
                                            struct str name)
{
    const struct facts_package *p = map_get(&f->package_by_name, name);
    return p ? p : map_get(provides, name);
}

void whole_packages(struct facts_keeper *k, bool depends)
{
    struct map wanted = {.a = k->a}, provides = {.a = k->a};
    struct package_queue queue = {0};
    for (size_t i = 0; i < k->keep->by_node.n; i++) {
        const struct facts_kept *kept = k->keep->by_node.v[i].value;
        const struct facts_package *p =
            facts_is_touched(kept) ? facts_owner(k->f, kept->node) : NULL;
        if (p)
            want(k, &wanted, &queue, p);
    }
    size_t touched = queue.n;
    vec_each (&k->f->packages, i)
        for (size_t j = 0; j < k->f->packages.v[i].provides.n; j++)
            *map_at(&provides, k->f->packages.v[i].provides.v[j]) = &k->f->packages.v[i];
    for (size_t i = 0; i < queue.n; i++) {
        const struct facts_package *p = queue.v[i];
        struct str detail =
            str_fmt(k->a, i < touched ? "package " STR_F : "wanted package " STR_F, STR_A(p->name));
        facts_keep_package(k, p, (struct facts_reason){WHY_PACKAGE, detail});
        for (size_t j = 0; depends && j < p->depends.n; j++) {
            const struct facts_package *next = provider(&provides, k->f, p->depends.v[j]);
            if (next)
                want(k, &wanted, &queue, next);
        }
    }
    /* files that belong to no package are the program's own: its folder is their package */
    if (k->workdir.n > 1) {
        struct facts_reason reason = {WHY_PACKAGE, STR("in the working folder")};
        struct tree_node *dir = facts_keep_path(k, k->workdir, TREE_FOLLOW, reason);
        if (dir && dir->parent)
            facts_keep_subtree(k, dir, reason);
    }
}
