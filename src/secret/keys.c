/* keys: an armour → is there a private key in it that opens something by itself?
 *
 * Invariants
 * 1. A private key is one that libcrypto reads, or an armour of its length that is OpenSSH's or
 *    OpenPGP's. One that a passphrase protects is a kind of its own: it can be tried for ever.
 *    (test_secret_scan: private-key, locked)
 * 2. Line ends may be written as \n, or left out. (test_secret_scan: escaped)
 */
#include "base/buf.h"
#include "base/late_crypto.h"
#include "secret/kinds.h"
#include "secret/redact.h"

/* The base64 of an armour: between its two lines, without "Name: value" lines before it. */
static struct str body_of(struct arena *a, struct str armour)
{
    struct buf b = {.a = a};
    size_t begin = str_find_str(str_from(armour, 11), STR("-----")) + 11 + 5;
    struct str rest = str_slice(armour, begin, str_find_str(armour, STR("-----END ")));
    for (size_t i = 0; i < rest.n; i++) {
        char c = rest.p[i], next = i + 1 < rest.n ? rest.p[i + 1] : 0;
        if (c == '\\' && (next == 'n' || next == 'r'))
            i++; /* of JSON, or of a shell's words */
        else if (c != '\\' && (unsigned char)c > ' ')
            buf_addc(&b, c);
    }
    return buf_str(&b);
}

struct str secret_armour_bytes(struct arena *a, struct str armour)
{
    return secret_decode64(a, body_of(a, armour));
}

/* libcrypto takes a millisecond to get ready for one: asked last. */
static bool is_der(struct str bytes)
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    EVP_PKEY *key = bytes.n ? d2i_AutoPrivateKey(NULL, &p, (long)bytes.n) : NULL;
    EVP_PKEY_free(key);
    return key != NULL;
}

/* RFC 1421's "Proc-Type: 4,ENCRYPTED", or PKCS #8's name. */
static bool is_encrypted(struct str armour)
{
    return str_has(armour, STR("ENCRYPTED"));
}

static bool is_key(struct str armour)
{
    struct arena a = {0};
    bool good;
    if (str_has(armour, STR("OPENSSH")) || str_has(armour, STR("PGP")) || is_encrypted(armour))
        good = armour.n > 200 && secret_entropy(armour) > 4.5;
    else
        good = is_der(secret_armour_bytes(&a, armour));
    arena_free(&a);
    return good;
}

/* OpenSSH's: its magic, and no cipher over it. */
static bool is_open_ssh(struct str bytes)
{
    static const struct str head = STR_INIT("openssh-key-v1\0\0\0\0\4none\0\0\0\4none");
    return str_starts(bytes, head);
}

bool secret_key_reads(struct str armour)
{
    struct arena a = {0};
    struct str bytes = secret_armour_bytes(&a, armour);
    bool good = !is_encrypted(armour) && (is_open_ssh(bytes) || is_der(bytes));
    arena_free(&a);
    return good;
}

bool secret_armour_locked(struct str armour)
{
    static const struct str magic = STR_INIT("openssh-key-v1\0");
    struct arena a = {0};
    bool locked = is_encrypted(armour);
    if (!locked && str_has(armour, STR("OPENSSH"))) {
        struct str bytes = secret_armour_bytes(&a, armour);
        locked = str_starts(bytes, magic) && !is_open_ssh(bytes);
    }
    arena_free(&a);
    return locked;
}

static bool is_whole_key(const struct secret_value *v, bool locked)
{
    return str_has(v->value, STR("-----END ")) && secret_armour_locked(v->value) == locked &&
           is_key(v->value);
}

bool secret_is_private_key(const struct secret_value *v)
{
    return is_whole_key(v, false);
}

bool secret_is_locked_key(const struct secret_value *v)
{
    return is_whole_key(v, true);
}

bool secret_is_key_in_base64(const struct secret_value *v)
{
    struct arena a = {0};
    struct str armour = secret_decode64(&a, v->value);
    bool good = str_has(armour, STR("PRIVATE KEY-----")) && str_has(armour, STR("-----END ")) &&
                is_key(armour);
    arena_free(&a);
    return good;
}

bool secret_is_key_text(const struct secret_value *v)
{
    return (str_has(v->value, STR("Private-Lines:")) || str_has(v->value, STR("-----END "))) &&
           secret_entropy(v->value) > 3.4;
}
