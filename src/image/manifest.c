/* manifest: index, manifest and manifest.json bytes → descriptors.
 *
 * Invariants
 * 1. Lists are counted before they are allocated. (test_manifest: caps)
 * 2. Nothing is both an index and a manifest. (test_manifest: both)
 */
#include "image/manifest.h"

#include "base/json.h"
#include "base/limits.h"

struct str manifest_annotation(const struct str_pairs *annotations, struct str key)
{
    for (size_t i = 0; i < annotations->n; i++)
        if (str_eq(annotations->v[i].key, key))
            return annotations->v[i].value;
    return (struct str){0};
}

static bool ends_as_name(struct str full, struct str ref)
{
    return str_eq(full, ref) ||
           (full.n > ref.n && str_ends(full, ref) && full.p[full.n - ref.n - 1] == '/');
}

bool manifest_means(struct str ref, struct str full)
{
    if (!ref.n || ends_as_name(full, ref))
        return true;
    return str_ends(full, STR(":latest")) && ends_as_name(str_slice(full, 0, full.n - 7), ref);
}

static int read_platform(const json_t *j, struct arena *a, struct manifest_descriptor *d,
                         struct err *e)
{
    const json_t *p = NULL;
    if (json_get_object(j, "platform", &p, e))
        return -1;
    if (!p)
        return 0;
    d->has_platform = true;
    return json_get_str(p, "os", a, &d->platform.os, e) ||
                   json_get_str(p, "architecture", a, &d->platform.arch, e) ||
                   json_get_str(p, "variant", a, &d->platform.variant, e)
               ? -1
               : 0;
}

static int read_descriptor(const json_t *j, struct arena *a, struct manifest_descriptor *ret,
                           struct err *e)
{
    struct manifest_descriptor d = {0};
    struct str digest = {0};
    const json_t *urls = NULL;
    int64_t size = -1;
    if (!json_is_object(j))
        return err_set(e, ERR_INPUT, "is not an object");
    if (json_get_str(j, "mediaType", a, &d.media_type, e) ||
        json_get_str(j, "artifactType", a, &d.artifact_type, e) ||
        json_get_str(j, "digest", a, &digest, e) || json_get_i64(j, "size", &size, e) ||
        json_get_pairs(j, "annotations", a, &d.annotations, e) ||
        json_get_array(j, "urls", &urls, e) || read_platform(j, a, &d, e))
        return -1;
    if (digest_parse(digest, &d.digest, e))
        return -1;
    if (size < 0)
        return err_set(e, ERR_INPUT, "has no size, or a negative one");
    d.size = (uint64_t)size;
    d.foreign = urls && json_array_size(urls);
    *ret = d;
    return 0;
}

static int read_list(const json_t *j, const char *what, size_t cap, struct arena *a,
                     struct manifest_descriptor **ret, size_t *n, struct err *e)
{
    size_t count = json_array_size(j);
    if (count > cap)
        return err_set(e, ERR_INPUT, "has %zu %ss; at most %zu are read", count, what, cap);
    struct manifest_descriptor *list = arena_array(a, struct manifest_descriptor, count);
    for (size_t i = 0; i < count; i++)
        if (read_descriptor(json_array_get(j, i), a, &list[i], e))
            return err_wrap(e, "%s %zu", what, i);
    *ret = list;
    *n = count;
    return 0;
}

static bool names_index(struct str type)
{
    return str_is(type, MANIFEST_TYPE_OCI_INDEX) || str_is(type, MANIFEST_TYPE_DOCKER_INDEX);
}

static bool names_manifest(struct str type)
{
    return str_is(type, MANIFEST_TYPE_OCI) || str_is(type, MANIFEST_TYPE_DOCKER);
}

/* What the document says it is, what its descriptor said, and what it holds must not disagree. */
static int check_kind(const json_t *j, struct str said, struct arena *a, bool *is_index,
                      struct err *e)
{
    struct str own = {0};
    int64_t version = 2;
    if (!json_is_object(j))
        return err_set(e, ERR_INPUT, "is not a JSON object");
    if (json_get_str(j, "mediaType", a, &own, e) || json_get_i64(j, "schemaVersion", &version, e))
        return -1;
    if (version == 1)
        return err_set(e, ERR_INPUT,
                       "is a Docker schema 1 manifest, which is long deprecated and "
                       "not read; push or save the image anew with a current tool");
    bool index = json_object_get(j, "manifests") != NULL;
    bool manifest = json_object_get(j, "layers") || json_object_get(j, "config");
    if (index && manifest)
        return err_set(e, ERR_INPUT, "is both an index and a manifest");
    if (!index && !manifest)
        return err_set(e, ERR_INPUT, "has neither \"manifests\" nor \"config\" and \"layers\"");
    const struct str types[] = {own, said};
    for (size_t i = 0; i < 2; i++)
        if (index ? names_manifest(types[i]) : names_index(types[i]))
            return err_set(e, ERR_INPUT, "holds %s but its media type is " STR_F,
                           index ? "an index" : "a manifest", STR_A(types[i]));
    *is_index = index;
    return 0;
}

int manifest_read(struct str bytes, struct str media_type, struct arena *a, struct manifest *ret,
                  struct err *e)
{
    JSON_AUTO json_t *j = NULL;
    struct manifest m = {0};
    const json_t *list = NULL, *config = NULL;
    if (json_read(bytes, &j, e) || check_kind(j, media_type, a, &m.is_index, e) ||
        json_get_pairs(j, "annotations", a, &m.annotations, e))
        return -1;
    if (m.is_index) {
        if (json_get_array(j, "manifests", &list, e) ||
            read_list(list, "manifest", LIMIT_MANIFESTS, a, &m.manifests, &m.n_manifests, e))
            return -1;
    } else {
        if (json_get_object(j, "config", &config, e) || json_get_array(j, "layers", &list, e))
            return -1;
        if (!config)
            return err_set(e, ERR_INPUT, "has no config");
        if (read_descriptor(config, a, &m.config, e))
            return err_wrap(e, "config");
        if (read_list(list, "layer", LIMIT_LAYERS, a, &m.layers, &m.n_layers, e))
            return -1;
    }
    *ret = m;
    return 0;
}

int manifest_read_docker(struct str bytes, struct arena *a, struct manifest_dockers *ret,
                         struct err *e)
{
    JSON_AUTO json_t *j = NULL;
    if (json_read(bytes, &j, e))
        return -1;
    if (!json_is_array(j))
        return err_set(e, ERR_INPUT, "is not a JSON array");
    size_t n = json_array_size(j);
    if (n > LIMIT_MANIFESTS)
        return err_set(e, ERR_INPUT, "has %zu images; at most %d are read", n, LIMIT_MANIFESTS);
    struct manifest_dockers list = {arena_array(a, struct manifest_docker, n), n};
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(j, i);
        struct manifest_docker *d = &list.v[i];
        if (!json_is_object(one))
            return err_set(e, ERR_INPUT, "image %zu is not an object", i);
        if (json_get_str(one, "Config", a, &d->config, e) ||
            json_get_strs(one, "RepoTags", a, &d->tags, e) ||
            json_get_strs(one, "Layers", a, &d->layers, e))
            return err_wrap(e, "image %zu", i);
        if (!d->config.n)
            return err_set(e, ERR_INPUT, "image %zu has no \"Config\"", i);
        if (d->layers.n > LIMIT_LAYERS)
            return err_set(e, ERR_INPUT, "image %zu has %zu layers; at most %d are read", i,
                           d->layers.n, LIMIT_LAYERS);
    }
    *ret = list;
    return 0;
}
