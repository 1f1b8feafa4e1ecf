/* end_of_life: the ID and VERSION_ID of an os-release → until when there are fixes for it. */
#ifndef RULES_END_OF_LIFE_H
#define RULES_END_OF_LIFE_H

#include "base/str.h"

/* The day the table was last compared with what the distributions say. */
#define END_OF_LIFE_TABLE "2026-11-30"

struct end_of_life {
    bool rolling;             /* has no end: it is as old as its packages */
    const char *end;          /* "2026-07-11": the last day of fixes for all; NULL when rolling */
    const char *lts;          /* the last day of long-term fixes that cost nothing; or NULL */
    int32_t end_day, lts_day; /* days since 1970-01-01; lts_day is end_day without an lts */
};

/* False: the table does not know it. */
bool end_of_life_of(struct str id, struct str version_id, struct end_of_life *ret);

#endif
