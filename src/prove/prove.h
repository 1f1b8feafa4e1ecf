/* prove: an image → what an intruder with code execution could still do in it.
 *
 * Every move is tried harmlessly by the agent in fresh containers, and its outcome observed by a
 * mark the agent writes; never inferred from an errno alone. Up to four runs a move:
 *
 *   permissive   the image and its user under the runtime's default capabilities, writable, no
 *                seccomp: what the image alone achieves
 *   restricted   the image and its user with a read-only root, no capabilities, no_new_privs,
 * seccomp control      uid 0 with every capability in an empty image; the agent brings what the
 * move needs (itself as the shell, the downloader, the setuid file): shows that the move can
 *                succeed on this machine at all
 *   reference    as control, but permissive: tells a move that any container stops from one that
 *                this image stops; run only for moves blocked under permissive
 *
 * A move that the image blocks by not holding a file (PROVE_NEEDS_FILE, ENOENT under permissive)
 * gets no restricted run: what is not there is not there under any policy, and the same verdict and
 * evidence stand for both. */
#ifndef PROVE_PROVE_H
#define PROVE_PROVE_H

#include "base/json.h"
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

enum prove_needs {
    PROVE_NEEDS_NOTHING, /* decided by rights and the kernel */
    PROVE_NEEDS_FILE,    /* decided first by whether the image holds a file */
};

/* All text is static. */
struct prove_move {
    const char *id;           /* "x.sh" */
    const char *title;        /* "run a shell" */
    const char *technique[2]; /* ATT&CK ids */
    enum prove_grade grade;   /* when it succeeds */
    enum prove_step stopped_by[3];
    enum prove_needs needs;
    const char *why; /* what an intruder gains */
    const char *remedy;
    const char *how; /* what the agent does, and what counts as success */
};
extern const struct prove_move prove_moves[];
extern const size_t prove_n_moves;

const struct prove_move *prove_move_find(struct str id); /* NULL: no such move */
/* "running programs" for x.…: the heading its moves stand under. */
const char *prove_move_group(const struct prove_move *move);

enum prove_verdict {
    VERDICT_SUCCEEDED,
    VERDICT_BLOCKED,
    VERDICT_NOT_APPLICABLE,
    VERDICT_INCONCLUSIVE
};

struct prove_result {
    const struct prove_move *move;
    enum prove_verdict permissive, restricted, control;
    struct str evidence; /* what was seen under permissive; one line, never a secret's value */
    struct str restricted_evidence;
    struct str control_evidence;
    int error;               /* errno of the step that was blocked under permissive, 0: none */
    int restricted_error;    /* and under restricted */
    const char *credit;      /* "image", "runtime", "neither" or NULL: whose the blocking is */
    enum prove_step stopped; /* the layer of defence that did it, where only one explains what was
                                seen; else STEP_NONE */
};

struct prove_report {
    struct str image;             /* name, as the user wrote it */
    struct str platform;          /* "linux/amd64" */
    struct str user;              /* "5678:0", what the moves ran as */
    struct prove_result *results; /* in the order of prove_moves; all of them unless some were
                                     asked for */
    size_t n_results;
    enum prove_grade grade; /* under permissive: what the image itself achieves */
    enum prove_grade restricted_grade;
    struct str runtime; /* sandbox_describe() */
    int64_t ms;
};

struct prove_options {
    struct strs only; /* ids of moves; empty: all. Unknown ones are ERR_USAGE */
};

/* What control and reference runs showed on this machine; the same for every image, so one set
 * serves a whole comparison. Start it zeroed. */
struct prove_controls {
    struct sandbox_root *root;   /* the empty image */
    struct prove_run *control;   /* per move; private to prove/ */
    struct prove_run *reference; /* per move */
};

/* Inside the box. root is the image's, unpacked. controls may be NULL. An image whose machine this
 * one cannot run is ERR_MACHINE with its name. */
int prove_image(struct sandbox *sb, const struct facts *f, const struct sandbox_root *root,
                const struct prove_options *options, struct prove_controls *controls,
                struct arena *a, struct prove_report *ret, struct err *e) MUST_USE;

/* The whole way for one or two images by name: open, read, enter the box, try the moves. */
struct prove_request {
    struct str image, baseline; /* names; baseline may be empty */
    const struct image_platform *platform;
    struct prove_options options;
    struct sandbox_options sandbox;
};
struct prove_comparison {
    struct prove_report before, after; /* after: the image; before: the baseline, when has_before */
    bool has_before;
};
int prove_compare(struct arena *a, const struct prove_request *request,
                  struct prove_comparison *ret, struct err *e) MUST_USE;

const char *prove_grade_name(enum prove_grade g); /* "A+", "A", … "F" */
int prove_grade_parse(struct str text, enum prove_grade *ret, struct err *e) MUST_USE;
const char *prove_verdict_name(enum prove_verdict v);    /* "succeeded", "not applicable", … */
const char *prove_step_name(enum prove_step s);          /* "no shell", "read-only root", … */
struct str prove_error_name(struct arena *a, int error); /* "EACCES", or "errno 999" */

/* A report as JSON bytes and back, to travel out of the box and into files. Reading trusts nothing:
 * unknown moves, verdicts and grades are ERR_INPUT. */
struct str prove_write(struct arena *a, const struct prove_report *report);
int prove_read(struct str bytes, struct arena *a, struct prove_report *ret, struct err *e) MUST_USE;
/* The same as a jansson value; a new reference. */
json_t *prove_to_json(const struct prove_report *report);
int prove_from_json(const json_t *value, struct arena *a, struct prove_report *ret,
                    struct err *e) MUST_USE;

#endif
