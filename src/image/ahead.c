/* ahead: blocks made in one thread → hashed in another → read in the caller's.
 *
 * Slots are a ring. How many blocks were made, hashed and read so far changes under the lock; the
 * bytes of a slot need none, since they are the maker's alone until the count says that they were
 * made, and nobody writes to them until they were hashed and read.
 *
 * Invariants
 * 1. Blocks come in order, and the end or the failure after the last of them. (test_ahead: order)
 * 2. ahead_end() returns even when nobody reads on. (test_ahead: left early)
 * 3. After the end was read, all blocks are hashed when ahead_end() returns. (test_ahead: sums)
 */
#include "image/ahead.h"

#include <pthread.h>

enum { SLOTS = 16 }; /* of INFLATE_BLOCK; with 4, who decompresses waits now and then */

struct slot {
    unsigned char *block;
    ssize_t n; /* as inflate_block() returned it */
};

struct ahead {
    struct inflate *in;
    struct arena a; /* of the blocks */
    bool has_maker, has_hasher, stopped;
    pthread_t maker, hasher;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct slot slots[SLOTS];
    struct err err;            /* of the slot that failed, the last */
    size_t made, hashed, read; /* blocks; the end and a failure are made like a block */
    bool holding;              /* the reader still looks at block `read` */
    bool ended;                /* without a maker: the end or a failure was told */
};

static void count(struct ahead *s, size_t *counter)
{
    pthread_mutex_lock(&s->lock);
    ++*counter;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

/* The slot to make a block in; NULL: the reader left. */
static struct slot *wait_for_room(struct ahead *s)
{
    pthread_mutex_lock(&s->lock);
    while ((s->made - s->read == SLOTS || s->made - s->hashed == SLOTS) && !s->stopped)
        pthread_cond_wait(&s->changed, &s->lock);
    struct slot *slot = s->stopped ? NULL : &s->slots[s->made % SLOTS];
    pthread_mutex_unlock(&s->lock);
    return slot;
}

/* The slot of the block after those that *counter counts, when it was made; NULL: the reader left,
 * and it was not. */
static struct slot *wait_for_block(struct ahead *s, const size_t *counter)
{
    pthread_mutex_lock(&s->lock);
    while (s->made == *counter && !s->stopped)
        pthread_cond_wait(&s->changed, &s->lock);
    struct slot *slot = s->made == *counter ? NULL : &s->slots[*counter % SLOTS];
    pthread_mutex_unlock(&s->lock);
    return slot;
}

static ssize_t make(struct ahead *s, struct slot *slot, struct err *e)
{
    slot->n = inflate_block(s->in, slot->block, e);
    if (slot->n > 0 && !s->has_hasher)
        inflate_hash(s->in, slot->block, (size_t)slot->n);
    return slot->n;
}

static void *make_blocks(void *ctx)
{
    struct ahead *s = ctx;
    struct slot *slot;
    ssize_t n = 1;
    while (n > 0 && (slot = wait_for_room(s))) {
        n = make(s, slot, &s->err);
        if (!s->has_hasher)
            count(s, &s->hashed);
        count(s, &s->made);
    }
    return NULL;
}

/* To the end, or as far as blocks were made when the reader left. */
static void *hash_blocks(void *ctx)
{
    struct ahead *s = ctx;
    struct slot *slot;
    while ((slot = wait_for_block(s, &s->hashed)) && slot->n > 0) {
        inflate_hash(s->in, slot->block, (size_t)slot->n);
        count(s, &s->hashed);
    }
    return NULL;
}

static void end_threads(struct ahead *s)
{
    pthread_mutex_lock(&s->lock);
    s->stopped = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    if (s->has_maker)
        pthread_join(s->maker, NULL);
    if (s->has_hasher)
        pthread_join(s->hasher, NULL);
    s->has_maker = s->has_hasher = false;
}

/* Without a maker, the caller is both. */
static void begin_threads(struct ahead *s)
{
    s->has_hasher =
        inflate_wants_hash(s->in) && pthread_create(&s->hasher, NULL, hash_blocks, s) == 0;
    s->has_maker = pthread_create(&s->maker, NULL, make_blocks, s) == 0;
    if (!s->has_maker)
        end_threads(s);
}

struct ahead *ahead_begin(struct inflate *in, bool threaded)
{
    struct ahead *s = calloc(1, sizeof *s);
    if (!s)
        abort(); /* no memory: as arena.h has it */
    s->in = in;
    for (size_t i = 0; i < (threaded ? SLOTS : 1); i++)
        s->slots[i].block = arena_alloc(&s->a, INFLATE_BLOCK);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    if (threaded)
        begin_threads(s);
    return s;
}

ssize_t ahead_block(struct ahead *s, const void **ret, struct err *e)
{
    struct slot *only = &s->slots[0];
    if (!s->has_maker) {
        ssize_t n = s->ended ? only->n : make(s, only, &s->err);
        s->ended = n <= 0;
        *ret = only->block;
        if (n < 0)
            *e = s->err;
        return n;
    }
    if (s->holding)
        count(s, &s->read);
    struct slot *slot = wait_for_block(s, &s->read);
    if (!slot) /* it was ended: nobody reads on */
        return 0;
    /* the end and a failure stay where they are: asked again, they are told again */
    s->holding = slot->n > 0;
    *ret = slot->block;
    if (slot->n < 0)
        *e = s->err;
    return slot->n;
}

struct inflate *ahead_end(struct ahead *s)
{
    if (!s)
        return NULL;
    struct inflate *in = s->in;
    end_threads(s);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    arena_free(&s->a);
    free(s);
    return in;
}
