/* proofs: is a value what its shape says?
 *
 * Invariants
 * 1. A private key is one that libcrypto reads, or an armour of its length that is encrypted or
 *    OpenSSH's or OpenPGP's. (test_secret_scan: private-key)
 */
#include <math.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/json.h"
#include "secret/kinds.h"

double secret_entropy(struct str value)
{
    size_t count[256] = {0};
    double bits = 0;
    for (size_t i = 0; i < value.n; i++)
        count[(unsigned char)value.p[i]]++;
    for (int c = 0; c < 256; c++)
        if (count[c]) {
            double p = (double)count[c] / (double)value.n;
            bits -= p * log2(p);
        }
    return bits;
}

/* ---- base64 ---- */

/* The bytes of base64 or base64url, padding optional; n 0: it is none. */
static struct str decode64(struct arena *a, struct str text)
{
    char *padded = arena_alloc(a, text.n + 4);
    unsigned char *out = arena_alloc(a, text.n + 4);
    size_t n = 0;
    for (size_t i = 0; i < text.n && text.p[i] != '='; i++)
        padded[n++] = (char)(text.p[i] == '-' ? '+' : text.p[i] == '_' ? '/' : text.p[i]);
    size_t rest = n % 4, missing = rest ? 4 - rest : 0;
    for (size_t i = 0; i < missing; i++)
        padded[n++] = '=';
    int got = missing < 3 ? EVP_DecodeBlock(out, (unsigned char *)padded, (int)n) : -1;
    return got < (int)missing ? (struct str){0} : (struct str){(char *)out, (size_t)got - missing};
}

static bool is_json_object(struct str part)
{
    struct arena a = {0};
    struct err ignored;
    json_t *value = NULL;
    bool good = !json_read(decode64(&a, part), &value, &ignored) && json_is_object(value);
    json_decref(value);
    arena_free(&a);
    return good;
}

/* RFC 7519: two JSON objects and a signature, in base64url with dots between. */
bool secret_is_jwt(struct str value, struct str text, size_t at)
{
    struct str head, body, rest, signature;
    (void)text;
    (void)at;
    return str_cut(value, '.', &head, &rest) && str_cut(rest, '.', &body, &signature) &&
           signature.n >= 10 && is_json_object(head) && is_json_object(body);
}

bool secret_is_basic_auth(struct str value, struct str text, size_t at)
{
    struct arena a = {0};
    struct str user, password;
    (void)text;
    (void)at;
    bool good = str_cut(decode64(&a, value), ':', &user, &password) && user.n && password.n;
    for (size_t i = 0; good && i < user.n; i++)
        good = user.p[i] >= ' ' && user.p[i] < 0x7f;
    arena_free(&a);
    return good;
}

/* ---- keys ---- */

/* What is encrypted asks for a password, and gets none. */
static int no_password(char *to, int size, int writing, void *ctx)
{
    (void)to;
    (void)size;
    (void)writing;
    (void)ctx;
    return -1;
}

static bool is_encrypted(struct str armour)
{
    return str_has(armour, STR("ENCRYPTED"));
}

bool secret_is_private_key(struct str value, struct str text, size_t at)
{
    (void)text;
    (void)at;
    if (!str_has(value, STR("-----END ")) || value.n < 100)
        return false;
    if (str_has(value, STR("OPENSSH")) || str_has(value, STR("PGP")) || is_encrypted(value))
        return secret_entropy(value) > 4.5;
    BIO *bio = BIO_new_mem_buf(value.p, (int)value.n);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;
    BIO_free(bio);
    EVP_PKEY_free(key);
    return key != NULL;
}

/* ---- words ---- */

bool secret_is_literal(struct str value, struct str text, size_t at)
{
    static const char *const words[] = {"password", "passwd",   "secret", "changeme", "example",
                                        "user",     "username", "pass",   "token",    "xxx"};
    (void)text;
    (void)at;
    if (!value.n || strchr("$<{*%@(", value.p[0]))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(value, words[i]))
            return false;
    return true;
}

bool secret_is_sample(const struct secret_kind *kind, struct str value, struct str text, size_t at)
{
    (void)kind;
    (void)text;
    (void)at;
    return str_has(value, STR("EXAMPLE")) || str_has(value, STR("example"));
}
