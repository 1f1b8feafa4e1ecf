/* open_docker: a docker-archive (manifest.json and what it names) → the image asked for.
 *
 * Three shapes exist: legacy (a folder with layer.tar a layer, equal ones as symlinks), podman's
 * and skopeo's (DIFFID.tar, CONFIG.json), and the one that is an OCI layout at the same time
 * (blobs/sha256/HEX). Where a name is a digest, the content is held to it.
 *
 * Invariants
 * 1. A config whose name holds a digest has that digest. (test_image_open: docker)
 * 2. Every layer's diff id is checked as it is read. (test_reader_tar: digests)
 */
#include "base/buf.h"
#include "base/limits.h"
#include "image/opening.h"

/* "blobs/sha256/HEX", "HEX.json" → the digest in it. */
static bool digest_in(struct str name, struct digest *ret)
{
    size_t slash = str_rfind(name, '/');
    struct str last = slash < name.n ? str_from(name, slash + 1) : name, hex, rest;
    char text[DIGEST_TEXT];
    struct err ignored;
    str_cut(last, '.', &hex, &rest);
    if (hex.n != DIGEST_TEXT - 7)
        return false;
    memcpy(text, "sha256:", 7);
    memcpy(text + 7, hex.p, hex.n);
    return digest_parse((struct str){text, sizeof text}, ret, &ignored) == 0;
}

static bool has_tag(const struct manifest_docker *d, struct str ref)
{
    for (size_t i = 0; i < d->tags.n; i++)
        if (manifest_means(ref, d->tags.v[i]))
            return true;
    return !ref.n;
}

static int choose(struct opening *o, const struct manifest_dockers *list,
                  const struct manifest_docker **ret, struct err *e)
{
    struct buf names = {.a = o->a};
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        const struct manifest_docker *d = &list->v[i];
        for (size_t t = 0; t < d->tags.n && names.n < 1000; t++) {
            buf_addz(&names, names.n ? ", " : "");
            buf_add(&names, d->tags.v[t]);
        }
        if (!has_tag(d, o->image->name.ref))
            continue;
        *ret = d;
        n++;
    }
    struct str tags = names.n ? buf_str(&names) : STR("none has a tag");
    if (!list->n)
        return err_set(e, ERR_INPUT, "holds no image");
    if (!n)
        return err_set(e, ERR_INPUT, "holds no image \"" STR_F "\"; its tags: " STR_F,
                       STR_A(o->image->name.ref), STR_A(tags));
    if (n > 1)
        return err_set(e, ERR_INPUT, "holds %zu images; name one by its tag: " STR_F, n,
                       STR_A(tags));
    return 0;
}

static int read_config(struct opening *o, struct str name, struct err *e)
{
    struct str bytes;
    struct digest promised;
    if (store_read(&o->image->backend->store, name, o->a, LIMIT_JSON_BYTES, &bytes, e))
        return err_wrap(e, "config");
    if (opening_config(o, bytes, e))
        return -1;
    if (digest_in(name, &promised) && !digest_eq(&promised, &o->image->config_digest))
        return err_set(e, ERR_INPUT, "the content of config " STR_F " has digest " STR_F,
                       STR_A(name), STR_A(digest_text(o->a, &o->image->config_digest)));
    return 0;
}

static int open_layers(struct opening *o, const struct manifest_docker *d, struct err *e)
{
    struct image *image = o->image;
    if (d->layers.n != image->config.n_diff_ids)
        return err_set(e, ERR_INPUT, "has %zu layers but %zu diff ids", d->layers.n,
                       image->config.n_diff_ids);
    image->n_layers = d->layers.n;
    image->layers = arena_array(o->a, struct image_layer, d->layers.n);
    image->backend->blobs = d->layers.v;
    for (size_t i = 0; i < d->layers.n; i++) {
        struct image_layer *layer = &image->layers[i];
        layer->diff_id = image->config.diff_ids[i];
        if (opening_layer(o, i, UINT64_MAX, e))
            return err_wrap(e, "layer %zu", i);
        /* stored plain, its blob is what the diff id is of; else only a name can tell */
        if (layer->compression == IMAGE_PLAIN)
            layer->blob = layer->diff_id;
        else if (str_starts(d->layers.v[i], STR("blobs/sha256/")) &&
                 !digest_in(d->layers.v[i], &layer->blob))
            return err_set(e, ERR_INPUT, "layer %zu has the name " STR_F ", which is no digest", i,
                           STR_A(d->layers.v[i]));
    }
    return 0;
}

int opening_docker(struct opening *o, struct err *e)
{
    struct str bytes;
    struct manifest_dockers list;
    const struct manifest_docker *d = NULL;
    if (store_read(&o->image->backend->store, STR("manifest.json"), o->a, LIMIT_JSON_BYTES, &bytes,
                   e))
        return -1;
    if (manifest_read_docker(bytes, o->a, &list, e))
        return err_wrap(e, "manifest.json");
    if (choose(o, &list, &d, e) || read_config(o, d->config, e) || open_layers(o, d, e))
        return -1;
    o->image->refs = d->tags;
    const struct image_platform *have = &o->image->config.platform;
    return o->want && !opening_fits(have, o->want) ? opening_no_platform(o->a, o->want, have, 1, e)
                                                   : 0;
}
