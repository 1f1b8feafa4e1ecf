/* proofs: is a value what its shape says? Structure and checksums; keys are in keys.c, words in
 * wording.c.
 *
 * Invariants
 * 1. A JSON web token has two JSON objects. (test_secret_scan: not found)
 * 2. A login in base64 has a user and a password. (test_secret_scan: not found)
 */
#include <math.h>
#include <zlib.h>

#include "base/json.h"
#include "base/late_crypto.h"
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

struct str secret_decode64(struct arena *a, struct str text)
{
    char *padded = arena_alloc(a, text.n + 4);
    unsigned char *out = arena_alloc(a, text.n + 4);
    size_t n = 0;
    for (size_t i = 0; i < text.n && text.p[i] != '='; i++)
        if (text.p[i] > ' ') /* not the ends of lines */
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
    bool good = !json_read(secret_decode64(&a, part), &value, &ignored) && json_is_object(value);
    json_decref(value);
    arena_free(&a);
    return good;
}

/* RFC 7519: two JSON objects and a signature, in base64url with dots between. */
bool secret_is_jwt(const struct secret_value *v)
{
    struct str head, body, rest, signature;
    return str_cut(v->value, '.', &head, &rest) && str_cut(rest, '.', &body, &signature) &&
           signature.n >= 10 && is_json_object(head) && is_json_object(body);
}

bool secret_is_basic_auth(const struct secret_value *v)
{
    struct arena a = {0};
    struct str user, password;
    bool good =
        str_cut(secret_decode64(&a, v->value), ':', &user, &password) && user.n && password.n;
    for (size_t i = 0; good && i < user.n; i++)
        good = user.p[i] >= ' ' && user.p[i] < 0x7f;
    for (size_t i = 0; good && i < password.n; i++)
        good = (unsigned char)password.p[i] >= ' ';
    struct secret_value inside = {password, password, 0};
    good = good && secret_is_literal(&inside);
    arena_free(&a);
    return good;
}

bool secret_is_key32(const struct secret_value *v)
{
    struct arena a = {0};
    struct str key = secret_decode64(&a, v->value);
    bool good = key.n == 32 && secret_entropy(key) > 3.5;
    arena_free(&a);
    return good;
}

/* ---- checksums ---- */

/* The last six of the letters after the prefix are the CRC-32 of those before, in base 62. */
bool secret_is_base62_crc(struct str value)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    size_t from = str_rfind(value, '_') + 1;
    if (value.n < from + 7)
        return false;
    struct str random = str_slice(value, from, value.n - 6);
    uint64_t sum = crc32(0, (const unsigned char *)random.p, (unsigned)random.n);
    for (size_t i = value.n; i > value.n - 6; i--, sum /= 62)
        if (value.p[i - 1] != digits[sum % 62])
            return false;
    return sum == 0;
}

static uint32_t bech32_add(uint32_t sum, uint32_t five)
{
    static const uint32_t factors[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    uint32_t top = sum >> 25;
    sum = (sum & 0x1ffffff) << 5 ^ five;
    for (int i = 0; i < 5; i++)
        sum ^= top >> i & 1 ? factors[i] : 0;
    return sum;
}

/* BIP 173, in capitals: what is before the last "1" names it. */
bool secret_is_bech32(const struct secret_value *v)
{
    static const char letters[] = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
    struct str text = v->value;
    size_t one = str_rfind(text, '1');
    uint32_t sum = 1;
    for (size_t i = 0; i < one; i++)
        sum = bech32_add(sum, (uint32_t)(text.p[i] | 0x20) >> 5);
    sum = bech32_add(sum, 0);
    for (size_t i = 0; i < one; i++)
        sum = bech32_add(sum, (uint32_t)(text.p[i] | 0x20) & 31);
    for (size_t i = one + 1; i < text.n; i++) {
        const char *p = strchr(letters, text.p[i]);
        if (!p)
            return false;
        sum = bech32_add(sum, (uint32_t)(p - letters));
    }
    return sum == 1;
}

/* ---- shapes ---- */

static size_t hex_letters(struct str text)
{
    size_t n = 0;
    while (n < text.n && secret_letter("0-9a-fA-F", text.p[n]))
        n++;
    return n;
}

bool secret_is_uuid(const struct secret_value *v)
{
    struct str text = v->value;
    if (text.n == 32)
        return hex_letters(text) == 32;
    for (size_t i = 0; i < text.n; i++)
        if ((text.p[i] == '-') != (i == 8 || i == 13 || i == 18 || i == 23))
            return false;
    return text.n == 36 && secret_entropy(text) > 2.8;
}

/* What is around the value, at most SECRET_REACH / 4 bytes to each side. */
static struct str around(const struct secret_value *v)
{
    size_t reach = SECRET_REACH / 4;
    return str_slice(v->text, v->at > reach ? v->at - reach : 0, v->at + v->value.n + reach);
}

bool secret_is_service_account(const struct secret_value *v)
{
    struct str near = around(v);
    return str_has(near, STR("service_account")) && str_has(near, STR("PRIVATE KEY"));
}

bool secret_is_signed_url(const struct secret_value *v)
{
    struct str near = str_slice(v->text, v->at > 512 ? v->at - 512 : 0, v->at + 512);
    return str_has(near, STR("sv=")) || str_has(near, STR("SharedAccessSignature"));
}

bool secret_is_jwk(const struct secret_value *v)
{
    return str_has(around(v), STR("\"kty\""));
}
