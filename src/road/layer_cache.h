/* layer_cache: what layers held when they were last read, between runs.
 *
 * Kept by diff id, apart by the version of the facts, by what was wished for and by the kinds of
 * secrets looked for, in
 * $XDG_CACHE_HOME/shuck or ~/.cache/shuck, at most 1 GB. A diff id is only a claim of the image: a
 * layer is taken from here when the very bytes it is stored in were read before and had that diff
 * id, which the file's identity and times tell; else its digests are checked first. */
#ifndef ROAD_LAYER_CACHE_H
#define ROAD_LAYER_CACHE_H

#include "facts/facts.h"
#include "sys/keep.h"

struct layer_cache {
    struct sys_keep keep;
    struct tree_cache hooks; /* for struct tree_options; ctx is this */
    unsigned wish;
    bool digests;
    struct str kinds; /* of secrets: a part of their digest */
    struct layer_cache_seen {
        bool known; /* the image is in a file */
        struct image_identity identity;
    } seen[127]; /* as of each layer before it was read: LIMIT_LAYERS */
};

/* False: there is no folder for it, or none that is ours. */
bool layer_cache_open(struct arena *a, const struct facts_how *how, struct layer_cache *ret);
void layer_cache_close(struct layer_cache *c);

#endif
