/* What a registry's refusal asks for. */
#include "image/challenge.h"
#include "lib/tap.h"

static void test_challenges(struct arena *a)
{
    static const struct {
        const char *header;
        int kind;
        const char *realm, *service;
    } rows[] = {
        {"Basic realm=\"Registry\"", CHALLENGE_BASIC, "Registry", ""},
        {"basic", CHALLENGE_BASIC, "", ""},
        {"Bearer realm=\"https://auth.example/token\",service=\"registry.example\",scope=\"a,b\"",
         CHALLENGE_BEARER, "https://auth.example/token", "registry.example"},
        {"BEARER Service=s , realm=r", CHALLENGE_BEARER, "r", "s"},
        {"Basic realm=\"x\", Bearer realm=\"y\", service=z", CHALLENGE_BEARER, "y", "z"},
        {"Bearer realm=\"y\", Basic realm=\"x\"", CHALLENGE_BEARER, "y", ""},
        {"Negotiate, Basic realm=\"a \\\"quoted\\\" b\"", CHALLENGE_BASIC, "a \"quoted\" b", ""},
        {"Digest realm=\"x\"", CHALLENGE_NONE, "", ""},
        {"Bearer realm=\"not closed", CHALLENGE_BEARER, "not closed", ""},
        {"\\\"=,=;", CHALLENGE_NONE, "", ""},
        {"", CHALLENGE_NONE, "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct challenge c = challenge_read(a, str_of(rows[i].header));
        is_int(c.kind, rows[i].kind, "challenges: %s", rows[i].header);
        if (c.kind != CHALLENGE_NONE)
            is_str(c.realm, rows[i].realm, "its realm");
        is_str(c.service, rows[i].service, "its service");
    }
}

static void test_token(struct arena *a)
{
    struct str token = {0};
    struct err e = {0};
    ok(!challenge_token(a, STR("{\"token\":\"abc.d\",\"expires_in\":300}"), &token, &e), "token");
    is_str(token, "abc.d", "token");
    ok(!challenge_token(a, STR("{\"access_token\":\"x\"}"), &token, &e), "access_token");
    is_str(token, "x", "access_token");
    static const char *const bad[] = {"",
                                      "[]",
                                      "{}",
                                      "{\"token\":\"\"}",
                                      "{\"token\":\"a\\r\\nb\"}",
                                      "\"",
                                      "{\"token\":1}",
                                      "{\"token\":\"a b\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        is_err(challenge_token(a, str_of(bad[i]), &token, &e), e, ERR_INPUT, "", "no token: %s",
               bad[i]);
}

int main(void)
{
    struct arena a = {0};
    test_challenges(&a);
    test_token(&a);
    arena_free(&a);
    return done_testing();
}
