/* test_summer: files' bytes → sums, by a thread or without. */
#include "facts/summer.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>

#include "lib/tap.h"

enum { FILES = 5000, MOST = 3 << 20 };

static unsigned char bytes[MOST];
static bool no_threads;

/* Stands before the C library's. */
int pthread_create(pthread_t *ret, const pthread_attr_t *attr, void *(*run)(void *), void *ctx)
{
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (no_threads)
        return EAGAIN;
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    return real(ret, attr, run, ctx);
}

/* Empty ones, many small ones, and some that fill several loads. */
static size_t size_of(int i)
{
    return i % 1000 == 999 ? MOST - (size_t)i : (size_t)(i * 37 % 4001);
}

static struct tree_sums straight(struct facts_summing *s, size_t n)
{
    struct tree_sums ret = {0};
    facts_summing_begin(s, SUMMED_ALL);
    facts_summing_add(s, bytes, n);
    facts_summing_end(s, &ret);
    return ret;
}

static void give_all(struct facts_summer *s, struct tree_sums *ret)
{
    for (int i = 0; i < FILES; i++) {
        size_t n = size_of(i), half = n / 3;
        facts_summer_begin(s, i % 2 ? SUMMED_ALL : SUMMED_MD5);
        facts_summer_add(s, bytes, half);
        facts_summer_add(s, bytes + half, n - half);
        facts_summer_end(s, &ret[i]);
    }
    facts_summer_settle(s);
}

static void cuts(struct facts_summer *s, const char *how)
{
    static struct tree_sums got[FILES];
    struct facts_summing *summing = facts_summing_new();
    int wrong = 0;
    memset(got, 0, sizeof got);
    give_all(s, got);
    for (int i = 0; i < FILES; i++) {
        struct tree_sums want = straight(summing, size_of(i));
        if (i % 2 == 0)
            want.sha1 = want.sha256 = 0;
        wrong += got[i].md5 != want.md5 || got[i].sha1 != want.sha1 || got[i].sha256 != want.sha256;
    }
    is_int(wrong, 0, "cuts: %s", how);
    facts_summing_free(summing);
}

static void few(struct facts_summer *s)
{
    struct tree_sums got = {0};
    facts_summer_settle(s);
    facts_summer_begin(s, SUMMED_MD5);
    facts_summer_add(s, "abc", 3);
    facts_summer_end(s, &got);
    facts_summer_settle(s);
    ok(got.md5 == facts_sum_hex(STR("900150983cd24fb0d6963f7d28e17f72")), "less than a load");
}

/* In the midst of a file, with loads waiting. */
static void leave(void)
{
    static struct tree_sums got[2];
    struct facts_summer *s = facts_summer_new();
    facts_summer_begin(s, SUMMED_ALL);
    facts_summer_add(s, bytes, MOST);
    facts_summer_end(s, &got[0]);
    facts_summer_begin(s, SUMMED_ALL);
    facts_summer_add(s, bytes, MOST);
    facts_summer_free(s);
    ok(true, "left early");
}

int main(void)
{
    for (size_t i = 0; i < MOST; i++)
        bytes[i] = (unsigned char)(i * i >> 7);
    struct facts_summer *s = facts_summer_new();
    if (!ok(s != NULL, "libcrypto has all"))
        return done_testing();
    few(s);
    cuts(s, "by a thread");
    cuts(s, "once more");
    facts_summer_free(s);
    leave();
    facts_summer_free(NULL);

    no_threads = true;
    struct facts_summer *alone = facts_summer_new();
    cuts(alone, "no thread");
    facts_summer_free(alone);
    return done_testing();
}
