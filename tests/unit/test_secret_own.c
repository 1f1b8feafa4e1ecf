/* test_secret_own: a team's own kinds: what is found, allowed and refused. */
#include <time.h>

#include "lib/tap.h"
#include "secret/kinds.h"

static int open_policy(struct arena *a, const char *yaml, struct secret_db **db, struct err *e)
{
    struct policy *p = arena_new(a, struct policy);
    return policy_read(str_of(yaml), STR("x.yaml"), a, p, e) ? -1 : secret_db_open(p, db, e);
}

static const char shop[] = "secrets:\n"
                           "  - id: shop-token\n"
                           "    title: token of the shop\n"
                           "    pattern: shop_[a-z0-9]{8,40}\n"
                           "    keywords: [till]\n"
                           "    severity: critical\n"
                           "    allow:\n"
                           "      values: [shop_0000*]\n"
                           "      paths: [/srv/demo/**]\n";

static const struct {
    const char *path, *text;
    size_t n;
    const char *value;
} cases[] = {
    {"srv/a", "TILL = shop_a1b2c3d4e5", 1, "shop_a1b2c3d4e5"},
    {"srv/a", "other = shop_a1b2c3d4e5", 0, NULL},
    {"srv/a", "till = shop_0000c3d4e5", 0, NULL},
    {"srv/demo/x/a", "till = shop_a1b2c3d4e5", 0, NULL},
    {"srv/tests/a", "till xshop_a1b2c3d4e5;", 1, "shop_a1b2c3d4e5"},
};

static void check_cases(struct arena *a)
{
    struct secret_db *db = NULL;
    struct err e = {0};
    if (!ok(!open_policy(a, shop, &db, &e), "a policy with a secret %s", e.text))
        return;
    struct secret_scanner *s = secret_scanner_new(db);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct secret_list list = {0};
        struct str text = str_of(cases[i].text);
        struct secret_window w = {.text = text, .to = text.n, .path = str_of(cases[i].path)};
        secret_scan(s, a, &w, &list);
        ok(list.n == cases[i].n, "%s: %s", cases[i].path, cases[i].text);
        if (list.n && cases[i].value) {
            is_str(str_slice(text, list.v[0].at, list.v[0].at + list.v[0].n), cases[i].value,
                   "the whole of it");
            ok(list.v[0].kind->severity == SEVERITY_CRITICAL && !list.v[0].doubt, "as it was said");
        }
    }
    struct secret_db *plain = NULL, *again = NULL;
    struct digest d[3] = {secret_db_digest(db)};
    ok(!secret_db_open(NULL, &plain, &e) && !open_policy(a, shop, &again, &e), "two more");
    d[1] = secret_db_digest(plain);
    d[2] = secret_db_digest(again);
    ok(!digest_eq(&d[0], &d[1]) && digest_eq(&d[0], &d[2]), "the digest tells kinds apart");
    secret_scanner_free(s);
    secret_db_close(db);
    secret_db_close(plain);
    secret_db_close(again);
}

/* Beside and around a built-in kind: what stays, by place. */
static const struct {
    const char *severity, *pattern, *text, *kinds;
} both[] = {
    {"low", "glpat-[A-Za-z0-9_-]{20}", "x glpat-6T3O1k2NUsod_Wh7m3qd", "gitlab-token"},
    {"critical", "glpat-[A-Za-z0-9_-]{20}", "x glpat-6T3O1k2NUsod_Wh7m3qd", "mine"},
    {"low", "x glpat-[A-Za-z0-9_-]{20}", "x glpat-6T3O1k2NUsod_Wh7m3qd", "mine gitlab-token"},
    {"low", "6T3O1k2NUsod", "x glpat-6T3O1k2NUsod_Wh7m3qd", "gitlab-token"},
    {"critical", "6T3O1k2NUsod", "x glpat-6T3O1k2NUsod_Wh7m3qd", "gitlab-token mine"},
    {"high", "shop_[a-z0-9]{12}", "api_password = shop_k2nusod7wh7m", "mine"},
    {"low", "nothing_[a-z]+", "x glpat-6T3O1k2NUsod_Wh7m3qd", "gitlab-token"},
};

static void check_both(struct arena *a)
{
    for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
        const char *yaml = str_fmt(a, "secrets: [{id: mine, severity: %s, pattern: '%s'}]",
                                   both[i].severity, both[i].pattern)
                               .p;
        struct secret_db *db = NULL;
        struct err e = {0};
        struct secret_list list = {0};
        struct str got = {0};
        if (!ok(!open_policy(a, yaml, &db, &e), "worse: %s %s", both[i].pattern, e.text))
            continue;
        struct secret_scanner *s = secret_scanner_new(db);
        secret_scan_text(s, a, str_of(both[i].text), &list);
        vec_each (&list, k)
            got = str_fmt(a, STR_F "%s%s", STR_A(got), k ? " " : "", list.v[k].kind->id);
        is_str(got, both[i].kinds, "worse: what stays");
        secret_scanner_free(s);
        secret_db_close(db);
    }
}

static const struct {
    const char *pattern, *says;
} refused[] = {
    {"a(b", "x.yaml:2: the pattern of secret \"mine\": Missing close parenthesis"},
    {"a*", "x.yaml:2: the pattern of secret \"mine\": Pattern matches empty buffer"},
    {"(a)\\1", "x.yaml:2: the pattern of secret \"mine\""},
    {"(?<=a)b", "x.yaml:2: the pattern of secret \"mine\""},
};

static const char *const bombs[] = {
    "x(a{1,1000}){1,1000}",
    "(((((((((a{1,10}){1,10}){1,10}){1,10}){1,10}){1,10}){1,10}){1,10}){1,10})",
    "((((((((((((((((((((((((((((((((((((a))))))))))))))))))))))))))))))))))))",
    "a{1,32000}b{1,32000}",
    "(.*a){2000}",
};

/* Under the limits, and as bad as they come. */
static const char *const slow[] = {
    "x.{1,1900}y",
    "(.*a){40}b",
    "(a|b|ab|ba|aa|bb){1,150}c",
    "[a-z]{1,400}[0-9]{1,400}[a-z]{1,400}[0-9]{1,400}x",
    "(a.{1,40}b.{1,40}){1,20}c",
    "(a?b?c?d?e?f?){1,300}g",
    "(.{1,30}x){1,50}",
    "((a|b).{0,300}){1,6}z",
};

static const char *policy_with(struct arena *a, const char *pattern)
{
    return str_fmt(a, "secrets:\n  - id: mine\n    pattern: '%s'\n", pattern).p;
}

static void check_refused(struct arena *a)
{
    struct secret_db *db = NULL;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct err e = {0};
        is_err(open_policy(a, policy_with(a, refused[i].pattern), &db, &e), e, ERR_INPUT,
               refused[i].says, "refused: %s", refused[i].pattern);
    }
    for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
        struct err e = {0};
        is_err(open_policy(a, policy_with(a, bombs[i]), &db, &e), e, ERR_INPUT, "\"mine\"",
               "bombs: %.40s", bombs[i]);
    }
    struct err e = {0};
    is_err(open_policy(a, "secrets:\n  - id: github-token\n    pattern: abcd\n", &db, &e), e,
           ERR_INPUT, "x.yaml:2: secret \"github-token\" is built in", "an id that is taken");
}

static void check_slow(struct arena *a)
{
    for (size_t i = 0; i < sizeof slow / sizeof *slow; i++) {
        struct secret_db *db = NULL;
        struct err e = {0};
        clock_t begin = clock();
        int rc = open_policy(a, policy_with(a, slow[i]), &db, &e);
        double took = (double)(clock() - begin) / CLOCKS_PER_SEC;
        ok(took < 5, "bombs: %.40s takes %.2f s%s%s", slow[i], took, rc ? ": " : "",
           rc ? e.text : "");
        secret_db_close(db);
    }
}

int main(void)
{
    struct arena a = {0};
    check_cases(&a);
    check_both(&a);
    check_refused(&a);
    check_slow(&a);
    arena_free(&a);
    return done_testing();
}
