/* sums: see sums.h.
 *
 * Invariants
 * 1. A sum of zero stands for none, so one that is zero counts as one. (test_sums: known)
 * 2. A digest that is not wanted is not known. (test_sums: wanted)
 */
#include "facts/sums.h"

#include <stdlib.h>

#include "base/late_crypto.h"

enum { MD5, SHA1, SHA256, ALGORITHMS }; /* the bits of enum facts_summed */

struct facts_summing {
    unsigned wanted; /* 1 << algorithm */
    EVP_MD_CTX *running[ALGORITHMS];
    EVP_MD *algorithm[ALGORITHMS]; /* fetched once: a fetch costs more than a small file's digest */
};

static const char *const names[ALGORITHMS] = {"MD5", "SHA1", "SHA256"};

struct facts_summing *facts_summing_new(void)
{
    struct facts_summing *s = calloc(1, sizeof *s);
    bool good = s;
    for (int i = 0; i < ALGORITHMS && good; i++) {
        s->running[i] = EVP_MD_CTX_new();
        s->algorithm[i] = EVP_MD_fetch(NULL, names[i], NULL);
        good = s->running[i] && s->algorithm[i];
    }
    if (good)
        return s;
    facts_summing_free(s);
    return NULL;
}

void facts_summing_free(struct facts_summing *s)
{
    for (int i = 0; s && i < ALGORITHMS; i++) {
        EVP_MD_CTX_free(s->running[i]);
        EVP_MD_free(s->algorithm[i]);
    }
    free(s);
}

unsigned facts_summed_by(struct str path)
{
    static const struct {
        struct str prefix;
        unsigned wanted;
    } own[] = {
        {STR_INIT("etc/apt/"), SUMMED_MD5},
        {STR_INIT("etc/debian_version"), SUMMED_MD5},
        {STR_INIT("var/lib/dpkg/"), SUMMED_MD5},
        {STR_INIT("etc/alpine-release"), SUMMED_SHA1},
        {STR_INIT("etc/apk/"), SUMMED_SHA1},
        {STR_INIT("lib/apk/db/"), SUMMED_SHA1},
        {STR_INIT("usr/lib/apk/db/"), SUMMED_SHA1},
        /* MD5 before 2009 */
        {STR_INIT("etc/dnf/"), SUMMED_SHA256 | SUMMED_MD5},
        {STR_INIT("etc/yum.repos.d/"), SUMMED_SHA256 | SUMMED_MD5},
        {STR_INIT("etc/zypp/"), SUMMED_SHA256 | SUMMED_MD5},
        {STR_INIT("usr/lib/sysimage/rpm/"), SUMMED_SHA256 | SUMMED_MD5},
        {STR_INIT("var/lib/rpm/"), SUMMED_SHA256 | SUMMED_MD5},
    };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (str_starts(path, own[i].prefix))
            return own[i].wanted;
    return 0;
}

bool facts_summed_at(struct str path)
{
    static const char *const folders[] = {"home/", "tmp/", "var/tmp/", "usr/local/"};
    static const struct str root = STR_INIT("root/");
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (str_starts(path, str_of(folders[i])))
            return false;
    struct str below = str_from(path, root.n); /* rpm's own are the files right there */
    return !str_starts(path, root) || str_find(below, '/') == below.n;
}

void facts_summing_begin(struct facts_summing *s, unsigned wanted)
{
    s->wanted = wanted;
    for (int i = 0; i < ALGORITHMS; i++)
        if (wanted & 1u << i)
            EVP_DigestInit_ex2(s->running[i], s->algorithm[i], NULL);
}

void facts_summing_add(struct facts_summing *s, const void *p, size_t n)
{
    for (int i = 0; i < ALGORITHMS; i++)
        if (s->wanted & 1u << i)
            EVP_DigestUpdate(s->running[i], p, n);
}

uint64_t facts_sum_raw(const void *bytes, size_t n)
{
    uint64_t sum = 0;
    if (n < sizeof sum)
        return 0;
    for (size_t i = 0; i < sizeof sum; i++)
        sum = sum << 8 | ((const unsigned char *)bytes)[i];
    return sum ? sum : 1;
}

uint64_t facts_sum_hex(struct str hex)
{
    uint64_t sum;
    if (hex.n < 16 || str_u64(str_slice(hex, 0, 16), 16, &sum))
        return 0;
    return sum ? sum : 1;
}

void facts_summing_end(struct facts_summing *s, struct tree_sums *ret)
{
    uint64_t *to[ALGORITHMS] = {&ret->md5, &ret->sha1, &ret->sha256};
    for (int i = 0; i < ALGORITHMS; i++) {
        unsigned char digest[EVP_MAX_MD_SIZE];
        unsigned n = 0;
        bool known = s->wanted & 1u << i && EVP_DigestFinal_ex(s->running[i], digest, &n);
        *to[i] = known ? facts_sum_raw(digest, n) : 0;
    }
}
