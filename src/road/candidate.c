/* candidate: harden_plan → layer and config → OCI layout in the work folder → image, tree, facts.
 *
 * Invariants
 * 1. The draft that is written in the end holds the very blobs that were run. (tests/harden.t)
 */
#include "road/candidate.h"

static int write_layer(const struct facts *original, const struct harden_plan *plan,
                       struct image_blob *ret, struct err *e)
{
    struct image_layer_writer *w = NULL;
    if (image_layer_begin(IMAGE_GZIP, &w, e))
        return -1;
    if (tree_write_layer(original->tree, original->image, &plan->selection, w, e)) {
        image_layer_drop(w);
        return -1;
    }
    return image_layer_end(w, ret, e);
}

/* Opens what was just written and reads it as if it came from anywhere. */
static int open_again(struct sandbox *sb, struct arena *a, struct candidate *c, struct err *e)
{
    struct image_name name = {.transport = IMAGE_OCI,
                              .path = str_fmt(a, STR_F "/candidate", STR_A(sandbox_work_dir(sb))),
                              .ref = STR("candidate")};
    static const struct facts_how how = {.wish = FACTS_CONTENT | FACTS_SECRETS, .digests = true};
    if (image_write(&name, &c->draft, NULL, e) ||
        image_open(a, &name, &c->draft.platform, &c->image, e) ||
        facts_read(a, c->image, &how, &c->tree, &c->facts, NULL, e))
        return err_wrap(e, "the hardened image");
    return 0;
}

int candidate_make(struct sandbox *sb, struct arena *a, const struct facts *original,
                   const struct harden_plan *plan, struct candidate *ret, struct err *e)
{
    *ret = CANDIDATE_NONE;
    if (write_layer(original, plan, &ret->blob, e))
        return -1;
    struct image_config_edit edit = plan->edit;
    edit.diff_ids = &ret->blob.diff_id;
    edit.n_diff_ids = 1;
    ret->draft.platform = original->image->config.platform;
    ret->draft.layers = &ret->blob;
    ret->draft.n_layers = 1;
    ret->draft.annotations = original->image->annotations;
    if (image_config_write(a, original->image->config_bytes, &edit, &ret->draft.config_bytes, e))
        return -1;
    return open_again(sb, a, ret, e);
}

int candidate_unpack(struct sandbox *sb, struct candidate *c, struct err *e)
{
    return c->root ? 0 : sandbox_unpack(sb, c->tree, c->image, &c->root, e);
}

void candidate_drop(struct candidate *c)
{
    if (c->tree)
        tree_free(c->tree);
    image_close(c->image);
    if (c->blob.fd >= 0)
        image_blob_close(&c->blob);
    *c = CANDIDATE_NONE;
}
