/* floor: what reading a layer costs at least, on one core: its gzip inflated by ISA-L, with the stored
 * and the plain bytes hashed by libcrypto. Nothing looks at what comes out.
 *
 *     floor FILE…        each a layer's stored bytes, gzip or plain
 *
 * What shuck does beyond this is the tar, the tree and all checks. */
#include <isa-l/igzip_lib.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK = 256 * 1024 };

static unsigned char in[BLOCK], out[BLOCK];

static void inflate_all(FILE *f, size_t n, EVP_MD_CTX *stored, EVP_MD_CTX *plain)
{
    struct inflate_state z;
    isal_inflate_init(&z);
    z.crc_flag = ISAL_GZIP;
    do {
        EVP_DigestUpdate(stored, in, n);
        z.next_in = in;
        z.avail_in = (uint32_t)n;
        do {
            z.next_out = out;
            z.avail_out = BLOCK;
            if (isal_inflate(&z) != ISAL_DECOMP_OK)
                exit(3);
            EVP_DigestUpdate(plain, out, BLOCK - z.avail_out);
        } while (z.avail_in || z.avail_out == 0);
        n = fread(in, 1, BLOCK, f);
    } while (n);
}

static void one(const char *path)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *stored = EVP_MD_CTX_new(), *plain = EVP_MD_CTX_new();
    FILE *f = fopen(path, "rb");
    if (!f || !stored || !plain)
        exit(2);
    EVP_DigestInit_ex(stored, EVP_sha256(), NULL);
    EVP_DigestInit_ex(plain, EVP_sha256(), NULL);
    size_t n = fread(in, 1, BLOCK, f);
    if (n > 2 && in[0] == 0x1f && in[1] == 0x8b)
        inflate_all(f, n, stored, plain);
    else
        for (; n; n = fread(in, 1, BLOCK, f))
            EVP_DigestUpdate(stored, in, n);
    EVP_DigestFinal_ex(stored, sum, NULL);
    EVP_DigestFinal_ex(plain, sum, NULL);
    EVP_MD_CTX_free(stored);
    EVP_MD_CTX_free(plain);
    fclose(f);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        one(argv[i]);
    return 0;
}
