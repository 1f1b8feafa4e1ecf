/* fixture: images for tests, made from a few lines of data. For unit tests only; any failure ends
 * the test program with a message.
 *
 *     static const struct fixture_entry base[] = {
 *         {"d", "etc"},
 *         {"f", "etc/passwd", .content = "root:x:0:0::/root:/bin/sh\n"},
 *         {"f", "bin/su", .mode = 04755, .content = "…"},
 *         {"l", "bin/sh", .link = "su"},                        a symlink
 *         {"h", "bin/hard", .link = "bin/su"},                  a hard link
 *         {"f", "bin/ping", .mode = 0755, .xattr = "security.capability", .value = STR("\1…")},
 *         {"f", "big", .bytes = {p, n}},                        content with NUL bytes
 *         {"c", "dev/null", .major = 1, .minor = 3},            also "b", and "p" for a pipe
 *         {0},
 *     };
 *     static const struct fixture_layer layers[] = {{base}, {top, .compression = IMAGE_ZSTD}, {0}};
 *     struct image *image = fixture_image(&a, layers, "{\"User\":\"5678\"}");
 *     …
 *     fixture_end();                                            removes all that was made
 *
 * fixture_image()    writes an OCI layout into the test's temporary folder and opens it. The third
 *                    argument is the config's "config" object, or NULL. Created 1970, linux/amd64,
 *                    one line of history a layer ("layer 0", …).
 * fixture_name()     the struct image_name of the layout written last.
 * fixture_dir()      the test's temporary folder (absolute).
 * fixture_path(a, f) a file's path in it.
 * fixture_draft_begin/…: see below, for config documents of one's own.
 *
 * Raw tar: layers the writer would refuse (paths with "..", lying sizes), header by header.
 *
 *     struct fixture_tar t = {.b = {.a = &a}};
 *     fixture_tar_header(&t, '0', "../escape", 5, NULL);        type flag, name, size, link
 *     fixture_tar_data(&t, STR("hello"));                       padded to 512
 *     fixture_tar_pax(&t, "path", STR("a\0b"));                 pax record for the next header
 *     struct str bytes = fixture_tar_end(&t);                   two zero blocks
 *     struct fixture_layer layers[] = {{.raw = bytes}, {0}};    digests are made to fit
 */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "image/image_write.h"
#include "sys/file.h"

/* tables of entries leave out what is zero */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define FIXTURE_FN __attribute__((unused)) static

struct fixture_entry {
    const char *type; /* "f" "d" "l" "h" "c" "b" "p" */
    const char *path;
    const char *content; /* or bytes */
    const char *link;
    uint32_t mode; /* 0: 0755 for folders and 0644 for the rest */
    uint32_t uid, gid;
    struct str bytes;
    const char *xattr;
    struct str value;
    uint32_t major, minor;
    int64_t mtime;
};

struct fixture_layer {
    const struct fixture_entry *entries; /* up to one whose type is NULL */
    enum image_compression compression;  /* of entries */
    struct str raw;                      /* the stored bytes, instead of entries: … */
    struct str plain; /* … and what they unpack to, when that is something else */
};

static char fixture_folder[64];
static unsigned fixture_count;

__attribute__((noreturn)) FIXTURE_FN void fixture_die(const char *what, const struct err *e)
{
    printf("Bail out! fixture: %s: %s\n", what, e ? e->text : "");
    exit(1);
}

FIXTURE_FN const char *fixture_dir(void)
{
    if (!fixture_folder[0]) {
        const char *base = getenv("TMPDIR");
        snprintf(fixture_folder, sizeof fixture_folder, "%.40s/shuck-test-XXXXXX",
                 base && *base ? base : "/tmp");
        if (!mkdtemp(fixture_folder))
            fixture_die("mkdtemp", NULL);
    }
    return fixture_folder;
}

FIXTURE_FN struct str fixture_path(struct arena *a, const char *name)
{
    return str_fmt(a, "%s/%s", fixture_dir(), name);
}

FIXTURE_FN void fixture_end(void)
{
    struct err e;
    if (!fixture_folder[0])
        return;
    if (sys_remove_tree(AT_FDCWD, str_of(fixture_folder), &e))
        fixture_die("cleaning up", &e);
    fixture_folder[0] = 0;
}

FIXTURE_FN struct image_name fixture_name(struct arena *a)
{
    return (struct image_name){.transport = IMAGE_OCI,
                               .path = str_fmt(a, "%s/image-%u", fixture_dir(), fixture_count)};
}

FIXTURE_FN enum image_entry_type fixture_type(const char *type)
{
    static const char letters[] = {
        [ENTRY_FILE] = 'f', [ENTRY_DIR] = 'd',   [ENTRY_SYMLINK] = 'l', [ENTRY_HARDLINK] = 'h',
        [ENTRY_CHAR] = 'c', [ENTRY_BLOCK] = 'b', [ENTRY_FIFO] = 'p'};
    for (size_t i = 0; i < sizeof letters; i++)
        if (letters[i] == *type)
            return (enum image_entry_type)i;
    fixture_die("no such type of entry", NULL);
}

FIXTURE_FN void fixture_put(struct image_layer_writer *w, const struct fixture_entry *f)
{
    struct err e;
    struct image_xattr xattr = {str_of(f->xattr), f->value};
    struct str data = f->content ? str_of(f->content) : f->bytes;
    struct image_entry entry = {.type = fixture_type(f->type),
                                .path = str_of(f->path),
                                .mode = f->mode,
                                .uid = f->uid,
                                .gid = f->gid,
                                .mtime = f->mtime,
                                .link = str_of(f->link),
                                .dev_major = f->major,
                                .dev_minor = f->minor};
    if (!entry.mode)
        entry.mode = entry.type == ENTRY_DIR ? 0755 : 0644;
    if (f->xattr) {
        entry.xattrs = &xattr;
        entry.n_xattrs = 1;
    }
    if (entry.type == ENTRY_FILE)
        entry.size = data.n;
    if (image_layer_entry(w, &entry, &e) || (entry.size && image_layer_data(w, data.p, data.n, &e)))
        fixture_die(f->path, &e);
}

FIXTURE_FN struct image_blob fixture_blob(const struct fixture_layer *layer)
{
    struct err e;
    struct image_blob b = {.fd = -1, .compression = layer->compression};
    if (layer->raw.n) {
        struct str plain = layer->plain.n ? layer->plain : layer->raw;
        b.digest = digest_of(layer->raw);
        b.diff_id = digest_of(plain);
        b.size = layer->raw.n;
        if (sys_tmpfile(&b.fd, &e) || sys_write_all(b.fd, layer->raw.p, layer->raw.n, &e) ||
            lseek(b.fd, 0, SEEK_SET))
            fixture_die("raw layer", &e);
        return b;
    }
    struct image_layer_writer *w;
    if (image_layer_begin(layer->compression, &w, &e))
        fixture_die("layer", &e);
    for (const struct fixture_entry *f = layer->entries; f->type; f++)
        fixture_put(w, f);
    if (image_layer_end(w, &b, &e))
        fixture_die("layer", &e);
    return b;
}

/* The blobs of layers, and a config document that fits them. Close each blob with
 * image_blob_close(), or let fixture_write() do it. */
FIXTURE_FN struct image_draft fixture_draft(struct arena *a, const struct fixture_layer *layers,
                                            const char *config)
{
    struct err e;
    size_t n = 0;
    while (layers[n].entries || layers[n].raw.n)
        n++;
    struct image_draft d = {.layers = arena_array(a, struct image_blob, n),
                            .n_layers = n,
                            .platform = {STR("linux"), STR("amd64"), {0}}};
    struct image_config_edit edit = {.diff_ids = arena_array(a, struct digest, n),
                                     .n_diff_ids = n,
                                     .history = arena_array(a, struct image_history, n),
                                     .n_history = n,
                                     .created = STR("1970-01-01T00:00:00Z")};
    for (size_t i = 0; i < n; i++) {
        d.layers[i] = fixture_blob(&layers[i]);
        edit.diff_ids[i] = d.layers[i].diff_id;
        edit.history[i].created_by = str_fmt(a, "layer %zu", i);
    }
    struct str old = str_fmt(a, "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":%s}",
                             config ? config : "{}");
    if (image_config_write(a, old, &edit, &d.config_bytes, &e))
        fixture_die("config", &e);
    return d;
}

/* Writes a new OCI layout and closes the draft's blobs. */
FIXTURE_FN struct image_name fixture_write(struct arena *a, const struct image_draft *d)
{
    struct err e;
    fixture_count++;
    struct image_name name = fixture_name(a);
    if (image_write(&name, d, NULL, &e))
        fixture_die("image", &e);
    for (size_t i = 0; i < d->n_layers; i++)
        image_blob_close(&d->layers[i]);
    return name;
}

FIXTURE_FN struct image *fixture_image(struct arena *a, const struct fixture_layer *layers,
                                       const char *config)
{
    struct err e;
    struct image *image;
    struct image_draft d = fixture_draft(a, layers, config);
    struct image_name name = fixture_write(a, &d);
    if (image_open(a, &name, NULL, &image, &e))
        fixture_die("opening", &e);
    return image;
}

/* ---- raw tar ---- */

struct fixture_tar {
    struct buf b;
};

FIXTURE_FN void fixture_tar_data(struct fixture_tar *t, struct str data)
{
    buf_add(&t->b, data);
    while (t->b.n % 512)
        buf_addc(&t->b, 0);
}

FIXTURE_FN void fixture_tar_header(struct fixture_tar *t, char flag, const char *name,
                                   unsigned long long size, const char *link)
{
    char h[512] = {0};
    unsigned sum = 0;
    snprintf(h, 100, "%s", name);
    memcpy(h + 100,
           "0000644\0"
           "0000000\0"
           "0000000\0",
           24);
    snprintf(h + 124, 12, "%011llo", size & 077777777777ull);
    memcpy(h + 136, "00000000000", 12);
    memset(h + 148, ' ', 8);
    h[156] = flag;
    snprintf(h + 157, 100, "%s", link ? link : "");
    memcpy(h + 257, "ustar\00000", 8);
    for (size_t i = 0; i < sizeof h; i++)
        sum += (unsigned char)h[i];
    snprintf(h + 148, 8, "%06o", sum);
    buf_add(&t->b, (struct str){h, sizeof h});
}

FIXTURE_FN void fixture_tar_pax(struct fixture_tar *t, const char *key, struct str value)
{
    char length[24];
    size_t n = strlen(key) + value.n + 3; /* blank, =, newline */
    size_t digits = n < 9 ? 1 : n < 98 ? 2 : n < 997 ? 3 : n < 9996 ? 4 : 5;
    snprintf(length, sizeof length, "%zu ", n + digits);
    fixture_tar_header(t, 'x', "PaxHeader/x", n + digits, NULL);
    buf_addz(&t->b, length);
    buf_addz(&t->b, key);
    buf_addc(&t->b, '=');
    buf_add(&t->b, value);
    fixture_tar_data(t, STR("\n"));
}

/* A sparse file whose map is of millions of holes. */
FIXTURE_FN void fixture_tar_holes(struct fixture_tar *t, const char *name)
{
    static const char records[] = "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n"
                                  "31 GNU.sparse.realsize=1000000\n";
    struct buf map = {.a = t->b.a};
    buf_addz(&map, "9000000\n");
    while (map.n < 16u << 20)
        buf_addz(&map, "0\n0\n0\n0\n");
    fixture_tar_header(t, 'x', "PaxHeader/x", sizeof records - 1, NULL);
    fixture_tar_data(t, str_of(records));
    fixture_tar_header(t, '0', name, map.n, NULL);
    fixture_tar_data(t, buf_str(&map));
}

FIXTURE_FN struct str fixture_tar_end(struct fixture_tar *t)
{
    for (size_t i = 0; i < 1024; i++)
        buf_addc(&t->b, 0);
    return buf_str(&t->b);
}

#endif
