/* journey: what the commands of the road share: an image opened for hardening, its way through the
 * loop, and the report of it. Private to road/. */
#ifndef ROAD_JOURNEY_H
#define ROAD_JOURNEY_H

#include "report/road_report.h"
#include "road/road.h"

/* An image opened for hardening; zeroed is closed. */
struct subject {
    struct image *image;
    struct tree *tree;
    struct facts facts;
};

struct journey {
    const struct road_options *options;
    int64_t started; /* journey_now() */
    struct subject subject;
    struct harden_result result;
    struct road_report report;
};

int64_t journey_now(void); /* milliseconds */
void journey_tell(void *options, struct str line);

int journey_open(struct arena *a, const struct road_options *o, struct subject *ret,
                 struct err *e) MUST_USE;
void journey_close(struct subject *s);

/* Opens the input and takes it through the loop (or only the choice, for a dry run). */
int journey_harden(struct sandbox *sb, struct arena *a, struct journey *j, struct err *e) MUST_USE;
/* Writes the image, and the page when one is wanted: as the caller's own files. */
int journey_write(struct sandbox *sb, struct arena *a, const struct journey *j,
                  struct err *e) MUST_USE;

/* Runs an image through wishes that decide nothing. */
int journey_ask(struct sandbox *sb, struct arena *a, const struct exercise_wish *wish,
                const struct facts *f, const struct sandbox_root *root, struct outcome *ret,
                struct err *e) MUST_USE;

/* ---- journey_report.c: what happened, in values and words ---- */

void journey_report(struct sandbox *sb, struct arena *a, struct journey *j);
struct str journey_answer_text(struct arena *a, const struct outcome_http *h);
struct str journey_ready_text(struct arena *a, const struct outcome *o);
struct str journey_stop_text(struct arena *a, const struct outcome *o);

#endif
