/* late: a library's name → pointers to its functions.
 *
 * Invariants
 * 1. A library without one of the functions counts as not there. (test_late: without a function)
 * 2. Any number of threads may need one at the same time. (test_late: threads)
 * 3. What is missing is named with its package. (test_late: missing)
 */
#define LATE_ITSELF
#include "base/late.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/late_archive.h"
#include "base/late_crypto.h"
#include "base/late_curl.h"
#include "base/late_hs.h"
#include "base/late_sqlite.h"

static void give_up(const struct err *e)
{
    (void)e;
    abort();
}

static void (*missing)(const struct err *e) = give_up;

void late_on_missing(void (*handler)(const struct err *e))
{
    missing = handler;
}

static int absent(const struct late *l, struct err *e)
{
    return err_set(e, ERR_MACHINE, "%s needs a library that cannot be loaded (package %s): %s",
                   l->purpose, l->package, dlerror());
}

static int load(struct late *l, struct err *e)
{
    void *library = dlopen(l->file, RTLD_LAZY | RTLD_LOCAL);
    if (!library)
        return absent(l, e);
    for (size_t i = 0; i < l->n_names; i++) {
        l->functions[i] = dlsym(library, l->names[i]);
        if (l->functions[i])
            continue;
        absent(l, e);
        memset(l->functions, 0, l->n_names * sizeof *l->functions);
        dlclose(library);
        return -1;
    }
    l->loaded = true;
    return 0;
}

int late_load(struct late *l, struct err *e)
{
    if (l->loaded)
        return 0;
    pthread_mutex_lock(&l->lock);
    int rc = l->loaded ? 0 : load(l, e);
    pthread_mutex_unlock(&l->lock);
    return rc;
}

static void need(struct late *l)
{
    struct err e = {0};
    if (late_load(l, &e))
        missing(&e);
}

/* ---- the libraries ---- */

/* What a library's header declares. */
#define LATE(library, UPPER, soname, debian, use)                                                  \
    static const char *const library##_names[] = {LATE_##UPPER##_FUNCTIONS(LATE_NAME)};            \
    static struct late_##library library##_functions;                                              \
    static struct late library##_late = {                                                          \
        .file = soname,                                                                            \
        .package = debian,                                                                         \
        .purpose = use,                                                                            \
        .names = library##_names,                                                                  \
        .n_names = sizeof library##_names / sizeof *library##_names,                               \
        .functions = (void **)&library##_functions,                                                \
        .lock = PTHREAD_MUTEX_INITIALIZER,                                                         \
    };                                                                                             \
    int late_##library##_load(struct err *e)                                                       \
    {                                                                                              \
        return late_load(&library##_late, e);                                                      \
    }                                                                                              \
    const struct late_##library *late_##library(void)                                              \
    {                                                                                              \
        need(&library##_late);                                                                     \
        return &library##_functions;                                                               \
    }

#ifdef __x86_64__
#define HS_PACKAGE "libhyperscan5"
#else
#define HS_PACKAGE "libvectorscan5"
#endif

LATE(archive, ARCHIVE, "libarchive.so.13", "libarchive13", "reading and writing archives")
LATE(crypto, CRYPTO, "libcrypto.so.3", "libssl3", "computing digests")
LATE(curl, CURL, "libcurl.so.4", "libcurl4", "HTTP")
LATE(hs, HS, "libhs.so.5", HS_PACKAGE, "matching patterns")
LATE(sqlite, SQLITE, "libsqlite3.so.0", "libsqlite3-0", "reading databases of SQLite")

struct late *late_at(size_t i)
{
    static struct late *const all[] = {&archive_late, &crypto_late, &curl_late, &hs_late,
                                       &sqlite_late};
    return i < sizeof all / sizeof *all ? all[i] : NULL;
}
