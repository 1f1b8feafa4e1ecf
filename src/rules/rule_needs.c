/* rule_needs: what the program's closure holds of each package → CIS 4.3: packages that are not
 * needed, as far as files can tell.
 *
 * A package counts as not needed when the closure of facts_closure() touches none of its files. A
 * program that is started, or a library that is loaded, by a name in some configuration is not in
 * it; shuck harden runs the image and proves what is. */
#include "rules/rule_needs.h"

#include "base/buf.h"
#include "facts/kept.h"

enum { NAMED = 6 };
/* Below it nobody would take the trouble. */
#define WORTH_IT 10000000ull

struct package_size {
    const struct facts_package *package;
};

static int largest_first(const void *a, const void *b)
{
    const struct facts_package *x = ((const struct package_size *)a)->package,
                               *y = ((const struct package_size *)b)->package;
    if (x->bytes != y->bytes)
        return x->bytes > y->bytes ? -1 : 1;
    return str_cmp(x->name, y->name);
}

static bool *touched_packages(const struct facts *f, struct arena *a, const struct facts_keep *keep)
{
    bool *touched = arena_array(a, bool, f->packages.n);
    for (size_t i = 0; i < keep->by_node.n; i++) {
        const struct facts_kept *kept = keep->by_node.v[i].value;
        const struct facts_package *p = facts_owner(f, kept->node);
        if (p && (facts_is_touched(kept) || kept->reason.why == WHY_PACKAGE))
            touched[p - f->packages.v] = true;
    }
    return touched;
}

struct unneeded {
    struct package_size *v; /* largest first */
    size_t n;
    uint64_t bytes;
};

static struct unneeded unneeded_packages(const struct facts *f, struct arena *a,
                                         const struct facts_keep *keep)
{
    struct unneeded u = {arena_array(a, struct package_size, f->packages.n), 0, 0};
    const bool *touched = touched_packages(f, a, keep);
    vec_each (&f->packages, i) {
        if (touched[i] || !f->packages.v[i].bytes)
            continue;
        u.v[u.n++].package = &f->packages.v[i];
        u.bytes += f->packages.v[i].bytes;
    }
    qsort(u.v, u.n, sizeof *u.v, largest_first);
    return u;
}

static struct str size_text(struct arena *a, const struct facts_package *p)
{
    return str_fmt(a, STR_F " (" STR_F ")", STR_A(p->name), STR_A(str_size(a, p->bytes)));
}

static struct strs all_sizes(struct arena *a, const struct unneeded *u)
{
    struct strs all = {arena_array(a, struct str, u->n), u->n};
    for (size_t i = 0; i < u->n; i++)
        all.v[i] = size_text(a, u->v[i].package);
    return all;
}

static void add_finding(struct rule_context *c, const struct unneeded *u)
{
    struct buf b = {.a = c->a};
    for (size_t i = 0; i < u->n && i < NAMED; i++)
        buf_addf(&b, "%s" STR_F, i ? ", " : "", STR_A(size_text(c->a, u->v[i].package)));
    if (u->n > NAMED)
        buf_addf(&b, " and %zu more", u->n - NAMED);
    struct finding *f =
        rule_add(c, u->bytes >= WORTH_IT ? SEVERITY_LOW : SEVERITY_INFO, rule_at_image(),
                 "not needed by " STR_F ", as far as files tell: %zu of " STR_F ", " STR_F
                 " of " STR_F ": " STR_F,
                 STR_A(c->facts->program_path), u->n,
                 STR_A(rule_count_text(c->a, c->facts->packages.n, "package")),
                 STR_A(str_size(c->a, u->bytes)), STR_A(str_size(c->a, c->facts->tree->bytes)),
                 STR_A(buf_str(&b)));
    f->remedy = STR("What is started or loaded by a name in some configuration is not seen here: "
                    "shuck harden runs the image, keeps what it needs and proves that it behaves "
                    "the same without the rest.");
    f->count = (uint32_t)u->n;
    f->details = all_sizes(c->a, u);
}

struct str rule_unneeded_packages(struct rule_context *c)
{
    const struct facts *f = c->facts;
    struct arena scratch = {0};
    struct facts_keep keep;
    struct err e = {0};
    struct str told = {0};
    if (!f->packages.n)
        return told;
    if (!f->program)
        return STR("; which packages are needed cannot be told without a program");
    if (facts_closure(&scratch, f, &keep, &e)) {
        told = STR("; which packages are needed cannot be told: too many library lookups");
    } else {
        struct unneeded u = unneeded_packages(f, &scratch, &keep);
        if (u.n)
            add_finding(c, &u);
        else
            told = str_fmt(c->a, "; each of " STR_F " holds a file that the program needs",
                           STR_A(rule_count_text(c->a, f->packages.n, "package")));
    }
    arena_free(&scratch);
    return told;
}
