/* lint_known: the images that Dockerfiles name, and what is known of each of them.
 *
 * Nothing is known unless somebody was asked, who is in road/. Names are as they are written, after
 * variables: two that mean the same are asked for twice. */
#ifndef LINT_LINT_KNOWN_H
#define LINT_LINT_KNOWN_H

#include "base/map.h"
#include "image/image.h"
#include "lint/lint_file.h"

struct lint_image {
    struct str digest; /* "sha256:…" that the name stands for; empty: nobody knows */
    struct str by;     /* who says so, for people: "registry.example", "the local Docker daemon" */
    bool alone;        /* the digest is that of one platform's image: nobody has an index */
    struct {
        struct image_platform *v;
        size_t n;
    } platforms;
    bool whole; /* there are no others */
};

/* A zeroed one with .images.a set is ready. */
struct lint_known {
    struct map images; /* name → struct lint_image, or NULL: nobody knows it */
};

/* What is known of a name. One with a digest is the one without it, if that has this digest. */
const struct lint_image *lint_known_image(const struct lint_known *known, struct str name);

/* A name, where it is written, and where its digest would be. */
struct lint_pin {
    struct str name;
    struct span place;
    const struct lint_step *step;
    struct span to;  /* empty, behind the name or behind the default of its variable */
    const char *why; /* it cannot be put there: the reason; NULL: it can */
};
struct lint_pins VEC(struct lint_pin);

/* Every image that is named without a digest and without unknown variables: by FROM, COPY --from
 * and RUN --mount=from=. Stages are none, and neither is scratch. */
void lint_pins_read(struct arena *a, const struct lint_file *file, struct lint_pins *ret);

/* What rules would know of the file's images: names, each once. */
struct lint_want {
    struct str name;
    bool platforms; /* those, too */
};
struct lint_wants VEC(struct lint_want);

/* The platform that a stage's base is asked for: by --platform, or by the build argument
 * TARGETPLATFORM. Empty: by none, or only the build knows. */
struct str lint_platform_asked(const struct lint_file *file, const struct lint_stage *stage);

void lint_known_wants(struct arena *a, const struct lint_file *file, struct lint_wants *ret);

#endif
