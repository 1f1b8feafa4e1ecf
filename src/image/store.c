/* store: a path → named blobs.
 *
 * Invariants
 * 1. A folder's files are opened without following symlinks; what is no regular file is refused.
 *    (test_image_open: shape)
 * 2. An archive is read by its index alone; a member's bytes are where the index says, inside the
 *    archive. A name that occurs twice is refused: two readers could see two images.
 *    (test_image_open: docker)
 * 3. A link between members stays in the archive and is followed LIMIT_SYMLINKS times.
 *    (test_image_open: docker)
 */
#include "image/store.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/late_archive.h"
#include "base/limits.h"
#include "image/inflate.h"
#include "image/path.h"

struct store_member {
    uint64_t at, n;
    struct str link; /* raw target, when the member is a link */
    bool is_link, is_hard;
};

/* What libarchive reads the archive's headers through. */
struct index_reader {
    uint64_t size;
    struct sys_range range;
    size_t header; /* bytes read for the current one: maps of sparse files cost memory */
    struct err err;
    char block[16 * 1024]; /* headers are 512 bytes, with large members between them */
};

static la_ssize_t index_read(struct archive *ar, void *ctx, const void **block)
{
    struct index_reader *r = ctx;
    ssize_t got = -1;
    if (r->header > LIMIT_HEADER_BYTES)
        err_set(&r->err, ERR_INPUT, "a member has more than %d MiB of headers",
                LIMIT_HEADER_BYTES >> 20);
    else
        got = r->range.source.read(&r->range.source, r->block, sizeof r->block, &r->err);
    r->header += got > 0 ? (size_t)got : 0;
    *block = r->block;
    if (got < 0)
        archive_set_error(ar, EIO, "%s", r->err.text);
    return got < 0 ? ARCHIVE_FATAL : got;
}

static la_int64_t index_skip(struct archive *ar, void *ctx, la_int64_t n)
{
    (void)ar;
    struct index_reader *r = ctx;
    uint64_t left = r->range.end - r->range.at;
    uint64_t skip = (uint64_t)n < left ? (uint64_t)n : left;
    r->range.at += skip;
    return (la_int64_t)skip;
}

static int add_member(struct store *s, struct archive *ar, struct archive_entry *entry,
                      uint64_t size, struct err *e)
{
    char path[LIMIT_PATH_BYTES];
    struct str name;
    struct arena *a = s->members.a;
    if (path_clean(str_of(archive_entry_pathname(entry)), path, &name, e))
        return -1;
    struct store_member m = {0};
    const char *hard = archive_entry_hardlink(entry);
    const char *soft = archive_entry_symlink(entry);
    if (hard || soft) {
        m.is_link = true;
        m.is_hard = hard != NULL;
        m.link = str_dup0(a, str_of(hard ? hard : soft));
    } else if (archive_entry_filetype(entry) != AE_IFREG) {
        return 0;
    } else if (archive_entry_sparse_reset(entry) > 0) {
        return err_set(e, ERR_INPUT, "is stored as a sparse file, which is not read here");
    }
    m.at = (uint64_t)archive_filter_bytes(ar, 0);
    m.n = m.is_link ? 0 : (uint64_t)archive_entry_size(entry);
    if (m.at > size || m.n > size - m.at)
        return err_set(e, ERR_INPUT,
                       "is cut off: it needs %" PRIu64 " bytes from byte %" PRIu64
                       " on, the archive has %" PRIu64,
                       m.n, m.at, size);
    if (map_has(&s->members, name))
        return err_set(e, ERR_INPUT, "occurs twice; which one counts would be a guess");
    if (s->members.n >= LIMIT_MEMBERS)
        return err_set(e, ERR_INPUT, "is one too many: at most %d members are read", LIMIT_MEMBERS);
    struct store_member *kept = arena_new(a, struct store_member);
    *kept = m;
    *map_at(&s->members, str_dup0(a, name)) = kept;
    return 0;
}

static int read_headers(struct store *s, struct archive *ar, struct index_reader *r, struct err *e)
{
    if (archive_read_support_format_tar(ar) != ARCHIVE_OK ||
        archive_read_set_read_callback(ar, index_read) != ARCHIVE_OK ||
        archive_read_set_skip_callback(ar, index_skip) != ARCHIVE_OK ||
        archive_read_set_callback_data(ar, r) != ARCHIVE_OK)
        return err_set(e, ERR_MACHINE, "libarchive: %s", archive_error_string(ar));
    struct archive_entry *entry;
    int rc = archive_read_open1(ar);
    while (rc == ARCHIVE_OK && (rc = archive_read_next_header(ar, &entry)) == ARCHIVE_OK) {
        r->header = 0;
        if (add_member(s, ar, entry, r->size, e))
            return err_wrap(e, "member \"%s\"", archive_entry_pathname(entry));
    }
    if (rc != ARCHIVE_EOF)
        return err_set(e, ERR_INPUT, "is no tar archive, or a damaged one: %s",
                       archive_error_string(ar));
    return 0;
}

static int make_index(struct arena *a, struct store *s, uint64_t size, struct err *e)
{
    struct arena scratch = {0};
    if (late_archive_load(e))
        return -1;
    struct index_reader *r = arena_new(&scratch, struct index_reader);
    r->size = size;
    r->range = sys_range(s->fd, 0, size);
    s->members.a = a;
    struct archive *ar = archive_read_new();
    int rc = ar ? read_headers(s, ar, r, e) : err_set(e, ERR_MACHINE, "no memory for libarchive");
    archive_read_free(ar);
    arena_free(&scratch);
    return rc;
}

/* A compressed archive has no random access: its tar goes into an unnamed temporary file. */
static int spool(int *fd, uint64_t *size, enum image_compression compression, struct err *e)
{
    FD_AUTO int to = -1;
    if (sys_tmpfile(&to, e))
        return -1;
    struct sys_range from = sys_range(*fd, 0, *size);
    struct inflate *in = inflate_begin(&from.source, compression);
    struct arena scratch = {0};
    void *block = arena_alloc(&scratch, INFLATE_BLOCK);
    uint64_t total = 0;
    ssize_t n;
    while ((n = inflate_block(in, block, e)) > 0) {
        total += (uint64_t)n;
        if (sys_write_all(to, block, (size_t)n, e)) {
            n = -1;
            break;
        }
    }
    inflate_drop(in);
    arena_free(&scratch);
    if (n < 0)
        return -1;
    sys_fd_close(fd);
    *fd = to;
    to = -1;
    *size = total;
    return 0;
}

static int open_archive(struct arena *a, struct store *s, struct err *e)
{
    unsigned char magic[6];
    enum image_compression compression;
    struct stat st;
    if (fstat(s->fd, &st))
        return err_set(e, ERR_MACHINE, "cannot be looked at");
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_INPUT, "is neither a file nor a folder");
    uint64_t size = (uint64_t)st.st_size;
    ssize_t got = pread(s->fd, magic, sizeof magic, 0);
    if (inflate_recognise(magic, got > 0 ? (size_t)got : 0, &compression, e))
        return -1;
    if (got <= 0)
        return err_set(e, ERR_INPUT, "is empty");
    if (compression != IMAGE_PLAIN && spool(&s->fd, &size, compression, e))
        return -1;
    s->is_archive = true;
    return make_index(a, s, size, e);
}

int store_take(struct arena *a, int fd, struct store *ret, struct err *e)
{
    struct store s = {.fd = fd};
    if (open_archive(a, &s, e)) {
        store_close(&s);
        return -1;
    }
    *ret = s;
    return 0;
}

int store_open(struct arena *a, struct str path, struct store *ret, struct err *e)
{
    struct store s = {.fd = -1};
    struct stat st;
    if (sys_stat(path, &st, e))
        return -1;
    if (S_ISDIR(st.st_mode)) {
        if (sys_open_dir(path, &s.fd, e))
            return -1;
    } else {
        if (!S_ISREG(st.st_mode))
            return err_set(e, ERR_INPUT, STR_F " is neither a file nor a folder", STR_A(path));
        if (sys_open_read(path, &s.fd, e))
            return -1;
        return store_take(a, s.fd, ret, e) ? err_wrap(e, STR_F, STR_A(path)) : 0;
    }
    *ret = s;
    return 0;
}

void store_close(struct store *s)
{
    sys_fd_close(&s->fd);
}

/* The member a name stands for, links followed. */
static int find_member(const struct store *s, struct str name, const struct store_member **ret,
                       struct err *e)
{
    char path[2][LIMIT_PATH_BYTES];
    for (size_t i = 0; i <= LIMIT_SYMLINKS; i++) {
        const struct store_member *m = map_get(&s->members, name);
        if (!m)
            return err_set(e, ERR_INPUT, "\"" STR_F "\" is not in the archive", STR_A(name));
        if (!m->is_link) {
            *ret = m;
            return 0;
        }
        char *to = path[i % 2]; /* name may be in the other one */
        if (m->is_hard ? path_clean(m->link, to, &name, e)
                       : path_follow(name, m->link, to, &name, e))
            return err_wrap(e, "link to \"" STR_F "\"", STR_A(m->link));
    }
    return err_set(e, ERR_INPUT, "\"" STR_F "\" is a link that leads in circles", STR_A(name));
}

static int find_in_archive(const struct store *s, struct str name, struct store_span *ret,
                           struct err *e)
{
    char path[LIMIT_PATH_BYTES];
    const struct store_member *m = NULL;
    if (path_clean(name, path, &name, e) || find_member(s, name, &m, e))
        return -1;
    *ret = (struct store_span){.fd = s->fd, .at = m->at, .n = m->n};
    return 0;
}

int store_find(const struct store *s, struct str name, struct store_span *ret, struct err *e)
{
    if (s->is_archive)
        return find_in_archive(s, name, ret, e);
    FD_AUTO int fd = -1;
    struct stat st;
    /* O_NONBLOCK: a pipe put there must not make us wait */
    if (sys_open_beneath(s->fd, name, O_RDONLY | O_NONBLOCK, 0, &fd, e))
        return -1;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode))
        return err_set(e, ERR_INPUT, STR_F " is not a regular file", STR_A(name));
    *ret = (struct store_span){.fd = fd, .owned = true, .n = (uint64_t)st.st_size};
    fd = -1;
    return 0;
}

void store_span_close(struct store_span *span)
{
    if (span->owned)
        sys_fd_close(&span->fd);
}

bool store_has(const struct store *s, struct str name)
{
    struct store_span span;
    struct err ignored;
    if (store_find(s, name, &span, &ignored))
        return false;
    store_span_close(&span);
    return true;
}

int store_read(const struct store *s, struct str name, struct arena *a, size_t cap, struct str *ret,
               struct err *e)
{
    SPAN_AUTO struct store_span span = {.fd = -1};
    if (store_find(s, name, &span, e))
        return -1;
    if (span.n > cap)
        return err_set(e, ERR_INPUT, STR_F " has %" PRIu64 " bytes; at most %zu are read",
                       STR_A(name), span.n, cap);
    char *p = arena_alloc(a, (size_t)span.n + 1);
    struct sys_range r = sys_range(span.fd, span.at, span.n);
    if (source_read_full(&r.source, p, (size_t)span.n, e))
        return err_wrap(e, STR_F, STR_A(name));
    *ret = (struct str){p, (size_t)span.n};
    return 0;
}
