/* samples: values that the whole world knows: from documentation, and keys that tests share.
 *
 * Invariants
 * 1. What is known is still said, as such. (test_secret_scan: sample)
 */
#include "secret/kinds.h"

/* Private keys of well-known tests, by the first half of SHA-256 of their DER (of the armour, when
 * its content cannot be read). */
static const struct {
    unsigned char digest[16];
} test_keys[] = {
    {{0}},
};

static bool is_test_key(const struct secret_value *v)
{
    struct arena a = {0};
    struct str der;
    struct str armour = v->value;
    if (!str_starts(armour, STR("-----BEGIN ")))
        armour = secret_decode64(&a, armour);
    if (!secret_key_der(&a, armour, &der) && !der.n)
        der = armour;
    struct digest d = digest_of(der);
    bool known = false;
    for (size_t i = 0; i < sizeof test_keys / sizeof *test_keys; i++)
        known |= !memcmp(d.b, test_keys[i].digest, sizeof test_keys[i].digest);
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
        ".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9l", /* jwt.io */
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAs",     /* RFC 7515, 7519 */
        "Jf36POk6yJV_adQssw5c",                              /* jwt.io, its signature */
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq", /* Azurite's account
                                                                           */
        "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/"
        "Jw", /* Cosmos emulator */
        "AGE-SECRET-KEY-1QQPQQQQQQ",
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
