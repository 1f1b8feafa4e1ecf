/* pin: the images that Dockerfiles name → what those know of them that --pin names.
 *
 * They are asked in the order they are named, each name once in a run, and a reference that nobody
 * knows is noted. An index's digest goes before that of one platform's image. */
#ifndef ROAD_PIN_H
#define ROAD_PIN_H

#include "lint/lint.h"
#include "lint/lint_known.h"

enum pin_kind { PIN_LOCAL, PIN_REGISTRY, PIN_LAYOUT };
struct pin_source {
    enum pin_kind kind;
    struct str folder; /* of a layout */
};
struct pin_sources VEC(struct pin_source);

/* "local", "registry", "oci:DIR". ERR_USAGE: another. */
int pin_sources_read(struct arena *a, const struct strs *words, struct pin_sources *ret,
                     struct err *e) MUST_USE;

struct pin; /* of one run; what it knows lives in the arena it was begun with */
/* Registries that the configuration does not trust are not asked. */
struct pin *pin_begin(struct arena *a, const struct pin_sources *sources,
                      const struct lint_config *config, void (*note)(void *ctx, struct str line),
                      void *ctx);
void pin_end(struct pin *p); /* NULL is fine */

/* Asks for what is not known yet; what it could not find out it notes. */
void pin_ask(struct pin *p, const struct lint_wants *wants);

const struct lint_known *pin_known(const struct pin *p); /* of NULL: NULL */

#endif
