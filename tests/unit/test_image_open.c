/* Which image of a layout or archive is opened, and which are refused, with what words. */
#include "image/manifest.h"
#include "lib/fixture.h"
#include "lib/tap.h"

static struct arena a;
static unsigned n_layouts;

static const struct fixture_entry files[] = {{"f", "hello", .content = "world"}, {0}};

/* ---- layouts by hand ---- */

static void put(struct str path, struct str bytes)
{
    struct err e;
    if (sys_write_file(path, bytes, &e))
        fixture_die("file", &e);
}

static struct str new_layout(void)
{
    struct err e;
    struct str dir = str_fmt(&a, "%s/hand-%u", fixture_dir(), n_layouts++);
    if (sys_make_dir(str_fmt(&a, STR_F "/blobs/sha256", STR_A(dir)), &e))
        fixture_die("folder", &e);
    put(str_fmt(&a, STR_F "/oci-layout", STR_A(dir)), STR("{\"imageLayoutVersion\":\"1.0.0\"}"));
    return dir;
}

/* A descriptor of the bytes, which become a blob; more is JSON that begins with a comma. */
static struct str blob(struct str dir, struct str bytes, const char *more)
{
    struct digest d = digest_of(bytes);
    put(str_fmt(&a, STR_F "/blobs/sha256/" STR_F, STR_A(dir), STR_A(digest_hex(&a, &d))), bytes);
    return str_fmt(&a, "{\"digest\":\"" STR_F "\",\"size\":%zu%s}", STR_A(digest_text(&a, &d)),
                   bytes.n, more);
}

static struct str one_layer(void)
{
    struct fixture_tar t = {.b = {.a = &a}};
    fixture_tar_header(&t, '0', "file", 4, NULL);
    fixture_tar_data(&t, STR("good"));
    return fixture_tar_end(&t);
}

static struct str config_for(const char *arch, struct str layer)
{
    struct digest d = digest_of(layer);
    return str_fmt(&a,
                   "{\"os\":\"linux\",\"architecture\":\"%s\",\"rootfs\":{\"type\":\"layers\","
                   "\"diff_ids\":[\"" STR_F "\"]},\"history\":[{\"created_by\":\"one\"},"
                   "{\"created_by\":\"empty\",\"empty_layer\":true}]}",
                   arch, STR_A(digest_text(&a, &d)));
}

static struct str manifest_for(struct str dir, const char *arch)
{
    struct str layer = one_layer();
    return str_fmt(&a, "{\"schemaVersion\":2,\"config\":" STR_F ",\"layers\":[" STR_F "]}",
                   STR_A(blob(dir, config_for(arch, layer), "")),
                   STR_A(blob(dir, layer, ",\"mediaType\":\"" MANIFEST_TYPE_OCI_LAYER "\"")));
}

static void put_index(struct str dir, struct str entries)
{
    put(str_fmt(&a, STR_F "/index.json", STR_A(dir)),
        str_fmt(&a, "{\"schemaVersion\":2,\"manifests\":[" STR_F "]}", STR_A(entries)));
}

static int open_at(struct str path, const char *ref, const char *arch, struct image **ret,
                   struct err *e)
{
    struct image_name name = {.path = path, .ref = str_of(ref)};
    struct image_platform want = {STR("linux"), str_of(arch), {0}};
    return image_open(&a, &name, arch ? &want : NULL, ret, e);
}

static void opens(struct str path, const char *ref, const char *arch, const char *got_arch,
                  const char *what)
{
    struct image *image;
    struct err e = {0};
    if (!ok(open_at(path, ref, arch, &image, &e) == 0, "%s: %s", what, e.text))
        return;
    is_str(image->config.platform.arch, got_arch, "%s: platform", what);
    image_close(image);
}

static void refused(struct str path, const char *ref, const char *arch, const char *part,
                    const char *what)
{
    struct image *image;
    struct err e = {0};
    is_err(open_at(path, ref, arch, &image, &e), e, ERR_INPUT, part, "refused: %s", what);
}

/* Opens and reads layer 0 to its end. */
static int read_layer(struct str path, struct err *e)
{
    struct image *image;
    struct image_reader *r;
    struct image_entry entry;
    int rc = -1;
    if (open_at(path, NULL, NULL, &image, e))
        return -1;
    if (image_layer_open(image, 0, &r, e) == 0) {
        while ((rc = image_next(r, &entry, e)) > 0) {
        }
        image_layer_close(r);
    }
    image_close(image);
    return rc;
}

/* ---- tests ---- */

static void test_platforms(void)
{
    struct str dir = new_layout(), b = manifest_for(dir, "riscv64"), c = manifest_for(dir, "s390x");
    struct str index = str_fmt(
        &a, "{\"schemaVersion\":2,\"manifests\":[" STR_F "," STR_F "," STR_F "]}",
        STR_A(blob(dir, b, ",\"platform\":{\"os\":\"linux\",\"architecture\":\"riscv64\"}")),
        STR_A(blob(dir, c, "")),
        STR_A(blob(dir, STR("{}"),
                   ",\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}")));
    put_index(dir, blob(dir, index, ",\"mediaType\":\"" MANIFEST_TYPE_OCI_INDEX "\""));
    opens(dir, NULL, "riscv64", "riscv64", "platform by its descriptor");
    opens(dir, NULL, "s390x", "s390x", "platform by its config");
    refused(dir, NULL, "mips", "there is linux/riscv64, linux/s390x",
            "a platform that is not there");
    refused(dir, NULL, NULL, "there is linux/riscv64, linux/s390x", "this machine's is not there");
    dir = new_layout();
    put_index(dir, blob(dir, manifest_for(dir, "s390x"), ""));
    opens(dir, NULL, NULL, "s390x", "the only platform there is");
    refused(dir, NULL, "amd64", "there is linux/s390x", "another than the only one");
}

static void test_tags(void)
{
    struct str dir = new_layout();
    put_index(dir, str_fmt(&a, STR_F "," STR_F,
                           STR_A(blob(dir, manifest_for(dir, "amd64"),
                                      ",\"annotations\":{\"" MANIFEST_KEY_REF "\":\"v1\"}")),
                           STR_A(blob(dir, manifest_for(dir, "arm64"),
                                      ",\"annotations\":{\"" MANIFEST_KEY_REF "\":\"v2\"}"))));
    opens(dir, "v1", NULL, "amd64", "by tag");
    opens(dir, "v2", NULL, "arm64", "by the other tag");
    refused(dir, "v3", NULL, "no image \"v3\"", "a tag that is not there");
    dir = new_layout();
    struct str one = manifest_for(dir, "arm64");
    put_index(dir,
              str_fmt(&a, STR_F "," STR_F, STR_A(blob(dir, one, "")), STR_A(blob(dir, one, ""))));
    opens(dir, NULL, NULL, "arm64", "one image under two names");
    put_index(dir, (struct str){0});
    refused(dir, NULL, NULL, "holds no image", "an empty index");
}

static void test_damage(void)
{
    struct str dir = new_layout(), layer = one_layer(), config = config_for("amd64", layer);
    struct digest d = digest_of(layer), c = digest_of(config);
    struct str layer_path =
        str_fmt(&a, STR_F "/blobs/sha256/" STR_F, STR_A(dir), STR_A(digest_hex(&a, &d)));
    struct str config_path =
        str_fmt(&a, STR_F "/blobs/sha256/" STR_F, STR_A(dir), STR_A(digest_hex(&a, &c)));
    struct str manifest = manifest_for(dir, "amd64");
    struct err e = {0};
    put_index(dir, blob(dir, manifest, ""));
    is_int(read_layer(dir, &e), 0, "sound: %s", e.text);
    char *bent = str_cstr(&a, layer);
    bent[512] = 'f';
    put(layer_path, (struct str){bent, layer.n});
    is_err(read_layer(dir, &e), e, ERR_INPUT,
           "digest is sha256:", "refused: a layer with other content");
    put(layer_path, str_slice(layer, 0, 700));
    refused(dir, NULL, NULL, "not the promised", "a layer that is cut off");
    put(layer_path, str_fmt(&a, STR_F "%s", STR_A(layer), "more"));
    refused(dir, NULL, NULL, "not the promised", "a layer that is too long");
    put(layer_path, layer);
    put(config_path, str_fmt(&a, STR_F " ", STR_A(config)));
    refused(dir, NULL, NULL, "not the promised", "a config of another size");
    bent = str_cstr(&a, config);
    bent[2] = 'O';
    put(config_path, (struct str){bent, config.n});
    refused(dir, NULL, NULL, "has digest", "a config with other content");
    if (unlink(config_path.p))
        fixture_die("unlink", NULL);
    refused(dir, NULL, NULL, "config", "no config");
    dir = new_layout();
    put_index(dir, STR("{\"digest\":\"sha256:"
                       "1111111111111111111111111111111111111111111111111111111111111111\","
                       "\"size\":2}"));
    refused(dir, NULL, NULL, "1111", "no manifest");
}

static void test_shape(void)
{
    struct str dir = new_layout(), layer = one_layer();
    struct str empty = STR("{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":"
                           "\"layers\",\"diff_ids\":[]}}");
    put_index(dir,
              blob(dir,
                   str_fmt(&a, "{\"config\":" STR_F ",\"layers\":[]}", STR_A(blob(dir, empty, ""))),
                   ""));
    opens(dir, NULL, NULL, "amd64", "an image without layers");
    put_index(dir, blob(dir,
                        str_fmt(&a, "{\"config\":" STR_F ",\"layers\":[" STR_F "]}",
                                STR_A(blob(dir, empty, "")), STR_A(blob(dir, layer, ""))),
                        ""));
    refused(dir, NULL, NULL, "1 layers but 0 diff ids", "counts that differ");
    put_index(dir, blob(dir,
                        str_fmt(&a, "{\"config\":" STR_F ",\"layers\":[]}",
                                STR_A(blob(dir, STR("{}"), ",\"mediaType\":\"x/helm\""))),
                        ""));
    refused(dir, NULL, NULL, "artifact of type x/helm", "what is no image");
    put_index(dir, blob(dir, STR("{\"manifests\":[],\"layers\":[]}"), ""));
    refused(dir, NULL, NULL, "both an index and a manifest", "a document of two kinds");
    put_index(dir, blob(dir, STR("{\"manifests\":[]}"), ""));
    refused(dir, NULL, NULL, "media type does not say so", "an index that is not called one");
    refused(dir, NULL, "amd64", "media type does not say so", "such an index, asked its platform");
    struct str nested = STR("{\"manifests\":[]}");
    for (int i = 0; i < 8; i++)
        nested =
            str_fmt(&a, "{\"manifests\":[" STR_F "]}",
                    STR_A(blob(dir, nested, ",\"mediaType\":\"" MANIFEST_TYPE_OCI_INDEX "\"")));
    put_index(dir, blob(dir, nested, ",\"mediaType\":\"" MANIFEST_TYPE_OCI_INDEX "\""));
    refused(dir, NULL, NULL, "nests indexes", "indexes without end");
    struct str link_to = str_fmt(&a, STR_F "/index.json", STR_A(dir));
    struct str kept = str_fmt(&a, STR_F "/kept", STR_A(dir));
    if (rename(link_to.p, kept.p) || symlink("kept", link_to.p))
        fixture_die("symlink", NULL);
    struct image_name name = {.transport = IMAGE_OCI, .path = dir};
    struct image *image;
    struct err e = {0};
    is_err(image_open(&a, &name, NULL, &image, &e), e, ERR_INPUT, "no OCI layout",
           "refused: an index.json that is a symlink");
    if (unlink(link_to.p) || mkfifo(link_to.p, 0600))
        fixture_die("pipe", NULL);
    is_err(image_open(&a, &name, NULL, &image, &e), e, ERR_INPUT, "no OCI layout",
           "refused: an index.json that is a pipe");
    if (unlink(link_to.p))
        fixture_die("unlink", NULL);
    put(str_fmt(&a, STR_F "/index.json", STR_A(dir)), STR("{\"manifests\":[],\"manifests\":[]}"));
    refused(dir, NULL, NULL, "duplicate", "an index with a key twice");
    put(str_fmt(&a, STR_F "/oci-layout", STR_A(dir)), STR("{\"imageLayoutVersion\":\"2.0\"}"));
    refused(dir, NULL, NULL, "version", "a layout of the future");
}

/* ---- docker-archives ---- */

static void signed_by(struct str dir, struct str entries, size_t n, const char *says,
                      const char *what)
{
    struct image *image;
    struct err e = {0};
    put_index(dir, entries);
    if (open_at(dir, "", NULL, &image, &e))
        fixture_die("signed image", &e);
    ok(image->signatures_sought && image->signatures.n == n &&
           (!n || str_has(image->signatures.v[0], str_of(says))),
       "%s", what);
    image_close(image);
}

static void test_signatures(void)
{
    struct str dir = new_layout(), text = manifest_for(dir, image_machine().arch.p);
    struct digest d = digest_of(text);
    struct str subject =
        str_fmt(&a, "{\"digest\":\"" STR_F "\",\"size\":%zu}", STR_A(digest_text(&a, &d)), text.n);
    struct str image = blob(dir, text, ""), empty = blob(dir, STR("{}"), "");
    static const char artifact[] = "{\"schemaVersion\":2,\"artifactType\":\"%s\",\"config\":" STR_F
                                   ",\"layers\":[],\"subject\":" STR_F "}";
    const char *notary = "application/vnd.cncf.notary.signature";
    struct str of_notary = str_fmt(&a, artifact, notary, STR_A(empty), STR_A(subject));
    struct str of_other = str_fmt(&a, artifact, notary, STR_A(empty), STR_A(empty));
    struct str sbom = str_fmt(&a, artifact, "application/spdx+json", STR_A(empty), STR_A(subject));
    struct str typed = str_fmt(&a, ",\"artifactType\":\"%s\"", notary);
    struct str tag = str_fmt(&a,
                             ",\"artifactType\":\"x\",\"annotations\":{\"org.opencontainers.image."
                             "ref.name\":\"sha256-" STR_F ".sig\"}",
                             STR_A(digest_hex(&a, &d)));
    signed_by(dir, image, 0, "", "an image alone has no signature");
    signed_by(dir, str_fmt(&a, STR_F "," STR_F, STR_A(image), STR_A(blob(dir, of_notary, typed.p))),
              1, notary, "a manifest whose subject is the image signs it");
    signed_by(dir, str_fmt(&a, STR_F "," STR_F, STR_A(image), STR_A(blob(dir, of_other, typed.p))),
              0, "", "one of another subject does not");
    signed_by(dir, str_fmt(&a, STR_F "," STR_F, STR_A(image), STR_A(blob(dir, sbom, typed.p))), 0,
              "", "nor does a list of parts");
    signed_by(dir, str_fmt(&a, STR_F "," STR_F, STR_A(image), STR_A(blob(dir, of_other, tag.p))), 1,
              "cosign's tag", "cosign's tag names the image's digest");
    struct str gone =
        str_fmt(&a, "{\"digest\":\"sha256:%064d\",\"size\":2" STR_F "}", 1, STR_A(typed));
    signed_by(dir, str_fmt(&a, STR_F "," STR_F, STR_A(image), STR_A(gone)), 0, "",
              "signatures that are not there are none");
}

static void member(struct fixture_tar *t, const char *name, struct str bytes)
{
    fixture_tar_header(t, '0', name, bytes.n, NULL);
    fixture_tar_data(t, bytes);
}

static struct str put_archive(struct fixture_tar *t)
{
    struct str path = str_fmt(&a, "%s/archive-%u.tar", fixture_dir(), n_layouts++);
    put(path, fixture_tar_end(t));
    return path;
}

static void test_docker(void)
{
    struct str layer = one_layer(), config = config_for("amd64", layer), path;
    struct fixture_tar t = {.b = {.a = &a}};
    struct err e = {0};
    struct digest d = digest_of(config), wrong = digest_of(layer);
    member(&t, "c.json", config);
    member(&t, "one/layer.tar", layer);
    fixture_tar_header(&t, '2', "two/layer.tar", 0, "../one/layer.tar");
    member(&t, "manifest.json",
           STR("[{\"Config\":\"c.json\",\"RepoTags\":[\"host/web:v1\"],\"Layers\":"
               "[\"two/layer.tar\"]}]"));
    path = put_archive(&t);
    opens(path, NULL, NULL, "amd64", "a legacy archive");
    opens(path, "web:v1", NULL, "amd64", "by its short name");
    refused(path, "web:v2", NULL, "its tags: host/web:v1", "a tag that is not there");
    refused(path, NULL, "arm64", "there is linux/amd64", "a platform that is not there");
    is_int(read_layer(path, &e), 0, "a layer through a link: %s", e.text);
    t = (struct fixture_tar){.b = {.a = &a}};
    fixture_tar_header(&t, '2', "x", 0, "y");
    fixture_tar_header(&t, '2', "y", 0, "x");
    member(&t, "c.json", config);
    member(&t, "manifest.json", STR("[{\"Config\":\"c.json\",\"Layers\":[\"x\"]}]"));
    refused(put_archive(&t), NULL, NULL, "circles", "links that lead in circles");
    t = (struct fixture_tar){.b = {.a = &a}};
    fixture_tar_header(&t, '2', "x", 0, "../../etc/passwd");
    member(&t, "c.json", config);
    member(&t, "manifest.json", STR("[{\"Config\":\"c.json\",\"Layers\":[\"x\"]}]"));
    refused(put_archive(&t), NULL, NULL, "leaves the root", "a link out of the archive");
    for (int good = 0; good < 2; good++) {
        const char *name = str_fmt(&a, STR_F ".json", STR_A(digest_hex(&a, good ? &d : &wrong))).p;
        t = (struct fixture_tar){.b = {.a = &a}};
        member(&t, name, config);
        member(&t, "l.tar", layer);
        member(&t, "manifest.json",
               str_fmt(&a, "[{\"Config\":\"%s\",\"Layers\":[\"l.tar\"]}]", name));
        path = put_archive(&t);
        if (good)
            opens(path, NULL, NULL, "amd64", "a config named by its digest");
        else
            refused(path, NULL, NULL, "has digest", "a config named by another digest");
    }
    t = (struct fixture_tar){.b = {.a = &a}};
    member(&t, "manifest.json", STR("[]"));
    member(&t, "manifest.json", STR("[]"));
    refused(put_archive(&t), NULL, NULL, "occurs twice", "a member that occurs twice");
    t = (struct fixture_tar){.b = {.a = &a}};
    member(&t, "etc/passwd", STR("x"));
    refused(put_archive(&t), NULL, NULL, "no image", "a tar of something else");
    t = (struct fixture_tar){.b = {.a = &a}};
    fixture_tar_header(&t, '0', "manifest.json", 5000, NULL);
    refused(put_archive(&t), NULL, NULL, "cut off", "a member larger than the archive");
    t = (struct fixture_tar){.b = {.a = &a}};
    fixture_tar_holes(&t, "manifest.json");
    refused(put_archive(&t), NULL, NULL, "headers", "a member that is a map of holes");
    path = fixture_path(&a, "none");
    refused(path, NULL, NULL, "no such file", "what is not there");
    put(path, STR("no tar"));
    refused(path, NULL, NULL, "no tar archive", "what is no archive");
    put(path, (struct str){0});
    refused(path, NULL, NULL, "is empty", "an empty file");
}

static void test_folder(void)
{
    struct str dir = fixture_path(&a, "rootfs");
    struct image_name name = {.transport = IMAGE_DIR, .path = dir};
    struct image *image;
    struct image_reader *r;
    struct image_entry entry;
    struct err e = {0};
    char data[10];
    if (sys_make_dir(str_fmt(&a, STR_F "/etc", STR_A(dir)), &e))
        fixture_die("folder", &e);
    put(str_fmt(&a, STR_F "/etc/a", STR_A(dir)), STR("hello"));
    if (link(str_fmt(&a, STR_F "/etc/a", STR_A(dir)).p, str_fmt(&a, STR_F "/b", STR_A(dir)).p) ||
        symlink("../..", str_fmt(&a, STR_F "/etc/c", STR_A(dir)).p))
        fixture_die("links", NULL);
    if (!ok(image_open(&a, &name, NULL, &image, &e) == 0, "a folder: %s", e.text) ||
        !ok(image_layer_open(image, 0, &r, &e) == 0, "its layer: %s", e.text))
        return;
    ok(image_next(r, &entry, &e) == 1 && !entry.path.n && entry.type == ENTRY_DIR, "the root");
    ok(image_next(r, &entry, &e) == 1 && str_is(entry.path, "b") && entry.type == ENTRY_FILE, "b");
    is_int(image_read(r, data, sizeof data, &e), 5, "its data");
    ok(image_next(r, &entry, &e) == 1 && str_is(entry.path, "etc"), "etc");
    ok(image_next(r, &entry, &e) == 1 && entry.type == ENTRY_HARDLINK && str_is(entry.link, "b") &&
           str_is(entry.path, "etc/a"),
       "a hard link to the first name");
    ok(image_next(r, &entry, &e) == 1 && entry.type == ENTRY_SYMLINK && str_is(entry.link, "../.."),
       "a symlink, not followed");
    is_int(image_next(r, &entry, &e), 0, "the end");
    image_layer_close(r);
    image_close(image);
}

static void test_history(void)
{
    static const struct fixture_layer layers[] = {{files}, {files, IMAGE_GZIP}, {0}};
    struct image *image = fixture_image(&a, layers, NULL);
    is_str(image->layers[1].created_by, "layer 1", "a line of history a layer");
    image_close(image);
    struct str dir = new_layout();
    struct err e = {0};
    put_index(dir, blob(dir, manifest_for(dir, "amd64"), ""));
    if (open_at(dir, NULL, NULL, &image, &e))
        fixture_die("open", &e);
    is_str(image->layers[0].created_by, "one", "lines of empty layers do not count");
    image_close(image);
}

int main(void)
{
    test_platforms();
    test_tags();
    test_damage();
    test_shape();
    test_signatures();
    test_docker();
    test_folder();
    test_history();
    fixture_end();
    arena_free(&a);
    return done_testing();
}
