/* facts_read: an image → its merged tree and what is known of it, in one reading. */
#include "facts/facts.h"

/* What is given is known better than what was read. */
static int settle_base(struct arena *a, const struct image *image, const struct image *given,
                       struct facts_base *base, struct err *e)
{
    if (facts_base_layers_given(a, image, given, &base->below, e))
        return -1;
    base->name = base->name.n ? base->name : base->below.name;
    base->digest = base->below.digest.n ? base->below.digest : base->digest;
    return 0;
}

int facts_read(struct arena *a, const struct image *image, const struct facts_how *how,
               struct tree **tree, struct facts *ret, struct strs *notes, struct err *e)
{
    struct facts_reading reading = {.wish = how->wish};
    struct tree_visitor visitor = facts_visitor_for(&reading);
    struct tree_options options = {
        .digests = how->digests, .visitor = &visitor, .cache = how->cache};
    struct secret_db *secrets = NULL;
    if (how->wish & FACTS_SECRETS && !how->secrets && secret_db_open(NULL, &secrets, e))
        return -1;
    reading.secrets = how->secrets ? how->secrets : secrets;
    int rc = tree_build(image, &options, tree, e);
    secret_db_close(secrets);
    if (rc || facts_build(a, image, *tree, ret, notes, e))
        return -1;
    return how->base ? settle_base(a, image, how->base, &ret->base, e) : 0;
}
