/* prove_table: reports of moves → text for people and JSON for programs. Pure. */
#ifndef REPORT_PROVE_TABLE_H
#define REPORT_PROVE_TABLE_H

#include "prove/prove.h"

/* Before and after side by side; before may be NULL. Ends with the grades, what holds each down,
 * and the command that replays it. Names of images are made safe for a terminal. */
struct str report_prove_table(struct arena *a, const struct prove_report *before,
                              const struct prove_report *after, bool color);

/* Each move with everything that was seen: evidence of every run, what stops it. */
struct str report_prove_details(struct arena *a, const struct prove_report *report, bool color);

/* docs/prove.schema.json says what each key means. before may be NULL. */
struct str report_prove_json(struct arena *a, const struct prove_report *before,
                             const struct prove_report *after);

#endif
