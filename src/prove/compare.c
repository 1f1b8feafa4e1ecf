/* compare: one or two images by name → their reports, tried in one box with the same controls.
 *
 * Reading happens before the box, as the caller's user; only what runs the image's programs is in
 * it. Results leave the box as JSON and are read as strictly as a stranger's. */
#include "prove/prove_image.h"

struct subject {
    struct image *image;
    struct tree *tree;
    struct facts facts;
};

struct box_work {
    const struct prove_request *request;
    struct subject before, after;
};

static int load(struct arena *a, struct str text, const struct image_platform *want,
                struct subject *ret, struct err *e)
{
    static const struct facts_how how = {.wish = FACTS_CONTENT};
    struct image_name name;
    if (image_name_parse(a, text, &name, e) || image_open(a, &name, want, &ret->image, e) ||
        facts_read(a, ret->image, &how, &ret->tree, &ret->facts, NULL, e) ||
        prove_subject_check(&ret->facts, e))
        return err_wrap(e, STR_F, STR_A(text));
    return 0;
}

static void unload(struct subject *s)
{
    if (s->tree)
        tree_free(s->tree);
    image_close(s->image);
}

static int try_one(struct sandbox *sb, const struct subject *s, struct str name,
                   const struct prove_options *options, struct prove_controls *controls,
                   struct arena *a, json_t **ret, struct err *e)
{
    struct sandbox_root *root;
    struct prove_report report;
    if (sandbox_unpack(sb, s->tree, s->image, &root, e) ||
        prove_image(sb, &s->facts, root, options, controls, a, &report, e))
        return err_wrap(e, STR_F, STR_A(name));
    report.image = name;
    *ret = prove_to_json(&report);
    return 0;
}

static int in_the_box(struct sandbox *sb, void *ctx, struct arena *a, struct str *reply,
                      struct err *e)
{
    const struct box_work *w = ctx;
    const struct prove_options *options = &w->request->options;
    struct prove_controls controls = {0};
    json_t *one, *both JSON_AUTO = json_object();
    if (w->before.image) {
        if (try_one(sb, &w->before, w->request->baseline, options, &controls, a, &one, e))
            return -1;
        json_object_set_new(both, "before", one);
    }
    if (try_one(sb, &w->after, w->request->image, options, &controls, a, &one, e))
        return -1;
    json_object_set_new(both, "after", one);
    *reply = json_write(a, both, 0);
    return 0;
}

static int read_reply(struct str bytes, struct arena *a, struct prove_comparison *ret,
                      struct err *e)
{
    json_t *both JSON_AUTO = NULL;
    struct prove_comparison c = {0};
    const json_t *before;
    if (json_read(bytes, &both, e) ||
        prove_from_json(json_object_get(both, "after"), a, &c.after, e))
        return -1;
    before = json_object_get(both, "before");
    c.has_before = before != NULL;
    if (before && prove_from_json(before, a, &c.before, e))
        return -1;
    *ret = c;
    return 0;
}

int prove_compare(struct arena *a, const struct prove_request *request,
                  struct prove_comparison *ret, struct err *e)
{
    struct box_work work = {.request = request};
    struct str reply = {0};
    int rc = prove_options_check(&request->options, e);
    if (!rc)
        rc = load(a, request->image, request->platform, &work.after, e);
    if (!rc && request->baseline.n)
        rc = load(a, request->baseline, request->platform, &work.before, e);
    if (!rc)
        rc = sandbox_enter(a, &request->sandbox, in_the_box, &work, &reply, e);
    unload(&work.before);
    unload(&work.after);
    return rc ? -1 : read_reply(reply, a, ret, e);
}
