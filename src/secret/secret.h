/* secret: text → secrets in it.
 *
 * A kind of secret is a pattern, what its value is made of, and how a value proves that it is one.
 * All patterns are looked for in one pass of Hyperscan; what it hits is then taken out and judged
 * by the functions here. The kinds stand in tables (kinds_*.c), each with a text that holds one and
 * a text that only looks like it: tests run them all. */
#ifndef SECRET_SECRET_H
#define SECRET_SECRET_H

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

/* Where the value is, seen from the end of what the pattern matched. */
enum secret_take {
    SECRET_AROUND, /* the run of `alphabet` that the end stands in or behind */
    SECRET_BEFORE, /* the run of `alphabet` before the last byte that matched */
    SECRET_AFTER,  /* begins there, behind quotes and blanks; a run of `alphabet` */
    SECRET_PEM,    /* from "-----BEGIN" of that line to the end of its "-----END" line */
};

struct secret_kind {
    const char *id;      /* "github-token": lower case, stable */
    const char *title;   /* "GitHub personal access token" */
    const char *pattern; /* of Hyperscan (PCRE without captures), under 512 bytes */
    enum secret_take take;
    const char *alphabet; /* as in a bracket expression: "A-Za-z0-9_-" */
    unsigned least, most; /* bytes of the value */
    double entropy;       /* bits a byte that the value has at least; 0: any */
    /* More that must hold for a value; NULL: nothing. `text` is where it stands in. */
    bool (*holds)(struct str value, struct str text, size_t at);
    bool text_only;       /* not in files that are no text */
    bool critical;        /* opens something by itself; else it is high */
    const char *yes, *no; /* samples: found as this kind, and not */
};

struct secret_found {
    const struct secret_kind *kind;
    size_t at, n; /* the value, in the text */
    bool sample;  /* known from documentation or tests: opens nothing */
};
struct secret_list VEC(struct secret_found);

/* A kind of the tables, or NULL; by its place, while i is under their number. */
const struct secret_kind *secret_kind_named(struct str id);
const struct secret_kind *secret_kind_at(size_t i);

/* The patterns, compiled: shared by threads. `more` (may be NULL) are a team's own kinds, which are
 * compiled now: ERR_INPUT names the one that is not possible, or too large. */
struct secret_db;
int secret_db_open(const struct secret_kind *more, size_t n_more, struct secret_db **ret,
                   struct err *e) MUST_USE;
void secret_db_close(struct secret_db *db); /* NULL is fine */

/* For one thread. */
struct secret_scanner;
struct secret_scanner *secret_scanner_new(const struct secret_db *db);
void secret_scanner_free(struct secret_scanner *s); /* NULL is fine */

/* All secrets of a text, by place, none inside another. Only those whose match ends behind `from`
 * and not behind `to`: a caller with a window on a longer text moves these on. is_text: no NUL byte
 * was seen. */
void secret_scan(struct secret_scanner *s, struct arena *a, struct str text, size_t from, size_t to,
                 bool is_text, struct secret_list *ret);

/* What a window needs around a hit to take a value out of it. */
enum { SECRET_REACH = 16 * 1024 };

#endif
