/* open: a name → an open image, by what the path holds.
 *
 * Invariants
 * 1. Layers and diff ids are equally many when image_open() succeeds. (test_image_open: shape)
 * 2. A layer's history line is set only when the lines that are not empty are as many as the
 *    layers. (test_image_open: history)
 */
#include <inttypes.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "image/fetch.h"
#include "image/inflate.h"
#include "image/opening.h"

struct image_platform image_machine(void)
{
    static const struct {
        const char *machine, *arch, *variant;
    } known[] = {
        {"x86_64", "amd64", ""},    {"aarch64", "arm64", "v8"}, {"armv7l", "arm", "v7"},
        {"armv6l", "arm", "v6"},    {"i686", "386", ""},        {"ppc64le", "ppc64le", ""},
        {"riscv64", "riscv64", ""}, {"s390x", "s390x", ""},
    };
    struct utsname u;
    struct image_platform p = {.os = STR("linux")};
    if (uname(&u))
        return p;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].machine, u.machine) == 0) {
            p.arch = str_of(known[i].arch);
            p.variant = str_of(known[i].variant);
        }
    }
    return p;
}

/* arm64 without a variant is v8 (OCI image-index.md, as containerd normalises it). */
static struct str variant_of(const struct image_platform *p)
{
    return str_is(p->arch, "arm64") && !p->variant.n ? STR("v8") : p->variant;
}

bool opening_fits(const struct image_platform *have, const struct image_platform *want)
{
    if (!str_eq(have->arch, want->arch) || (want->os.n && !str_eq(have->os, want->os)))
        return false;
    return !want->variant.n || str_eq(variant_of(have), variant_of(want));
}

static struct str platform_text(struct arena *a, const struct image_platform *p)
{
    return str_fmt(a, STR_F "/" STR_F "%s" STR_F, STR_A(p->os), STR_A(p->arch),
                   p->variant.n ? "/" : "", STR_A(p->variant));
}

int opening_no_platform(struct arena *a, const struct image_platform *want,
                        const struct image_platform *have, size_t n, struct err *e)
{
    struct buf list = {.a = a};
    for (size_t i = 0; i < n && i < 20; i++) {
        buf_addz(&list, i ? ", " : "");
        buf_add(&list, platform_text(a, &have[i]));
    }
    if (n > 20)
        buf_addf(&list, " and %zu more", n - 20);
    return err_set(e, ERR_INPUT,
                   "holds no image for " STR_F "; there is " STR_F " (--platform chooses)",
                   STR_A(platform_text(a, want)), STR_A(buf_str(&list)));
}

int opening_config(struct opening *o, struct str bytes, struct err *e)
{
    struct image *image = o->image;
    if (image_config_read(bytes, o->a, &image->config, e))
        return err_wrap(e, "config");
    image->config_bytes = bytes;
    image->config_digest = digest_of(bytes);
    return 0;
}

int opening_layer(struct opening *o, size_t i, uint64_t promised, struct err *e)
{
    SPAN_AUTO struct store_span span = {.fd = -1};
    struct image_layer *layer = &o->image->layers[i];
    unsigned char magic[6];
    if (store_find(&o->image->backend->store, o->image->backend->blobs[i], &span, e))
        return -1;
    if (promised != UINT64_MAX && span.n != promised)
        return err_set(e, ERR_INPUT, "has %" PRIu64 " bytes, not the promised %" PRIu64, span.n,
                       promised);
    size_t n = span.n < sizeof magic ? (size_t)span.n : sizeof magic;
    struct sys_range r = sys_range(span.fd, span.at, n);
    if (source_read_full(&r.source, magic, n, e) ||
        inflate_recognise(magic, n, &layer->compression, e))
        return -1;
    layer->size = span.n;
    return 0;
}

static void place_history(struct image *image)
{
    size_t n = 0;
    for (size_t i = 0; i < image->config.n_history; i++)
        n += !image->config.history[i].empty_layer;
    if (n != image->n_layers)
        return;
    n = 0;
    for (size_t i = 0; i < image->config.n_history; i++)
        if (!image->config.history[i].empty_layer)
            image->layers[n++].created_by = image->config.history[i].created_by;
}

static int refuse_registry(const struct image_name *name, struct err *e)
{
    if (name->transport != IMAGE_REGISTRY)
        return 0;
    return err_set(e, ERR_USAGE,
                   "registries are not read directly; copy it first: skopeo copy "
                   "docker://" STR_F " oci:image, then name oci:image",
                   STR_A(name->path));
}

/* A bare path may carry a tag: "image.tar:web:v1". What exists as a whole is no such name. */
static int split_bare(struct image_name *name, struct err *e)
{
    if (name->transport != IMAGE_AUTO || name->ref.n || sys_exists(name->path))
        return 0;
    for (size_t at = str_find(name->path, ':'); at < name->path.n;
         at += 1 + str_find(str_from(name->path, at + 1), ':')) {
        struct str path = str_slice(name->path, 0, at);
        if (path.n && sys_exists(path)) {
            name->ref = str_from(name->path, at + 1);
            name->path = path;
            return 0;
        }
    }
    return err_set(e, ERR_INPUT,
                   "no such file or folder; a daemon's image is docker-daemon:NAME, podman's is "
                   "containers-storage:NAME, a registry's is to be copied first (skopeo copy "
                   "docker://NAME oci:DIR)");
}

static enum image_transport kind_of(const struct store *store, bool layout)
{
    if (store->is_archive && store_has(store, STR("manifest.json")))
        return IMAGE_DOCKER_ARCHIVE;
    if (layout)
        return store->is_archive ? IMAGE_OCI_ARCHIVE : IMAGE_OCI;
    return store->is_archive ? IMAGE_AUTO : IMAGE_DIR;
}

/* What `skopeo copy … dir:FOLDER` writes: blobs that would pass for the files of an image. */
static int refuse_blobs(const struct opening *o, struct err *e)
{
    static const struct str begins = STR_INIT("Directory Transport Version");
    const struct store *store = &o->image->backend->store;
    struct str version, path = o->image->name.path;
    struct err ignored;
    if (!store_has(store, STR("manifest.json")) ||
        store_read(store, STR("version"), o->a, LIMIT_JSON_BYTES, &version, &ignored) ||
        !str_starts(version, begins))
        return 0;
    return err_set(e, ERR_INPUT,
                   "is what skopeo keeps under dir:, blobs and no root file system; make a layout "
                   "of it: skopeo copy dir:" STR_F " oci:OUT, then name oci:OUT",
                   STR_A(path));
}

static int recognise(struct opening *o, struct err *e)
{
    enum image_transport *transport = &o->image->name.transport;
    const struct store *store = &o->image->backend->store;
    bool layout = store_has(store, STR("index.json")) && store_has(store, STR("oci-layout"));
    bool file = store->is_archive;
    if (*transport == IMAGE_AUTO)
        *transport = kind_of(store, layout);
    o->kind = *transport == IMAGE_STORAGE ? kind_of(store, layout) : *transport;
    switch (o->kind) {
    case IMAGE_DOCKER_DAEMON:
    case IMAGE_DOCKER_ARCHIVE:
        if (file && store_has(store, STR("manifest.json")))
            return 0;
        return err_set(e, ERR_INPUT, "is no docker-archive: manifest.json is not in it");
    case IMAGE_OCI:
    case IMAGE_OCI_ARCHIVE:
        if (file == (*transport == IMAGE_OCI))
            return err_set(e, ERR_INPUT,
                           file ? "is a file; a layout in a file is oci-archive:FILE"
                                : "is a folder; a layout in a folder is oci:DIR");
        if (layout)
            return 0;
        return err_set(e, ERR_INPUT, "is no OCI layout: oci-layout or index.json is not in it");
    case IMAGE_DIR:
        return file ? err_set(e, ERR_INPUT, "is not a folder") : refuse_blobs(o, e);
    default:
        return err_set(e, ERR_INPUT,
                       "is a tar archive but no image: neither manifest.json nor index.json is in "
                       "it (shuck pack makes an image of a root file system)");
    }
}

static int open_known(struct opening *o, struct err *e)
{
    switch (o->kind) {
    case IMAGE_DOCKER_ARCHIVE:
    case IMAGE_DOCKER_DAEMON:
        return opening_docker(o, e);
    case IMAGE_OCI:
    case IMAGE_OCI_ARCHIVE:
        return opening_oci(o, e);
    default:
        return opening_folder(o, e);
    }
}

/* The store of an image that a program keeps is an archive that it makes. */
static int fetch(struct opening *o, int (*get)(const struct image_name *, int *, struct err *),
                 struct err *e)
{
    int fd;
    if (get(&o->image->name, &fd, e) || store_take(o->a, fd, &o->image->backend->store, e))
        return err_wrap(e, STR_F, STR_A(o->image->backend->label));
    return 0;
}

static int open_store(struct opening *o, struct err *e)
{
    const struct image_name *name = &o->image->name;
    switch (name->transport) {
    case IMAGE_DOCKER_DAEMON:
        return fetch(o, fetch_daemon, e);
    case IMAGE_STORAGE:
        return fetch(o, fetch_storage, e);
    default:
        return store_open(o->a, name->path, &o->image->backend->store, e);
    }
}

int image_open(struct arena *a, const struct image_name *name, const struct image_platform *want,
               struct image **ret, struct err *e)
{
    struct image *image = arena_new(a, struct image);
    struct opening o = {.a = a, .image = image, .want = want};
    image->name = *name;
    image->backend = arena_new(a, struct image_backend);
    image->backend->store.fd = -1;
    if (refuse_registry(name, e))
        return -1;
    image->backend->label = image_name_text(a, name);
    if (split_bare(&image->name, e))
        return err_wrap(e, STR_F, STR_A(image->backend->label));
    if (open_store(&o, e))
        return -1;
    if (recognise(&o, e) || open_known(&o, e)) {
        image_close(image);
        return err_wrap(e, STR_F, STR_A(image->backend->label));
    }
    place_history(image);
    *ret = image;
    return 0;
}

void image_close(struct image *image)
{
    if (image)
        store_close(&image->backend->store);
}
