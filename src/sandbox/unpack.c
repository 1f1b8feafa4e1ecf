/* unpack: an image's merged tree → a root below the work folder, once, never written to again.
 *
 * A distribution is thousands of small files, which a disk takes seconds for and memory does not.
 * So a root goes into memory of the box's own (gone with its mount namespace) where there is
 * plenty. */
#include "sandbox/inside.h"
#include "sys/file.h"
#include "sys/machine.h"
#include "sys/mounts.h"

/* At most this, and at most so large a part of what is free. */
#define MEMORY_MOST (1ull << 30)
enum { MEMORY_PART = 4, PAGE = 4096 };

static bool fits_memory(const struct sandbox *sb, const struct tree *tree)
{
    uint64_t need = tree->bytes + (uint64_t)tree->n_inodes * PAGE;
    /* what is kept for a person to look at must outlive the box */
    return !sb->keep && need < MEMORY_MOST && need < sys_memory_free() / MEMORY_PART;
}

int sandbox_unpack(struct sandbox *sb, const struct tree *tree, const struct image *image,
                   struct sandbox_root **ret, struct err *e)
{
    struct sandbox_root *root = arena_new(sb->a, struct sandbox_root);
    FD_AUTO int fd = -1;
    struct err no_memory;
    size_t left_out;
    /* not in sb->scratch, which may be memory without such a check: images are large */
    root->path = str_fmt(sb->a, STR_F "/image-%u", STR_A(sb->work->path), ++sb->made);
    if (sys_make_dir(root->path, e))
        return -1;
    int on_disk = !fits_memory(sb, tree) || sys_mount_memory(root->path, &no_memory);
    (void)on_disk; /* slower, no less right */
    if (sys_open_dir(root->path, &fd, e) || tree_unpack(tree, image, fd, &left_out, e))
        return err_wrap(e, "unpacking the image");
    *ret = root;
    return 0;
}
