/* Which addresses are read; where a server may lead. */
#include "image/address.h"
#include "lib/tap.h"

static void test_addresses(struct arena *a)
{
    static const char *const good[] = {
        "https://registry.example/token?x=1",
        "http://localhost:5000/",
        "https://[::1]:443/a",
        "https://10.0.0.1/x",
        "https://a_b.example/x",
        "https://1node:5000/x",
    };
    static const char *const refused[] = {
        "",
        "ftp://a/",
        "https://",
        "https:///x",
        "https://user@a/",
        "https://a:b@c/",
        "https://a b/",
        "https://a/x y",
        "https://a/\r\nX: y",
        "https://a/#x",
        "https://a?x",
        "https://a:99999/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://[127.0.0.1]/",
        "https://::1/",
        "https://a:0/",
        "https://a..b/",
        "https://-a/",
        "https://a\\@b/",
        "https://a/\\b",
        "https://[::1/",
        "file:///etc/passwd",
    };
    struct address to;
    struct err e = {0};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ok(!address_read(str_of(good[i]), &to, &e), "reads row %zu", i);
        is_str(address_text(a, &to), good[i], "and writes it");
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        is_err(address_read(str_of(refused[i]), &to, &e), e, ERR_INPUT, "address",
               "refused: row %zu", i);
}

static void test_follow(struct arena *a)
{
    static const struct {
        const char *from, *location, *to;
    } rows[] = {
        {"https://a.example/x", "/y?z=1", "https://a.example/y?z=1"},
        {"https://a.example/x", "//b.example/y", "https://b.example/y"},
        {"https://a.example/x", "//b.example", "https://b.example/"},
        {"https://a.example/x", "https://c.example/", "https://c.example/"},
        {"https://a.example/x", "y", NULL},
        {"https://a.example/x", "", NULL},
        {"https://a.example/x", "/y\r\nz", NULL},
        {"http://a.example/x", "//b.example?y", NULL},
        {"http://a.example/x", "//b.example:80/y", "http://b.example:80/y"},
        {"https://a.example/x", "//u@b/y", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct address from, to;
        struct err e = {0};
        int rc = address_read(str_of(rows[i].from), &from, &e) ||
                         address_follow(&from, str_of(rows[i].location), &to, &e)
                     ? -1
                     : 0;
        if (rows[i].to)
            is_str(rc ? STR("refused") : address_text(a, &to), rows[i].to, "follows row %zu", i);
        else
            ok(rc, "does not follow row %zu", i);
    }
}

static void test_allowed(void)
{
    static const struct {
        const char *from, *to;
        bool allowed;
    } rows[] = {
        {"https://registry.example/", "https://auth.example/", true},
        {"https://registry.example/", "http://registry.example/", false},
        {"https://registry.example/", "http://localhost/", false},
        {"https://registry.example/", "https://localhost/", false},
        {"https://registry.example/", "https://169.254.169.254/", false},
        {"https://registry.example/", "https://10.1.2.3/", false},
        {"https://registry.example/", "https://[::ffff:127.0.0.1]/", false},
        {"https://registry.example/", "https://[fd00::1]/", false},
        {"https://10.1.2.3/", "https://10.1.2.4/", true},
        {"http://localhost:5000/", "http://127.0.0.1:5001/", true},
        {"http://localhost:5000/", "http://10.0.0.1/", false},
        {"https://localhost:5000/", "http://localhost:5001/", false},
        {"http://localhost:5000/", "https://cdn.example/", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct address from, to;
        struct err e = {0};
        int rc = address_read(str_of(rows[i].from), &from, &e) ||
                         address_read(str_of(rows[i].to), &to, &e) || address_allows(&from, &to, &e)
                     ? -1
                     : 0;
        ok(!rc == rows[i].allowed, "allowed: %s to %s", rows[i].from, rows[i].to);
    }
    ok(address_is_kin(STR("registry-1.hub.example"), STR("auth.hub.example")), "kin");
    ok(address_is_kin(STR("registry.example:5000"), STR("registry.example")), "kin: a port");
    ok(!address_is_kin(STR("registry.example"), STR("auth.other")), "no kin");
    ok(!address_is_kin(STR("10.0.0.1"), STR("11.0.0.1")), "no kin: numbers");
}

int main(void)
{
    struct arena a = {0};
    test_addresses(&a);
    test_follow(&a);
    test_allowed();
    is_str(address_escape(&a, STR("a b&c=/~")), "a%20b%26c%3D%2F~", "escapes");
    arena_free(&a);
    return done_testing();
}
