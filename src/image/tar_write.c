/* tar_write: entries → tar bytes, by libarchive.
 *
 * Invariants
 * 1. An entry has exactly as many bytes of data as its size says, or the archive is not finished.
 *    (test_image_write: layers)
 * 2. Names go out as the bytes they came in, whatever the locale; those that are no UTF-8 are
 * marked as binary. (test_image: round)
 */
#include "image/tar_write.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>

#include "base/late_archive.h"
#include "base/limits.h"

struct tar_write {
    struct sink *to;
    struct archive *ar;
    struct archive_entry *entry;
    struct err err;       /* of the sink */
    bool failed, dropped; /* dropped: nothing more goes to the sink */
    locale_t utf8;
    uint64_t left; /* data the current entry still needs */
};

static la_ssize_t give(struct archive *ar, void *ctx, const void *p, size_t n)
{
    struct tar_write *w = ctx;
    if (!w->dropped && w->to->write(w->to, p, n, &w->err) == 0)
        return (la_ssize_t)n;
    w->failed = true;
    archive_set_error(ar, EIO, "%s", w->err.text);
    return ARCHIVE_FATAL;
}

static int broken(struct tar_write *w, struct err *e)
{
    const char *text = archive_error_string(w->ar);
    if (w->failed)
        *e = w->err;
    else
        err_set(e, ERR_MACHINE, "writing tar: %s", text ? text : "libarchive failed");
    return -1;
}

int tar_write_begin(struct sink *to, struct tar_write **ret, struct err *e)
{
    if (late_archive_load(e))
        return -1;
    struct tar_write *w = calloc(1, sizeof *w);
    if (!w)
        return err_set(e, ERR_MACHINE, "no memory for a tar writer");
    w->to = to;
    w->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    w->ar = archive_write_new();
    w->entry = archive_entry_new();
    if (!w->ar || !w->entry || archive_write_set_format_pax_restricted(w->ar) != ARCHIVE_OK ||
        archive_write_set_options(w->ar, "xattrheader=SCHILY") != ARCHIVE_OK ||
        archive_write_set_bytes_per_block(w->ar, 64 * 1024) != ARCHIVE_OK ||
        archive_write_set_bytes_in_last_block(w->ar, 1) != ARCHIVE_OK ||
        archive_write_open(w->ar, w, NULL, give, NULL) != ARCHIVE_OK) {
        int rc = w->ar ? broken(w, e) : err_set(e, ERR_MACHINE, "no memory for libarchive");
        tar_write_drop(w);
        return rc;
    }
    *ret = w;
    return 0;
}

static int check_text(struct str s, const char *what, size_t most, struct err *e)
{
    if (s.n > most)
        return err_set(e, ERR_INPUT, "%s of %zu bytes; at most %zu are written", what, s.n, most);
    if (str_find(s, 0) < s.n)
        return err_set(e, ERR_INPUT, "%s with a NUL byte", what);
    return 0;
}

static void set_text(struct archive_entry *entry, struct str s,
                     void (*set)(struct archive_entry *, const char *))
{
    char text[LIMIT_PATH_BYTES + 2];
    if (s.n)
        memcpy(text, s.p, s.n);
    text[s.n] = 0;
    set(entry, text);
}

static void set_path(struct archive_entry *entry, const struct image_entry *from)
{
    char text[LIMIT_PATH_BYTES + 2];
    struct str path = from->path.n ? from->path : STR(".");
    memcpy(text, path.p, path.n);
    if (from->type == ENTRY_DIR)
        text[path.n++] = '/';
    text[path.n] = 0;
    archive_entry_copy_pathname(entry, text);
}

static int fill(struct archive_entry *entry, const struct image_entry *from, struct err *e)
{
    static const unsigned types[] = {
        [ENTRY_FILE] = AE_IFREG,     [ENTRY_DIR] = AE_IFDIR,   [ENTRY_SYMLINK] = AE_IFLNK,
        [ENTRY_CHAR] = AE_IFCHR,     [ENTRY_BLOCK] = AE_IFBLK, [ENTRY_FIFO] = AE_IFIFO,
        [ENTRY_HARDLINK] = AE_IFREG,
    };
    if (check_text(from->path, "a path", LIMIT_PATH_BYTES, e) ||
        check_text(from->link, "a link target", LIMIT_PATH_BYTES, e))
        return -1;
    archive_entry_clear(entry);
    set_path(entry, from);
    archive_entry_set_filetype(entry, types[from->type]);
    archive_entry_set_perm(entry, (__LA_MODE_T)(from->mode & 07777));
    archive_entry_set_uid(entry, from->uid);
    archive_entry_set_gid(entry, from->gid);
    archive_entry_set_mtime(entry, from->mtime, 0);
    archive_entry_set_size(entry, from->type == ENTRY_FILE ? (int64_t)from->size : 0);
    if (from->type == ENTRY_SYMLINK)
        set_text(entry, from->link, archive_entry_copy_symlink);
    if (from->type == ENTRY_HARDLINK)
        set_text(entry, from->link, archive_entry_copy_hardlink);
    if (from->type == ENTRY_CHAR || from->type == ENTRY_BLOCK) {
        archive_entry_set_rdevmajor(entry, from->dev_major);
        archive_entry_set_rdevminor(entry, from->dev_minor);
    }
    for (size_t i = 0; i < from->n_xattrs; i++) {
        char name[LIMIT_NAME_BYTES + 1];
        const struct image_xattr *x = &from->xattrs[i];
        if (check_text(x->name, "an attribute's name", LIMIT_NAME_BYTES, e))
            return -1;
        memcpy(name, x->name.p, x->name.n);
        name[x->name.n] = 0;
        archive_entry_xattr_add_entry(entry, name, x->value.p, x->value.n);
    }
    return 0;
}

static int check_whole(const struct tar_write *w, struct err *e)
{
    if (w->left)
        return err_set(e, ERR_INPUT, "%" PRIu64 " bytes of the entry's data are missing", w->left);
    return 0;
}

int tar_write_entry(struct tar_write *w, const struct image_entry *entry, struct err *e)
{
    if (check_whole(w, e) || fill(w->entry, entry, e))
        return -1;
    /* libarchive converts names from the locale's charset to UTF-8: for this thread they are UTF-8
     */
    locale_t was = w->utf8 ? uselocale(w->utf8) : (locale_t)0;
    int rc = archive_write_header(w->ar, w->entry);
    if (was)
        uselocale(was);
    if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
        return broken(w, e);
    w->left = entry->type == ENTRY_FILE ? entry->size : 0;
    return 0;
}

int tar_write_data(struct tar_write *w, const void *p, size_t n, struct err *e)
{
    if (n > w->left)
        return err_set(e, ERR_INPUT, "%" PRIu64 " bytes more than the entry's size",
                       (uint64_t)n - w->left);
    const char *at = p;
    while (n) {
        la_ssize_t put = archive_write_data(w->ar, at, n);
        if (put <= 0)
            return broken(w, e);
        at += put;
        n -= (size_t)put;
        w->left -= (uint64_t)put;
    }
    return 0;
}

int tar_write_end(struct tar_write *w, struct err *e)
{
    int rc = check_whole(w, e);
    if (!rc && archive_write_close(w->ar) != ARCHIVE_OK)
        rc = broken(w, e);
    tar_write_drop(w);
    return rc;
}

void tar_write_drop(struct tar_write *w)
{
    if (!w)
        return;
    w->dropped = true;
    if (w->ar)
        archive_write_close(w->ar); /* archive_write_fail() would be meant for this, but leaks */
    archive_write_free(w->ar);
    archive_entry_free(w->entry);
    if (w->utf8)
        freelocale(w->utf8);
    free(w);
}
