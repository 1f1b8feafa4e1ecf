/* lint_dockerignore: the text of a .dockerignore → which files of the context it keeps out. */
#ifndef LINT_LINT_DOCKERIGNORE_H
#define LINT_LINT_DOCKERIGNORE_H

#include "base/str.h"
#include "base/vec.h"

struct dockerignore_pattern {
    struct str text; /* without ! and slashes at its ends; neither empty nor "." */
    bool exception;  /* ! */
    uint32_t line;
};

struct dockerignore {
    struct dockerignore_patterns VEC(struct dockerignore_pattern) patterns;
    uint64_t work; /* steps of matching that are left: a hostile file costs no more */
    struct arena *a;
};

void dockerignore_read(struct arena *a, struct str text, struct dockerignore *ret);

/* As builders know the path of a source: relative to the context, without . and .. in it. Empty:
 * the context itself. */
struct str dockerignore_path(struct arena *a, struct str source);

/* The pattern that keeps the path, or a folder above it, out; or NULL. NULL, too, when some
 * exception may let in a file below the path. */
const struct dockerignore_pattern *dockerignore_match(struct dockerignore *d, struct str path);

/* The pattern fits the whole path: ? and * stay within a name, ** does not, [a-z] is one of these,
 * \ takes the next as it is. */
bool dockerignore_fits(struct dockerignore *d, struct str pattern, struct str path);

#endif
