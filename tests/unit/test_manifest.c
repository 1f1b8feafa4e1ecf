/* Index, manifest and manifest.json. */
#include "base/buf.h"
#include "base/limits.h"
#include "image/manifest.h"
#include "lib/tap.h"

#define HEX              "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DESCRIPTOR(more) "{\"digest\":\"sha256:" HEX "\",\"size\":7" more "}"

static struct arena a;

static void test_good(void)
{
    struct manifest m;
    struct err e = {0};
    is_int(manifest_read(
               STR("{\"schemaVersion\":2,\"config\":" DESCRIPTOR("") ",\"layers\":[" DESCRIPTOR(
                   ",\"mediaType\":\"t\",\"urls\":[\"x\"]") "],"
                                                            "\"annotations\":{\"k\":\"v\"}}"),
               (struct str){0}, &a, &m, &e),
           0, "a manifest: %s", e.text);
    ok(!m.is_index && m.n_layers == 1 && m.layers[0].foreign && m.config.size == 7, "its values");
    is_str(manifest_annotation(&m.annotations, STR("k")), "v", "annotation");
    is_int(manifest_read(STR("{\"manifests\":[" DESCRIPTOR(",\"platform\":{\"os\":\"linux\","
                                                           "\"architecture\":\"arm64\"}") "]}"),
                         STR(MANIFEST_TYPE_OCI_INDEX), &a, &m, &e),
           0, "an index: %s", e.text);
    ok(m.is_index && m.n_manifests == 1 && m.manifests[0].has_platform, "its values");
    is_str(m.manifests[0].platform.arch, "arm64", "platform");
}

static void test_bad(void)
{
    static const struct {
        const char *text, *why;
    } bad[] = {
        {"", "line 1"},
        {"[]", "not a JSON object"},
        {"{\"schemaVersion\":1}", "schema 1"},
        {"{}", "neither"},
        {"{\"manifests\":[],\"layers\":[]}", "both an index and a manifest"},
        {"{\"manifests\":[],\"config\":null}", "both an index and a manifest"},
        {"{\"layers\":[],\"mediaType\":\"" MANIFEST_TYPE_OCI_INDEX "\"}", "media type"},
        {"{\"layers\":[]}", "has no config"},
        {"{\"manifests\":[{}]}", "manifest 0"},
        {"{\"manifests\":[{\"digest\":\"md5:x\",\"size\":1}]}", "sha256"},
        {"{\"manifests\":[{\"digest\":\"sha256:" HEX "\"}]}", "no size"},
        {"{\"manifests\":[{\"digest\":\"sha256:" HEX "\",\"size\":-1}]}", "negative"},
        {"{\"manifests\":[{\"digest\":\"sha256:" HEX "\",\"size\":\"9\"}]}", "size"},
        {"{\"manifests\":{}}", "manifests"},
        {"{\"manifests\":[],\"manifests\":[]}", "duplicate"},
        {"{\"manifests\":[\"\xff\"]}", "0xff"},
    };
    struct manifest m;
    struct err e = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        is_err(manifest_read(str_of(bad[i].text), (struct str){0}, &a, &m, &e), e, ERR_INPUT,
               bad[i].why, "refused: %s", bad[i].why);
}

static void test_caps(void)
{
    struct buf b = {.a = &a};
    struct manifest m;
    struct err e = {0};
    buf_addz(&b, "{\"config\":" DESCRIPTOR("") ",\"layers\":[");
    for (int i = 0; i <= LIMIT_LAYERS; i++)
        buf_addz(&b, i ? "," DESCRIPTOR("") : DESCRIPTOR(""));
    buf_addz(&b, "]}");
    is_err(manifest_read(buf_str(&b), (struct str){0}, &a, &m, &e), e, ERR_INPUT,
           "128 layers; at most 127", "too many layers");
    b.n = 0;
    buf_addz(&b, "{\"manifests\":[");
    for (int i = 0; i <= LIMIT_MANIFESTS; i++)
        buf_addz(&b, i ? ",0" : "0");
    buf_addz(&b, "]}");
    is_err(manifest_read(buf_str(&b), (struct str){0}, &a, &m, &e), e, ERR_INPUT, "1025 manifests",
           "too many manifests");
    b.n = 0;
    buf_addz(&b, "{\"manifests\":");
    for (int i = 0; i < 100; i++)
        buf_addc(&b, '[');
    is_err(manifest_read(buf_str(&b), (struct str){0}, &a, &m, &e), e, ERR_INPUT, "nested",
           "too deep");
}

static void test_docker(void)
{
    struct manifest_dockers list;
    struct err e = {0};
    is_int(manifest_read_docker(STR("[{\"Config\":\"c.json\",\"RepoTags\":null,\"Layers\":"
                                    "[\"l\"]}]"),
                                &a, &list, &e),
           0, "manifest.json: %s", e.text);
    ok(list.n == 1 && list.v[0].layers.n == 1 && !list.v[0].tags.n, "its values");
    is_err(manifest_read_docker(STR("{}"), &a, &list, &e), e, ERR_INPUT, "array", "no array");
    is_err(manifest_read_docker(STR("[{}]"), &a, &list, &e), e, ERR_INPUT, "Config", "no config");
    is_err(manifest_read_docker(STR("[3]"), &a, &list, &e), e, ERR_INPUT, "object", "no object");
}

static void test_means(void)
{
    ok(manifest_means(STR("web"), STR("host/lib/web:latest")), "short for latest");
    ok(manifest_means(STR("web:v1"), STR("host/lib/web:v1")), "without the registry");
    ok(manifest_means(STR("lib/web:v1"), STR("host/lib/web:v1")), "with a folder");
    ok(!manifest_means(STR("eb:v1"), STR("host/lib/web:v1")), "not part of a name");
    ok(!manifest_means(STR("web"), STR("host/web:v1")), "not another tag");
}

int main(void)
{
    test_good();
    test_bad();
    test_caps();
    test_docker();
    test_means();
    arena_free(&a);
    return done_testing();
}
