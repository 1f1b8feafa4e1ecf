/* choose: the evidence of the trace, and what packages add. Private to harden/.
 */
#ifndef HARDEN_CHOOSE_H
#define HARDEN_CHOOSE_H

#include "facts/keeper.h"
#include "harden/harden.h"

/* What a run looked up and ran. (evidence.c) */
void evidence_of_trace(struct facts_keeper *k, const struct trace *trace);

/* Whole packages of what the evidence touched, and with `depends` all they depend on. (whole.c) */
void whole_packages(struct facts_keeper *k, bool depends);

/* The databases that tell which packages the kept files are of. (package_db.c) */
void package_db_keep(struct facts_keeper *k);
/* A database's text with the paragraphs of kept packages only; false: the node is none. */
bool package_db_trim(struct arena *a, const struct facts *f, const struct facts_keep *keep,
                     const struct tree_node *node, struct str *ret);

#endif
