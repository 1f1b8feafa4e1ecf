/* rpm: the parts of reading an rpm database: its kinds of files → header blobs → packages.
 *
 * Nothing here fails: what lies or is cut off ends the reading of that package or file, and is said
 * in `note`. */
#ifndef FACTS_RPM_H
#define FACTS_RPM_H

#include "facts/parse.h"

struct facts_rpm {
    struct arena *a; /* of packages and their strings */
    struct facts_room room;
    size_t bytes; /* that strings may still take */
    struct facts_packages packages;
    struct str note; /* the first thing that was wrong; empty: nothing */
};

struct facts_rpm facts_rpm_begin(struct arena *a);

/* Notes down the first thing that is wrong; static words. */
void facts_rpm_wrong(struct facts_rpm *r, struct str what);

/* One header as a database has it (index and data, no magic): adds its package, except for the
 * public keys that rpm files as packages. False: there is no room for more. */
bool facts_rpm_header(struct facts_rpm *r, struct str blob);

/* A file of packages. sqlite's bytes are scribbled upon. */
void facts_rpm_sqlite(struct facts_rpm *r, char *bytes, size_t n);
void facts_rpm_ndb(struct facts_rpm *r, struct str bytes);
void facts_rpm_bdb(struct facts_rpm *r, struct str bytes);

#endif
