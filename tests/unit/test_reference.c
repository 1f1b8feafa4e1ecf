/* Names of images in registries: their parts, and what is refused. */
#include "base/buf.h"
#include "image/reference.h"
#include "lib/tap.h"

#define DIGEST "sha256:0123456789012345678901234567890123456789012345678901234567890123"

static void test_parts(struct arena *a)
{
    static const struct {
        const char *text, *host, *repository, *tag, *digest, *whole;
    } rows[] = {
        {"debian", "docker.io", "library/debian", "", "", "docker.io/library/debian:latest"},
        {"debian:12", "docker.io", "library/debian", "12", "", "docker.io/library/debian:12"},
        {"team/web", "docker.io", "team/web", "", "", "docker.io/team/web:latest"},
        {"docker.io/debian", "docker.io", "library/debian", "", "",
         "docker.io/library/debian:latest"},
        {"index.docker.io/a/b:1", "docker.io", "a/b", "1", "", "docker.io/a/b:1"},
        {"localhost/web", "localhost", "web", "", "", "localhost/web:latest"},
        {"localhost:5000/a/b/c:v1.0-x_y", "localhost:5000", "a/b/c", "v1.0-x_y", "",
         "localhost:5000/a/b/c:v1.0-x_y"},
        {"registry.example/a__b/c--d.e", "registry.example", "a__b/c--d.e", "", "",
         "registry.example/a__b/c--d.e:latest"},
        {"[::1]:5000/web", "[::1]:5000", "web", "", "", "[::1]:5000/web:latest"},
        {"HOST/web", "HOST", "web", "", "", "HOST/web:latest"},
        {"debian@" DIGEST, "docker.io", "library/debian", "", DIGEST,
         "docker.io/library/debian@" DIGEST},
        {"debian:12@" DIGEST, "docker.io", "library/debian", "12", DIGEST,
         "docker.io/library/debian@" DIGEST},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reference r = {0};
        struct err e = {0};
        ok(!reference_parse(a, str_of(rows[i].text), &r, &e), "parts: %s %s", rows[i].text, e.text);
        is_str(r.host, rows[i].host, "its host");
        is_str(r.repository, rows[i].repository, "its repository");
        is_str(r.tag, rows[i].tag, "its tag");
        is_str(r.digest, rows[i].digest, "its digest");
        is_str(reference_text(a, &r), rows[i].whole, "all of it");
    }
    struct reference hub = {.host = STR("docker.io")}, other = {.host = STR("registry.example")};
    is_str(reference_server(&hub), "registry-1.docker.io", "where docker.io answers");
    is_str(reference_server(&other), "registry.example", "where others do");
}

static void test_refused(struct arena *a)
{
    static const char *const texts[] = {
        "",          "/",         "a/",        "/a",         "a//b",        "a:",        "a:b:c",
        "A",         "a/B",       "a b",       "a?b",        "a#b",         "a%2f",      "../a",
        "a/../b",    "a..b",      "a___b",     "-a",         "a-",          "_a",        "a:.x",
        "a:-x",      "a@b",       "a@sha256:", "a@sha256:0", "a\nb",        "a:b\n",     "h.x:/a",
        "h.x:0/a",   "h.x:x/a",   "h..x/a",    "-h.x/a",     "h.x:65536/a", "u:p@h.x/a", "[::1/a",
        "[g::]:1/a", "a:1@b:2@c", "\xff.x/a",  "a\xff",      "$A",          "a:${B}",    "h.x\\/a",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct reference r;
        struct err e = {0};
        is_err(reference_parse(a, str_of(texts[i]), &r, &e), e, ERR_INPUT, "", "refused: row %zu",
               i);
    }
    struct buf b = {.a = a};
    for (int i = 0; i < 300; i++)
        buf_addc(&b, 'a');
    struct reference r;
    struct err e = {0};
    is_err(reference_parse(a, buf_str(&b), &r, &e), e, ERR_INPUT, "255", "refused: too long");
}

/* What looks like a name, and is an IP address to those who look it up. */
static void test_numbers(struct arena *a)
{
    static const struct {
        const char *text;
        bool taken;
    } rows[] = {
        {"127.0.0.1:5000/x", true}, {"10.1.2.3/x", true},
        {"1node:5000/x", true},     {"host.1a/x", true},
        {"1.example/x", true},      {"0xg:1/x", true},
        {"127.1:5000/x", false},    {"127.1/x", false},
        {"2130706433:1/x", false},  {"0x7f000001:1/x", false},
        {"0x7f.1/x", false},        {"host.0x/x", false},
        {"1.2.3.4.5/x", false},     {"127.0.0.256/x", false},
        {"0177.0.0.1/x", false},    {"[127.0.0.1]:5000/x", false},
        {"[::1]/x", true},          {"[1::2::3]/x", false},
        {"[:::]/x", false},         {"::1/x", false},
        {"a_b.example/x", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reference r;
        struct err e = {0};
        ok(!reference_parse(a, str_of(rows[i].text), &r, &e) == rows[i].taken, "numbers: %s",
           rows[i].text);
    }
}

int main(void)
{
    struct arena a = {0};
    test_parts(&a);
    test_refused(&a);
    test_numbers(&a);
    arena_free(&a);
    return done_testing();
}
