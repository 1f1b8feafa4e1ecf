/* ahead: blocks made in one thread → read in another.
 *
 * A slot belongs to the maker while it is empty and to the reader while it is full; `full` changes
 * hands under the lock, the block's bytes need none.
 *
 * Invariants
 * 1. Blocks come in order, and the end or the failure after the last of them. (test_ahead: order)
 * 2. ahead_end() returns even when nobody reads on. (test_ahead: left early)
 */
#include "image/ahead.h"

#include <pthread.h>

enum { SLOTS = 2 };

struct slot {
    struct buf block;
    ssize_t n; /* as inflate_block() returned it */
    struct err err;
    bool full;
};

struct ahead {
    struct inflate *in;
    bool threaded, stopped;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct slot slots[SLOTS];
    struct arena arenas[SLOTS];
    size_t at;    /* the reader's slot */
    bool holding; /* the reader has not given slots[at] back */
};

/* Waits until the slot is as wanted; false: the reader left. */
static bool wait_for(struct ahead *s, const struct slot *slot, bool full)
{
    pthread_mutex_lock(&s->lock);
    while (slot->full != full && !s->stopped)
        pthread_cond_wait(&s->changed, &s->lock);
    bool go_on = !s->stopped;
    pthread_mutex_unlock(&s->lock);
    return go_on;
}

static void hand_over(struct ahead *s, struct slot *slot, bool full)
{
    pthread_mutex_lock(&s->lock);
    slot->full = full;
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

static void *make_blocks(void *ctx)
{
    struct ahead *s = ctx;
    ssize_t n = 1;
    for (size_t i = 0; n > 0; i = (i + 1) % SLOTS) {
        struct slot *slot = &s->slots[i];
        const void *block;
        if (!wait_for(s, slot, false))
            break;
        n = slot->n = inflate_block(s->in, &block, &slot->err);
        slot->block.n = 0;
        if (n > 0)
            buf_add(&slot->block, (struct str){block, (size_t)n});
        hand_over(s, slot, true);
    }
    return NULL;
}

struct ahead *ahead_begin(struct inflate *in, bool threaded)
{
    struct ahead *s = calloc(1, sizeof *s);
    if (!s)
        abort(); /* no memory: as arena.h has it */
    s->in = in;
    for (size_t i = 0; i < SLOTS; i++)
        s->slots[i].block.a = &s->arenas[i];
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    s->threaded = threaded && pthread_create(&s->thread, NULL, make_blocks, s) == 0;
    return s;
}

ssize_t ahead_block(struct ahead *s, const void **ret, struct err *e)
{
    if (!s->threaded)
        return inflate_block(s->in, ret, e);
    if (s->holding) {
        hand_over(s, &s->slots[s->at], false);
        s->at = (s->at + 1) % SLOTS;
    }
    struct slot *slot = &s->slots[s->at];
    wait_for(s, slot, true);
    /* the end and a failure stay where they are: asked again, they are told again */
    s->holding = slot->n > 0;
    *ret = slot->block.p;
    if (slot->n < 0)
        *e = slot->err;
    return slot->n;
}

struct inflate *ahead_end(struct ahead *s)
{
    if (!s)
        return NULL;
    struct inflate *in = s->in;
    if (s->threaded) {
        pthread_mutex_lock(&s->lock);
        s->stopped = true;
        pthread_cond_signal(&s->changed);
        pthread_mutex_unlock(&s->lock);
        pthread_join(s->thread, NULL);
    }
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    for (size_t i = 0; i < SLOTS; i++)
        arena_free(&s->arenas[i]);
    free(s);
    return in;
}
