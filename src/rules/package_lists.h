/* package_lists: the commands of one RUN → those that fetch package lists which nothing in it makes
 * use of (CIS 4.7). The same table for the history of an image and for a Dockerfile. */
#ifndef RULES_PACKAGE_LISTS_H
#define RULES_PACKAGE_LISTS_H

#include "rules/command_words.h"

struct package_lists {
    const char *programs, *update, *uses, *others; /* blanks around each word */
    const char *helpers; /* programs of another name that make use of the lists */
    const char *folder;  /* where the lists are: a mount there keeps them out of the layer */
};

/* One a manager; the last has no programs. */
extern const struct package_lists package_lists[];

/* alone: of as many as the list has; those become true that fetch m's lists for nothing. */
void package_lists_alone(const struct package_lists *m, const struct command_list *list,
                         bool *alone);

#endif
