/* fix: edits of a text → the text with them, and the difference for people.
 *
 * An edit puts bytes in the place of others; all else stays as it is, comments and layout too.
 * Pure.
 */
#ifndef FIX_FIX_H
#define FIX_FIX_H

#include "base/map.h"
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

/* A set of positions in a text: a tree of bits, 64 to a node, leaves first. */
struct fix_bits {
    uint64_t *level[6]; /* 64 to the 6th is more than a span can say */
    size_t n[6];        /* nodes of each */
    int levels;
};

/* Collects repairs that do not touch each other, in the order given. Two that insert the very same
 * at the same place, or replace the same by the same, agree and count once; two that insert
 * different things at one place come one after the other, and before what replaces the bytes
 * behind. */
struct fix_set {
    struct arena *a;
    struct str text;
    struct fix_edits edits; /* in the order taken */
    struct map known;       /* place and text of each of them */
    struct fix_bits replaced, begins, inserts;
};

void fix_begin(struct fix_set *s, struct arena *a, struct str text);

/* Takes all edits of it. Or none, and returns false, when one of them overlaps what is there or
 * another of its own, or lies outside the text. */
bool fix_take(struct fix_set *s, const struct fix *f);

/* The text with all edits made. */
struct str fix_apply(const struct fix_set *s);

/* Where n places of that text, in rising order, stand in the text before: in what an edit put
 * there, where the edit begins. */
void fix_back(const struct fix_set *s, uint32_t *places, size_t n);

/* A unified diff with three lines of context, as patch -p1 and git apply take it; empty when both
 * are the same. Names begin with a/ and b/ and are quoted as git quotes them. Says "\ No newline at
 * end of file" where that is so. Linear in time and memory: where the texts differ in more than a
 * hundred lines on end it may not be the shortest, but always is a right one. */
struct str fix_diff(struct arena *a, struct str name, struct str before, struct str after);

#endif
