/* What docker and podman say of an image, and what indexes and manifests hold. */
#include "image/tagged.h"

#include "base/buf.h"
#include "image/manifest.h"
#include "lib/tap.h"

#define ONE   "sha256:1111111111111111111111111111111111111111111111111111111111111111"
#define TWO   "sha256:2222222222222222222222222222222222222222222222222222222222222222"
#define THREE "sha256:3333333333333333333333333333333333333333333333333333333333333333"
#define LIST(...)                                                                                  \
    "{\"RepoDigests\":[" __VA_ARGS__                                                               \
    "],\"Os\":\"linux\",\"Architecture\":\"arm\",\"Variant\":\"v7\""

/* "1 alone whole linux/arm/v7": the first digit of the digest */
static struct str shown(struct arena *a, const struct tagged *t)
{
    struct buf b = {.a = a};
    buf_add(&b, t->digest.n ? str_slice(t->digest, 7, 8) : STR("-"));
    buf_addz(&b, t->alone ? " alone" : "");
    buf_addz(&b, t->whole ? " whole" : "");
    for (size_t i = 0; i < t->n_platforms; i++)
        buf_addf(&b, " " STR_F "/" STR_F "/" STR_F, STR_A(t->platforms[i].os),
                 STR_A(t->platforms[i].arch), STR_A(t->platforms[i].variant));
    return buf_str(&b);
}

static void test_inspect(struct arena *a)
{
    static const struct {
        const char *json, *manifest, *want, *what;
    } rows[] = {
        {LIST("\"web@" ONE "\"") "}", "", "1 linux/arm/v7", "one"},
        {LIST("\"web@" ONE "\",\"docker.io/library/web@" ONE "\"") "}", "", "1 linux/arm/v7",
         "the same twice"},
        {LIST("\"a.example/web@" ONE "\",\"webs@" TWO "\",\"x/web@" TWO "\"") "}", "",
         "- whole linux/arm/v7", "of other names alone: whole"},
        {LIST("\"web@" ONE "\",\"web@" TWO "\"") "}", "", "more than one digest", "two"},
        {LIST("\"web@" ONE "\",\"web@" TWO "\"") ",\"Digest\":\"" TWO "\"}", "", "2 linux/arm/v7",
         "two, one of which it was pulled by"},
        {LIST("\"web@" ONE "\",\"web@" TWO "\"") ",\"Digest\":\"" TWO "\"}", TWO, "1 linux/arm/v7",
         "two, one of which is the image's own"},
        {LIST("\"web@" ONE "\",\"web@" TWO "\",\"web@" THREE "\"") ",\"Digest\":\"" TWO "\"}", "",
         "more than one digest", "three"},
        {LIST("\"web@" ONE "\"") ",\"Digest\":\"" ONE "\"}", "", "1 alone whole linux/arm/v7",
         "no index"},
        {LIST("\"web@" ONE "\"") ",\"Digest\":\"" ONE "\"}", TWO, "1 linux/arm/v7",
         "an index alone"},
        {LIST("\"web@" ONE "\"") ",\"Descriptor\":{\"mediaType\":\"" MANIFEST_TYPE_OCI "\"}}", "",
         "1 alone whole linux/arm/v7", "a manifest, says the daemon"},
        {LIST("\"web@" ONE "\"") ",\"Descriptor\":{\"mediaType\":\"" MANIFEST_TYPE_OCI_INDEX "\"}}",
         "", "1 linux/arm/v7", "an index, says the daemon"},
        {"[" LIST("\"web@" ONE "\"") "},{}]", "", "1 linux/arm/v7", "a list"},
        {"{}", "", "- whole", "nothing"},
        {"[]", "", "is no description", "an empty list"},
        {"1", "", "is no description", "a number"},
        {"{\"RepoDigests\":[1]}", "", "RepoDigests", "a number for a digest"},
    };
    struct reference r = {0};
    struct err e = {0};
    ok(!reference_parse(a, STR("web"), &r, &e), "a name");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tagged t = {0};
        int rc = tagged_read_inspect(str_of(rows[i].json), str_of(rows[i].manifest), &r, a, &t, &e);
        if (rc)
            ok(strstr(e.text, rows[i].want), "inspect: %s: %s", rows[i].what, e.text);
        else
            is_str(shown(a, &t), rows[i].want, "inspect: %s", rows[i].what);
    }
}

#define MEMBER(os, arch, more)                                                                     \
    "{\"mediaType\":\"" MANIFEST_TYPE_OCI "\",\"digest\":\"" ONE                                   \
    "\",\"size\":1,\"platform\":{\"os\":\"" os "\",\"architecture\":\"" arch "\"}" more "}"

static void test_manifests(struct arena *a)
{
    struct str index =
        STR("{\"schemaVersion\":2,\"manifests\":[" MEMBER("linux", "amd64", "") "," MEMBER(
            "linux", "arm64",
            "") "," MEMBER("unknown", "unknown",
                           "") "," MEMBER("linux", "s390x",
                                          ",\"annotations\":{\"vnd.docker.reference.type\":"
                                          "\"attestation-manifest\"}") "]}");
    struct str bare = STR("{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"" MANIFEST_TYPE_OCI
                          "\",\"digest\":\"" ONE "\",\"size\":1}]}");
    struct str single = STR("{\"schemaVersion\":2,\"config\":{\"mediaType\":\"x\",\"digest\":\"" TWO
                            "\",\"size\":1},\"layers\":[]}");
    struct tagged t = {0};
    struct digest config;
    struct err e = {0};
    ok(!tagged_read_manifest(index, STR(MANIFEST_TYPE_OCI_INDEX), a, &t, &config, &e),
       "an index %s", e.text);
    is_str(shown(a, &t), "- whole linux/amd64/ linux/arm64/",
           "its images, without what describes them");
    ok(!tagged_read_manifest(bare, STR(MANIFEST_TYPE_OCI_INDEX), a, &t, &config, &e),
       "a bare one %s", e.text);
    is_str(shown(a, &t), "-", "whose platforms nobody knows");
    ok(!tagged_read_manifest(single, STR(MANIFEST_TYPE_OCI), a, &t, &config, &e), "a manifest %s",
       e.text);
    is_str(shown(a, &t), "- alone", "is alone");
    is_str(digest_text(a, &config), TWO, "and has a config");
}

int main(void)
{
    struct arena a = {0};
    test_inspect(&a);
    test_manifests(&a);
    arena_free(&a);
    return done_testing();
}
