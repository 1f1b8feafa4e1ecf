/* open_folder: an unpacked root file system → an image of one layer with a made-up config.
 *
 * Invariants
 * 1. The config claims nothing but this machine's platform. (test_image_open: folder)
 */
#include "base/json.h"
#include "image/opening.h"

int opening_folder(struct opening *o, struct err *e)
{
    struct image *image = o->image;
    struct image_platform p = image_machine();
    if (o->want && !opening_fits(&p, o->want))
        return opening_no_platform(o->a, o->want, &p, 1, e);
    struct str config =
        str_fmt(o->a,
                "{\"os\":\"" STR_F "\",\"architecture\":\"" STR_F
                "\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}",
                STR_A(p.os), STR_A(p.arch));
    if (opening_config(o, config, e))
        return -1;
    image->layers = arena_array(o->a, struct image_layer, 1);
    image->n_layers = 1;
    image->gaps = arena_new(o->a, struct image_gaps);
    image->gaps->a = o->a;
    image->backend->blobs = arena_array(o->a, struct str, 1);
    return 0;
}
