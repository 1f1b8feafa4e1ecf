/* road_report: what the road did to an image, as values; → table, JSON, one HTML page.
 *
 * Filled by road/; everything it points to lives as long as the arena of the run. */
#ifndef REPORT_ROAD_REPORT_H
#define REPORT_ROAD_REPORT_H

#include "harden/harden.h"
#include "prove/prove.h"
#include "rules/audit.h"
#include "trace/outcome.h"

/* One image, before or after. */
struct road_side {
    struct str name; /* as the user names it */
    struct digest config_digest;
    uint64_t image_bytes; /* of its layers as stored */
    uint64_t bytes;       /* of the files in the merged tree */
    size_t files, layers, packages;
    struct str user;                  /* the config's, "" is root */
    struct str base;                  /* "Debian GNU/Linux 12 (bookworm)", "scratch" */
    const struct audit_report *audit; /* NULL: not asked for */
    const struct prove_report *prove; /* NULL: not asked for */
};

/* A request made to both images after hardening, to be looked at: it decided nothing. */
struct road_show {
    struct str request;        /* "GET :8080/rce/?cmd=ls" */
    int was_status, is_status; /* 0: no answer */
    struct str was, is;        /* bodies, or why there was no answer */
};

/* One line of evidence that the two behave alike. */
struct road_evidence {
    struct str what, was, is; /* "GET :8080/", "200, 31 bytes", "200, 31 bytes" */
};

struct road_report {
    struct road_side before, after;
    enum harden_level level;
    size_t rounds, repairs;
    const struct facts *original;
    const struct harden_plan *plan;  /* what of it is kept and changed */
    struct harden_packages packages; /* of the original; largest loss first */
    struct str user_note;            /* why the user was changed or not; empty: not tried */
    struct str any_uid;              /* "runs under any user id", …; empty: not tried */
    struct road_evidence *evidence;
    size_t n_evidence;
    struct strs doubts; /* what "the same" does not cover, a sentence each */
    struct road_show *shows;
    size_t n_shows;
    struct strs written; /* paths the program wrote: volumes or emptyDir for them */
    struct str runtime;  /* sandbox_describe() */
    struct str platform; /* "linux/amd64" */
    struct str version;  /* of shuck */
    int64_t ms;          /* the whole road */
};

/* For a terminal: the moves before and after, then sizes, files, packages, findings, grades. */
struct str report_road_table(struct arena *a, const struct road_report *r, bool color);
/* docs/road.schema.json. */
struct str report_road_json(struct arena *a, const struct road_report *r);
/* One page without any address in it: styles inside, no script needed, light and dark. */
struct str report_road_html(struct arena *a, const struct road_report *r);

#endif
