/* Opening images and reading their layers. */
#include "lib/fixture.h"
#include "lib/tap.h"

static const struct fixture_entry base[] = {
    {"d", "etc"},
    {"f", "etc/passwd", .content = "root:x:0:0::/root:/bin/sh\n"},
    {"f", "bin/su", .mode = 04755, .uid = 3000000, .content = "su"},
    {"l", "bin/sh", .link = "su"},
    {"h", "bin/hard", .link = "bin/su"},
    {"f", "caf\xc3\xa9", .content = "utf8"},
    {"f", "latin\xe9", .xattr = "security.capability", .value = STR_INIT("\1\0\0\2"),
     .content = ""},
    {"c", "dev/null", .major = 1, .minor = 3},
    {"p", "pipe"},
    {0},
};

static void test_round(void)
{
    struct arena a = {0};
    for (int c = IMAGE_PLAIN; c <= IMAGE_ZSTD; c++) {
        struct fixture_layer layers[] = {{base, .compression = (enum image_compression)c}, {0}};
        struct image *image = fixture_image(&a, layers, "{\"User\":\"5678\",\"Unknown\":1}");
        struct image_reader *r;
        struct image_entry entry;
        struct err e = {0};
        size_t n = 0;
        int rc;
        is_str(image->config.user, "5678", "user");
        is_int(image->layers[0].compression, c, "compression %d", c);
        is_str(image->layers[0].created_by, "layer 0", "history");
        if (!ok(image_layer_open(image, 0, &r, &e) == 0, "opens: %s", e.text))
            continue;
        while ((rc = image_next(r, &entry, &e)) > 0) {
            const struct fixture_entry *want = &base[n++];
            char data[100];
            is_str(entry.path, want->path, "path of %zu", n);
            is_int(entry.type, fixture_type(want->type), "type of %s", want->path);
            is_str(entry.link, want->link ? want->link : "", "link of %s", want->path);
            is_int(entry.uid, want->uid, "uid of %s", want->path);
            is_int(entry.n_xattrs, want->xattr != NULL, "xattrs of %s", want->path);
            if (want->xattr && entry.n_xattrs)
                ok(str_eq(entry.xattrs[0].value, want->value), "value of xattr");
            if (want->content) {
                ssize_t got = image_read(r, data, sizeof data, &e);
                is_str(((struct str){data, (size_t)(got < 0 ? 0 : got)}), want->content,
                       "data of %s", want->path);
            }
        }
        is_int(rc, 0, "ends: %s", rc ? e.text : "");
        is_int(n, 9, "all entries");
        image_layer_close(r);
        image_close(image);
    }
    arena_free(&a);
}

int main(void)
{
    test_round();
    fixture_end();
    return done_testing();
}
