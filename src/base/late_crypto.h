/* late_crypto: OpenSSL's libcrypto, which has 17,000 places to relocate. */
#ifndef BASE_LATE_CRYPTO_H
#define BASE_LATE_CRYPTO_H

#include <openssl/evp.h>

#include "base/late.h"

#define LATE_CRYPTO_FUNCTIONS(X)                                                                   \
    X(EVP_DecodeBlock)                                                                             \
    X(EVP_DigestFinal_ex)                                                                          \
    X(EVP_DigestInit_ex)                                                                           \
    X(EVP_DigestInit_ex2)                                                                          \
    X(EVP_DigestUpdate)                                                                            \
    X(EVP_EncodeBlock)                                                                             \
    X(EVP_MD_CTX_free)                                                                             \
    X(EVP_MD_CTX_new)                                                                              \
    X(EVP_MD_fetch)                                                                                \
    X(EVP_MD_free)                                                                                 \
    X(EVP_PKEY_free)                                                                               \
    X(EVP_sha256)                                                                                  \
    X(d2i_AutoPrivateKey)

struct late_crypto {
    LATE_CRYPTO_FUNCTIONS(LATE_POINTER)
};

/* As late_load(). */
int late_crypto_load(struct err *e) MUST_USE;
const struct late_crypto *late_crypto(void); /* loads it, too */

#ifndef LATE_ITSELF
#define EVP_DecodeBlock    late_crypto()->EVP_DecodeBlock
#define EVP_DigestFinal_ex late_crypto()->EVP_DigestFinal_ex
#define EVP_DigestInit_ex  late_crypto()->EVP_DigestInit_ex
#define EVP_DigestInit_ex2 late_crypto()->EVP_DigestInit_ex2
#define EVP_DigestUpdate   late_crypto()->EVP_DigestUpdate
#define EVP_EncodeBlock    late_crypto()->EVP_EncodeBlock
#define EVP_MD_CTX_free    late_crypto()->EVP_MD_CTX_free
#define EVP_MD_CTX_new     late_crypto()->EVP_MD_CTX_new
#define EVP_MD_fetch       late_crypto()->EVP_MD_fetch
#define EVP_MD_free        late_crypto()->EVP_MD_free
#define EVP_PKEY_free      late_crypto()->EVP_PKEY_free
#define EVP_sha256         late_crypto()->EVP_sha256
#define d2i_AutoPrivateKey late_crypto()->d2i_AutoPrivateKey
#endif

#endif
