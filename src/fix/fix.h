/* fix: edits of a text → the text with them, and the difference for people.
 *
 * An edit puts bytes in the place of others; all else stays as it is, comments and layout too.
 * Pure.
 */
#ifndef FIX_FIX_H
#define FIX_FIX_H

#include "dockerfile/placed.h"

/* `place` becomes `text`; an empty place inserts before the byte at place.from. */
struct fix_edit {
    struct span place;
    struct str text;
};
struct fix_edits VEC(struct fix_edit);

/* Whether a repaired file may behave in another way than before. */
enum fix_safety { FIX_NONE, FIX_SAFE, FIX_UNSAFE };

/* One repair: all of its edits are made, or none. */
struct fix {
    enum fix_safety safety;
    struct str what; /* "adds -y", for people */
    struct fix_edits edits;
};

/* Collects repairs that do not touch each other, in the order given. Two that insert the very same
 * at the same place, or replace the same by the same, agree and count once; two that insert
 * different things at one place come one after the other. */
struct fix_set {
    struct arena *a;
    struct fix_edits edits; /* sorted by place */
};

/* Takes all edits of it, or none and returns false when one of them overlaps what is there. */
bool fix_take(struct fix_set *s, const struct fix *f);

/* The text with all edits made. */
struct str fix_apply(struct arena *a, struct str text, const struct fix_set *s);

/* A unified diff with three lines of context, as patch(1) takes it; empty when both are the same.
 * Says "\ No newline at end of file" where that is so. */
struct str fix_diff(struct arena *a, struct str name, struct str before, struct str after);

#endif
