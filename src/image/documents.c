/* documents: a draft → manifest, index and manifest.json.
 *
 * Invariants
 * 1. Keys stand in a fixed order and without blanks: the same draft gives the same bytes.
 *    (test_image_write: archives)
 * 2. An index keeps what it had besides the entry that is replaced. (test_image_write: gains)
 */
#include "image/documents.h"

#include "base/json.h"
#include "base/limits.h"
#include "image/manifest.h"

struct str documents_blob_name(struct arena *a, const struct digest *d)
{
    return str_fmt(a, "blobs/sha256/" STR_F, STR_A(digest_hex(a, d)));
}

static json_t *descriptor(struct arena *a, const char *type, const struct digest *d, uint64_t size)
{
    json_t *j = json_object();
    json_object_set_new(j, "mediaType", json_string(type));
    json_object_set_new(j, "digest", json_text(digest_text(a, d)));
    json_object_set_new(j, "size", json_integer((json_int_t)size));
    return j;
}

static json_t *pairs(const struct str_pairs *list)
{
    json_t *j = json_object();
    for (size_t i = 0; i < list->n; i++)
        json_object_setn_new(j, list->v[i].key.p, list->v[i].key.n, json_text(list->v[i].value));
    return j;
}

int documents_make(struct arena *a, const struct image_draft *draft, struct documents *ret,
                   struct err *e)
{
    static const char *const types[] = {[IMAGE_PLAIN] = MANIFEST_TYPE_OCI_LAYER,
                                        [IMAGE_GZIP] = MANIFEST_TYPE_OCI_LAYER "+gzip",
                                        [IMAGE_ZSTD] = MANIFEST_TYPE_OCI_LAYER "+zstd"};
    if (draft->n_layers > LIMIT_LAYERS)
        return err_set(e, ERR_INPUT, "%zu layers; an image may have %d", draft->n_layers,
                       LIMIT_LAYERS);
    struct documents d = {.config = draft->config_bytes,
                          .config_digest = digest_of(draft->config_bytes)};
    JSON_AUTO json_t *j = json_object();
    json_t *layers = json_array();
    json_object_set_new(j, "schemaVersion", json_integer(2));
    json_object_set_new(j, "mediaType", json_string(MANIFEST_TYPE_OCI));
    json_object_set_new(j, "config",
                        descriptor(a, MANIFEST_TYPE_OCI_CONFIG, &d.config_digest, d.config.n));
    json_object_set_new(j, "layers", layers);
    for (size_t i = 0; i < draft->n_layers; i++) {
        const struct image_blob *b = &draft->layers[i];
        json_array_append_new(layers, descriptor(a, types[b->compression], &b->digest, b->size));
    }
    if (draft->annotations.n)
        json_object_set_new(j, "annotations", pairs(&draft->annotations));
    d.manifest = json_write(a, j, 0);
    d.manifest_digest = digest_of(d.manifest);
    *ret = d;
    return 0;
}

/* Docker's reference grammar: a first component without '.' or ':' is no registry, and the default
 * one is meant. Readers of this annotation take it as it is. */
static struct str full_docker_name(struct arena *a, struct str ref)
{
    size_t slash = str_find(ref, '/');
    struct str first = str_slice(ref, 0, slash);
    if (slash == ref.n)
        return str_fmt(a, "docker.io/library/" STR_F, STR_A(ref));
    if (str_has(first, STR(".")) || str_has(first, STR(":")) || str_is(first, "localhost"))
        return ref;
    return str_fmt(a, "docker.io/" STR_F, STR_A(ref));
}

static json_t *index_entry(struct arena *a, const struct image_draft *draft,
                           const struct documents *docs, struct str ref, bool full_name)
{
    json_t *j =
        descriptor(a, MANIFEST_TYPE_OCI, &docs->manifest_digest, (uint64_t)docs->manifest.n);
    if (draft->platform.os.n && draft->platform.arch.n) {
        json_t *p = json_object();
        json_object_set_new(p, "architecture", json_text(draft->platform.arch));
        json_object_set_new(p, "os", json_text(draft->platform.os));
        if (draft->platform.variant.n)
            json_object_set_new(p, "variant", json_text(draft->platform.variant));
        json_object_set_new(j, "platform", p);
    }
    if (ref.n) {
        json_t *notes = json_object();
        if (full_name) {
            size_t colon = str_rfind(ref, ':');
            json_object_set_new(notes, MANIFEST_KEY_NAME, json_text(full_docker_name(a, ref)));
            ref = str_from(ref, colon + 1);
        }
        json_object_set_new(notes, MANIFEST_KEY_REF, json_text(ref));
        json_object_set_new(j, "annotations", notes);
    }
    return j;
}

static bool has_ref(const json_t *entry, struct str ref)
{
    const json_t *notes = json_object_get(entry, "annotations");
    const json_t *j = json_object_get(notes, MANIFEST_KEY_REF);
    struct str have = {json_string_value(j), json_string_length(j)};
    return str_eq(have, ref);
}

int documents_index(struct arena *a, struct str old, const struct image_draft *draft,
                    const struct documents *docs, struct str ref, bool full_name, struct str *ret,
                    struct err *e)
{
    JSON_AUTO json_t *j = NULL;
    struct manifest checked;
    if (old.n) {
        if (manifest_read(old, STR(MANIFEST_TYPE_OCI_INDEX), a, &checked, e) ||
            json_read(old, &j, e))
            return err_wrap(e, "index.json that is there");
    } else {
        j = json_object();
        json_object_set_new(j, "schemaVersion", json_integer(2));
        json_object_set_new(j, "mediaType", json_string(MANIFEST_TYPE_OCI_INDEX));
        json_object_set_new(j, "manifests", json_array());
    }
    json_t *list = json_object_get(j, "manifests");
    if (!json_is_array(list))
        return err_set(e, ERR_INPUT, "index.json that is there: has no manifests");
    for (size_t i = json_array_size(list); i-- > 0;)
        if (has_ref(json_array_get(list, i), ref))
            json_array_remove(list, i);
    json_array_append_new(list, index_entry(a, draft, docs, ref, full_name));
    *ret = json_write(a, j, 0);
    return 0;
}

struct str documents_docker(struct arena *a, const struct image_draft *draft,
                            const struct documents *docs, struct str ref)
{
    JSON_AUTO json_t *list = json_array();
    json_t *j = json_object(), *layers = json_array(), *tags = json_array();
    json_array_append_new(list, j);
    json_object_set_new(j, "Config", json_text(documents_blob_name(a, &docs->config_digest)));
    json_object_set_new(j, "RepoTags", tags);
    json_object_set_new(j, "Layers", layers);
    if (ref.n)
        json_array_append_new(tags, json_text(ref));
    for (size_t i = 0; i < draft->n_layers; i++)
        json_array_append_new(layers, json_text(documents_blob_name(a, &draft->layers[i].digest)));
    return json_write(a, list, 0);
}
