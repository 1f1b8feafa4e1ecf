/* tagged: see tagged.h.
 *
 * Invariants
 * 1. Of several digests of one name none is guessed. (test_tagged: two)
 * 2. What is local is for all platforms only where no index can be behind it. (test_tagged: whole)
 */
#include "image/tagged.h"

#include <fcntl.h>

#include "base/json.h"
#include "base/limits.h"
#include "image/fetch.h"
#include "image/manifest.h"
#include "image/registry_client.h"
#include "sys/file.h"
#include "sys/parallel.h"

enum { PODMAN_MS = 60 * 1000 };

/* ---- docker and podman ---- */

/* "docker.io/library/debian@sha256:…", "debian@sha256:…": the digest, if it is of this name. */
static struct str digest_for(struct arena *a, struct str text, const struct reference *r)
{
    struct reference other;
    struct err ignored;
    if (reference_parse(a, text, &other, &ignored) || !str_eq(other.host, r->host) ||
        !str_eq(other.repository, r->repository))
        return (struct str){0};
    return other.digest;
}

/* The digests that the name has there, each once. */
static struct strs digests_for(struct arena *a, const struct strs *all, const struct reference *r)
{
    struct strs list = {arena_array(a, struct str, all->n), 0};
    for (size_t i = 0; i < all->n; i++) {
        struct str digest = digest_for(a, all->v[i], r);
        bool known = !digest.n || (r->digest.n && !str_eq(digest, r->digest));
        for (size_t k = 0; k < list.n; k++)
            known |= str_eq(list.v[k], digest);
        if (!known)
            list.v[list.n++] = digest;
    }
    return list;
}

static bool has(const struct strs *list, struct str digest)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], digest))
            return true;
    return false;
}

/* Docker has one, of what was pulled. podman has that of the index and that of the image in it;
 * `own` is the one that it was pulled by, `manifest` the image's, as far as it is known. */
static int choose(struct arena *a, const struct strs *digests, struct str own, struct str manifest,
                  const struct reference *r, struct tagged *to, struct err *e)
{
    struct strs list = digests_for(a, digests, r);
    if (manifest.n && list.n > 1) {
        size_t n = 0;
        for (size_t i = 0; i < list.n; i++)
            if (!str_eq(list.v[i], manifest))
                list.v[n++] = list.v[i];
        list.n = n;
    } else if (own.n && list.n == 2 && has(&list, own)) {
        list = (struct strs){&own, 1};
    } else if (list.n == 1) {
        to->alone = str_eq(list.v[0], manifest.n ? manifest : own);
    }
    if (list.n > 1)
        return err_set(e, ERR_INPUT, "it has more than one digest there, " STR_F " and " STR_F,
                       STR_A(list.v[0]), STR_A(list.v[1]));
    to->digest = list.n ? list.v[0] : (struct str){0};
    return 0;
}

static bool is_index(struct str type)
{
    return str_is(type, MANIFEST_TYPE_OCI_INDEX) || str_is(type, MANIFEST_TYPE_DOCKER_INDEX);
}

int tagged_read_inspect(struct str json, struct str manifest, const struct reference *r,
                        struct arena *a, struct tagged *ret, struct err *e)
{
    JSON_AUTO json_t *j = NULL;
    const json_t *one, *descriptor = NULL;
    struct strs digests = {0};
    struct str own = {0}, type = {0};
    struct tagged t = {.platforms = arena_new(a, struct image_platform), .n_platforms = 1};
    if (json_read(json, &j, e))
        return -1;
    one = json_is_array(j) ? json_array_get(j, 0) : j;
    if (!json_is_object(one))
        return err_set(e, ERR_INPUT, "is no description of an image");
    if (json_get_strs(one, "RepoDigests", a, &digests, e) ||
        json_get_str(one, "Digest", a, &own, e) ||
        json_get_str(one, "Os", a, &t.platforms->os, e) ||
        json_get_str(one, "Architecture", a, &t.platforms->arch, e) ||
        json_get_str(one, "Variant", a, &t.platforms->variant, e) ||
        json_get_object(one, "Descriptor", &descriptor, e) ||
        (descriptor && json_get_str(descriptor, "mediaType", a, &type, e)) ||
        choose(a, &digests, own, manifest, r, &t, e))
        return -1;
    t.alone |= t.digest.n && type.n && !is_index(type);
    t.whole = t.alone || !t.digest.n;
    if (!t.platforms->os.n || !t.platforms->arch.n)
        t.n_platforms = 0;
    *ret = t;
    return 0;
}

int tagged_daemon(const struct reference *r, struct arena *a, struct tagged *ret, struct err *e)
{
    struct str json;
    if (fetch_daemon_says(reference_text(a, r), a, &json, e))
        return -1;
    if (tagged_read_inspect(json, (struct str){0}, r, a, ret, e))
        return err_wrap(e, "what the Docker daemon says of it");
    return 0;
}

/* The digest of the manifest that podman keeps, which skopeo can show; empty: nobody can. */
static struct str kept_manifest(const struct reference *r, struct arena *a)
{
    struct str words[] = {{0},
                          STR("inspect"),
                          STR("--raw"),
                          str_fmt(a, "containers-storage:" STR_F, STR_A(reference_text(a, r)))};
    struct err ignored;
    if (!sys_which(a, STR("skopeo"), &words[0]))
        return (struct str){0};
    struct sys_task task = {
        .command = {.argv = {words, sizeof words / sizeof *words}, .env = sys_environment(a)}};
    if (sys_run_all(&task, 1, PODMAN_MS, LIMIT_JSON_BYTES, a, &ignored) || !task.ended ||
        task.status || task.cut)
        return (struct str){0};
    struct digest digest = digest_of(task.output);
    return digest_text(a, &digest);
}

int tagged_podman(const struct reference *r, struct arena *a, struct tagged *ret, struct err *e)
{
    struct str words[] = {{0}, STR("image"), STR("inspect"), STR("--"), reference_text(a, r)};
    if (!sys_which(a, STR("podman"), &words[0]))
        return err_set(e, ERR_MACHINE, "podman is not here");
    struct sys_task task = {
        .command = {.argv = {words, sizeof words / sizeof *words}, .env = sys_environment(a)}};
    if (sys_run_all(&task, 1, PODMAN_MS, LIMIT_JSON_BYTES, a, e))
        return -1;
    if (!task.ended)
        return err_set(e, ERR_MACHINE, "podman did not end within %d seconds", PODMAN_MS / 1000);
    if (task.status)
        return err_set(e, ERR_INPUT, "podman has no such image for this user");
    if (tagged_read_inspect(task.output, kept_manifest(r, a), r, a, ret, e))
        return err_wrap(e, "what podman says of it");
    return 0;
}

/* ---- manifests ---- */

/* What describes an image in an index is no image (buildx: attestations). */
static bool is_image(const struct manifest_descriptor *d)
{
    return d->has_platform && d->platform.os.n && d->platform.arch.n &&
           !str_is(d->platform.os, "unknown") &&
           !manifest_annotation(&d->annotations, STR("vnd.docker.reference.type")).n;
}

int tagged_read_manifest(struct str bytes, struct str type, struct arena *a, struct tagged *ret,
                         struct digest *config, struct err *e)
{
    struct manifest m;
    struct tagged t = {0};
    if (manifest_read(bytes, type, a, &m, e))
        return -1;
    t.alone = !m.is_index;
    t.platforms = arena_array(a, struct image_platform, m.n_manifests);
    for (size_t i = 0; i < m.n_manifests; i++)
        if (is_image(&m.manifests[i]))
            t.platforms[t.n_platforms++] = m.manifests[i].platform;
    t.whole = t.n_platforms > 0;
    *config = m.config.digest;
    *ret = t;
    return 0;
}

/* The platform that a config is for. */
static int read_config(struct str bytes, struct arena *a, struct tagged *t, struct err *e)
{
    struct image_config config;
    if (image_config_read(bytes, a, &config, e))
        return err_wrap(e, "its config");
    t->platforms = arena_new(a, struct image_platform);
    *t->platforms = config.platform;
    t->n_platforms = config.platform.os.n && config.platform.arch.n;
    t->whole = t->n_platforms > 0;
    return 0;
}

int tagged_registry(struct registry *registry, const struct reference *r, bool platforms,
                    struct arena *a, struct tagged *ret, struct err *e)
{
    struct registry_manifest m;
    struct digest config;
    struct tagged t;
    struct str bytes;
    if (registry_manifest(registry, r, a, &m, e))
        return -1;
    if (tagged_read_manifest(m.bytes, m.type, a, &t, &config, e))
        return err_wrap(e, "its manifest");
    if (t.alone && platforms &&
        (registry_blob(registry, r, &config, LIMIT_JSON_BYTES, a, &bytes, e) ||
         read_config(bytes, a, &t, e)))
        return -1;
    t.digest = digest_text(a, &m.digest);
    *ret = t;
    return 0;
}

/* ---- OCI layouts ---- */

static int read_blob(int dir_fd, const struct digest *digest, struct arena *a, struct str *ret,
                     struct err *e)
{
    struct str path = str_fmt(a, "blobs/sha256/" STR_F, STR_A(digest_hex(a, digest)));
    if (sys_read_beneath(dir_fd, path, a, LIMIT_JSON_BYTES, ret, e))
        return -1;
    struct digest is = digest_of(*ret);
    return digest_eq(&is, digest) ? 0
                                  : err_set(e, ERR_INPUT, STR_F " holds other bytes", STR_A(path));
}

/* The whole name, or only the tag where the layout's tool writes no more. */
static bool is_named(const struct manifest_descriptor *d, const struct reference *r,
                     struct arena *a)
{
    static const char *const keys[] = {MANIFEST_KEY_NAME, MANIFEST_KEY_REF};
    for (size_t i = 0; i < 2; i++) {
        struct str name = manifest_annotation(&d->annotations, str_of(keys[i]));
        struct reference other;
        struct err ignored;
        if (name.n && !reference_parse(a, name, &other, &ignored) &&
            (str_find(name, '/') < name.n || str_find(name, ':') < name.n) &&
            str_eq(reference_text(a, &other), reference_text(a, r)))
            return true;
    }
    return false;
}

int tagged_layout(struct str folder, const struct reference *r, struct arena *a, struct tagged *ret,
                  struct err *e)
{
    FD_AUTO int dir = -1;
    struct manifest index;
    struct str bytes;
    const struct manifest_descriptor *found = NULL;
    if (sys_open_dir(folder, &dir, e) ||
        sys_read_beneath(dir, STR("index.json"), a, LIMIT_JSON_BYTES, &bytes, e) ||
        manifest_read(bytes, (struct str){0}, a, &index, e))
        return err_wrap(e, "the layout " STR_F, STR_A(folder));
    for (size_t i = 0; i < index.n_manifests; i++) {
        const struct manifest_descriptor *d = &index.manifests[i];
        if (!is_named(d, r, a))
            continue;
        if (found && !digest_eq(&found->digest, &d->digest))
            return err_set(e, ERR_INPUT, "the layout " STR_F " has two images of that name",
                           STR_A(folder));
        found = d;
    }
    struct tagged t;
    struct digest config;
    if (!found)
        return err_set(e, ERR_INPUT, "the layout " STR_F " has no image of that name",
                       STR_A(folder));
    if (read_blob(dir, &found->digest, a, &bytes, e) ||
        tagged_read_manifest(bytes, found->media_type, a, &t, &config, e) ||
        (t.alone && (read_blob(dir, &config, a, &bytes, e) || read_config(bytes, a, &t, e))))
        return err_wrap(e, "the layout " STR_F, STR_A(folder));
    t.digest = digest_text(a, &found->digest);
    *ret = t;
    return 0;
}
