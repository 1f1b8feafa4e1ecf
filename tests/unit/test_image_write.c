/* Images written: the same bytes each time, read back, an index that gains. */
#include "image/documents.h"
#include "image/manifest.h"
#include "lib/fixture.h"
#include "lib/tap.h"

static struct arena a;

static const struct fixture_entry files[] = {
    {"d", "etc"}, {"f", "etc/a", .content = "a", .uid = 5000000, .mtime = 7}, {0}};
static const struct fixture_layer layers[] = {{files}, {files, IMAGE_GZIP}, {files}, {0}};

static struct str slurp(struct str path)
{
    struct str bytes;
    struct err e;
    if (sys_read_file(path, &a, 1 << 20, &bytes, &e))
        fixture_die("reading", &e);
    return bytes;
}

static struct image_name write_to(enum image_transport transport, const char *file, const char *ref,
                                  const char *config)
{
    struct err e;
    struct image_draft d = fixture_draft(&a, layers, config);
    struct image_name name = {
        .transport = transport, .path = fixture_path(&a, file), .ref = str_of(ref)};
    if (image_write(&name, &d, NULL, &e))
        fixture_die("writing", &e);
    for (size_t i = 0; i < d.n_layers; i++)
        image_blob_close(&d.layers[i]);
    return name;
}

static size_t count_entries(const struct image *image)
{
    size_t n = 0;
    for (size_t i = 0; i < image->n_layers; i++) {
        struct image_reader *r;
        struct image_entry entry;
        struct err e;
        int rc;
        if (image_layer_open(image, i, &r, &e))
            return 0;
        while ((rc = image_next(r, &entry, &e)) > 0)
            n++;
        image_layer_close(r);
        if (rc < 0)
            return 0;
    }
    return n;
}

static void test_archives(void)
{
    static const enum image_transport kinds[] = {IMAGE_DOCKER_ARCHIVE, IMAGE_OCI_ARCHIVE};
    for (size_t i = 0; i < 2; i++) {
        struct image_name one = write_to(kinds[i], "one.tar", "web:v1", NULL);
        struct image_name two = write_to(kinds[i], "two.tar", "web:v1", NULL);
        struct image *image;
        struct err e = {0};
        ok(str_eq(slurp(one.path), slurp(two.path)), "the same bytes for the same draft");
        one.transport = IMAGE_AUTO;
        if (!ok(image_open(&a, &one, NULL, &image, &e) == 0, "opens: %s", e.text))
            continue;
        is_int(image->name.transport, kinds[i], "as what it is");
        is_str(image->refs.n ? image->refs.v[0] : (struct str){0}, "web:v1", "with its name");
        is_int(count_entries(image), 6, "with equal layers sharing a blob");
        image_close(image);
    }
}

static void test_names(void)
{
    static const char *const names[][2] = {
        {"web:v1", "docker.io/library/web:v1"},
        {"me/web", "docker.io/me/web:latest"},
        {"example.com/web:v1", "example.com/web:v1"},
        {"localhost:5000/web", "localhost:5000/web:latest"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct image_name name = write_to(IMAGE_DOCKER_ARCHIVE, "n.tar", names[i][0], NULL);
        struct str want = str_fmt(&a, "\"" MANIFEST_KEY_NAME "\":\"%s\"", names[i][1]);
        ok(str_has(slurp(name.path), want), "%s is annotated as %s", names[i][0], names[i][1]);
    }
}

static int open_ref(struct image_name name, const char *ref, struct image **ret, struct err *e)
{
    name.ref = str_of(ref);
    return image_open(&a, &name, NULL, ret, e);
}

static void test_gains(void)
{
    struct image_name name = write_to(IMAGE_OCI, "layout", "v1", "{\"User\":\"1\"}");
    struct str index = str_fmt(&a, STR_F "/index.json", STR_A(name.path));
    struct image *image;
    struct err e = {0};
    struct str first = slurp(index);
    write_to(IMAGE_OCI, "layout", "v1", "{\"User\":\"1\"}");
    ok(str_eq(slurp(index), first), "written again, nothing changes");
    write_to(IMAGE_OCI, "layout", "v2", "{\"User\":\"2\"}");
    ok(open_ref(name, "v1", &image, &e) == 0, "the first image stays: %s", e.text);
    is_str(image->config.user, "1", "as it was");
    image_close(image);
    write_to(IMAGE_OCI, "layout", "v1", "{\"User\":\"3\"}");
    ok(open_ref(name, "v1", &image, &e) == 0, "a tag moves: %s", e.text);
    is_str(image->config.user, "3", "to the new image");
    image_close(image);
    ok(open_ref(name, "v2", &image, &e) == 0, "the other tag does not: %s", e.text);
    image_close(image);
    write_to(IMAGE_OCI, "bare", NULL, "{\"User\":\"1\"}");
    name = write_to(IMAGE_OCI, "bare", NULL, "{\"User\":\"2\"}");
    ok(open_ref(name, NULL, &image, &e) == 0, "without tags the last one counts: %s", e.text);
    is_str(image->config.user, "2", "it does");
    image_close(image);
}

static void test_refused(void)
{
    static const struct fixture_layer zstd[] = {{files, IMAGE_ZSTD}, {0}};
    struct image_draft d = fixture_draft(&a, zstd, NULL);
    struct image_name name = {.transport = IMAGE_DOCKER_ARCHIVE, .path = fixture_path(&a, "z.tar")};
    struct err e = {0};
    is_err(image_write(&name, &d, NULL, &e), e, ERR_USAGE, "zstd", "zstd in a docker-archive");
    ok(!sys_exists(name.path), "leaves nothing behind");
    name = (struct image_name){.transport = IMAGE_OCI, .path = fixture_path(&a, "mine")};
    if (sys_make_dir(name.path, &e) ||
        sys_write_file(fixture_path(&a, "mine/letter"), STR("x"), &e))
        fixture_die("folder", &e);
    is_err(image_write(&name, &d, NULL, &e), e, ERR_USAGE, "something else", "a folder of others");
    name.transport = IMAGE_DIR;
    is_err(image_write(&name, &d, NULL, &e), e, ERR_USAGE, "oci:DIR", "a root file system");
    name = (struct image_name){.transport = IMAGE_OCI_ARCHIVE,
                               .path = fixture_path(&a, "no/such/folder.tar")};
    is_err(image_write(&name, &d, NULL, &e), e, ERR_INPUT, "folder.tar", "a folder that is not");
    image_blob_close(&d.layers[0]);
}

static void test_layers(void)
{
    struct image_layer_writer *w;
    struct image_blob b;
    struct image_entry entry = {.type = ENTRY_FILE, .path = STR("a"), .size = 3};
    struct err e = {0};
    if (image_layer_begin(IMAGE_GZIP, &w, &e) || image_layer_entry(w, &entry, &e))
        fixture_die("layer", &e);
    is_err(image_layer_data(w, "four", 4, &e), e, ERR_INPUT, "more than", "too much data");
    ok(image_layer_data(w, "ab", 2, &e) == 0, "some data");
    is_err(image_layer_end(w, &b, &e), e, ERR_INPUT, "missing", "too little data");
}

/* The same content in pieces of any size is the same blob. */
static void test_pieces(void)
{
    struct digest first = {{0}};
    static char data[700000];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i * i >> 7);
    for (int c = IMAGE_PLAIN; c <= IMAGE_ZSTD; c++) {
        for (size_t piece = 1000; piece < sizeof data; piece *= 5) {
            struct image_layer_writer *w;
            struct image_blob b;
            struct image_entry entry = {.type = ENTRY_FILE, .path = STR("a"), .size = sizeof data};
            struct err e = {0};
            if (image_layer_begin((enum image_compression)c, &w, &e) ||
                image_layer_entry(w, &entry, &e))
                fixture_die("layer", &e);
            for (size_t at = 0; at < sizeof data; at += piece)
                if (image_layer_data(w, data + at,
                                     piece < sizeof data - at ? piece : sizeof data - at, &e))
                    fixture_die("layer", &e);
            if (image_layer_end(w, &b, &e))
                fixture_die("layer", &e);
            if (piece == 1000)
                first = b.digest;
            else
                ok(digest_eq(&first, &b.digest), "pieces of %zu, compression %d", piece, c);
            image_blob_close(&b);
        }
    }
}

int main(void)
{
    test_archives();
    test_names();
    test_gains();
    test_refused();
    test_layers();
    test_pieces();
    fixture_end();
    arena_free(&a);
    return done_testing();
}
