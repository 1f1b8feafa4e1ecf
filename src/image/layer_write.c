/* layer_write: entries → a layer blob in an unnamed file.
 *
 * Invariants
 * 1. The same entries give the same blob. (test_image_write: pieces)
 */
#include <unistd.h>

#include "image/deflate.h"
#include "image/image_write.h"
#include "image/tar_write.h"
#include "sys/file.h"

struct image_layer_writer {
    struct sink sink; /* what the tar bytes go to */
    struct tar_write *tar;
    struct deflate *out;
    enum image_compression compression;
    int fd;
};

static int take(struct sink *s, const void *p, size_t n, struct err *e)
{
    return deflate_add(((struct image_layer_writer *)s)->out, p, n, e);
}

int image_layer_begin(enum image_compression compression, struct image_layer_writer **ret,
                      struct err *e)
{
    struct image_layer_writer *w = calloc(1, sizeof *w);
    if (!w)
        return err_set(e, ERR_MACHINE, "no memory for a layer");
    w->sink.write = take;
    w->compression = compression;
    w->fd = -1;
    if (sys_tmpfile(&w->fd, e)) {
        image_layer_drop(w);
        return -1;
    }
    w->out = deflate_begin(w->fd, compression);
    if (tar_write_begin(&w->sink, &w->tar, e)) {
        image_layer_drop(w);
        return -1;
    }
    *ret = w;
    return 0;
}

int image_layer_entry(struct image_layer_writer *w, const struct image_entry *entry, struct err *e)
{
    if (tar_write_entry(w->tar, entry, e))
        return err_wrap(e, "writing layer entry \"" STR_F "\"", STR_A(entry->path));
    return 0;
}

int image_layer_data(struct image_layer_writer *w, const void *from, size_t n, struct err *e)
{
    if (tar_write_data(w->tar, from, n, e))
        return err_wrap(e, "writing a layer");
    return 0;
}

static int finish(struct image_layer_writer *w, struct image_blob *ret, struct err *e)
{
    struct deflate_sums sums;
    struct tar_write *tar = w->tar;
    struct deflate *out = w->out;
    w->tar = NULL;
    if (tar_write_end(tar, e))
        return -1;
    w->out = NULL;
    if (deflate_end(out, &sums, e))
        return -1;
    if (lseek(w->fd, 0, SEEK_SET) != 0)
        return err_set(e, ERR_MACHINE, "a temporary file cannot be rewound");
    *ret = (struct image_blob){.fd = w->fd,
                               .digest = sums.stored,
                               .diff_id = sums.plain,
                               .size = sums.size,
                               .compression = w->compression};
    w->fd = -1;
    return 0;
}

int image_layer_end(struct image_layer_writer *w, struct image_blob *ret, struct err *e)
{
    int rc = finish(w, ret, e);
    image_layer_drop(w);
    return rc ? err_wrap(e, "writing a layer") : 0;
}

void image_layer_drop(struct image_layer_writer *w)
{
    if (!w)
        return;
    tar_write_drop(w->tar);
    deflate_drop(w->out);
    sys_fd_close(&w->fd);
    free(w);
}

void image_blob_close(struct image_blob *b)
{
    sys_fd_close(&b->fd);
}
