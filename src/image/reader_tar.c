/* reader_tar: a layer's stored bytes → entries.
 *
 * POSIX.1-2001 pax and ustar, GNU and old tar, by libarchive. The C locale makes libarchive pass
 * names through as bytes.
 *
 * Invariants
 * 1. No path or hard link target leaves the root. (test_reader_tar: escape)
 * 2. The end is reported only after all stored bytes were read and both digests were right.
 *    (test_reader_tar: digests)
 * 3. libarchive's memory for one entry is bounded by LIMIT_HEADER_BYTES. (test_reader_tar: sparse)
 *
 * Data is never copied before image_read(): a block is looked at where it was hashed.
 */
#include "image/reader.h"

#include <errno.h>
#include <inttypes.h>

#include "base/late_archive.h"
#include "base/limits.h"
#include "image/ahead.h"
#include "image/path.h"

/* Stored bytes of a layer for which a thread of its own pays. */
enum { AHEAD_FROM = 1 << 20 };

struct tar_reader {
    struct image_reader reader;
    struct arena a;
    struct ahead *in;
    struct reader_expect expect;
    struct archive *ar;
    struct err feed_err; /* why libarchive got no more bytes */
    bool feed_failed, over;
    const unsigned char *fed; /* the last block libarchive was given, and the sum of all */
    size_t n_fed;
    uint64_t n_fed_all;
    uint64_t header_from; /* n_fed_all where the current header began; UINT64_MAX outside one */
    uint64_t ordinal, claimed; /* entries, and the sum of their sizes */
    uint64_t at, size;         /* in the current entry's data */
    const unsigned char *block;
    size_t n_block;
    uint64_t block_at; /* where in the file the block belongs: sparse files have holes before */
    bool block_ended;
    char path[LIMIT_PATH_BYTES], link[LIMIT_PATH_BYTES];
    struct image_xattr xattrs[LIMIT_XATTRS];
};

static const unsigned char zeros[64 * 1024];

static la_ssize_t feed(struct archive *ar, void *ctx, const void **block)
{
    struct tar_reader *r = ctx;
    ssize_t n = -1;
    if (r->n_fed_all > r->header_from && r->n_fed_all - r->header_from > LIMIT_HEADER_BYTES)
        err_set(&r->feed_err, ERR_INPUT,
                "entry %" PRIu64 " has more than %d MiB of headers, the most that are read",
                r->ordinal, LIMIT_HEADER_BYTES >> 20);
    else
        n = ahead_block(r->in, block, &r->feed_err);
    if (n < 0) {
        r->feed_failed = true;
        archive_set_error(ar, EIO, "%s", r->feed_err.text);
        return ARCHIVE_FATAL;
    }
    r->fed = *block;
    r->n_fed = (size_t)n;
    r->n_fed_all += (size_t)n;
    return n;
}

static int in_layer(const struct tar_reader *r, struct err *e)
{
    if (!r->expect.image.n)
        return err_wrap(e, "layer %zu", r->expect.layer);
    return err_wrap(e, STR_F ": layer %zu", STR_A(r->expect.image), r->expect.layer);
}

static int in_entry(const struct tar_reader *r, struct str path, struct err *e)
{
    err_wrap(e, "entry %" PRIu64 " \"" STR_F "\"", r->ordinal, STR_A(str_slice(path, 0, 300)));
    return in_layer(r, e);
}

/* libarchive's failure, or the reason it was given no bytes. */
static int broken(struct tar_reader *r, struct err *e)
{
    const char *text = archive_error_string(r->ar);
    if (r->feed_failed)
        *e = r->feed_err;
    else
        err_set(e, ERR_INPUT, "after entry %" PRIu64 ": %s", r->ordinal,
                text ? text : "the tar data is damaged");
    return in_layer(r, e);
}

static bool all_zero(const unsigned char *p, size_t n)
{
    return !n || (p[0] == 0 && memcmp(p, p + 1, n - 1) == 0);
}

/* Archives end in zero blocks. Anything else there would be content that no tool shows. */
static int drain(struct tar_reader *r, struct err *e)
{
    uint64_t unread = r->n_fed_all - (uint64_t)archive_filter_bytes(r->ar, 0);
    ssize_t n = unread < r->n_fed ? (ssize_t)unread : (ssize_t)r->n_fed;
    const void *block = r->fed + (r->n_fed - (size_t)n);
    do {
        if (!all_zero(block, (size_t)n))
            return err_set(e, ERR_INPUT, "data follows the end of the tar archive");
        n = ahead_block(r->in, &block, e);
    } while (n > 0);
    return (int)n;
}

static int compare(struct arena *a, const char *what, const struct digest *want,
                   const struct digest *got, struct err *e)
{
    if (!want || digest_eq(want, got))
        return 0;
    return err_set(e, ERR_INPUT, "%s is " STR_F ", not the promised " STR_F, what,
                   STR_A(digest_text(a, got)), STR_A(digest_text(a, want)));
}

static int finish(struct tar_reader *r, struct err *e)
{
    r->over = true;
    if (drain(r, e))
        return in_layer(r, e);
    struct inflate_sums sums = inflate_end(ahead_end(r->in));
    r->in = NULL;
    if (compare(&r->a, "digest", r->expect.blob, &sums.stored, e) ||
        compare(&r->a, "diff id", r->expect.diff_id, &sums.plain, e))
        return in_layer(r, e);
    return 0;
}

static int take_xattrs(struct tar_reader *r, struct archive_entry *entry, struct image_entry *ret,
                       struct err *e)
{
    const char *name;
    const void *value;
    size_t n, bytes = 0;
    archive_entry_xattr_reset(entry);
    while (archive_entry_xattr_next(entry, &name, &value, &n) == ARCHIVE_OK) {
        bytes += strlen(name) + n;
        if (ret->n_xattrs == LIMIT_XATTRS || bytes > LIMIT_XATTR_BYTES)
            return err_set(e, ERR_INPUT,
                           "has too many extended attributes; %d of together %d bytes are read",
                           LIMIT_XATTRS, LIMIT_XATTR_BYTES);
        r->xattrs[ret->n_xattrs++] = (struct image_xattr){str_of(name), {value, n}};
    }
    ret->xattrs = r->xattrs;
    return 0;
}

static int take_size(struct tar_reader *r, struct archive_entry *entry, struct image_entry *ret,
                     struct err *e)
{
    int64_t size = archive_entry_size(entry);
    if (size < 0 || (uint64_t)size > LIMIT_FILE_BYTES)
        return err_set(e, ERR_INPUT, "claims %" PRId64 " bytes; a file may have %llu GiB", size,
                       LIMIT_FILE_BYTES >> 30);
    /* holes of sparse files cost nothing in the layer, so they are a bomb of their own */
    r->claimed += (uint64_t)size;
    if (r->claimed > LIMIT_LAYER_BYTES ||
        (r->claimed > LIMIT_BOMB_FROM && r->claimed / LIMIT_BOMB_RATIO > r->expect.stored))
        return err_set(e, ERR_INPUT,
                       "brings the layer's files to %" PRIu64 " bytes, from %" PRIu64
                       " stored ones: a decompression bomb",
                       r->claimed, r->expect.stored);
    ret->size = r->size = (uint64_t)size;
    return 0;
}

static int take_type(struct archive_entry *entry, struct image_entry *ret, struct err *e)
{
    static const struct {
        unsigned type;
        enum image_entry_type is;
    } types[] = {
        {AE_IFREG, ENTRY_FILE}, {AE_IFDIR, ENTRY_DIR},   {AE_IFLNK, ENTRY_SYMLINK},
        {AE_IFCHR, ENTRY_CHAR}, {AE_IFBLK, ENTRY_BLOCK}, {AE_IFIFO, ENTRY_FIFO},
    };
    if (archive_entry_hardlink(entry)) {
        ret->type = ENTRY_HARDLINK;
        return 0;
    }
    unsigned type = archive_entry_filetype(entry);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (types[i].type == type) {
            ret->type = types[i].is;
            return 0;
        }
    }
    return err_set(e, ERR_INPUT, "is of no type that a root file system has (0%o)", type);
}

static int take_id(int64_t id, const char *what, uint32_t *ret, struct err *e)
{
    if (id < 0 || id >= UINT32_MAX)
        return err_set(e, ERR_INPUT, "has %s %" PRId64 ", which Linux cannot have", what, id);
    *ret = (uint32_t)id;
    return 0;
}

static int take_entry(struct tar_reader *r, struct archive_entry *entry, struct image_entry *ret,
                      struct err *e)
{
    if (path_clean(str_of(archive_entry_pathname(entry)), r->path, &ret->path, e) ||
        take_type(entry, ret, e) || take_xattrs(r, entry, ret, e) ||
        take_id(archive_entry_uid(entry), "user id", &ret->uid, e) ||
        take_id(archive_entry_gid(entry), "group id", &ret->gid, e))
        return -1;
    if (!ret->path.n && ret->type != ENTRY_DIR)
        return err_set(e, ERR_INPUT, "is the root, but not a folder");
    if (ret->type == ENTRY_HARDLINK &&
        path_clean(str_of(archive_entry_hardlink(entry)), r->link, &ret->link, e))
        return err_wrap(e, "hard link");
    if (ret->type == ENTRY_SYMLINK)
        ret->link = str_of(archive_entry_symlink(entry));
    if (ret->link.n >= LIMIT_PATH_BYTES)
        return err_set(e, ERR_INPUT, "has a link target of %zu bytes; at most %d are possible",
                       ret->link.n, LIMIT_PATH_BYTES - 1);
    if (ret->type == ENTRY_FILE && take_size(r, entry, ret, e))
        return -1;
    if (ret->type == ENTRY_CHAR || ret->type == ENTRY_BLOCK) {
        ret->dev_major = (uint32_t)archive_entry_rdevmajor(entry);
        ret->dev_minor = (uint32_t)archive_entry_rdevminor(entry);
    }
    ret->mode = archive_entry_mode(entry) & 07777;
    ret->mtime = archive_entry_mtime(entry);
    return 0;
}

/* Names that are no UTF-8, or that C's locale cannot show, arrive as the bytes they are, with a
 * warning. Any other warning is of damage that readers mend in different ways. */
static bool harmless(struct archive *ar)
{
    const char *text = archive_error_string(ar);
    return text && strstr(text, "can't be converted");
}

static int next(struct image_reader *reader, struct image_entry *ret, struct err *e)
{
    struct tar_reader *r = (struct tar_reader *)reader;
    struct image_entry got = {0};
    struct archive_entry *entry;
    if (r->over)
        return 0;
    r->at = r->size = r->n_block = r->block_at = 0;
    r->block_ended = false;
    if (r->ordinal && archive_read_data_skip(r->ar) != ARCHIVE_OK)
        return broken(r, e);
    r->header_from = r->n_fed_all;
    int rc = archive_read_next_header(r->ar, &entry);
    r->header_from = UINT64_MAX;
    if (rc == ARCHIVE_EOF)
        return finish(r, e);
    if (rc != ARCHIVE_OK && !(rc == ARCHIVE_WARN && harmless(r->ar)))
        return broken(r, e);
    if (r->ordinal >= LIMIT_LAYER_ENTRIES) {
        err_set(e, ERR_INPUT, "has more than %d entries, the most that are read",
                LIMIT_LAYER_ENTRIES);
        return in_layer(r, e);
    }
    if (take_entry(r, entry, &got, e))
        return in_entry(r, str_of(archive_entry_pathname(entry)), e);
    got.ordinal = r->ordinal++;
    *ret = got;
    return 1;
}

static int set_block(struct tar_reader *r, const void *p, size_t n, int64_t at, struct err *e)
{
    if (at < (int64_t)r->at || (uint64_t)at > r->size || n > r->size - (uint64_t)at)
        return err_set(e, ERR_INPUT, "entry %" PRIu64 " has sparse data out of place",
                       r->ordinal - 1);
    r->block = p;
    r->n_block = n;
    r->block_at = (uint64_t)at;
    return 0;
}

/* Gets the next block of data, or of the hole before it. */
static ssize_t block(struct image_reader *reader, const void **ret, struct err *e)
{
    struct tar_reader *r = (struct tar_reader *)reader;
    while (!r->n_block && !r->block_ended && r->at < r->size) {
        const void *p;
        size_t n;
        la_int64_t at;
        int rc = archive_read_data_block(r->ar, &p, &n, &at);
        if (rc == ARCHIVE_EOF)
            r->block_ended = true;
        else if (rc != ARCHIVE_OK)
            return broken(r, e);
        else if (set_block(r, p, n, at, e))
            return in_layer(r, e);
    }
    uint64_t hole = (r->n_block ? r->block_at : r->size) - r->at;
    size_t n = r->n_block;
    if (hole) {
        n = hole < sizeof zeros ? (size_t)hole : sizeof zeros;
        *ret = zeros;
    } else {
        *ret = r->block;
        r->n_block = 0;
    }
    r->at += n;
    return (ssize_t)n;
}

static void close_reader(struct image_reader *reader)
{
    struct tar_reader *r = (struct tar_reader *)reader;
    archive_read_free(r->ar);
    inflate_drop(ahead_end(r->in));
    struct arena a = r->a; /* r lives in it */
    arena_free(&a);
}

int reader_tar(struct source *from, enum image_compression compression,
               const struct reader_expect *expect, struct image_reader **ret, struct err *e)
{
    struct arena a = {0};
    if (late_archive_load(e))
        return -1;
    struct tar_reader *r = arena_new(&a, struct tar_reader);
    r->reader = (struct image_reader){.next = next, .block = block, .close = close_reader};
    r->a = a;
    r->expect = *expect;
    r->header_from = UINT64_MAX;
    r->fed = zeros;
    bool large = expect->stored >= AHEAD_FROM;
    r->in = ahead_begin(inflate_begin(from, compression), large);
    r->ar = archive_read_new();
    if (!r->ar || archive_read_support_format_tar(r->ar) != ARCHIVE_OK ||
        archive_read_support_format_empty(r->ar) != ARCHIVE_OK ||
        archive_read_open(r->ar, r, NULL, feed, NULL) != ARCHIVE_OK) {
        int rc = r->ar ? broken(r, e) : err_set(e, ERR_MACHINE, "no memory for libarchive");
        close_reader(&r->reader);
        return rc;
    }
    *ret = &r->reader;
    return 0;
}
