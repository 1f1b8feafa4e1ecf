/* kept: which names of an image are needed, each with its reason. What harden keeps, and what the
 * rules take a program to need. */
#ifndef FACTS_KEPT_H
#define FACTS_KEPT_H

#include "facts/facts.h"

/* Why a file is kept. One reason is recorded, the first in this order of strength. */
enum facts_why {
    WHY_TRACED,
    WHY_PROGRAM,
    WHY_NEEDED,
    WHY_INTERPRETER,
    WHY_SCRIPT,
    WHY_DLOPEN,
    WHY_FAMILY,
    WHY_PACKAGE,
    WHY_ASKED,
    WHY_REPAIR,
    WHY_PARENT,
    WHY_LINK
};

struct facts_reason {
    enum facts_why why;
    struct str detail; /* says it all: "needed by /usr/sbin/nginx", "family: openssl", "opened" */
};

struct facts_kept {
    struct tree_node *node;
    struct str path; /* absolute */
    struct facts_reason reason;
};
struct facts_keep {
    struct map nodes;   /* absolute path of the node → struct facts_kept * */
    struct map by_node; /* the same by the node's address; see facts_kept_of() */
    const struct tree *tree;
};

/* What keeps a node, or NULL. A kept folder alone keeps nothing below it. */
const struct facts_kept *facts_kept_of(const struct facts_keep *keep, const struct tree_node *node);
const char *facts_why_name(enum facts_why why); /* "traced", "needed", … */

/* The evidence names this very file: it is no folder or link on the way, and did not come along
 * with its package. */
static inline bool facts_is_touched(const struct facts_kept *kept)
{
    return kept->node->inode->type != ENTRY_DIR && kept->reason.why != WHY_PACKAGE &&
           kept->reason.why != WHY_PARENT && kept->reason.why != WHY_LINK;
}

/* What the config's program and health check need, as far as it can be read without running them:
 * loaders' searches, interpreters of scripts and the commands they call, notes of dlopen(), what
 * well-known libraries open, and, of an interpreter, the packages that bring it modules. What is
 * started by other means is not seen. ERR_INPUT as facts_keep_run(). */
int facts_closure(struct arena *a, const struct facts *f, struct facts_keep *ret,
                  struct err *e) MUST_USE;

#endif
