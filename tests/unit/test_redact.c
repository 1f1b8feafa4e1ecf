/* Secrets by shape and by name, and what only looks like one. */
#include "base/buf.h"
#include "lib/tap.h"
#include "secret/redact.h"

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
    {"", ""},
    {":/", ":/"},
    {"-----BEGIN ", "-----BEGIN "},
    {"key: AKIAQ3EGRZJ7TLXW5VMN.", "key: AKIA…."},
    {"xAKIAQ3EGRZJ7TLXW5VMN", "xAKIAQ3EGRZJ7TLXW5VMN"},
    {"ghp_short", "ghp_short"},
    {"a -----BEGIN RSA PRIVATE KEY-----\nMII", "a ----…"},
    {"-----BEGIN PRIVATE KEY-----", "----…"},
    {"-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY----- b",
     "----…-----END PRIVATE KEY----- b"},
    {"-----BEGIN PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----"},
    {"-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----BEGIN PGP PUBLIC KEY BLOCK-----"},
    {"https://user:hunter22@shop.org/x", "https://user:h…@shop.org/x"},
    {"https://user@shop.org:8080/x", "https://user@shop.org:8080/x"},
    {"https://shop.org/a:b@c", "https://shop.org/a:b@c"},
    {"https://user:$PASS@shop.org/", "https://user:$PASS@shop.org/"},
    {"https://$USER:${PASS}@shop.org/", "https://$USER:${PASS}@shop.org/"},
    {"npm_modules npm_config_cache", "npm_modules npm_config_cache"},
    {"PASSWORD=opensesame99 run", "PASSWORD=open… run"},
    {"srv --password opensesame99 --db x", "srv --password open… --db x"},
    {"srv --password 'opensesame99' x", "srv --password 'open…' x"},
    {"srv --password --db opensesame99", "srv --password --db opensesame99"},
    {"srv --password $PASS", "srv --password $PASS"},
    {"srv --password-file opensesame99", "srv --password-file opensesame99"},
    {"build --secret id=opensesame99,src=x .", "build --secret id=opensesame99,src=x ."},
    {"mysql -u root -popensesame99 -e x", "mysql -u root -popen… -e x"},
    {"mysqldump -popensesame99 db", "mysqldump -popen… db"},
    {"mysql -u root -p database99 --port 3306", "mysql -u root -p database99 --port 3306"},
    {"redis-cli -h db -a opensesame99 ping", "redis-cli -h db -a open… ping"},
    {"mongosh -u root -p opensesame99", "mongosh -u root -p open…"},
    {"ldapsearch -x -D cn=a -w opensesame99", "ldapsearch -x -D cn=a -w open…"},
    {"srv --pw opensesame99", "srv --pw open…"},
    {"CMD [\"srv\" \"--api-key\" \"opensesame99\"]", "CMD [\"srv\" \"--api-key\" \"open…\"]"},
    {"[\"srv\", \"--api-key\", \"opensesame99\"]", "[\"srv\", \"--api-key\", \"open…\"]"},
    {"[\"srv\", \"--api-key\"", "[\"srv\", \"--api-key\""},
    {"curl -H X-Api-Key: opensesame99 x", "curl -H X-Api-Key: open… x"},
    {"curl -H 'PRIVATE-TOKEN: opensesame99' x", "curl -H 'PRIVATE-TOKEN: open…' x"},
    {"curl -H 'PRIVATE-TOKEN: $T' x", "curl -H 'PRIVATE-TOKEN: $T' x"},
    {"wget --header=Authorization: Bearer opensesame99 x",
     "wget --header=Authorization: Bearer open… x"},
    {"docker build --build-arg=A_TOKEN=opensesame99 .", "docker build --build-arg=A_TOKEN=open… ."},
    {"wget --header Authorization: Bearer opensesame99 x",
     "wget --header Authorization: Bearer open… x"},
    {"-H 'Authorization: Bearer $T'", "-H 'Authorization: Bearer $T'"},
    {"-H 'Authorization: Bearer'", "-H 'Authorization: Bearer'"},
    {"echo password: not here", "echo password: not here"},
    {"curl http://h/file?token=opensesame99&v=1", "curl http://h/file?token=open…&v=1"},
    {"curl --user=a:opensesame99 http://h", "curl --user=a:open… http://h"},
    {"curl --proxy-user a:opensesame99 http://h", "curl --proxy-user a:open… http://h"},
    {"curl -U a:opensesame99 http://h", "curl -U a:open… http://h"},
    {"curl --oauth2-bearer opensesame99 http://h", "curl --oauth2-bearer open… http://h"},
    {"npm config set //npm.h/:_authToken opensesame99", "npm config set //npm.h/:_authToken open…"},
    {"npm config set //npm.h/:_authToken=$T", "npm config set //npm.h/:_authToken=$T"},
    {"aws configure set aws_secret_access_key opensesame99",
     "aws configure set aws_secret_access_key open…"},
    {"aws configure set p.aws_session_token opensesame99",
     "aws configure set p.aws_session_token open…"},
    {"useradd -m -p opensesame99 a", "useradd -m -p open… a"},
    {"echo 'root:opensesame99' | chpasswd", "echo 'root:open…' | chpasswd"},
    {"echo \"root:ab\" | sudo chpasswd", "echo \"root:…\" | sudo chpasswd"},
    {"echo -e root:opensesame99|chpasswd -e", "echo -e root:open…|chpasswd -e"},
    {"echo root:$PASS | chpasswd", "echo root:$PASS | chpasswd"},
    {"echo note:opensesame99 | cat", "echo note:opensesame99 | cat"},
    {"a PASSWORD='open sesame 99' b", "a PASSWORD='open…' b"},
    {"TOKEN=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;x", "TOKEN=ghp_…;x"},
    {"A_TOKEN=abcdefghijkl B_TOKEN=mnopqrstuvwx", "A_TOKEN=abcd… B_TOKEN=mnop…"},
    {"u https://me:opensesame9911@x/ v", "u https://me:open…@x/ v"},
    {"PASSWORD=abcd", "PASSWORD=a…"},
    {"--password=opensesame99", "--password=open…"},
    {"AKIAQ3EGRZJ7TLXW5VMN AKIAQ3EGRZJ7TLXW5VMN", "AKIA… AKIA…"},
};

static void test_long(struct secret_scanner *s, struct arena *a)
{
    static const char *const parts[] = {"eyJ.",      "A=\"", "-----BEGIN ", "://a:b",
                                        "PASSWORD=", "SG.a", "xoxb-",       "a='",
                                        "a=(",       "(",    "PASSWORD=$(", "'"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct buf b = {.a = a};
        while (b.n < 1024 * 1024)
            buf_addz(&b, parts[i]);
        struct str text = secret_redact(s, a, buf_str(&b));
        ok(text.n > 0, "long: 1 MiB of %s end", parts[i]);
    }
    struct buf b = {.a = a};
    while (b.n < 1024 * 1024)
        buf_addz(&b, "ab://b:hunter22@c ");
    is_str(secret_redact(s, a, buf_str(&b)), "…", "too many: nothing is shown");
    struct str masked = secret_mask(s, a, buf_str(&b));
    ok(masked.n == b.n && !str_has(masked, STR("hunter")), "too many: all of it is masked");
    is_str(secret_redact(NULL, a, STR("text")), "…", "no scanner: nothing is shown");
}

/* Words of a command, one a line. */
static const struct {
    const char *words, *want;
} commands[] = {
    {"srv\n--listen\n:80", "srv\n--listen\n:80"},
    {"srv\n--password\nopensesame99\n-v", "srv\n--password\nopen…\n-v"},
    {"srv\n--password\nopen sesame 99", "srv\n--password\nopen…"},
    {"srv\n--password=opensesame99", "srv\n--password=open…"},
    {"sshpass\n-p\nopensesame99\nssh", "sshpass\n-p\nopen…\nssh"},
    {"sh\n-c\ncurl -u a:opensesame99 http://h", "sh\n-c\ncurl -u a:open… http://h"},
    {"-----BEGIN PRIVATE KEY-----\nMIIabcdefghi\n-----END PRIVATE KEY-----\nx",
     "----…\nMIIa…\n-----END PRIVATE KEY-----\nx"},
    {"", ""},
};

static void redact_words(struct secret_scanner *s, struct arena *a, const char *text,
                         const char *want)
{
    struct strs words = {arena_array(a, struct str, 8), 0};
    struct buf b = {.a = a};
    for (struct str rest = str_of(text), word; rest.n;) {
        str_cut(rest, '\n', &word, &rest);
        words.v[words.n++] = word;
    }
    struct strs got = secret_redact_words(s, a, words);
    for (size_t i = 0; i < got.n; i++)
        buf_addf(&b, "%s" STR_F, i ? "\n" : "", STR_A(got.v[i]));
    is_str(buf_str(&b), want, "redacted, words");
}

int main(void)
{
    struct arena a = {0};
    struct secret_scanner *s = secret_scanner_builtin();
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        ok(secret_assignment(str_of(pairs[i].name), str_of(pairs[i].value)) == pairs[i].secret,
           pairs[i].secret ? "%s=%s is a secret" : "%s=%s is no secret", pairs[i].name,
           pairs[i].value);
    for (size_t i = 0; i < sizeof redacted / sizeof *redacted; i++)
        is_str(secret_redact(s, &a, str_of(redacted[i].text)), redacted[i].want, "redacted");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        redact_words(s, &a, commands[i].words, commands[i].want);
    is_str(secret_mask(s, &a, STR("a 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 b")),
           "a ghp_************************************ b", "masked");
    test_long(s, &a);
    secret_scanner_free(s);
    arena_free(&a);
    return done_testing();
}
