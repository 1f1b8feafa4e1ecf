/* test_purl: names of packages → package URLs. */
#include "facts/purl.h"
#include "lib/tap.h"

static const struct {
    enum library_kind kind;
    const char *name, *version, *want, *what;
} libraries[] = {
    {LIBRARY_NPM, "foobar", "12.3.1", "pkg:npm/foobar@12.3.1", "npm"},
    {LIBRARY_NPM, "@angular/animation", "12.3.1", "pkg:npm/%40angular/animation@12.3.1",
     "npm, with a scope"},
    {LIBRARY_NPM, "../../etc/passwd", "1", "pkg:npm/..%2F..%2Fetc%2Fpasswd@1", "encoded: a path"},
    {LIBRARY_NPM, "..", "../1", "pkg:npm/%2E%2E@..%2F1", "encoded: a folder above"},
    {LIBRARY_NPM, "@a/../b", "1", "pkg:npm/%40a%2F..%2Fb@1", "encoded: a scope and a path"},
    {LIBRARY_NPM, "@../.", "1", "pkg:npm/%40../%2E@1", "encoded: dots in a scope"},
    {LIBRARY_NPM, "@/a", "1", "pkg:npm/%40%2Fa@1", "encoded: no scope"},
    {LIBRARY_NPM, "a//b?c#d%2f", "1 2", "pkg:npm/a%2F%2Fb%3Fc%23d%252f@1%202", "encoded: npm"},
    {LIBRARY_NPM, "@a/", "1", "", "npm, without a name"},
    {LIBRARY_GO, "example.org/../x/.", "1", "pkg:golang/example.org/%2E%2E/x/%2E@1",
     "encoded: golang"},
    {LIBRARY_PYTHON, "Django_Allauth", "1.11.1", "pkg:pypi/django-allauth@1.11.1",
     "normalised: pypi"},
    {LIBRARY_GEM, "ruby-advisory-db-check", "0.12.4", "pkg:gem/ruby-advisory-db-check@0.12.4",
     "gem"},
    {LIBRARY_COMPOSER, "Laravel/Framework", "5.5.0", "pkg:composer/laravel/framework@5.5.0",
     "normalised: composer"},
    {LIBRARY_COMPOSER, "framework", "5.5.0", "", "composer without a vendor"},
    {LIBRARY_NUGET, "EnterpriseLibrary.Common", "6.0.1304",
     "pkg:nuget/EnterpriseLibrary.Common@6.0.1304", "nuget keeps its letters"},
    {LIBRARY_JAVA, "org.apache.xmlgraphics:batik-anim", "1.9.1",
     "pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1", "maven"},
    {LIBRARY_JAVA, "batik-anim", "1.9.1", "", "maven without a group"},
    {LIBRARY_GO, "google.golang.org/genproto", "v0.0.0-2016",
     "pkg:golang/google.golang.org/genproto@v0.0.0-2016", "golang"},
    {LIBRARY_GO, "github.com/Azure/go-autorest", "v14.2.0+incompatible",
     "pkg:golang/github.com/azure/go-autorest@v14.2.0%2Bincompatible", "normalised: golang"},
    {LIBRARY_GO, "stdlib", "1.22.1", "pkg:golang/stdlib@1.22.1", "golang's own"},
    {LIBRARY_GO, "example.org/main", "", "pkg:golang/example.org/main", "no version"},
    {LIBRARY_CARGO, "structopt", "0.3.11", "pkg:cargo/structopt@0.3.11", "cargo"},
    {LIBRARY_GEM, "a b/c?d#e@f%\xc3\xa9", "1&2=3",
     "pkg:gem/a%20b%2Fc%3Fd%23e%40f%25%C3%A9@1%262%3D3", "encoded"},
};

static const struct {
    struct facts_package package;
    const char *id, *version_id, *want, *what;
} packages[] = {
    {{.kind = PACKAGE_DPKG,
      .name = STR_INIT("curl"),
      .version = STR_INIT("7.88.1-10"),
      .arch = STR_INIT("amd64")},
     "debian",
     "12",
     "pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12",
     "deb"},
    {{.kind = PACKAGE_DPKG,
      .name = STR_INIT("libstdc++6"),
      .version = STR_INIT("1:2.4.47-2+b1~x"),
      .arch = STR_INIT("all")},
     "debian",
     "",
     "pkg:deb/debian/libstdc%2B%2B6@1:2.4.47-2%2Bb1~x?arch=all&distro=debian",
     "deb with an epoch"},
    {{.kind = PACKAGE_DPKG, .name = STR_INIT("a"), .version = STR_INIT("1")},
     "",
     "",
     "pkg:deb/debian/a@1",
     "deb of no known system"},
    {{.kind = PACKAGE_APK,
      .name = STR_INIT("apk"),
      .version = STR_INIT("2.12.9-r3"),
      .arch = STR_INIT("x86")},
     "alpine",
     "3.20.3",
     "pkg:apk/alpine/apk@2.12.9-r3?arch=x86&distro=alpine-3.20.3",
     "apk"},
    {{.kind = PACKAGE_RPM,
      .name = STR_INIT("ImageMagick"),
      .version = STR_INIT("7:7.50.3-1.fc25"),
      .arch = STR_INIT("i386")},
     "fedora",
     "25",
     "pkg:rpm/fedora/ImageMagick@7.50.3-1.fc25?arch=i386&distro=fedora-25&epoch=7",
     "rpm with an epoch"},
};

int main(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        struct facts_library l = {.kind = libraries[i].kind,
                                  .name = str_of(libraries[i].name),
                                  .version = str_of(libraries[i].version)};
        is_str(facts_library_purl(&a, &l), libraries[i].want, "%s", libraries[i].what);
    }
    for (size_t i = 0; i < sizeof packages / sizeof *packages; i++) {
        struct facts_base base = {.id = str_of(packages[i].id),
                                  .version_id = str_of(packages[i].version_id)};
        is_str(facts_package_purl(&a, &base, &packages[i].package), packages[i].want, "%s",
               packages[i].what);
    }
    arena_free(&a);
    return done_testing();
}
