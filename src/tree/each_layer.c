/* each_layer: layers → threads that take one after the other, lowest first.
 *
 * Invariants
 * 1. Every layer below the lowest that fails is done to its end. (test_each_layer: lowest error)
 *
 * Without a thread to be had, the caller does all the work: it is one of the crew.
 */
#include "tree/each_layer.h"

#include <pthread.h>
#include <unistd.h>

#include "base/limits.h"

struct crew {
    struct tree_each *each;
    size_t n;
    _Atomic size_t next;
    pthread_mutex_t lock; /* of *e */
    struct err *e;
};

static void failed(struct crew *crew, size_t layer, const struct err *e)
{
    pthread_mutex_lock(&crew->lock);
    if (layer < atomic_load(&crew->each->lowest_failed)) {
        atomic_store(&crew->each->lowest_failed, layer);
        *crew->e = *e;
    }
    pthread_mutex_unlock(&crew->lock);
}

static void *work(void *arg)
{
    struct crew *crew = arg;
    for (;;) {
        size_t layer = atomic_fetch_add(&crew->next, 1);
        if (layer >= crew->n || tree_each_stopped(crew->each, layer))
            return NULL;
        struct err e;
        if (crew->each->layer(crew->each, layer, &e) && !tree_each_stopped(crew->each, layer))
            failed(crew, layer, &e);
    }
}

int tree_each_layer(struct tree_each *each, size_t n, struct err *e)
{
    pthread_t threads[LIMIT_LAYERS];
    size_t n_threads = 0;
    struct crew crew = {.each = each, .n = n, .lock = PTHREAD_MUTEX_INITIALIZER, .e = e};
    atomic_store(&each->lowest_failed, SIZE_MAX);
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    while (n_threads + 1 < n && n_threads < LIMIT_LAYERS && (long)n_threads + 1 < cpus &&
           pthread_create(&threads[n_threads], NULL, work, &crew) == 0)
        n_threads++;
    work(&crew);
    for (size_t i = 0; i < n_threads; i++)
        pthread_join(threads[i], NULL);
    return atomic_load(&each->lowest_failed) == SIZE_MAX ? 0 : -1;
}
