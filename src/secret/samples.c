/* samples: values that the whole world knows: from documentation, and keys that tests share.
 *
 * Invariants
 * 1. What is known is still said, as such. (test_secret_scan: sample)
 */
#include <stdlib.h>

#include "secret/kinds.h"

/* Private keys that come with the tests of Python, Go, Twisted, GnuTLS, requests, urllib3,
 * cryptography's vectors (RFC and NIST ones among them), Vagrant and others: the first eight bytes
 * of SHA-256 of their DER, or of the armour when its content cannot be read. In order. */
static const uint64_t test_keys[] = {
    0x006e645697b1c0b7, 0x051848dd074db519, 0x05d6e0b6534c9451, 0x06ceb2d515aec734,
    0x0767806d9635035a, 0x09041c605bafb8c4, 0x09078c32ff7afdcf, 0x09416ba3e0782523,
    0x09f1c1a4680df80b, 0x0b7a9dcfdf035e71, 0x1470c2074ded3767, 0x14d3302c60585d70,
    0x1d195a352cee85c3, 0x1de5ac5cb37d8d36, 0x1e382a5f98d96b68, 0x1f6d6abbe69b0e40,
    0x2859ff03b44c8f0e, 0x2913d00ead4111eb, 0x2fd6b0c43db144df, 0x30325068603a16a0,
    0x31761af00a5f2840, 0x323a1e2a6917c061, 0x351092106c8044b1, 0x363d22a6ed4c507c,
    0x3d40e34ec24c08b6, 0x3e7f6fdf0e7dafe3, 0x458022ddcb5598b3, 0x46b5bf2e6b6f2896,
    0x47698284e7e71daf, 0x47921b0a6df31713, 0x48d7b7bf0bc51580, 0x49bc70bc69aff971,
    0x4cfba72f445e7d7d, 0x4e6af0221e03f890, 0x51f172e9fcd409db, 0x56fb5326a1d72a40,
    0x5d9b829e08e7ccef, 0x5fdc6c1e8876850e, 0x60c323abe4854b03, 0x642095735b2908a3,
    0x6ebf20c28b12f261, 0x70b77a3e1c5856eb, 0x719ce0b5c9252bd1, 0x7534234801cc2174,
    0x76b5a6ef65164426, 0x7996c5962fa5ffd5, 0x7bf98887f15eb69a, 0x7e38af7715bbb425,
    0x7e66e32ab57112bb, 0x7fc404cffc4aced3, 0x803fc9d7eb40ea13, 0x8062b7ad9a061d0e,
    0x83d4d09f6eb60626, 0x8547eb983f31a400, 0x85f11ff5a5107ed9, 0x88f3145770d602b6,
    0x88fe695fe42d8ecb, 0x89b812eaacee16e5, 0x8cd21bba19970f12, 0x8f5bf5769b149379,
    0x8ffef375b96e9528, 0x929bd67eaab58257, 0x93afcbf8b80855ca, 0x956890dd43249260,
    0x97c9c408528b2b28, 0x97e3597f7c01eaff, 0x995b8d5b08ac126a, 0x99e75f24951bfdb1,
    0x9c36c56f75e65d25, 0x9c8c4bfd88e13f92, 0x9f9d452403930b0a, 0xa1193b9b1ae92083,
    0xa26741c999733d90, 0xa70f24304eba8198, 0xaa937c270bfefeac, 0xab66028d2b8a452d,
    0xae3695311b4c04f6, 0xb0e56afb312183ae, 0xb1954293f5ea3782, 0xb2294bdd2095cb9b,
    0xb67e84d506547a03, 0xb6b4c6a819ef0a1d, 0xb960301ff06c8f95, 0xbee9b8b4ab32d9d0,
    0xc0b76b90dd9c71f3, 0xc6d3019868145cd1, 0xc8f674329a12c22f, 0xc99e286d70a6593c,
    0xc9d294f8284cfe16, 0xcba0cfe2c0579682, 0xcc89b24fa7b57e6d, 0xcf1db3df60313e91,
    0xd44fd0899e457a2b, 0xd4cf18485c683cda, 0xd55e9d9b688c5833, 0xdbe3c5bda333d160,
    0xddbe46861d63c860, 0xe3eef58cc34f0cdb, 0xea1e245abb01f2df, 0xf022ad7b79455ba6,
    0xf139e02d7543073f, 0xf4e80f54f0be5996, 0xfb7f6509e3ab7681, 0xffdff0657e09322f,
};

static int by_number(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static bool is_test_key(const struct secret_value *v)
{
    struct arena a = {0};
    struct str armour = v->value;
    if (!str_starts(armour, STR("-----BEGIN ")))
        armour = secret_decode64(&a, armour);
    struct str bytes = secret_armour_bytes(&a, armour);
    struct digest d = digest_of(bytes.n ? bytes : armour);
    uint64_t first = 0;
    for (int i = 0; i < 8; i++)
        first = first << 8 | d.b[i];
    bool known = bsearch(&first, test_keys, sizeof test_keys / sizeof *test_keys, sizeof first,
                         by_number) != NULL;
    arena_free(&a);
    return known;
}

/* Some letter four times and more in a row, or a count upwards: nobody draws that. */
static bool is_filler(struct str value)
{
    size_t same = 0, up = 0;
    for (size_t i = value.n / 3 + 1; i < value.n; i++) { /* some begin with a row of A */
        same = value.p[i] == value.p[i - 1] ? same + 1 : 0;
        up = value.p[i] == value.p[i - 1] + 1 ? up + 1 : 0;
        if (same >= 5 || up >= 7)
            return true;
    }
    return false;
}

static bool has_sample_word(struct str value)
{
    static const char *const words[] = {"EXAMPLE",     "example", "Example", "xxxx",  "XXXX",
                                        "placeholder", "your-",   "your_",   "dummy", "changeme",
                                        "redacted",    "fake",    "FAKE"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_has(value, str_of(words[i])))
            return true;
    return false;
}

/* jwt.io's own, by its payload: John Doe's. */
static bool is_known_token(struct str value)
{
    static const char *const parts[] = {
        ".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9l",          /* jwt.io */
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAs",              /* RFC 7515, 7519 */
        "Jf36POk6yJV_adQssw5c",                                       /* jwt.io, its signature */
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2U",       /* Azurite's account */
        "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8", /* Cosmos emulator */
        "AGE-SECRET-KEY-1QQPQQQQQQ",
        ".eyJzb21lIjoicGF5bG9hZCJ9", /* {"some":"payload"}, of JWT libraries */
        "czZCaGRSa3F0MzpnWDFmQmF0M2JW",
        "2YotnFZFEjr1zCsicMWpAA",
        "tGzv3JOkF0XG5Qx2TlKWIA", /* RFC 6749 */
        "ad180jjd733klru7",
        "kd94hf93k423kf44", /* RFC 5849 */
        "QWxhZGRpbjpvcGVuIHNlc2FtZ",
        "mF_9.B5f-4.1JqM", /* RFC 7617, 6750 */
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (str_has(value, str_of(parts[i])))
            return true;
    return false;
}

enum secret_doubt secret_doubt_of(const struct secret_kind *kind, const struct secret_value *v)
{
    bool key = kind->take == SECRET_PEM || kind->holds == secret_is_key_in_base64;
    if (key)
        return is_test_key(v) ? SECRET_KNOWN : SECRET_NO_DOUBT;
    if (has_sample_word(v->value) || is_known_token(v->value) || is_filler(v->value))
        return SECRET_KNOWN;
    return kind->sealed && !kind->sealed(v->value) ? SECRET_UNSEALED : SECRET_NO_DOUBT;
}

bool secret_proves_itself(const struct secret_kind *kind, const struct secret_value *v,
                          bool library)
{
    if (kind->sealed)
        return kind->sealed(v->value);
    if (kind->holds == secret_is_bech32)
        return true; /* a checksum, and it was right */
    if (library)
        return false;
    if (kind->holds != secret_is_key_in_base64)
        return kind->holds == secret_is_private_key && secret_key_reads(v->value);
    struct arena a = {0};
    bool reads = secret_key_reads(secret_decode64(&a, v->value));
    arena_free(&a);
    return reads;
}

const char *secret_doubt_text(enum secret_doubt doubt)
{
    static const char *const texts[SECRET_DOUBTS] = {
        [SECRET_NO_DOUBT] = "",
        [SECRET_KNOWN] = "known from documentation or tests",
        [SECRET_EXAMPLE] = "among documentation, tests or examples",
        [SECRET_UNSEALED] = "its checksum is wrong",
    };
    return texts[doubt];
}
