/* open_oci: an OCI layout → the one image in it that was asked for.
 *
 * Invariants
 * 1. Every document below index.json is used only after its size and digest were right.
 *    (test_image_open: damage)
 * 2. Nested indexes are followed INDEX_DEPTH deep and LIMIT_MANIFESTS wide in all.
 * (test_image_open: shape)
 */
#include <inttypes.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "image/opening.h"

enum { INDEX_DEPTH = 4 };

struct candidate {
    struct manifest_descriptor d;
    struct str ref, name; /* of the entry of index.json it is below */
};

struct candidates VEC(struct candidate);

struct search {
    struct opening *o;
    struct candidates found;
    size_t seen;
};

static struct str blob_name(struct arena *a, const struct digest *d)
{
    return str_fmt(a, "blobs/sha256/" STR_F, STR_A(digest_hex(a, d)));
}

int opening_document(struct opening *o, const struct manifest_descriptor *d, struct str *ret,
                     struct err *e)
{
    struct str bytes, text = digest_text(o->a, &d->digest);
    if (store_read(&o->image->backend->store, blob_name(o->a, &d->digest), o->a, LIMIT_JSON_BYTES,
                   &bytes, e))
        return -1;
    if (bytes.n != d->size)
        return err_set(e, ERR_INPUT, STR_F " has %zu bytes, not the promised %" PRIu64, STR_A(text),
                       bytes.n, d->size);
    struct digest got = digest_of(bytes);
    if (!digest_eq(&got, &d->digest))
        return err_set(e, ERR_INPUT, "the content of " STR_F " has digest " STR_F, STR_A(text),
                       STR_A(digest_text(o->a, &got)));
    *ret = bytes;
    return 0;
}

/* BuildKit puts what it says about an image beside it as manifests for no platform. */
static bool is_attestation(const struct manifest_descriptor *d)
{
    return manifest_annotation(&d->annotations, STR("vnd.docker.reference.type")).n > 0 ||
           (d->has_platform && str_is(d->platform.os, "unknown") &&
            str_is(d->platform.arch, "unknown")) ||
           (d->artifact_type.n && !str_is(d->artifact_type, MANIFEST_TYPE_OCI_CONFIG));
}

static bool ref_matches(struct str want, const struct manifest_descriptor *d)
{
    return !want.n || str_eq(want, manifest_annotation(&d->annotations, STR(MANIFEST_KEY_REF))) ||
           manifest_means(want, manifest_annotation(&d->annotations, STR(MANIFEST_KEY_NAME)));
}

static bool is_index(const struct manifest_descriptor *d)
{
    return str_is(d->media_type, MANIFEST_TYPE_OCI_INDEX) ||
           str_is(d->media_type, MANIFEST_TYPE_DOCKER_INDEX);
}

static int add_index(struct search *s, const struct manifest *index, const struct candidate *above,
                     size_t depth, struct err *e);

static int add_entry(struct search *s, const struct candidate *c, size_t depth, struct err *e)
{
    struct str bytes;
    struct manifest below;
    if (++s->seen > LIMIT_MANIFESTS)
        return err_set(e, ERR_INPUT, "has more than %d manifests in its indexes", LIMIT_MANIFESTS);
    if (is_attestation(&c->d))
        return 0;
    for (size_t i = 0; i < s->found.n; i++)
        if (digest_eq(&s->found.v[i].d.digest, &c->d.digest))
            return 0; /* one image under two names */
    if (!is_index(&c->d)) {
        *vec_push(s->o->a, &s->found) = *c;
        return 0;
    }
    if (depth == INDEX_DEPTH)
        return err_set(e, ERR_INPUT, "nests indexes more than %d deep", INDEX_DEPTH);
    if (opening_document(s->o, &c->d, &bytes, e) ||
        manifest_read(bytes, c->d.media_type, s->o->a, &below, e))
        return err_wrap(e, "index");
    return add_index(s, &below, c, depth + 1, e);
}

static int add_index(struct search *s, const struct manifest *index, const struct candidate *above,
                     size_t depth, struct err *e)
{
    for (size_t i = 0; i < index->n_manifests; i++) {
        struct candidate c = {.d = index->manifests[i]};
        if (above) {
            c.ref = above->ref;
            c.name = above->name;
        } else {
            if (!ref_matches(s->o->image->name.ref, &c.d))
                continue;
            c.ref = manifest_annotation(&c.d.annotations, STR(MANIFEST_KEY_REF));
            c.name = manifest_annotation(&c.d.annotations, STR(MANIFEST_KEY_NAME));
        }
        if (add_entry(s, &c, depth, e))
            return -1;
    }
    return 0;
}

/* The manifest of a descriptor that is not called an index. */
static int read_manifest(struct opening *o, const struct manifest_descriptor *d, struct str *bytes,
                         struct manifest *ret, struct err *e)
{
    if (opening_document(o, d, bytes, e) || manifest_read(*bytes, d->media_type, o->a, ret, e))
        return err_wrap(e, "manifest");
    if (ret->is_index)
        return err_set(e, ERR_INPUT, "manifest is an index, but its media type does not say so");
    return 0;
}

/* Where the descriptor does not say the platform, the config does. */
static int learn_platform(struct opening *o, struct candidate *c, struct err *e)
{
    struct str bytes;
    struct manifest m;
    struct arena scratch = {0};
    struct image_config config;
    if (c->d.has_platform)
        return 0;
    if (read_manifest(o, &c->d, &bytes, &m, e))
        return -1;
    if (opening_document(o, &m.config, &bytes, e) ||
        image_config_read(bytes, &scratch, &config, e)) {
        arena_free(&scratch);
        return err_wrap(e, "config");
    }
    c->d.platform.os = str_dup(o->a, config.platform.os);
    c->d.platform.arch = str_dup(o->a, config.platform.arch);
    c->d.platform.variant = str_dup(o->a, config.platform.variant);
    c->d.has_platform = true;
    arena_free(&scratch);
    return 0;
}

static struct str list_names(struct arena *a, const struct candidates *found)
{
    struct buf b = {.a = a};
    for (size_t i = 0; i < found->n && i < 20; i++) {
        const struct candidate *c = &found->v[i];
        buf_addz(&b, i ? ", " : "");
        buf_add(&b, c->ref.n ? c->ref : STR("one without a tag"));
    }
    return buf_str(&b);
}

static int nothing_found(struct search *s, struct err *e)
{
    struct str ref = s->o->image->name.ref;
    if (ref.n)
        return err_set(e, ERR_INPUT, "holds no image \"" STR_F "\"", STR_A(ref));
    return err_set(e, ERR_INPUT, "holds no image");
}

static int choose(struct search *s, struct candidate *ret, struct err *e)
{
    struct opening *o = s->o;
    if (!s->found.n)
        return nothing_found(s, e);
    if (s->found.n == 1 && !o->want) {
        *ret = s->found.v[0];
        return 0;
    }
    struct image_platform machine = image_machine();
    if (!o->want)
        machine.variant = (struct str){0}; /* any variant of this machine will be looked at */
    const struct image_platform *want = o->want ? o->want : &machine;
    struct image_platform *have = arena_array(o->a, struct image_platform, s->found.n);
    struct candidates fits = {0};
    for (size_t i = 0; i < s->found.n; i++) {
        if (learn_platform(o, &s->found.v[i], e))
            return -1;
        have[i] = s->found.v[i].d.platform;
        if (opening_fits(&have[i], want))
            *vec_push(o->a, &fits) = s->found.v[i];
    }
    if (!fits.n)
        return opening_no_platform(o->a, want, have, s->found.n, e);
    if (fits.n > 1)
        return err_set(e, ERR_INPUT, "holds %zu images that fit: " STR_F "; name one by its tag",
                       fits.n, STR_A(list_names(o->a, &fits)));
    *ret = fits.v[0];
    return 0;
}

static int check_layout(struct opening *o, struct err *e)
{
    JSON_AUTO json_t *j = NULL;
    struct str bytes, version = {0};
    const struct store *store = &o->image->backend->store;
    if (store_read(store, STR("oci-layout"), o->a, LIMIT_JSON_BYTES, &bytes, e))
        return -1;
    if (json_read(bytes, &j, e) || json_get_str(j, "imageLayoutVersion", o->a, &version, e))
        return err_wrap(e, "oci-layout");
    if (!str_starts(version, STR("1.")))
        return err_set(e, ERR_INPUT, "oci-layout is of version \"" STR_F "\"; 1.x is read",
                       STR_A(version));
    return 0;
}

static int open_layers(struct opening *o, const struct manifest *m, struct err *e)
{
    struct image *image = o->image;
    if (m->n_layers != image->config.n_diff_ids)
        return err_set(e, ERR_INPUT, "has %zu layers but %zu diff ids", m->n_layers,
                       image->config.n_diff_ids);
    image->n_layers = m->n_layers;
    image->layers = arena_array(o->a, struct image_layer, m->n_layers);
    image->backend->blobs = arena_array(o->a, struct str, m->n_layers);
    for (size_t i = 0; i < m->n_layers; i++) {
        const struct manifest_descriptor *d = &m->layers[i];
        struct image_layer *layer = &image->layers[i];
        layer->blob = d->digest;
        layer->diff_id = image->config.diff_ids[i];
        layer->media_type = d->media_type;
        image->backend->blobs[i] = blob_name(o->a, &d->digest);
        if (d->media_type.n && !str_has(d->media_type, STR("tar")))
            return err_set(e, ERR_INPUT, "layer %zu is no file system but " STR_F, i,
                           STR_A(d->media_type));
        if (str_has(d->media_type, STR("+encrypted")))
            return err_set(e, ERR_INPUT, "layer %zu is encrypted; decrypt the image first", i);
        if (opening_layer(o, i, d->size, e))
            return err_wrap(e,
                            d->foreign ? "layer %zu (foreign: its bytes are to be fetched from "
                                         "elsewhere, which is not done)"
                                       : "layer %zu",
                            i);
    }
    return 0;
}

static void take_refs(struct opening *o, const struct candidate *c)
{
    struct strs refs = {arena_array(o->a, struct str, 2), 0};
    if (c->name.n)
        refs.v[refs.n++] = c->name;
    else if (c->ref.n)
        refs.v[refs.n++] = c->ref;
    o->image->refs = refs;
}

int opening_oci(struct opening *o, struct err *e)
{
    struct image *image = o->image;
    struct search s = {.o = o};
    struct candidate c;
    struct manifest index, m;
    struct str bytes;
    if (check_layout(o, e) ||
        store_read(&image->backend->store, STR("index.json"), o->a, LIMIT_JSON_BYTES, &bytes, e))
        return -1;
    if (manifest_read(bytes, STR(MANIFEST_TYPE_OCI_INDEX), o->a, &index, e))
        return err_wrap(e, "index.json");
    if (add_index(&s, &index, NULL, 0, e) || choose(&s, &c, e))
        return -1;
    if (read_manifest(o, &c.d, &image->manifest, &m, e))
        return -1;
    image->manifest_digest = c.d.digest;
    image->annotations = m.annotations;
    take_refs(o, &c);
    opening_signatures(o, &index);
    if (m.config.media_type.n && !str_has(m.config.media_type, STR("image")))
        return err_set(e, ERR_INPUT, "is no container image but an artifact of type " STR_F,
                       STR_A(m.config.media_type));
    if (opening_document(o, &m.config, &bytes, e))
        return err_wrap(e, "config");
    return opening_config(o, bytes, e) || open_layers(o, &m, e) ? -1 : 0;
}
