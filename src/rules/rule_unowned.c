/* rule_unowned: programs and libraries that no package owns, in folders where packages put theirs →
 * CIS 4.11 and whether they are for this platform at all.
 *
 * In the layers of the base they are nobody's: no package manager updates them, no scanner knows
 * them. Above the base they are the application's own, as is to be expected, and so is whatever
 * lies in /usr/local and /opt. */
#include "rules/rule_unowned.h"

#include "base/buf.h"

enum { NAMED = 4, DETAILS = 100 };

/* ---- which files ---- */

static bool is_program(const struct tree_node *node)
{
    const struct file_facts *ff = facts_of(node);
    if (node->inode->type != ENTRY_FILE || !ff)
        return false;
    if (ff->kind == FILE_SCRIPT)
        return node->inode->mode & 0111;
    return ff->kind == FILE_ELF && (ff->elf.executable || ff->elf.soname.n || ff->elf.dynamic);
}

/* The folders of a distribution's own programs and libraries, and none of a language below them. */
static bool is_packages_place(const struct tree_node *node)
{
    static const char places[] = " bin sbin lib lib32 lib64 libx32 libexec ";
    static const char languages[] =
        " site-packages dist-packages node_modules gems jvm go golang modules firmware ";
    const struct tree_node *top = node, *below = node;
    for (const struct tree_node *at = node->parent; at && at->parent; at = at->parent) {
        if (rule_lists(languages, at->name))
            return false;
        below = top == node ? at : top;
        top = at;
    }
    if (top == node)
        return false;
    return rule_lists(places, str_is(top->name, "usr") ? below->name : top->name);
}

static bool is_unowned(const struct facts *f, const struct tree_node *node)
{
    return node->inode->owner == TREE_NO_OWNER && node != f->program && is_program(node) &&
           is_packages_place(node);
}

static struct str names_text(struct arena *a, const struct strs *paths, size_t n)
{
    struct buf b = {.a = a};
    for (size_t i = 0; i < paths->n && i < NAMED; i++)
        buf_addf(&b, "%s" STR_F, i ? ", " : "", STR_A(paths->v[i]));
    if (n > NAMED)
        buf_addf(&b, " and %zu more", n - NAMED);
    return buf_str(&b);
}

struct bunch {
    const struct tree_node *first;
    struct strs paths; /* the first DETAILS */
    size_t n;
};

static void put(struct bunch *b, struct arena *a, const struct tree_node *node)
{
    if (!b->paths.v)
        b->paths.v = arena_array(a, struct str, DETAILS);
    b->first = b->first ? b->first : node;
    if (b->paths.n < DETAILS)
        b->paths.v[b->paths.n++] = tree_path(a, node);
    b->n++;
}

static struct finding *add_bunch(struct rule_context *c, enum severity severity,
                                 const struct bunch *b, const char *what, struct str more)
{
    struct finding *f =
        rule_add(c, severity, rule_at_node(c, b->first), STR_F " %s" STR_F ": " STR_F,
                 STR_A(rule_count_text(c->a, b->n, "program")), what, STR_A(more),
                 STR_A(names_text(c->a, &b->paths, b->n)));
    f->count = (uint32_t)b->n;
    f->details = b->paths;
    return f;
}

/* ---- 4.11 ---- */

void rule_unowned_programs(struct rule_context *c)
{
    const struct facts *f = c->facts;
    struct bunch base = {0};
    if (!f->packages.n) /* nothing owns anything: there is no telling */
        return;
    for (struct tree_node *node = NULL; (node = tree_next(f->tree, node));)
        if (node->layer < f->base.below.layers && is_unowned(f, node))
            put(&base, c->a, node);
    if (!base.n)
        return;
    add_bunch(c, SEVERITY_LOW, &base, "of the base that no package owns", (struct str){0})->remedy =
        STR("Find out where they come from; nothing updates them, and no scanner knows them.");
}

/* ---- platform ---- */

void rule_foreign_programs(struct rule_context *c, uint16_t machine, uint16_t compatible,
                           struct str arch)
{
    const struct facts *f = c->facts;
    struct bunch foreign = {0};
    for (struct tree_node *node = NULL; (node = tree_next(f->tree, node));) {
        const struct file_facts *ff = facts_of(node);
        if (!ff || ff->kind != FILE_ELF || ff->elf.broken || ff->elf.machine == machine ||
            ff->elf.machine == compatible || !is_unowned(f, node))
            continue;
        put(&foreign, c->a, node);
    }
    if (foreign.n)
        add_bunch(c, SEVERITY_MEDIUM, &foreign, "not for ", arch);
}
