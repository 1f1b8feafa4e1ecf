/* image_write: a draft → an OCI layout, an OCI archive or a docker-archive.
 *
 * Invariants
 * 1. A layout's index.json names an image only after all its blobs are there and synced.
 *    (test_image_write: refused)
 * 2. An archive appears under its name whole or not at all, and the same draft gives the same
 *    bytes. (test_image_write: archives)
 */
#include "image/image_write.h"
#include "base/limits.h"
#include "image/documents.h"
#include "image/tar_write.h"
#include "sys/dirwalk.h"
#include "sys/file.h"

struct writing {
    struct arena a;
    const struct image_draft *draft;
    struct documents docs;
    struct str ref;
    bool full_name; /* ref is name:tag */
};

/* ---- OCI layout ---- */

static int copy_blob(const struct image_blob *b, int to, struct err *e)
{
    char block[64 * 1024];
    struct sys_range from = sys_range(b->fd, 0, b->size);
    ssize_t n;
    while ((n = from.source.read(&from.source, block, sizeof block, e)) > 0)
        if (sys_write_all(to, block, (size_t)n, e))
            return -1;
    return (int)n;
}

/* b NULL: the bytes of text. */
static int put_blob(struct writing *w, int dir_fd, const struct digest *d,
                    const struct image_blob *b, struct str text, struct err *e)
{
    struct sys_atomic f;
    if (sys_atomic_begin_at(dir_fd, digest_hex(&w->a, d), &f, e))
        return -1;
    if (b ? copy_blob(b, f.fd, e) : sys_write_all(f.fd, text.p, text.n, e)) {
        sys_atomic_abort(&f);
        return -1;
    }
    return sys_atomic_commit(&f, e);
}

static int put_file(int dir_fd, struct str name, struct str text, struct err *e)
{
    struct sys_atomic f;
    if (sys_atomic_begin_at(dir_fd, name, &f, e))
        return -1;
    if (sys_write_all(f.fd, text.p, text.n, e)) {
        sys_atomic_abort(&f);
        return -1;
    }
    return sys_atomic_commit(&f, e);
}

static int put_blobs(struct writing *w, int dir_fd, struct err *e)
{
    const struct image_draft *draft = w->draft;
    for (size_t i = 0; i < draft->n_layers; i++)
        if (put_blob(w, dir_fd, &draft->layers[i].digest, &draft->layers[i], (struct str){0}, e))
            return -1;
    return put_blob(w, dir_fd, &w->docs.config_digest, NULL, w->docs.config, e) ||
                   put_blob(w, dir_fd, &w->docs.manifest_digest, NULL, w->docs.manifest, e)
               ? -1
               : 0;
}

static int put_index(struct writing *w, int dir_fd, struct err *e)
{
    struct str old = {0}, index;
    struct stat st;
    if (fstatat(dir_fd, "index.json", &st, AT_SYMLINK_NOFOLLOW) == 0 &&
        sys_read_beneath(dir_fd, STR("index.json"), &w->a, LIMIT_JSON_BYTES, &old, e))
        return -1;
    if (documents_index(&w->a, old, w->draft, &w->docs, w->ref, w->full_name, &index, e))
        return -1;
    return put_file(dir_fd, STR("index.json"), index, e);
}

/* A folder of something else gets no blobs strewn into it. */
static int check_folder(int dir_fd, struct err *e)
{
    struct stat st;
    struct sys_walk *walk;
    struct sys_walk_entry entry;
    struct err ignored;
    if (fstatat(dir_fd, "oci-layout", &st, AT_SYMLINK_NOFOLLOW) == 0)
        return 0;
    if (sys_walk_begin(dir_fd, 1, &walk, e))
        return -1;
    bool empty =
        sys_walk_next(walk, &entry, &ignored) == 1 && sys_walk_next(walk, &entry, &ignored) == 0;
    sys_walk_end(walk);
    return empty ? 0
                 : err_set(e, ERR_USAGE,
                           "the folder is there, with something else than an OCI layout in it");
}

static int write_layout(struct writing *w, struct str path, struct err *e)
{
    FD_AUTO int dir_fd = -1;
    FD_AUTO int blobs_fd = -1;
    /* another shuck may be adding to the same layout: one at a time */
    if (sys_make_dir(path, e) || sys_open_dir(path, &dir_fd, e) || sys_lock(dir_fd, e) ||
        check_folder(dir_fd, e) || put_file(dir_fd, STR("oci-layout"), STR(DOCUMENTS_LAYOUT), e) ||
        sys_make_dir(str_fmt(&w->a, STR_F "/blobs/sha256", STR_A(path)), e) ||
        sys_open_beneath(dir_fd, STR("blobs/sha256"), O_RDONLY | O_DIRECTORY, 0, &blobs_fd, e))
        return -1;
    return put_blobs(w, blobs_fd, e) || put_index(w, dir_fd, e) ? -1 : 0;
}

/* ---- archives ---- */

static int tar_folder(struct tar_write *tar, struct str path, struct err *e)
{
    return tar_write_entry(tar,
                           &(struct image_entry){.type = ENTRY_DIR, .path = path, .mode = 0755}, e);
}

static int tar_file(struct tar_write *tar, struct str path, struct str text, struct err *e)
{
    struct image_entry entry = {.type = ENTRY_FILE, .path = path, .mode = 0644, .size = text.n};
    return tar_write_entry(tar, &entry, e) || tar_write_data(tar, text.p, text.n, e) ? -1 : 0;
}

static int tar_blob(struct writing *w, struct tar_write *tar, const struct image_blob *b,
                    struct err *e)
{
    char block[64 * 1024];
    struct image_entry entry = {.type = ENTRY_FILE,
                                .path = documents_blob_name(&w->a, &b->digest),
                                .mode = 0644,
                                .size = b->size};
    struct sys_range from = sys_range(b->fd, 0, b->size);
    ssize_t n;
    if (tar_write_entry(tar, &entry, e))
        return -1;
    while ((n = from.source.read(&from.source, block, sizeof block, e)) > 0)
        if (tar_write_data(tar, block, (size_t)n, e))
            return -1;
    return (int)n;
}

/* Equal layers (empty ones, mostly) share a blob, and an archive must not have a name twice. */
static bool is_repeated(const struct image_draft *draft, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (digest_eq(&draft->layers[k].digest, &draft->layers[i].digest))
            return true;
    return false;
}

static int tar_members(struct writing *w, struct tar_write *tar, bool docker, struct err *e)
{
    const struct image_draft *draft = w->draft;
    const struct documents *docs = &w->docs;
    struct str index;
    if (documents_index(&w->a, (struct str){0}, draft, docs, w->ref, w->full_name, &index, e) ||
        tar_folder(tar, STR("blobs"), e) || tar_folder(tar, STR("blobs/sha256"), e))
        return -1;
    for (size_t i = 0; i < draft->n_layers; i++)
        if (!is_repeated(draft, i) && tar_blob(w, tar, &draft->layers[i], e))
            return -1;
    if (tar_file(tar, documents_blob_name(&w->a, &docs->config_digest), docs->config, e) ||
        tar_file(tar, documents_blob_name(&w->a, &docs->manifest_digest), docs->manifest, e) ||
        tar_file(tar, STR("index.json"), index, e) ||
        (docker &&
         tar_file(tar, STR("manifest.json"), documents_docker(&w->a, draft, docs, w->ref), e)))
        return -1;
    return tar_file(tar, STR("oci-layout"), STR(DOCUMENTS_LAYOUT), e);
}

static int write_archive(struct writing *w, struct str path, bool docker, struct err *e)
{
    struct sys_atomic f;
    struct tar_write *tar;
    if (sys_atomic_begin(path, &f, e))
        return -1;
    struct sys_sink sink = sys_sink(f.fd);
    int rc = tar_write_begin(&sink.sink, &tar, e);
    if (!rc) {
        rc = tar_members(w, tar, docker, e);
        if (rc)
            tar_write_drop(tar);
        else
            rc = tar_write_end(tar, e);
    }
    if (rc) {
        sys_atomic_abort(&f);
        return -1;
    }
    return sys_atomic_commit(&f, e);
}

/* ---- */

static enum image_transport transport_of(const struct image_name *to)
{
    if (to->transport != IMAGE_AUTO)
        return to->transport;
    return str_ends(to->path, STR(".tar")) ? IMAGE_DOCKER_ARCHIVE : IMAGE_OCI;
}

/* "web" is "web:latest" where names have tags; the colon of "host:5000/web" starts none. */
static struct str with_tag(struct arena *a, struct str ref)
{
    size_t colon = str_rfind(ref, ':');
    bool tagged = colon < ref.n && str_find(str_from(ref, colon), '/') == ref.n - colon;
    return !ref.n || tagged ? ref : str_fmt(a, STR_F ":latest", STR_A(ref));
}

/* What docker load and its kin take: Docker 20 and older know no zstd. */
static int check_layers(const struct image_draft *draft, struct err *e)
{
    for (size_t i = 0; i < draft->n_layers; i++)
        if (draft->layers[i].compression == IMAGE_ZSTD)
            return err_set(e, ERR_USAGE,
                           "a docker-archive cannot hold zstd layers; take gzip, or write an OCI "
                           "layout");
    return 0;
}

static int no_way_to_write(struct err *e)
{
    return err_set(e, ERR_USAGE,
                   "an image is written as oci:DIR[:TAG], oci-archive:FILE[:TAG] or "
                   "docker-archive:FILE[:REF]");
}

static int write_to(struct writing *w, const struct image_name *to, struct err *e)
{
    w->ref = to->ref;
    switch (transport_of(to)) {
    case IMAGE_OCI:
        return write_layout(w, to->path, e);
    case IMAGE_OCI_ARCHIVE:
        return write_archive(w, to->path, false, e);
    case IMAGE_DOCKER_ARCHIVE:
        w->full_name = true;
        w->ref = with_tag(&w->a, to->ref);
        if (check_layers(w->draft, e))
            return -1;
        return write_archive(w, to->path, true, e);
    default:
        return no_way_to_write(e);
    }
}

static int can_write_layout(struct str path, struct err *e)
{
    FD_AUTO int dir_fd = -1;
    if (!sys_exists(path))
        return 0; /* made with its parents, in its time */
    return sys_open_dir(path, &dir_fd, e) || check_folder(dir_fd, e) ? -1 : 0;
}

static int can_write_archive(struct str path, struct err *e)
{
    struct sys_atomic f;
    if (sys_atomic_begin(path, &f, e))
        return -1;
    sys_atomic_abort(&f);
    return 0;
}

int image_can_write(const struct image_name *to, struct err *e)
{
    struct arena a = {0};
    enum image_transport transport = transport_of(to);
    int rc;
    if (transport == IMAGE_OCI)
        rc = can_write_layout(to->path, e);
    else if (transport == IMAGE_OCI_ARCHIVE || transport == IMAGE_DOCKER_ARCHIVE)
        rc = can_write_archive(to->path, e);
    else
        rc = no_way_to_write(e);
    if (rc)
        err_wrap(e, "writing " STR_F, STR_A(image_name_text(&a, to)));
    arena_free(&a);
    return rc;
}

int image_write(const struct image_name *to, const struct image_draft *draft,
                struct digest *manifest_digest, struct err *e)
{
    struct writing w = {.draft = draft};
    int rc = documents_make(&w.a, draft, &w.docs, e) || write_to(&w, to, e) ? -1 : 0;
    if (rc)
        err_wrap(e, "writing " STR_F, STR_A(image_name_text(&w.a, to)));
    if (!rc && manifest_digest)
        *manifest_digest = w.docs.manifest_digest;
    arena_free(&w.a);
    return rc;
}
