/* unpack: an image's merged tree → a root below the work folder, once, never written to again. */
#include "sandbox/inside.h"
#include "sys/file.h"

int sandbox_unpack(struct sandbox *sb, const struct tree *tree, const struct image *image,
                   struct sandbox_root **ret, struct err *e)
{
    struct sandbox_root *root = arena_new(sb->a, struct sandbox_root);
    FD_AUTO int fd = -1;
    size_t left_out;
    /* not in sb->scratch, which may be memory: images are large */
    root->path = str_fmt(sb->a, STR_F "/image-%u", STR_A(sb->work->path), ++sb->made);
    if (sys_make_dir(root->path, e) || sys_open_dir(root->path, &fd, e) ||
        tree_unpack(tree, image, fd, &left_out, e))
        return err_wrap(e, "unpacking the image");
    *ret = root;
    return 0;
}
