/* image: a container image in any of the ecosystem's shapes, opened for reading.
 *
 * Follows the OCI image specification 1.1 (image-layout, manifest, index, config, layer), and
 * Docker's image specification v1.2 and distribution manifest v2 schema 2 where they differ.
 *
 * Every digest is checked when its bytes are read: index → manifest → config → layer blob → diff
 * id. All strings belong to the arena given to image_open(). */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include "base/digest.h"
#include "base/source.h"
#include "base/vec.h"

enum image_transport {
    IMAGE_AUTO,           /* a bare path, recognised by what it holds; or a bare name */
    IMAGE_DOCKER_ARCHIVE, /* docker-archive:FILE[:REF], what `docker save` writes */
    IMAGE_OCI,            /* oci:DIR[:TAG] */
    IMAGE_OCI_ARCHIVE,    /* oci-archive:FILE[:TAG], a tar of the layout */
    IMAGE_DIR,            /* dir:ROOTFS, an unpacked root file system */
    IMAGE_DOCKER_DAEMON,  /* docker-daemon:REF */
    IMAGE_REGISTRY,       /* docker://REF */
    IMAGE_STORAGE,        /* containers-storage:REF, podman's and buildah's images */
};

struct image_name {
    enum image_transport transport;
    struct str path; /* FILE, DIR or ROOTFS; REF of a daemon, storage or registry */
    struct str ref;  /* REF or TAG; empty when not given */
    void (*progress)(struct str line); /* told while an image is fetched; NULL: nobody */
};

/* "oci:out:v1" → {IMAGE_OCI, "out", "v1"}. Looks at the text only. ERR_USAGE with the known forms.
 */
int image_name_parse(struct arena *a, struct str text, struct image_name *ret,
                     struct err *e) MUST_USE;
struct str image_name_text(struct arena *a, const struct image_name *name);

struct image_platform {
    struct str os, arch, variant; /* OCI names: linux, amd64, arm64 with v8 */
};

/* The platform of this machine; arch is empty when it has no OCI name. */
struct image_platform image_machine(void);

struct image_healthcheck {
    bool set;                                /* the config has one */
    struct strs test;                        /* {"NONE"}, {"CMD", …} or {"CMD-SHELL", "…"} */
    int64_t interval, timeout, start_period; /* nanoseconds; 0 is the default */
    int64_t retries;
};

struct image_history {
    struct str created, created_by, author, comment;
    bool empty_layer;
};

/* The config as execution sees it (OCI config.md, Docker's additions). */
struct image_config {
    struct image_platform platform;
    struct str user, workdir, stop_signal, created, author;
    struct strs env, entrypoint, cmd, shell;
    struct strs exposed_ports; /* "80/tcp" */
    struct strs volumes;
    struct strs onbuild;
    struct str_pairs labels;
    struct image_healthcheck healthcheck;
    struct image_history *history;
    size_t n_history;
    struct digest *diff_ids;
    size_t n_diff_ids;
};

/* Pure: config bytes → values. ERR_INPUT with the key or the position. */
int image_config_read(struct str bytes, struct arena *a, struct image_config *ret,
                      struct err *e) MUST_USE;

enum image_compression { IMAGE_PLAIN, IMAGE_GZIP, IMAGE_ZSTD };

struct image_layer {
    struct digest blob, diff_id; /* blob: of the stored bytes; zero where nothing tells it
                                    (docker-archive with compressed layers). dir: both zero */
    struct str media_type;
    enum image_compression compression;
    uint64_t size;         /* stored bytes */
    struct str created_by; /* its line of history, or empty when history does not fit the layers */
};

/* What was left out of a folder: it may be alive, and not all of it ours to read. */
enum image_gap_kind {
    IMAGE_GAP_MOUNTS,  /* other file systems: /proc, /sys, what else is mounted below it */
    IMAGE_GAP_DENIED,  /* may not be read */
    IMAGE_GAP_CHANGED, /* became shorter or failed while it was read: its end reads as zeros */
    IMAGE_GAP_GONE,    /* vanished meanwhile */
    IMAGE_GAP_HOLES,   /* files of mostly holes, or over LIMIT_FILE_BYTES: their contents */
    IMAGE_GAP_SOCKETS,
    IMAGE_GAP_NAMES, /* ".wh.…" would delete in a layer */
    IMAGE_GAPS
};
struct image_gap {
    size_t n;
    struct strs first; /* paths, IMAGE_GAP_PATHS at most */
};
enum { IMAGE_GAP_PATHS = 6 };
struct image_gaps {
    struct arena *a;
    struct image_gap v[IMAGE_GAPS];
};

struct image {
    struct image_name name; /* with the transport it turned out to be */
    struct str manifest;    /* raw bytes; empty for docker-archive and dir */
    struct digest manifest_digest;
    struct str config_bytes; /* raw; made up for dir */
    struct digest config_digest;
    struct image_config config;
    struct str_pairs annotations;
    struct strs refs;       /* names it carries: RepoTags or org.opencontainers.image.ref.name */
    struct strs signatures; /* what lies beside it and says that it signs it; not verified */
    bool signatures_sought; /* a layout has room for them; other archives have none */
    struct image_layer *layers; /* lowest first */
    size_t n_layers;
    struct image_gaps *gaps; /* of a folder, known when its layer was read to the end; else NULL */
    struct image_backend *backend; /* open descriptors; private */
};

/* Opens an image and reads its manifest and config, not its layers. want may be NULL: the only
 * platform there is, else linux on this machine's own; another than what exists is ERR_INPUT that
 * lists what does. An image whose layers are more or fewer than its diff ids is refused. */
int image_open(struct arena *a, const struct image_name *name, const struct image_platform *want,
               struct image **ret, struct err *e) MUST_USE;
void image_close(struct image *image); /* NULL is fine */

/* A random-access-free handle on one layer's content; layers may be read in parallel by threads. */
struct image_reader;

enum image_entry_type {
    ENTRY_FILE,
    ENTRY_DIR,
    ENTRY_SYMLINK,
    ENTRY_HARDLINK,
    ENTRY_CHAR,
    ENTRY_BLOCK,
    ENTRY_FIFO
};

struct image_xattr {
    struct str name, value; /* "security.capability", raw bytes */
};

/* One entry of a layer, valid until the next image_next(). */
struct image_entry {
    enum image_entry_type type;
    struct str path; /* relative, clean: no leading '/', no "." or ".." component, no double '/';
                        empty is the root folder. Whiteouts are still ".wh.…" names. */
    uint32_t mode;   /* permission bits with setuid, setgid, sticky: 07777 */
    uint32_t uid, gid;
    uint64_t size;   /* of a regular file's data */
    int64_t mtime;   /* seconds */
    struct str link; /* target of a symlink as it stands; of a hard link, a clean path */
    uint32_t dev_major, dev_minor;
    struct image_xattr *xattrs;
    size_t n_xattrs;
    uint64_t ordinal; /* 0, 1, … in the layer */
    bool unread;      /* a file of a folder whose bytes cannot be had: image_block() has none */
};

int image_layer_open(const struct image *image, size_t layer, struct image_reader **ret,
                     struct err *e) MUST_USE;
/* 1 and *ret filled; 0 at the end, when blob digest, size and diff id have been found right; −1.
 * Paths that leave the root, or that are too long or too deep, are ERR_INPUT naming layer and
 * entry. */
int image_next(struct image_reader *r, struct image_entry *ret, struct err *e) MUST_USE;
/* Data of the entry just returned, up to n bytes; 0 at its end. What is not read is skipped. */
ssize_t image_read(struct image_reader *r, void *to, size_t n, struct err *e) MUST_USE;
/* The same without a copy: the next bytes where they lie, valid until the next call. */
ssize_t image_block(struct image_reader *r, const void **ret, struct err *e) MUST_USE;
void image_layer_close(struct image_reader *r); /* NULL is fine; checks nothing */

/* Which bytes on this machine a layer is stored in: as long as this does not change, nor do they
 * (but for one who sets the clock back). False for a folder, and for what has no name. */
struct image_identity {
    uint64_t dev, ino, size;   /* of the file */
    int64_t modified, changed; /* its mtime and ctime, nanoseconds since 1970-01-01 */
    uint64_t at, n;            /* the bytes of it */
};
bool image_layer_identity(const struct image *image, size_t layer, struct image_identity *ret);

#endif
