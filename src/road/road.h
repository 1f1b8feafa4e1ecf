/* road: one image down the whole road: audit, harden, audit again, prove both, one report.
 *
 * Each function enters the box, does its work there, writes the output image when all went well,
 * and gives back the text to print. Nothing is written on failure. */
#ifndef ROAD_ROAD_H
#define ROAD_ROAD_H

#include "finding/policy.h"
#include "road/harden_loop.h"

struct road_options {
    struct image_name input;
    struct image_name output;              /* of harden and road */
    const struct image_platform *platform; /* NULL: the machine's own */
    struct sandbox_options sandbox;
    struct harden_options harden;
    struct exercise_wish wish;
    enum harden_user user;
    uint32_t uid;
    struct strs shows;           /* requests to show before and after, as in wish.https */
    const struct policy *policy; /* never NULL */
    struct str html;             /* where to write the page; empty: nowhere */
    bool json, color;
    bool list;                         /* harden: every kept file with its reason */
    bool dry_run;                      /* harden: record and choose only, write nothing */
    void (*progress)(struct str line); /* may be NULL */
};

int road_harden(struct arena *a, const struct road_options *options, struct str *text,
                struct err *e) MUST_USE;
int road_whole(struct arena *a, const struct road_options *options, struct str *text,
               struct err *e) MUST_USE;

/* Only runs the image through the exercise and says what was seen. */
int road_run(struct arena *a, const struct road_options *options, struct str *text,
             struct err *e) MUST_USE;

#endif
