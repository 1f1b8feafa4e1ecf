/* rule_changed: files that are not what their packages brought → CIS 4.11. */
#include "rules/rule.h"

static bool is_program(const struct tree_node *node)
{
    const struct file_facts *file = facts_of(node);
    return file &&
           (file->kind == FILE_ELF || (file->kind == FILE_SCRIPT && node->inode->mode & 0111));
}

void rule_changed_files(struct rule_context *c)
{
    if (c->facts->n_unsummed)
        rule_add(c, SEVERITY_LOW, rule_at_image(),
                 "%s of packages could not be compared: in a layer like theirs, digests of the "
                 "kind that their packages have are not taken",
                 rule_count_text(c->a, c->facts->n_unsummed, "file").p);
    vec_each (&c->facts->changed, i) {
        const struct facts_change *change = &c->facts->changed.v[i];
        const struct facts_package *p = &c->facts->packages.v[change->package];
        bool program = is_program(change->node);
        if (rule_full(c))
            continue;
        struct finding *f =
            rule_add(c, program ? SEVERITY_HIGH : SEVERITY_LOW,
                     rule_at_layer(c, change->node->inode->layer, change->node),
                     "%s is not the one that package " STR_F " " STR_F " brought",
                     program ? "this program" : "this file", STR_A(p->name), STR_A(p->version));
        f->remedy = str_fmt(c->a,
                            "Install package " STR_F " anew, and find out who changed the file. A "
                            "change of your own belongs beside it: a file of another name, "
                            "below /usr/local, or a package that you build.",
                            STR_A(p->name));
    }
}
