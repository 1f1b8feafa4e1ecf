/* database: the package databases of a merged tree → facts.packages, and who owns which file. */
#ifndef FACTS_DATABASE_H
#define FACTS_DATABASE_H

#include "facts/facts.h"

/* Fills f->packages and f->package_by_name, sets inode->owner. f->tree is there. What is skipped is
 * named in *notes. */
void facts_packages_read(struct facts *f, struct arena *a, struct strs *notes);

/* Holds files of packages against the sums that databases have of them: fills f->changed. Needs
 * owners; find() gives the node a list's path names, as diversions have it, or NULL. */
struct facts_finder {
    void *ctx;
    struct tree_node *(*find)(void *ctx, const struct facts_package *package, struct str path);
};
void facts_changes_read(struct facts *f, struct arena *a, const struct facts_finder *finder);

/* The base's rung, from all the other facts but command and user. */
void facts_base_read(struct facts *f, struct arena *a);

/* A text whose content is known, found by path; NULL when there is none. */
const struct file_facts *facts_text_file(const struct facts *f, struct arena *a, struct str path,
                                         struct tree_node **node);

#endif
