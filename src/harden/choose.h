/* choose: the evidence of the config and of the trace, and what packages add. Private to harden/.
 */
#ifndef HARDEN_CHOOSE_H
#define HARDEN_CHOOSE_H

#include "harden/keeper.h"

/* The config's program with its arguments, folders and health check. (evidence.c) */
void evidence_of_config(struct keeper *k);
void evidence_of_trace(struct keeper *k, const struct trace *trace);

/* The program of the health check in the image, or NULL; keeps nothing. (evidence.c) */
struct tree_node *evidence_health_program(const struct facts *f, struct arena *a);

/* Whole packages of what the evidence touched, and with `depends` all they depend on. (whole.c) */
void whole_packages(struct keeper *k, bool depends);
void whole_package(struct keeper *k, const struct facts_package *p, struct harden_reason reason);

/* The databases that tell which packages the kept files are of. (package_db.c) */
void package_db_keep(struct keeper *k);
/* A database's text with the paragraphs of kept packages only; false: the node is none. */
bool package_db_trim(struct arena *a, const struct facts *f, const struct harden_keep *keep,
                     const struct tree_node *node, struct str *ret);

#endif
