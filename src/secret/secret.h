/* secret: text → secrets in it.
 *
 * A kind of secret is what it looks like, what its value is made of, and how a value proves that it
 * is one. All kinds are looked for in one pass of Hyperscan; what it hits is then taken out and
 * judged by functions. The kinds stand in tables (kinds_*.c), a field of life each, every kind with
 * a text that holds one and a text that only looks like it: tests run them all.
 *
 * To add a kind: a row in the table of its field. Fixed letters to begin with (`begins`) are best,
 * a name beside it (`named`) is a guess, and `pattern` is for all that is neither. */
#ifndef SECRET_SECRET_H
#define SECRET_SECRET_H

#include "base/err.h"
#include "base/vec.h"
#include "finding/finding.h"
#include "finding/policy.h"

/* Where the value is, seen from the end of what the pattern matched. */
enum secret_take {
    SECRET_AROUND,   /* the run of `alphabet` that the end stands in or behind */
    SECRET_BEFORE,   /* the run of `alphabet` before the last byte that matched */
    SECRET_AFTER,    /* begins there, behind quotes and blanks; a run of `alphabet` */
    SECRET_USERINFO, /* the run of `alphabet` before the last "@" that matched */
    SECRET_PEM,      /* from "-----BEGIN" of that line to the end of its "-----END" line */
    SECRET_LINES,    /* from there to the line "Private-MAC:" */
    SECRET_MATCH,    /* what matched: a team's own kinds only, since it is slow */
};

/* A value and where it stands, for those who judge it. */
struct secret_value {
    struct str value, text;
    size_t at;
};

struct secret_kind {
    const char *id;    /* "github-token": lower case, stable */
    const char *title; /* "GitHub token" */
    /* What it looks like: one of three. */
    const char *begins;  /* its first letters, as they are: "ghp_|gho_" */
    const char *named;   /* NAME = "value"; of the name, caseless, in Hyperscan's language */
    const char *pattern; /* in Hyperscan's language (PCRE without captures) */
    enum secret_take take;
    const char *alphabet; /* as in a bracket expression: "A-Za-z0-9_-" */
    unsigned least, most; /* bytes of the value, with what it begins with */
    double entropy;       /* bits a byte that the value has at least; 0: as usual */
    /* More that must hold for a value; NULL: nothing. */
    bool (*holds)(const struct secret_value *v);
    /* Values carry a checksum, which is right; NULL: they carry none. */
    bool (*sealed)(struct str value);
    const char *files; /* only in files of these names: " .pgpass *.env etc/shadow " */
    bool text_only;    /* not in files that are no text */
    bool guess;        /* others share its shape: not looked for in libraries. Named ones all are */
    enum severity severity;
    const char *yes, *no;            /* samples: found as this kind, and not */
    const struct policy_secret *own; /* a team's own; else NULL */
};

/* Why something of a secret's shape opens nothing. */
enum secret_doubt {
    SECRET_NO_DOUBT,
    SECRET_KNOWN,    /* from documentation, or a key that the world's tests share */
    SECRET_EXAMPLE,  /* it stands among documentation, tests or examples */
    SECRET_UNSEALED, /* its checksum is wrong: nobody ever issued it */
    SECRET_DOUBTS
};
const char *secret_doubt_text(enum secret_doubt doubt);

struct secret_found {
    const struct secret_kind *kind;
    size_t at, n; /* the value, in the text */
    enum secret_doubt doubt;
};
struct secret_list VEC(struct secret_found);

/* A kind of the tables, or NULL; by its place, while i is under their number. */
const struct secret_kind *secret_kind_named(struct str id);
const struct secret_kind *secret_kind_at(size_t i);

/* The patterns, compiled: shared by threads. `policy` (may be NULL) has a team's own kinds, which
 * are compiled now: ERR_INPUT names the one that is not possible, or too large. It must live as
 * long as the database. */
struct secret_db;
int secret_db_open(const struct policy *policy, struct secret_db **ret, struct err *e) MUST_USE;
void secret_db_close(struct secret_db *db); /* NULL is fine */

/* Of all that decides what is found: the same digest, the same findings. */
struct digest secret_db_digest(const struct secret_db *db);

/* For one thread. */
struct secret_scanner;
struct secret_scanner *secret_scanner_new(const struct secret_db *db); /* NULL: no memory */
struct secret_scanner *secret_scanner_builtin(void); /* of the built-in kinds; may be NULL */
void secret_scanner_free(struct secret_scanner *s);  /* NULL is fine */

/* 24 bits of a value: in one audit and its cache the same value has the same. And what of them a
 * report may tell, so that a finding is known again when there is another of its kind; never 0.
 * NULL: a kind of nobody's. */
uint32_t secret_mark(struct str value);
uint32_t secret_mark_told(const struct secret_kind *kind, uint32_t mark);

/* A part of a text, with what is around it. */
struct secret_window {
    struct str text;
    size_t from, to; /* hits that end behind `from` and not behind `to` are taken */
    bool no_text;    /* a NUL byte was seen */
    struct str path; /* of its file, without slash at its start; empty: it is in no file */
};

/* All secrets of a window, by place; none inside another, but for a team's own and a built-in one,
 * of which the worse stays. False: there are so many hits that some were not looked at. */
bool secret_scan(struct secret_scanner *s, struct arena *a, const struct secret_window *w,
                 struct secret_list *ret);

/* Of a text that is in no file, from end to end. */
bool secret_scan_text(struct secret_scanner *s, struct arena *a, struct str text,
                      struct secret_list *ret);

/* What a window needs around a hit to take a value out of it. */
enum { SECRET_REACH = 16 * 1024 };

#endif
