/* sbom: what an image is made of → CycloneDX 1.6 or SPDX 2.3, as JSON.
 *
 * Written piece by piece, as long as the image's lists are. The same image, time and version of
 * shuck give the same bytes. */
#ifndef REPORT_SBOM_H
#define REPORT_SBOM_H

#include <jansson.h>

#include "base/buf.h"
#include "facts/facts.h"

struct sbom {
    const struct facts *facts; /* read with FACTS_CONTENT | FACTS_LIBRARIES */
    struct str name;           /* of the image */
    int64_t time;              /* seconds since 1970 */
};

int report_sbom_cyclonedx(const struct sbom *s, struct sink *to, struct err *e) MUST_USE;
int report_sbom_spdx(const struct sbom *s, struct sink *to, struct err *e) MUST_USE;

/* ---- for those two ---- */

/* A document that is being written: text, and values of one list, each on a line. */
struct sbom_writer {
    struct arena a; /* of the piece that is written; emptied with it */
    struct arena held;
    struct buf out; /* not yet written */
    struct sink *to;
    struct err *e;
    bool failed, more; /* a value stands before in the list */
};

void sbom_text(struct sbom_writer *w, const char *text);
void sbom_value(struct sbom_writer *w, json_t *value); /* takes it over */
int sbom_end(struct sbom_writer *w);                   /* frees what the writer holds */

/* Either an operating system's package or a library. */
struct sbom_part {
    const struct facts_package *package; /* or NULL */
    const struct facts_installed *library;
    size_t number; /* of all parts, from 0 */
    struct str name, version, licence, purl;
    uint32_t layer;
    struct str path;                   /* of a library: where it stands */
    const struct facts_package *owner; /* of a library's file, or NULL */
};
size_t sbom_parts(const struct sbom *s);
struct sbom_part sbom_part(const struct sbom *s, struct arena *a, size_t number);

/* The packages that another needs, of those that are there: their numbers, each once, sorted. */
struct sbom_needs {
    struct arena a;
    const struct facts *f;
    struct map providers; /* name → number + 1; of packages, then of what they provide */
    uint32_t *seen;       /* by number: the last that asked, + 1 */
};
struct sbom_numbers VEC(uint32_t);
struct sbom_needs sbom_needs_begin(const struct facts *f);
void sbom_needs_of(struct sbom_needs *n, size_t number, struct arena *a, struct sbom_numbers *ret);
void sbom_needs_end(struct sbom_needs *n);

/* "2026-01-31T12:00:00Z" */
struct str sbom_time(const struct sbom *s, struct arena *a);
/* Made from all that is in the document but its time: 8-4-4-4-12 hex digits. */
struct str sbom_uuid(const struct sbom *s, struct arena *a);
/* What the image is known by: the manifest's digest, or the config's; empty for a folder. */
struct str sbom_digest(const struct sbom *s, struct arena *a);

#endif
