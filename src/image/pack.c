/* pack: a root file system → an image of one layer.
 *
 * Invariants
 * 1. Two folders with the same names, contents, owners, modes and links give the same image,
 *    whatever their times. (image.t: pack is reproducible)
 */
#include "image/pack.h"

#include <time.h>

#include "base/json.h"
#include "image/inflate.h"
#include "image/opening.h"
#include "image/reader.h"

int pack_platform(struct arena *a, struct str text, struct image_platform *ret, struct err *e)
{
    struct image_platform p = image_machine();
    struct str rest;
    if (text.n) {
        p = (struct image_platform){0};
        str_cut(text, '/', &p.os, &rest);
        str_cut(rest, '/', &p.arch, &p.variant);
        if (!p.os.n || !p.arch.n || str_find(p.variant, '/') < p.variant.n)
            return err_set(e, ERR_USAGE,
                           "a platform is OS/ARCH[/VARIANT], as linux/arm64, not \"" STR_F "\"",
                           STR_A(text));
    }
    p.os = str_dup(a, p.os);
    p.arch = str_dup(a, p.arch);
    p.variant = str_dup(a, p.variant);
    *ret = p;
    return 0;
}

int pack_time(struct str text, int64_t *ret, struct err *e)
{
    uint64_t seconds;
    struct tm tm = {0};
    char buf[32] = {0};
    if (str_u64(text, 10, &seconds) == 0 && seconds <= INT32_MAX * 100ull) {
        *ret = (int64_t)seconds;
        return 0;
    }
    if (text.n < sizeof buf) {
        memcpy(buf, text.p, text.n);
        const char *end = strptime(buf, "%Y-%m-%dT%H:%M:%SZ", &tm);
        if (end && !*end) {
            *ret = timegm(&tm);
            return 0;
        }
    }
    return err_set(e, ERR_USAGE,
                   "a time is seconds since 1970 or as 2026-01-31T12:00:00Z, not \"" STR_F "\"",
                   STR_A(text));
}

static struct str time_text(struct arena *a, int64_t seconds)
{
    struct tm tm;
    time_t t = (time_t)seconds;
    char buf[64];
    gmtime_r(&t, &tm);
    return str_dup0(a, (struct str){buf, strftime(buf, sizeof buf, "%Y-%m-%dT%H:%M:%SZ", &tm)});
}

/* What the entries come from. */
struct origin {
    struct store_span span; /* of a tar */
    struct sys_range range;
    int dir_fd;
    struct image_reader *reader;
};

static void origin_close(struct origin *o)
{
    image_layer_close(o->reader);
    store_span_close(&o->span);
    sys_fd_close(&o->dir_fd);
}

static int open_tar(struct origin *o, struct str path, uint64_t size, struct err *e)
{
    unsigned char magic[6];
    enum image_compression compression;
    size_t n = size < sizeof magic ? (size_t)size : sizeof magic;
    struct reader_expect any = {.image = path, .stored = size};
    o->span.owned = true;
    if (sys_open_read(path, &o->span.fd, e))
        return -1;
    struct sys_range head = sys_range(o->span.fd, 0, n);
    if (source_read_full(&head.source, magic, n, e) || inflate_recognise(magic, n, &compression, e))
        return err_wrap(e, STR_F, STR_A(path));
    o->range = sys_range(o->span.fd, 0, size);
    return reader_tar(&o->range.source, compression, &any, &o->reader, e);
}

static int origin_open(struct origin *o, struct str path, struct err *e)
{
    struct stat st;
    *o = (struct origin){.span = {.fd = -1}, .dir_fd = -1};
    if (sys_stat(path, &st, e))
        return -1;
    if (S_ISREG(st.st_mode))
        return open_tar(o, path, (uint64_t)st.st_size, e);
    if (!S_ISDIR(st.st_mode))
        return err_set(e, ERR_INPUT, STR_F " is neither a folder nor a tar", STR_A(path));
    return sys_open_dir(path, &o->dir_fd, e) || reader_folder(o->dir_fd, path, NULL, &o->reader, e)
               ? -1
               : 0;
}

static int check_name(struct str path, struct err *e)
{
    size_t slash = str_rfind(path, '/');
    struct str name = slash < path.n ? str_from(path, slash + 1) : path;
    if (str_starts(name, STR(".wh.")))
        return err_set(e, ERR_INPUT,
                       "\"" STR_F "\": in a layer, a name that begins with .wh. deletes another "
                       "file; rename it",
                       STR_A(path));
    return 0;
}

static int copy_entry(struct origin *o, const struct pack *p, struct image_entry *entry,
                      struct image_layer_writer *w, struct err *e)
{
    const void *block;
    ssize_t n;
    if (p->clamp && entry->mtime > p->created)
        entry->mtime = p->created;
    if (check_name(entry->path, e) || image_layer_entry(w, entry, e))
        return -1;
    if (entry->type != ENTRY_FILE)
        return 0;
    while ((n = image_block(o->reader, &block, e)) > 0)
        if (image_layer_data(w, block, (size_t)n, e))
            return -1;
    return (int)n;
}

static int copy_entries(struct origin *o, const struct pack *p, struct image_layer_writer *w,
                        struct pack_result *ret, struct err *e)
{
    struct image_entry entry;
    int rc;
    while ((rc = image_next(o->reader, &entry, e)) > 0) {
        if (!entry.path.n && o->dir_fd >= 0)
            continue; /* a folder's own mode is that of a place to work in, not of a root */
        if (copy_entry(o, p, &entry, w, e))
            return -1;
        ret->n_entries++;
    }
    ret->n_sockets = o->reader->n_sockets;
    return rc;
}

static int make_layer(const struct pack *p, struct image_blob *blob, struct pack_result *ret,
                      struct err *e)
{
    struct origin o;
    struct image_layer_writer *w = NULL;
    int rc = origin_open(&o, p->from, e) || image_layer_begin(p->compression, &w, e) ||
             copy_entries(&o, p, w, ret, e);
    if (rc)
        image_layer_drop(w);
    else
        rc = image_layer_end(w, blob, e);
    origin_close(&o);
    return rc ? -1 : 0;
}

static int make_config(struct arena *a, const struct pack *p, struct digest *diff_id,
                       struct str *ret, struct err *e)
{
    const struct image_platform *f = &p->platform;
    struct image_config_edit edit = p->edit;
    struct image_history history = {.created = time_text(a, p->created),
                                    .created_by = STR("shuck pack")};
    JSON_AUTO json_t *j = json_object();
    edit.created = history.created;
    edit.diff_ids = diff_id;
    edit.n_diff_ids = 1;
    edit.history = &history;
    edit.n_history = 1;
    json_object_set_new(j, "created", json_null()); /* keeps the place the specification shows */
    json_object_set_new(j, "architecture", json_text(f->arch));
    if (f->variant.n)
        json_object_set_new(j, "variant", json_text(f->variant));
    json_object_set_new(j, "os", json_text(f->os));
    return image_config_write(a, json_write(a, j, 0), &edit, ret, e);
}

int pack_write(const struct pack *p, const struct image_name *to, struct pack_result *ret,
               struct err *e)
{
    struct arena a = {0};
    struct pack_result result = {0};
    struct image_blob blob = {.fd = -1};
    struct image_draft draft = {.platform = p->platform, .layers = &blob, .n_layers = 1};
    int rc = make_layer(p, &blob, &result, e) ||
                     make_config(&a, p, &blob.diff_id, &draft.config_bytes, e) ||
                     image_write(to, &draft, &result.manifest, e)
                 ? -1
                 : 0;
    result.layer_bytes = blob.size;
    if (!rc)
        *ret = result;
    image_blob_close(&blob);
    arena_free(&a);
    return rc;
}
