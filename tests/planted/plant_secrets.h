/* plant_secrets: every kind of secret in every place where one can be, each with a value of its
 * own; and texts that only look like secrets, as people complain of. */
#ifndef PLANTED_PLANT_SECRETS_H
#define PLANTED_PLANT_SECRETS_H

#include <openssl/evp.h>
#include <zlib.h>

#include "planted/plot.h"
#include "secret/kinds.h"

#define PLANTED_BASE62 "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static struct str in_base64(struct plot *p, struct str bytes)
{
    unsigned char *out = arena_alloc(p->a, bytes.n * 4 / 3 + 8);
    int n = EVP_EncodeBlock(out, (const unsigned char *)bytes.p, (int)bytes.n);
    return (struct str){(char *)out, (size_t)n};
}

/* ---- values ---- */

static struct str fresh_pem(struct plot *p)
{
    /* PKCS #8 of Ed25519, without the 32 bytes of the key */
    static const char head[] = "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
    struct buf der = {.a = p->a};
    buf_add(&der, (struct str){head, sizeof head - 1});
    for (int i = 0; i < 32; i++)
        buf_addc(&der, (char)plot_random(p, 256));
    return str_fmt(p->a, "-----BEGIN PRIVATE KEY-----\n" STR_F "\n-----END PRIVATE KEY-----\n",
                   STR_A(in_base64(p, buf_str(&der))));
}

static struct str fresh_login(struct plot *p)
{
    return in_base64(p, str_fmt(p->a, "ci:" STR_F, STR_A(plot_letters(p, PLANTED_BASE62, 15))));
}

static struct str fresh_sealed(struct plot *p, struct str value)
{
    struct str random = plot_letters(p, PLANTED_BASE62, 30);
    uint64_t sum = crc32(0, (const unsigned char *)random.p, 30);
    char seal[7] = {0};
    for (int i = 5; i >= 0; i--, sum /= 62)
        seal[i] = PLANTED_BASE62[sum % 62];
    return str_fmt(p->a, STR_F STR_F "%s", STR_A(str_slice(value, 0, 4)), STR_A(random), seal);
}

static size_t kept_of(const struct secret_kind *kind, struct str value)
{
    size_t n = 0;
    if (kind->holds == secret_is_jwt)
        return str_rfind(value, '.') + 1;
    for (struct str rest = str_of(kind->begins ? kind->begins : ""), one; rest.n;) {
        str_cut(rest, '|', &one, &rest);
        if (str_starts(value, one) && one.n > n)
            n = one.n;
    }
    return n;
}

/* The same shape with other letters: a digit for a digit, a small letter for a small one. */
static struct str fresh_letters(struct plot *p, const struct secret_kind *kind, struct str value)
{
    char *s = str_cstr(p->a, value);
    bool hex = true;
    for (size_t i = kept_of(kind, value); i < value.n; i++)
        hex &= secret_letter("0-9a-f-", s[i]);
    for (size_t i = kept_of(kind, value); i < value.n; i++) {
        if (s[i] >= '0' && s[i] <= '9')
            s[i] = (char)('1' + plot_random(p, 9));
        else if (s[i] >= 'A' && s[i] <= 'Z')
            s[i] = secret_letter(kind->alphabet, 'Z') ? (char)('A' + plot_random(p, 26)) : s[i];
        else if (s[i] >= 'a' && s[i] <= 'z')
            s[i] = (char)('a' + plot_random(p, hex ? 6 : 26));
    }
    return (struct str){s, value.n};
}

static struct str path_for(struct plot *p, const struct secret_kind *kind, const char *folder)
{
    struct str rest = str_of(kind->files ? kind->files : ""), first;
    if (!str_word(&rest, &first))
        return str_fmt(p->a, "%s/%s/notes.txt", folder, kind->id);
    const char *name = str_cstr(p->a, first);
    return str_fmt(p->a, "%s/%s/%s%s", folder, kind->id, name[0] == '*' ? "a" : "",
                   name + (name[0] == '*'));
}

static bool finds(struct plot *p, struct secret_scanner *s, const struct secret_kind *kind,
                  struct str text, struct secret_found *ret)
{
    struct secret_list list = {0};
    struct secret_window w = {.text = text, .to = text.n, .path = path_for(p, kind, "srv")};
    secret_scan(s, p->a, &w, &list);
    vec_each (&list, i)
        if (list.v[i].kind == kind && !list.v[i].doubt) {
            *ret = list.v[i];
            return true;
        }
    return false;
}

static struct str with_value(struct plot *p, struct str text, const struct secret_found *f,
                             struct str value)
{
    return str_fmt(p->a, STR_F STR_F STR_F, STR_A(str_slice(text, 0, f->at)), STR_A(value),
                   STR_A(str_from(text, f->at + f->n)));
}

/* The kind's sample with another value; n 0: it has only the one. */
static struct str fresh_text(struct plot *p, struct secret_scanner *s,
                             const struct secret_kind *kind)
{
    struct str text = str_of(kind->yes), value;
    struct secret_found f;
    if (kind->take == SECRET_PEM && kind->holds == secret_is_private_key)
        return fresh_pem(p);
    if (kind->holds == secret_is_key_in_base64)
        return str_fmt(p->a, "client-key-data: " STR_F, STR_A(in_base64(p, fresh_pem(p))));
    if (!finds(p, s, kind, text, &f))
        return (struct str){0};
    struct str old = str_slice(text, f.at, f.at + f.n);
    for (int tries = 0; tries < 50; tries++) {
        struct secret_found again;
        value = kind->sealed                          ? fresh_sealed(p, old)
                : kind->holds == secret_is_basic_auth ? fresh_login(p)
                                                      : fresh_letters(p, kind, old);
        struct str fresh = with_value(p, text, &f, value);
        if (finds(p, s, kind, fresh, &again))
            return fresh;
    }
    return (struct str){0};
}

/* ---- places ---- */

typedef void place_fn(struct plot *p, struct secret_scanner *s, const struct secret_kind *kind,
                      struct str text);

static void each_kind(struct plot *p, place_fn *place)
{
    struct secret_scanner *s = secret_scanner_builtin();
    const struct secret_kind *kind;
    for (size_t i = 0; (kind = secret_kind_at(i)); i++) {
        struct str text = fresh_text(p, s, kind);
        place(p, s, kind, text.n ? text : str_of(kind->yes));
    }
    secret_scanner_free(s);
}

static struct str in_text(struct plot *p, struct str text)
{
    return str_fmt(p->a, "# notes\n\n" STR_F "\n\nend\n", STR_A(text));
}

static void place_file(struct plot *p, struct secret_scanner *s, const struct secret_kind *kind,
                       struct str text)
{
    size_t layer = plot_random(p, PLOT_LAYERS);
    struct str path = path_for(p, kind, "srv/app");
    (void)s;
    plot_file(p, layer, path, kind->files ? text : in_text(p, text));
    plot_want(p, (int)layer, path, kind->title);
    struct str decoy = path_for(p, kind, "srv/fine");
    plot_file(p, layer, decoy, str_of(kind->no));
    plot_leave(p, (int)layer, decoy);
}

static void place_deleted(struct plot *p, struct secret_scanner *s, const struct secret_kind *kind,
                          struct str text)
{
    struct str path = path_for(p, kind, "opt");
    (void)s;
    plot_file(p, 0, path, text);
    plot_want(p, 0, path, kind->title);
    plot_delete(p, 1 + plot_random(p, 2), path);
    struct str decoy = path_for(p, kind, "opt/fine");
    plot_file(p, 0, decoy, str_of(kind->no));
    plot_delete(p, 1, decoy);
    plot_leave(p, 0, decoy);
}

/* A key that was rotated: both are in the image. */
static void place_overwritten(struct plot *p, struct secret_scanner *s,
                              const struct secret_kind *kind, struct str text)
{
    struct str path = path_for(p, kind, "home/app"), again = fresh_text(p, s, kind);
    plot_file(p, 0, path, text);
    plot_want(p, 0, path, kind->title);
    plot_file(p, 2, path, again.n ? again : STR("nothing"));
    if (again.n)
        plot_want(p, 2, path, kind->title);
}

/* Text of one line that needs no file. */
static bool is_portable(const struct secret_kind *kind, struct str text)
{
    return !kind->files && str_find(text, '\n') == text.n;
}

static void place_env(struct plot *p, struct secret_scanner *s, const struct secret_kind *kind,
                      struct str text)
{
    (void)s;
    if (!is_portable(kind, text))
        return;
    plot_want(
        p, -1,
        plot_env(p, str_fmt(p->a, "X_%zu=" STR_F,
                            json_array_size(plot_member(p, "Env", json_array())), STR_A(text))),
        kind->title);
    plot_leave(p, -1,
               plot_env(p, str_fmt(p->a, "X_%zu=x86_64-linux-gnu-%u",
                                   json_array_size(plot_member(p, "Env", json_array())),
                                   plot_random(p, 1000))));
}

static void place_label(struct plot *p, struct secret_scanner *s, const struct secret_kind *kind,
                        struct str text)
{
    (void)s;
    if (!is_portable(kind, text))
        return;
    plot_want(p, -1, plot_label(p, text), kind->title);
    plot_leave(p, -1, plot_label(p, plot_letters(p, "0123456789abcdef", 40)));
}

static void place_history(struct plot *p, struct secret_scanner *s, const struct secret_kind *kind,
                          struct str text)
{
    (void)s;
    if (!is_portable(kind, text))
        return;
    struct str line =
        plot_random(p, 2)
            ? str_fmt(p->a, "RUN |1 SETTING=" STR_F " /bin/sh -c ./build # buildkit", STR_A(text))
            : str_fmt(p->a, "RUN /bin/sh -c echo '" STR_F "' >/srv/x # buildkit", STR_A(text));
    plot_want(p, -1, plot_history(p, line), kind->title);
    plot_leave(p, -1,
               plot_history(p, str_fmt(p->a, "RUN /bin/sh -c make -j%u install # buildkit",
                                       plot_random(p, 64))));
}

/* Among the strings of a program. */
static void place_binary(struct plot *p, struct secret_scanner *s, const struct secret_kind *kind,
                         struct str text)
{
    (void)s;
    if (kind->files || kind->text_only || kind->named || kind->guess)
        return;
    struct buf b = {.a = p->a};
    buf_add(&b, (struct str){"\x7f"
                             "ELF\2\1\1\0",
                             8});
    for (int i = 0; i < 4000; i++)
        buf_addc(&b, (char)plot_random(p, 256));
    buf_addc(&b, 0);
    buf_add(&b, text);
    buf_addc(&b, 0);
    for (int i = 0; i < 4000; i++)
        buf_addc(&b, (char)plot_random(p, 256));
    struct str path = path_for(p, kind, "usr/local/bin");
    plot_file(p, 1, path, buf_str(&b));
    plot_want(p, 1, path, kind->title);
}

/* Where the windows end through which a long file is seen. */
static void place_deep(struct plot *p, struct secret_scanner *s, const struct secret_kind *kind,
                       struct str text)
{
    static const size_t borders[] = {496 << 10, 512 << 10, 976 << 10, 992 << 10, 480 << 10};
    (void)s;
    if (kind->files || plot_random(p, 8))
        return;
    size_t n = 1100 << 10, border = borders[plot_random(p, 5)];
    size_t at = border - plot_random(p, (uint32_t)text.n + 40) + 20;
    char *bytes = arena_alloc(p->a, n);
    for (size_t i = 0; i < n; i++)
        bytes[i] = "a line of a log, as there are many of them\n"[i % 43];
    bytes[at - 1] = '\n';
    memcpy(bytes + at, text.p, text.n);
    bytes[at + text.n] = '\n';
    struct str path = path_for(p, kind, "var/log");
    plot_file(p, 1, path, (struct str){bytes, n});
    plot_want(p, 1, path, kind->title);
}

static void plant_files(struct plot *p)
{
    each_kind(p, place_file);
}
static void plant_deleted(struct plot *p)
{
    each_kind(p, place_deleted);
}
static void plant_overwritten(struct plot *p)
{
    each_kind(p, place_overwritten);
}
static void plant_env(struct plot *p)
{
    each_kind(p, place_env);
}
static void plant_labels(struct plot *p)
{
    each_kind(p, place_label);
}
static void plant_history(struct plot *p)
{
    each_kind(p, place_history);
}
static void plant_binaries(struct plot *p)
{
    each_kind(p, place_binary);
}
static void plant_deep(struct plot *p)
{
    each_kind(p, place_deep);
}

/* ---- decoys ---- */

/* %u: a UUID. %h: 64 digits of a digest. %g: 40 of a commit. %b: a line of base64. %s: base64 of a
 * SHA-512. %w: a word. %n: a number. */
static const struct {
    const char *name, *text;
    int times; /* the text is written so many times */
} decoys[] = {
    {"requirements.txt", "libcrypto3=3.1.%n-r%n\nlibssl3=3.1.4-r%n\nopenssl-dev=3.1.%n\n", 3},
    {"access.log", "10.0.0.%n - - \"GET /login?next=%w HTTP/1.1\" 200 %n \"-\" \"%w/%n\"\n", 50},
    {"keycloak.txt", "KEYCLOAK_VERSION=24.0.%n\nKEYCLOAK_HOME=/opt/%w\nKEYCLOAK_REALM=%w\n", 2},
    {"gpg.txt", "GPG_KEY=%G\nGPG_KEYS=%G\nNGINX_GPGKEY=%G\n", 2},
    {"settings.py",
     "SECRET_KEY = os.environ['SECRET_KEY']\nPASSWORD_HASHERS = ['%w.PBKDF2PasswordHasher']\n"
     "AUTH_PASSWORD_VALIDATORS = [{'NAME': '%w.MinimumLengthValidator'}]\nTOKEN_TTL = %n\n",
     2},
    {"clean.sh", "find / -xdev -name sudo -delete\nfind /%w -name '*.key' -delete\n", 4},
    {"uuid.csv", "%u,%n,%w\n", 60},
    {"sums.txt", "%h  %w-%n.tar.gz\n", 40},
    {"package-lock.json",
     "\"node_modules/%w\": {\"version\": \"%n.1.0\", \"resolved\": \"https://shop.org/%w.tgz\", "
     "\"integrity\": \"sha512-%s==\"},\n",
     40},
    {"go.sum", "shop.org/%w v0.%n.0 h1:%c=\nshop.org/%w v0.%n.0/go.mod h1:%c=\n", 30},
    {"app.min.js",
     "!function(e,t){var n=t(%n),r=e.password||\"\",o=n.token=r;e.exports={apiKey:t.k%n,"
     "secret:null,authToken:function(a){return a.t}};a.setPassword=\"setPassword%n\"}(this,%n);",
     60},
    {"cert.pem", "-----BEGIN CERTIFICATE-----\n%b\n%b\n%b\n%b\n%b\n-----END CERTIFICATE-----\n", 3},
    {"key.pub.pem", "-----BEGIN PUBLIC KEY-----\n%b\n%b\n-----END PUBLIC KEY-----\n", 3},
    {"authorized_keys", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI%c ci@%w\n", 8},
    {"image.css", ".%w{background:url(data:image/png;base64,iVBORw0KGgo%b%b%b%b%b)}\n", 10},
    {"strings.bin", "runtime.%w%creflect.%w\001%h\002crypto/%w.KeyToken%n", 60},
    {"compose.yml",
     "services:\n  %w:\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD}\n      API_TOKEN_FILE: "
     "/run/secrets/%w\n      SECRET_KEY: \"{{ vault.%w }}\"\n",
     3},
    {"types.ts", "export interface %w { password: string; token?: string; apiKey: %w<string> }\n",
     9},
    {"login.html",
     "<input type=\"password\" name=\"password\" placeholder=\"Password123 or longer\">\n"
     "<label for=\"password\">%w</label>\n",
     6},
    {"i18n.json",
     "\"passwordLabel\": \"Your password (%n characters)\", \"token\": \"Token\", \"%w\": \"Set a "
     "new "
     "password\",\n",
     12},
    {"deploy.yaml",
     "env:\n- name: %w\n  valueFrom:\n    secretKeyRef:\n      name: %w-%n\n      key: password\n"
     "imagePullSecrets:\n- name: registry-%n\n",
     4},
    {"vault.yml", "$ANSIBLE_VAULT;1.1;AES256\n%h\n%h\n%h\n", 2},
    {"commits.txt", "%g %w the %w of %w\n", 60},
    {"known_hosts", "|1|%c=|%c= ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAA%b\n", 6},
    {"variables.tf",
     "variable \"db_password\" {\n  type = string\n  sensitive = true\n}\n"
     "password = var.db_password\ntoken = data.%w.token.id%n\n",
     3},
    {"Makefile", "TOKEN := $(shell cat /run/secrets/%w)\nPASSWORD ?= $(PASS%n)\n", 5},
    {"config.php", "$password = getenv('DB_PASSWORD');\n$apiKey = $_ENV['API_KEY_%n'];\n", 5},
    {"main.go",
     "var password = flag.String(\"password\", \"\", \"password of %w\")\n"
     "token := os.Getenv(\"TOKEN_%n\")\n",
     5},
    {"app.properties",
     "spring.datasource.password=${DB_PASSWORD:}\njwt.token.validity=%n00\n"
     "security.user.password=@%w.password@\n",
     3},
    {"nginx.conf",
     "auth_basic_user_file /etc/nginx/%w;\nproxy_set_header Authorization "
     "$http_authorization;\nssl_certificate_key /etc/ssl/%w.key;\n",
     3},
    {"tags.txt", "sha256:%h\n%w@sha256:%h\n", 30},
    {"trace.txt", "trace-id: %g-%n span: %f%n request %u took %n ms\n", 40},
    {"urls.txt",
     "https://shop.org:8443/%w?id=%u\nhttps://%w.shop.org/a@b:c/%n\n"
     "postgres://app@db:5432/%w\nredis://cache:6379/%n\n",
     10},
    {"env.example", "DB_PASSWORD=changeme\nAPI_KEY=your-api-key-here\nTOKEN=<token>\n", 1},
    {"hash.json",
     "{\"password_hash_algorithm\": \"argon2id\", \"etag\": \"%g\", \"key\": \"%w\"}\n", 9},
};
enum { DECOYS = sizeof decoys / sizeof *decoys };

static struct str decoy_part(struct plot *p, char what)
{
    static const char hex[] = "0123456789abcdef", base64[] = PLANTED_BASE62 "+/";
    static const char *const words[] = {"alpha",   "bravo",   "window",  "orders", "billing",
                                        "gateway", "session", "printer", "ledger", "planet"};
    switch (what) {
    case 'u':
        return str_fmt(p->a, STR_F "-" STR_F "-4" STR_F "-a" STR_F "-" STR_F,
                       STR_A(plot_letters(p, hex, 8)), STR_A(plot_letters(p, hex, 4)),
                       STR_A(plot_letters(p, hex, 3)), STR_A(plot_letters(p, hex, 3)),
                       STR_A(plot_letters(p, hex, 12)));
    case 'h':
        return plot_letters(p, hex, 64);
    case 'g':
        return plot_letters(p, hex, 40);
    case 'f':
        return plot_letters(p, hex, 16);
    case 'G':
        return plot_letters(p, "0123456789ABCDEF", 40);
    case 'b':
        return plot_letters(p, base64, 64);
    case 'c':
        return plot_letters(p, base64, 43);
    case 's':
        return plot_letters(p, base64, 86);
    case 'n':
        return str_fmt(p->a, "%u", plot_random(p, 900) + 10);
    default:
        return str_of(words[plot_random(p, sizeof words / sizeof *words)]);
    }
}

static struct str decoy_text(struct plot *p, const char *text, int times)
{
    struct buf b = {.a = p->a};
    while (times--)
        for (const char *at = text; *at; at++) {
            if (*at == '%' && at[1])
                buf_add(&b, decoy_part(p, *++at));
            else
                buf_addc(&b, *at);
        }
    return buf_str(&b);
}

static const char *const decoy_env[] = {
    "KEYCLOAK_VERSION=24.0.%n",
    "GPG_KEY=%G",
    "PYTHON_SHA256=%h",
    "PASSWORD_FILE=/run/secrets/%w",
    "SECRET_NAME=%w-%n",
    "TOKEN_TTL=%n00",
    "PUBLIC_KEY=%c",
    "SSH_AUTH_SOCK=/tmp/%w",
    "COMMIT=%g",
    "MAX_TOKENS=4%n",
    "API_KEY=",
    "DB_PASSWORD=${DB_PASSWORD}",
    "KEYSTORE=/etc/%w.jks",
    "AUTH_ENABLED=true",
    "RUN_ID=%u",
    "TOKENIZERS_PARALLELISM=false",
    "PASSWORD_MIN_LENGTH=12",
};
static const char *const decoy_history[] = {
    "RUN /bin/sh -c find / -name sudo -delete # buildkit",
    "RUN /bin/sh -c apk add libcrypto3=3.1.%n-r%n openssl=3.1.%n # buildkit",
    "RUN --mount=type=cache,target=/root/.npm npm ci --prefix %w # buildkit",
    "RUN --mount=type=secret,id=npm TOKEN=$(cat /run/secrets/npm) ./build %w # buildkit",
    "ARG NPM_TOKEN",
    "ENV KEYCLOAK_VERSION=24.0.%n",
    "RUN /bin/sh -c echo \"%h  x.tar.gz\" | sha256sum -c - # buildkit",
    "RUN /bin/sh -c gpg --recv-keys %G # buildkit",
    "COPY --from=build@sha256:%h /app /app # buildkit",
    "RUN |1 COMMIT=%g /bin/sh -c make # buildkit",
};

static void plant_decoys(struct plot *p)
{
    for (size_t i = 0; i < 16 * DECOYS; i++) {
        size_t layer = plot_random(p, PLOT_LAYERS);
        struct str path = str_fmt(p->a, "srv/%zu/%s", i / DECOYS, decoys[i % DECOYS].name);
        struct str text = decoy_text(p, decoys[i % DECOYS].text, decoys[i % DECOYS].times);
        plot_file(p, layer, path, text);
        plot_leave(p, (int)layer, path);
    }
    for (size_t i = 0; i < 10 * (sizeof decoy_env / sizeof *decoy_env); i++)
        plot_leave(
            p, -1,
            plot_env(p, decoy_text(p, decoy_env[i % (sizeof decoy_env / sizeof *decoy_env)], 1)));
    for (size_t i = 0; i < 10 * (sizeof decoy_history / sizeof *decoy_history); i++)
        plot_leave(
            p, -1,
            plot_history(
                p, decoy_text(p, decoy_history[i % (sizeof decoy_history / sizeof *decoy_history)],
                              1)));
}

#endif
