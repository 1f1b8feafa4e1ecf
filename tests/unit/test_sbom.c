/* test_sbom: an image with packages and libraries → both kinds of documents. */
#include "base/json.h"
#include "report/sbom.h"

#include "lib/fixture.h"
#include "lib/tap.h"

#define PACKAGE(name, version, more)                                                               \
    "Package: " name "\nStatus: install ok installed\nArchitecture: amd64\nVersion: " version      \
    "\n" more "\n"

static const struct fixture_entry lower[] = {
    {"f", "etc/os-release", .content = "ID=debian\nVERSION_ID=\"12\"\n"},
    {"f", "var/lib/dpkg/status",
     .content = PACKAGE("libc6", "2.36-9", "Source: glibc\nProvides: libc\n")
         PACKAGE("curl", "7.88.1-10", "Depends: libc, curl, libc6, gone\n")},
    {"f", "var/lib/dpkg/info/curl.list", .content = "/usr/lib/python3/x.egg-info\n/usr/bin/curl\n"},
    {"f", "usr/bin/curl", .content = "1234567"},
    {"f", "usr/lib/python3/x.egg-info", .content = "Name: x\nVersion: 1\nLicense: Apache 2\n"},
    {"f", "app/node_modules/@s/left/package.json",
     .content = "{\"name\":\"@s/left\",\"version\":\"1.0.0\",\"license\":\"MIT\"}"},
    {"f", "usr/lib/python3/y.egg-info", .content = "Name: y\nVersion: 1\nLicense: Apache 2\n"},
    {"f", "usr/lib/python3/z.egg-info",
     .content = "Name: z\nVersion: 1\nLicense: MIT AND LicenseRef-Own\n"},
    {"f", "usr/lib/python3/zz.egg-info",
     .content = "Name: zz\nVersion: 1\nLicense: DocumentRef-x:LicenseRef-y\n"},
    {0},
};
static const struct fixture_entry upper[] = {
    {"f", "app/node_modules/@s/left/package.json",
     .content = "{\"name\":\"@s/left\",\"version\":\"1.0.0\",\"license\":\"MIT\",\"x\":1}"},
    {"f", "app/node_modules/right/package.json",
     .content = "{\"name\":\"ri\\u0007ght\",\"version\":\"2.0.0\"}"},
    {0},
};
static const struct fixture_layer layers[] = {{lower}, {upper}, {0}};
static const struct fixture_layer less[] = {{lower}, {0}};

typedef int writer(const struct sbom *s, struct sink *to, struct err *e);

static struct str document(struct arena *a, const struct sbom *s, writer *write)
{
    struct buf b = {.a = a};
    struct sink_buf to = sink_buf(&b);
    struct err e = {0};
    if (write(s, &to.sink, &e))
        fixture_die("writing", &e);
    return buf_str(&b);
}

static void load(struct arena *a, const struct fixture_layer *from, struct facts *f,
                 struct tree **tree)
{
    struct err e = {0};
    struct facts_how how = {.wish = FACTS_CONTENT | FACTS_LIBRARIES};
    if (facts_read(a, fixture_image(a, from, NULL), &how, tree, f, NULL, &e))
        fixture_die("facts", &e);
}

/* A component's values by name, and what its properties say. */
static void check_component(const json_t *doc, size_t i, const char *name, const char *purl,
                            const char *licence, const char *layer)
{
    const json_t *c = json_array_get(json_object_get(doc, "components"), i), *p;
    const json_t *first = json_array_get(json_object_get(c, "licenses"), 0);
    const char *text = json_string_value(json_object_get(first, "expression"));
    if (!text)
        text = json_string_value(json_object_get(json_object_get(first, "license"), "name"));
    is_str(str_of(json_string_value(json_object_get(c, "name"))), name, "component %zu", i);
    is_str(str_of(json_string_value(json_object_get(c, "purl"))), purl, "%s: purl", name);
    is_str(str_of(text), licence, "%s: licence", name);
    size_t k;
    json_array_foreach(json_object_get(c, "properties"), k, p)
    {
        if (!strcmp(json_string_value(json_object_get(p, "name")), "shuck:layer"))
            is_str(str_of(json_string_value(json_object_get(p, "value"))), layer, "%s: layer",
                   name);
    }
}

static void check_cyclonedx(struct arena *a, const struct sbom *s)
{
    struct err e = {0};
    json_t *doc JSON_AUTO = NULL;
    struct str text = document(a, s, report_sbom_cyclonedx);
    ok(json_read(text, &doc, &e) == 0, "CycloneDX is JSON: %s", e.text);
    is_int((long long)json_array_size(json_object_get(doc, "components")), 9, "components");
    check_component(doc, 1, "libc6", "pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12", "",
                    "0");
    check_component(doc, 2, "curl", "pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12", "",
                    "0");
    check_component(doc, 3, "@s/left", "pkg:npm/%40s/left@1.0.0", "MIT", "0");
    check_component(doc, 4,
                    "ri\ag"
                    "ht",
                    "pkg:npm/ri%07ght@2.0.0", "", "1");
    check_component(doc, 5, "x", "pkg:pypi/x@1", "Apache 2", "0");
    ok(str_has(text, STR("{\"name\":\"shuck:package\",\"value\":\"curl\"}")),
       "a package's library names it");
    ok(str_has(text, STR("{\"ref\":\"part-1\",\"dependsOn\":[\"part-0\"]}")),
       "what curl depends on, once, without itself");
    ok(str_has(text, STR("\"timestamp\":\"2001-09-09T01:46:40Z\"")), "the time");
    ok(str_eq(text, document(a, s, report_sbom_cyclonedx)), "the same again");
}

/* One that SPDX does not know, by its own words; one that is kept elsewhere, by its name. */
static void check_licences(const json_t *doc, struct str text)
{
    const json_t *infos = json_object_get(doc, "hasExtractedLicensingInfos");
    is_int((long long)json_array_size(infos), 3, "licences: each is explained once");
    ok(str_has(text, STR("\"licenseDeclared\":\"LicenseRef-shuck-de7eeb1ec534ce57\"")),
       "licences: words that are no expression");
    ok(str_has(text, STR("\"extractedText\":\"Apache 2\"")), "licences: with these words");
    ok(str_has(text, STR("\"licenseDeclared\":\"MIT AND LicenseRef-Own\"")) &&
           str_has(text, STR("\"licenseId\":\"LicenseRef-Own\"")),
       "licences: a reference in an expression is explained");
    ok(str_has(text, STR("\"extractedText\":\"DocumentRef-x:LicenseRef-y\"")),
       "licences: another document's is not");
    ok(str_has(text, STR("\"licenseDeclared\":\"MIT\"")), "licences: a known one is as it is");
}

static void check_spdx(struct arena *a, const struct sbom *s)
{
    struct err e = {0};
    json_t *doc JSON_AUTO = NULL;
    struct str text = document(a, s, report_sbom_spdx);
    ok(json_read(text, &doc, &e) == 0, "SPDX is JSON: %s", e.text);
    is_int((long long)json_array_size(json_object_get(doc, "packages")), 10, "packages");
    check_licences(doc, text);
    ok(str_has(text, STR("{\"spdxElementId\":\"SPDXRef-Package-1\",\"relationshipType\":"
                         "\"DEPENDS_ON\",\"relatedSpdxElement\":\"SPDXRef-Package-0\"}")),
       "a dependency");
    ok(str_has(text, STR("built from glibc 2.36-9")), "a source");
}

static void check_uuid(struct arena *a, struct sbom s)
{
    struct facts other;
    struct tree *tree;
    struct str uuid = sbom_uuid(&s, a);
    is_int((long long)uuid.n, 36, "uuid: " STR_F, STR_A(uuid));
    s.time++;
    ok(str_eq(uuid, sbom_uuid(&s, a)), "uuid: the time does not matter");
    load(a, less, &other, &tree);
    s.facts = &other;
    ok(!str_eq(uuid, sbom_uuid(&s, a)), "uuid: what is in it does");
    tree_free(tree);
}

/* A sink that counts, of a document much larger than what the writer may hold. */
struct counting {
    struct sink sink;
    size_t n, most;
};
static int count(struct sink *sink, const void *p, size_t n, struct err *e)
{
    struct counting *c = (struct counting *)sink;
    (void)p;
    (void)e;
    c->n += n;
    c->most = n > c->most ? n : c->most;
    return 0;
}

static void check_room(struct arena *a, struct sbom s)
{
    enum { MANY = 20000 };
    struct facts f = *s.facts;
    struct facts_library library = {.kind = LIBRARY_NPM, .name = STR("a"), .version = STR("1")};
    struct err e = {0};
    f.libraries = (struct facts_installeds){0};
    for (size_t i = 0; i < MANY; i++)
        *vec_push(a, &f.libraries) = (struct facts_installed){&library, f.tree->root, 0};
    s.facts = &f;
    struct counting c = {.sink = {count}};
    ok(report_sbom_spdx(&s, &c.sink, &e) == 0 && c.n > 5000000, "room: %zu bytes", c.n);
    ok(c.most < 128 * 1024, "room: at most %zu at once", c.most);
}

int main(void)
{
    struct arena a = {0};
    struct facts f;
    struct tree *tree;
    load(&a, layers, &f, &tree);
    struct sbom s = {.facts = &f, .name = STR("web:1"), .time = 1000000000};
    check_cyclonedx(&a, &s);
    check_spdx(&a, &s);
    check_uuid(&a, s);
    check_room(&a, s);
    tree_free(tree);
    fixture_end();
    arena_free(&a);
    return done_testing();
}
