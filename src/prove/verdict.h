/* verdict: what the runs of one move showed → its verdicts, its credit, the grade. Pure. */
#ifndef PROVE_VERDICT_H
#define PROVE_VERDICT_H

#include "prove/prove.h"

/* One run of one move in one container. */
enum prove_seen {
    SEEN_NOTHING,     /* not run */
    SEEN_MARK,        /* exactly one mark; outcome, error and evidence are its */
    SEEN_NO_MARK,     /* the container ended without one */
    SEEN_MANY,        /* more than one, or bytes that are no record: someone else wrote too */
    SEEN_TIMEOUT,     /* killed at the time limit */
    SEEN_NOT_STARTED, /* the runtime refused */
};
struct prove_run {
    enum prove_seen seen;
    enum prove_verdict outcome; /* SEEN_MARK */
    int error;
    struct str evidence; /* of the mark; or the runtime's words */
};

/* Bytes of the agent's report descriptor → the run they tell of. They may have been written by the
 * image's programs: only a stream of well-formed records with one mark counts. */
void prove_mark_read(struct str bytes, struct arena *a, struct prove_run *ret);

/* True when restricted needs no run of its own (see prove.h). */
bool prove_absent(const struct prove_move *move, const struct prove_run *permissive);

/* True when the reference has to be run to know whose the blocking is. */
bool prove_wants_reference(const struct prove_move *move, const struct prove_run *permissive);

struct prove_runs {
    struct prove_run permissive, restricted, control, reference;
};
void prove_judge(struct arena *a, const struct prove_move *move, const struct prove_runs *runs,
                 struct prove_result *ret);

/* Sets both grades from the results: the worst move that succeeded. */
void prove_grade(struct prove_report *report);

#endif
