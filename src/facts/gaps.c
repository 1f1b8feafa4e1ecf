/* gaps: what was left out of a folder that was read → notes. */
#include "base/buf.h"
#include "facts/parse.h"

static const struct {
    const char *one, *more;
} phrases[IMAGE_GAPS] = {
    [IMAGE_GAP_MOUNTS] = {"1 other file system is mounted below it and was not looked into",
                          "other file systems are mounted below it and were not looked into"},
    [IMAGE_GAP_DENIED] = {"1 file or folder may not be read by this user",
                          "files and folders may not be read by this user"},
    [IMAGE_GAP_CHANGED] = {"1 file became shorter, or failed, while it was read",
                           "files became shorter, or failed, while they were read"},
    [IMAGE_GAP_GONE] = {"1 file vanished before it was read",
                        "files vanished before they were read"},
    [IMAGE_GAP_HOLES] =
        {"1 file is mostly holes, or over 32 GiB, and its content was not read",
         "files are mostly holes, or over 32 GiB, and their contents were not read"},
    [IMAGE_GAP_SOCKETS] = {"1 socket was left out", "sockets were left out"},
    [IMAGE_GAP_NAMES] = {"1 name that would delete in a layer (.wh.) was left out",
                         "names that would delete in a layer (.wh.) were left out"},
};

void facts_gaps_note(const struct image *image, struct arena *a, struct strs *notes)
{
    for (int i = 0; image->gaps && i < IMAGE_GAPS; i++) {
        const struct image_gap *gap = &image->gaps->v[i];
        struct buf b = {.a = a};
        if (!gap->n)
            continue;
        if (gap->n > 1)
            buf_addf(&b, "%zu ", gap->n);
        buf_addz(&b, gap->n > 1 ? phrases[i].more : phrases[i].one);
        for (size_t k = 0; k < gap->first.n; k++) {
            buf_addz(&b, k ? ", " : ": ");
            buf_add(&b, gap->first.v[k]);
        }
        if (gap->n > gap->first.n)
            buf_addf(&b, " and %zu more", gap->n - gap->first.n);
        facts_add(a, notes, buf_str(&b));
    }
}
