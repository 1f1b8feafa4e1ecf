/* late: a shared library, loaded when it is first needed.
 *
 * Some libraries have thousands of places to relocate, or bring dozens of others with them, which
 * costs a short command more than its work does (bench/lint: one file). Those are not linked. A
 * header stands for each (late_curl.h, late_archive.h, …): it lists the functions that are used,
 * and lends their names to pointers. The first call of one loads its library. */
#ifndef BASE_LATE_H
#define BASE_LATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/err.h"

struct late {
    const char *file;    /* its name for the loader: "libcurl.so.4" */
    const char *package; /* which Debian package has it */
    const char *purpose; /* "HTTP" */
    const char *const *names;
    size_t n_names;
    void **functions; /* set by loading, one for each name */
    pthread_mutex_t lock;
    atomic_bool loaded; /* it stays for the process's life */
};

/* Loads it where its absence can be told; again costs nothing. ERR_MACHINE says which package is
 * missing. */
int late_load(struct late *l, struct err *e) MUST_USE;

/* All that there are, one by one, for who tells what a machine lacks; NULL behind the last. */
struct late *late_at(size_t i);

/* Called by the first call of a function whose library is not there: it says so and ends the
 * program. Default: abort(). */
void late_on_missing(void (*handler)(const struct err *e));

/* For the headers: a pointer to each function of a list, and the names of them. */
#define LATE_POINTER(function) __typeof__(&function) function;
#define LATE_NAME(function)    #function,

#endif
