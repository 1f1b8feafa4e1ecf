#define LATE_ITSELF
#include "base/late.h"

#include <string.h>

#include "lib/tap.h"

enum { THREADS = 8 };

static const char *const names[] = {"cos", "sin"}, *const odd[] = {"cos", "no_such_function"};
static void *functions[2];

static struct late library(const char *file, const char *const *of)
{
    return (struct late){.file = file,
                         .package = "libc6",
                         .purpose = "counting",
                         .names = of,
                         .n_names = 2,
                         .functions = functions,
                         .lock = PTHREAD_MUTEX_INITIALIZER};
}

static void *load(void *arg)
{
    struct err e;
    return late_load(arg, &e) || !functions[0] || !functions[1] ? NULL : arg;
}

static void check_threads(void)
{
    struct late l = library("libm.so.6", names);
    pthread_t threads[THREADS];
    int good = 0;
    int begun = 0;
    while (begun < THREADS && !pthread_create(&threads[begun], NULL, load, &l))
        begun++;
    for (int i = 0; i < begun; i++) {
        void *ret;
        pthread_join(threads[i], &ret);
        good += ret != NULL;
    }
    ok(good == THREADS, "threads: each has it loaded (%d)", good);
    ok(((double (*)(double))functions[0])(0) == 1, "and its functions are its own");
}

int main(void)
{
    struct err e = {0};
    struct late none = library("libno-such.so.9", names), less = library("libm.so.6", odd);
    ok(late_load(&none, &e) && e.kind == ERR_MACHINE, "missing: this machine cannot");
    ok(strstr(e.text, "counting needs a library") && strstr(e.text, "package libc6"),
       "and its package is named: %s", e.text);
    ok(late_load(&less, &e) && strstr(e.text, "no_such_function"), "without a function: %s",
       e.text);
    check_threads();
    return done_testing();
}
