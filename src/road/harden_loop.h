/* harden_loop: record, choose, check without running, run the result, compare; again until it
 * holds.
 *
 * Nothing is written outside the work folder: the caller writes result.candidate.draft when it is
 * content. */
#ifndef ROAD_HARDEN_LOOP_H
#define ROAD_HARDEN_LOOP_H

#include "road/candidate.h"
#include "road/exercise_spec.h"

enum harden_user {
    HARDEN_USER_AUTO, /* a root image gets a numeric user when it behaves the same with it */
    HARDEN_USER_KEEP, /* as the image says */
    HARDEN_USER_SET,  /* this one, or nothing */
};

struct harden_job {
    const struct facts *facts;            /* of the original; its tree built with digests */
    const struct harden_options *options; /* .level is the first that is tried */
    const struct exercise_wish *wish;
    enum harden_user user;
    uint32_t uid; /* with HARDEN_USER_SET */
    void *ctx;
    void (*progress)(void *ctx, struct str line); /* may be NULL */
};

struct harden_result {
    struct exercise_plan exercise;
    struct sandbox_root *original_root;
    enum harden_level level;
    size_t rounds;  /* candidates made */
    size_t repairs; /* paths added after a run of a result */
    struct harden_plan plan;
    struct candidate candidate; /* candidate_drop() it */
    struct outcome was, is;
    struct outcome_names varies; /* of two runs of the original too, so it was not compared */
    struct str user_note;        /* why the user was changed, or was not; a sentence */
    enum { ANY_UID_UNTRIED, ANY_UID_RUNS, ANY_UID_DIFFERS } any_uid;
};

/* ERR_INPUT when the original never became ready, or no level behaved the same: the text says what
 * differed. *ret is filled as far as it came; candidate_drop(&ret->candidate) in either case. */
int harden_loop(struct sandbox *sb, struct arena *a, const struct harden_job *job,
                struct harden_result *ret, struct err *e) MUST_USE;

/* Only the first stage and the choice: what would be kept, for --dry-run. */
int harden_dry_run(struct sandbox *sb, struct arena *a, const struct harden_job *job,
                   struct harden_result *ret, struct err *e) MUST_USE;

#endif
