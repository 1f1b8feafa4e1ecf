/* harden_list: what a plan keeps, changes and leaves out → text for people, JSON for programs. */
#ifndef HARDEN_HARDEN_LIST_H
#define HARDEN_HARDEN_LIST_H

#include "base/json.h"
#include "harden/harden.h"

/* Kept paths in byte order of their names with size and reason, then remedies, packages, and the
 * paths that are not kept. Bytes
 * of the image are made safe for a terminal. */
struct str harden_list_text(struct arena *a, const struct facts *f, const struct harden_plan *plan);
struct str harden_list_json(struct arena *a, const struct facts *f, const struct harden_plan *plan);
/* The same as a jansson value; a new reference. */
json_t *harden_list_value(struct arena *a, const struct facts *f, const struct harden_plan *plan);

const char *harden_remedy_name(enum harden_remedy_kind kind); /* "user", "setuid", … */

/* Regular files kept (by inode) and their bytes. */
struct harden_sum {
    size_t files;
    uint64_t bytes;
};
struct harden_sum harden_sum(struct arena *a, const struct facts_keep *keep);

#endif
