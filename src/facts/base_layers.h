/* base_layers: an image → how much of it came with its base: the lowest layers, the first lines of
 * history, and the entries of the config that those lines set; and by what evidence. */
#ifndef FACTS_BASE_LAYERS_H
#define FACTS_BASE_LAYERS_H

#include "base/err.h"
#include "image/image.h"

struct facts_base_layers {
    size_t layers;        /* the lowest ones; 0: none, or not known */
    size_t history;       /* the first lines of history */
    struct strs settings; /* keys of the config that the base set: "Env[0]", "Labels[2]" */
    struct str evidence;  /* how that is known, or why it is not */
    struct str name;      /* of the base, when the evidence has it */
    struct str digest;    /* of its manifest, likewise */
    struct str created;   /* when the base was made, as it says; may be empty */
    bool sure;            /* by the base's own digests */
};

/* By history: what a builder leaves where one FROM ends. */
void facts_base_layers_guess(struct arena *a, const struct image *image,
                             struct facts_base_layers *ret);

/* By the base itself. ERR_INPUT when it is not below this image. */
int facts_base_layers_given(struct arena *a, const struct image *image, const struct image *base,
                            struct facts_base_layers *ret, struct err *e) MUST_USE;

#endif
