/* digest: bytes → SHA-256 → text and back.
 *
 * Invariants
 * 1. digest_parse(digest_text(d)) is d. (test_digest: round)
 * 2. No text gives the digest of zeros, which stands for "not known" and so would not be compared.
 *    (test_digest: zeros)
 */
#include "base/digest.h"

#include <stdlib.h>

#include "base/late_crypto.h"

static EVP_MD_CTX *context(struct digest_state *s)
{
    return (EVP_MD_CTX *)s;
}

struct digest_state *digest_begin(void)
{
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    if (!c || EVP_DigestInit_ex(c, EVP_sha256(), NULL) != 1)
        abort(); /* libcrypto without SHA-256 or memory: nothing can be verified */
    return (struct digest_state *)c;
}

void digest_add(struct digest_state *s, const void *p, size_t n)
{
    if (EVP_DigestUpdate(context(s), p, n) != 1)
        abort();
}

struct digest digest_end(struct digest_state *s)
{
    struct digest d;
    if (EVP_DigestFinal_ex(context(s), d.b, NULL) != 1)
        abort();
    digest_drop(s);
    return d;
}

void digest_drop(struct digest_state *s)
{
    EVP_MD_CTX_free(context(s));
}

struct digest digest_of(struct str bytes)
{
    struct digest_state *s = digest_begin();
    digest_add(s, bytes.p, bytes.n);
    return digest_end(s);
}

struct str digest_hex(struct arena *a, const struct digest *d)
{
    static const char digits[] = "0123456789abcdef";
    char *p = arena_alloc(a, 2 * DIGEST_BYTES + 1);
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        p[2 * i] = digits[d->b[i] >> 4];
        p[2 * i + 1] = digits[d->b[i] & 15];
    }
    return (struct str){p, 2 * DIGEST_BYTES};
}

struct str digest_text(struct arena *a, const struct digest *d)
{
    return str_fmt(a, "sha256:" STR_F, STR_A(digest_hex(a, d)));
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int digest_parse(struct str text, struct digest *ret, struct err *e)
{
    if (!str_starts(text, STR("sha256:")))
        return err_set(e, ERR_INPUT, "digest \"" STR_F "\" is not sha256:<64 hex digits>",
                       STR_A(str_slice(text, 0, 100)));
    struct str hex = str_from(text, 7);
    struct digest d;
    unsigned char any = 0;
    if (hex.n != sizeof d.b * 2)
        return err_set(e, ERR_INPUT, "digest has %zu hex digits, sha256 has 64", hex.n);
    for (size_t i = 0; i < sizeof d.b; i++) {
        int hi = nibble(hex.p[2 * i]), lo = nibble(hex.p[2 * i + 1]);
        if (hi < 0 || lo < 0)
            return err_set(e, ERR_INPUT, "digest has a character that is no lower-case hex digit");
        d.b[i] = (unsigned char)(hi << 4 | lo);
        any |= d.b[i];
    }
    if (!any)
        return err_set(e, ERR_INPUT, "digest has only zeros, which no content has");
    *ret = d;
    return 0;
}
