/* Secrets by shape and by name, and what only looks like one. */
#include "base/buf.h"
#include "lib/tap.h"
#include "secret/redact.h"

static const struct {
    const char *text, *what; /* NULL: nothing is found */
} texts[] = {
    {"AKIAIOSFODNN7ABCDEFG", "AWS access key id"},
    {"key: AKIAIOSFODNN7ABCDEFG.", "AWS access key id"},
    {"AKIAIOSFODNN7EXAMPLE", NULL},
    {"xAKIAIOSFODNN7ABCDEFG", NULL},
    {"AKIAIOSFODNN7ABCDEFGH", NULL},
    {"ghp_0123456789abcdefghijABCDEFGHIJ012345", "GitHub personal access token"},
    {"ghp_short", NULL},
    {"github_pat_11ABCDEFG0123456789_abc", "GitHub fine-grained token"},
    {"xoxb-123456789012-abcdefghijkl", "Slack bot token"},
    {"glpat-abcdefghij0123456789", "GitLab personal access token"},
    {"-----BEGIN RSA PRIVATE KEY-----\nMII", "private key"},
    {"-----BEGIN PRIVATE KEY-----", "private key"},
    {"-----BEGIN OPENSSH PRIVATE KEY-----", "private key"},
    {"-----BEGIN PUBLIC KEY-----", NULL},
    {"-----BEGIN CERTIFICATE-----", NULL},
    {"-----BEGIN PGP PUBLIC KEY BLOCK-----", NULL},
    {"https://user:hunter22@example.org/x", "password in a URL"},
    {"https://user@example.org:8080/x", NULL},
    {"https://example.org/a:b@c", NULL},
    {"https://user:$PASS@example.org/", NULL},
    {"https://$USER:${PASS}@example.org/", NULL},
    {"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijklmnop",
     "JSON web token"},
    {"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9eyJzdWIiOiIxMjM0NTY3ODkwIn0abcdefghijklmnop", NULL},
    {"npm_modules npm_config_cache", NULL},
    {"", NULL},
    {":/", NULL},
    {"-----BEGIN ", NULL},
};

static const struct {
    const char *name, *value;
    bool secret;
} pairs[] = {
    {"PASSWORD", "hunter22", true},
    {"DB_PASSWORD", "\"hunter22\"", true},
    {"dbPassword", "hunter22", true},
    {"MYSQL_ROOT_PASSWORD", "changeme", true},
    {"API_KEY", "0123456789abcdef", true},
    {"AWS_SECRET_ACCESS_KEY", "0123456789abcdef", true},
    {"SECRET_KEY_BASE", "0123456789abcdef", true},
    {"NPM_TOKEN", "0123456789abcdef", true},
    {"GPG_KEY", "A035C8C19219BA821ECEA86B64E628F8D684696D", false},
    {"KEYCLOAK_VERSION", "24.0.1", false},
    {"PASSWORD_FILE", "run-secrets-x", false},
    {"PASSWORD", "/run/secrets/x", false},
    {"PASSWORD", "$PASS", false},
    {"PASSWORD", "${PASS}", false},
    {"PASSWORD", "<yours>", false},
    {"PASSWORD", "", false},
    {"ALLOW_PASSWORD", "true", false},
    {"TOKEN_TTL", "86400000", false},
    {"MAX_TOKENS", "4096", false},
    {"TOKENIZERS_PARALLELISM", "falsey", false},
    {"PUBLIC_KEY", "0123456789abcdef", false},
    {"SSH_AUTH_SOCK", "socket-name", false},
    {"PWD", "some-folder", false},
    {"PYTHON_SHA256", "0123456789abcdef", false},
    {"", "hunter22", false},
};

static const struct {
    const char *text, *want;
} redacted[] = {
    {"nothing to see", "nothing to see"},
    {"PASSWORD=opensesame99 run", "PASSWORD=open… run"},
    {"a PASSWORD='open sesame 99' b", "a PASSWORD='open…' b"},
    {"TOKEN=ghp_0123456789abcdefghijABCDEFGHIJ012345;x", "TOKEN=ghp_…;x"},
    {"A_TOKEN=abcdefghijkl B_TOKEN=mnopqrstuvwx", "A_TOKEN=abcd… B_TOKEN=mnop…"},
    {"u https://me:opensesame99@x/ v", "u https://me:open…@x/ v"},
    {"PASSWORD=abcd", "PASSWORD=a…"},
    {"--password=opensesame99", "--password=open…"},
    {"AKIAIOSFODNN7ABCDEFG AKIAIOSFODNN7ABCDEFG", "AKIA… AKIA…"},
};

static void test_long(struct arena *a)
{
    static const char *const parts[] = {"eyJ.",      "A=\"", "-----BEGIN ", "://a:b",
                                        "PASSWORD=", "SG.a", "xoxb-",       "a='",
                                        "a=(",       "(",    "PASSWORD=$(", "'"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct buf b = {.a = a};
        while (b.n < 1024 * 1024)
            buf_addz(&b, parts[i]);
        struct str text = secret_redact(a, buf_str(&b));
        ok(text.n > 0, "1 MiB of %s end", parts[i]);
    }
}

int main(void)
{
    struct arena a = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct secret_hit hit = {.what = NULL};
        bool found = secret_find(str_of(texts[i].text), 0, &hit);
        is_str(str_of(found ? hit.what : ""), texts[i].what ? texts[i].what : "", "text %zu", i);
    }
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        ok(secret_assignment(str_of(pairs[i].name), str_of(pairs[i].value)) == pairs[i].secret,
           pairs[i].secret ? "%s=%s is a secret" : "%s=%s is no secret", pairs[i].name,
           pairs[i].value);
    for (size_t i = 0; i < sizeof redacted / sizeof *redacted; i++)
        is_str(secret_redact(&a, str_of(redacted[i].text)), redacted[i].want, "redacted");
    test_long(&a);
    arena_free(&a);
    return done_testing();
}
