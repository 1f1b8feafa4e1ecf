/* test_secret_scan: every kind finds its own sample and leaves the other; windows; long texts. */
#include "lib/tap.h"
#include "secret/secret.h"

static bool finds(struct secret_scanner *s, struct arena *a, const struct secret_kind *kind,
                  struct str text)
{
    struct secret_list list = {0};
    secret_scan(s, a, text, 0, text.n, true, &list);
    vec_each (&list, i)
        if (list.v[i].kind == kind)
            return true;
    return false;
}

static void check_kinds(struct secret_scanner *s, struct arena *a)
{
    const struct secret_kind *kind;
    for (size_t i = 0; (kind = secret_kind_at(i)); i++) {
        ok(secret_kind_named(str_of(kind->id)) == kind, "%s: has a name of its own", kind->id);
        ok(finds(s, a, kind, str_of(kind->yes)), "%s: found", kind->id);
        ok(!finds(s, a, kind, str_of(kind->no)), "%s: not found", kind->id);
    }
}

/* The same text, cut anywhere, gives the same values. */
static void check_windows(struct secret_scanner *s, struct arena *a)
{
    struct str text = STR("a GITHUB=ghp_x7Kq2mZ9vB4nL6pR8wT1cF3hJ5gY0uE2sD4a b "
                          "postgres://app:h7Gq2mZ9vB@db:5432/app c");
    size_t bad = 0;
    for (size_t cut = 0; cut <= text.n; cut++) {
        struct secret_list list = {0};
        secret_scan(s, a, text, 0, cut, true, &list);
        size_t before = list.n;
        secret_scan(s, a, text, cut, text.n, true, &list);
        if (list.n < 2 || list.n > 3 || before > 2)
            bad++;
    }
    ok(bad == 0, "windows: two secrets, wherever the cut is");
}

static void check_long(struct secret_scanner *s, struct arena *a)
{
    size_t n = 4 << 20;
    char *text = arena_alloc(a, n);
    struct secret_list list = {0};
    for (size_t i = 0; i < n; i++)
        text[i] = "ghp_AKIAeyJ-----BEGIN PRIVATE KEY-----://a:b@"[i % 45];
    secret_scan(s, a, (struct str){text, n}, 0, n, true, &list);
    ok(list.n <= 10000, "long: four megabytes of beginnings");
}

int main(void)
{
    struct arena a = {0};
    struct err e = {0};
    struct secret_db *db = NULL;
    struct secret_kind broken = {.id = "mine", .pattern = "a(b"};
    ok(secret_db_open(&broken, 1, &db, &e) == -1 && e.kind == ERR_INPUT, "a bad pattern: %s",
       e.text);
        return 1;
    struct secret_scanner *s = secret_scanner_new(db);
    check_kinds(s, &a);
    check_windows(s, &a);
    check_long(s, &a);
    secret_scanner_free(s);
    secret_db_close(db);
    arena_free(&a);
    return done_testing();
}
