/* prove: an image → what an intruder with code execution could still do in it.
 *
 * Every move is tried once, harmlessly, in a fresh container, and its outcome observed by a marker
 * the agent writes; never inferred from an errno alone. */
#ifndef PROVE_PROVE_H
#define PROVE_PROVE_H

#include "finding/finding.h"
#include "sandbox/sandbox.h"

/* What stops a move; the tutorial's steps. */
enum prove_step {
    STEP_NONE,
    STEP_USER,
    STEP_SHELL,
    STEP_PACKAGE_MANAGER,
    STEP_DOWNLOADER,
    STEP_INTERPRETER,
    STEP_READ_ONLY,
    STEP_SETUID,
    STEP_CAPABILITIES,
    STEP_NO_NEW_PRIVS,
    STEP_SECCOMP,
    STEP_TOKEN,
    STEP_SECRETS,
    STEP_LIMITS,
    STEP_NETWORK,
    STEP_MASKED
};

/* The worst thing in reach that this move shows when it succeeds: the letter of the grade. */
enum prove_grade { GRADE_A_PLUS, GRADE_A, GRADE_B, GRADE_C, GRADE_D, GRADE_E, GRADE_F };

struct prove_move {
    const char *id;           /* "x.sh" */
    const char *title;        /* "run a shell" */
    const char *technique[2]; /* ATT&CK ids */
    enum prove_grade grade;   /* when it succeeds */
    enum prove_step stopped_by[3];
    const char *why; /* what an intruder gains */
    const char *remedy;
};
extern const struct prove_move prove_moves[];
extern const size_t prove_n_moves;

enum prove_verdict {
    VERDICT_SUCCEEDED,
    VERDICT_BLOCKED,
    VERDICT_NOT_APPLICABLE,
    VERDICT_INCONCLUSIVE
};

struct prove_result {
    const struct prove_move *move;
    enum prove_verdict permissive, restricted, control;
    struct str evidence; /* what was seen under permissive */
    struct str restricted_evidence;
    int error;          /* errno of the blocked step, 0 when none */
    const char *credit; /* "image", "runtime", "neither" or NULL */
};

struct prove_report {
    struct prove_result *results; /* prove_n_moves, in the order of prove_moves */
    enum prove_grade grade;       /* under permissive: what the image itself achieves */
    enum prove_grade restricted_grade;
    struct str runtime; /* sandbox_describe() */
    struct str platform;
    int64_t ms;
};

/* Inside the box. root is the image's, unpacked. */
int prove_image(struct sandbox *sb, const struct facts *f, const struct sandbox_root *root,
                struct arena *a, struct prove_report *ret, struct err *e) MUST_USE;

const char *prove_grade_name(enum prove_grade g); /* "A+", "A", … "F" */
const char *prove_verdict_name(enum prove_verdict v);
const char *prove_step_name(enum prove_step s);

/* A report as JSON bytes and back, to travel out of the box and into files. */
struct str prove_write(struct arena *a, const struct prove_report *report);
int prove_read(struct str bytes, struct arena *a, struct prove_report *ret, struct err *e) MUST_USE;

#endif
