/* summer: see summer.h.
 *
 * Loads are a ring. How many were given and how many are summed changes under the lock; a load
 * itself is the giver's alone until it counts as given, and the thread's alone from then on until
 * it counts as summed. Whatever comes, a summer costs LOADS * (LOAD_BYTES + sizeof(struct load)).
 *
 * Invariants
 * 1. Sums are those that facts_summing_*() gives of the same bytes, wherever a load ends.
 *    (test_summer: cuts)
 * 2. Without a thread the giver sums. (test_summer: no thread)
 */
#include "facts/summer.h"

#include <pthread.h>

enum { LOADS = 16, LOAD_BYTES = 256 * 1024, LOAD_PIECES = 2048 };

/* Bytes of one file, all or a part. */
struct piece {
    uint32_t n;
    bool begins;
    unsigned wanted;       /* where it begins */
    struct tree_sums *ret; /* where it ends, else NULL */
};

struct load {
    unsigned char *bytes;
    size_t n, n_pieces;
    struct piece pieces[LOAD_PIECES];
};

struct facts_summer {
    struct arena a;
    struct facts_summing *summing; /* the thread's, while there is one */
    struct load loads[LOADS];
    bool tried, threaded; /* to make a thread; it was made */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t given, summed; /* loads; under the lock, as what follows */
    bool left;
};

struct facts_summer *facts_summer_new(void)
{
    struct facts_summing *summing = facts_summing_new();
    if (!summing)
        return NULL;
    struct arena a = {0};
    struct facts_summer *s = arena_new(&a, struct facts_summer);
    for (size_t i = 0; i < LOADS; i++)
        s->loads[i].bytes = arena_alloc(&a, LOAD_BYTES);
    s->summing = summing;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    s->a = a;
    return s;
}

static void sum(struct facts_summing *summing, struct load *load)
{
    const unsigned char *at = load->bytes;
    for (size_t i = 0; i < load->n_pieces; i++) {
        const struct piece *p = &load->pieces[i];
        if (p->begins)
            facts_summing_begin(summing, p->wanted);
        facts_summing_add(summing, at, p->n);
        if (p->ret)
            facts_summing_end(summing, p->ret);
        at += p->n;
    }
    load->n = load->n_pieces = 0;
}

static struct load *wait_for_load(struct facts_summer *s)
{
    pthread_mutex_lock(&s->lock);
    while (s->given == s->summed && !s->left)
        pthread_cond_wait(&s->changed, &s->lock);
    struct load *load = s->left ? NULL : &s->loads[s->summed % LOADS];
    pthread_mutex_unlock(&s->lock);
    return load;
}

static void count(struct facts_summer *s, size_t *counter)
{
    pthread_mutex_lock(&s->lock);
    ++*counter;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

static void *sum_loads(void *ctx)
{
    struct facts_summer *s = ctx;
    struct load *load;
    while ((load = wait_for_load(s))) {
        sum(s->summing, load);
        count(s, &s->summed);
    }
    return NULL;
}

static void wait_for_at_most(struct facts_summer *s, size_t loads)
{
    pthread_mutex_lock(&s->lock);
    while (s->given - s->summed > loads)
        pthread_cond_wait(&s->changed, &s->lock);
    pthread_mutex_unlock(&s->lock);
}

/* The load being filled, which only the giver looks at: `given` is its own to read. */
static struct load *filling(struct facts_summer *s)
{
    return &s->loads[s->given % LOADS];
}

static void give(struct facts_summer *s)
{
    if (!s->tried)
        s->threaded = pthread_create(&s->thread, NULL, sum_loads, s) == 0;
    s->tried = true;
    if (!s->threaded) {
        sum(s->summing, filling(s));
        return;
    }
    count(s, &s->given);
    wait_for_at_most(s, LOADS - 1);
}

static struct piece *new_piece(struct facts_summer *s)
{
    if (filling(s)->n_pieces == LOAD_PIECES)
        give(s);
    struct load *load = filling(s);
    struct piece *piece = &load->pieces[load->n_pieces++];
    *piece = (struct piece){0};
    return piece;
}

void facts_summer_begin(struct facts_summer *s, unsigned wanted)
{
    struct piece *piece = new_piece(s);
    piece->begins = true;
    piece->wanted = wanted;
}

void facts_summer_add(struct facts_summer *s, const void *p, size_t n)
{
    const unsigned char *from = p;
    while (n) {
        struct load *load = filling(s);
        size_t room = LOAD_BYTES - load->n, take = n < room ? n : room;
        memcpy(load->bytes + load->n, from, take);
        load->n += take;
        load->pieces[load->n_pieces - 1].n += (uint32_t)take;
        from += take;
        n -= take;
        if (load->n == LOAD_BYTES) {
            give(s);
            new_piece(s);
        }
    }
}

void facts_summer_end(struct facts_summer *s, struct tree_sums *ret)
{
    struct load *load = filling(s);
    load->pieces[load->n_pieces - 1].ret = ret;
}

void facts_summer_settle(struct facts_summer *s)
{
    if (s->threaded && filling(s)->n_pieces)
        give(s);
    if (!s->threaded)
        sum(s->summing, filling(s)); /* less than a load: no thread pays for it */
    wait_for_at_most(s, 0);
}

void facts_summer_free(struct facts_summer *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->left = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    if (s->threaded)
        pthread_join(s->thread, NULL);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    facts_summing_free(s->summing);
    struct arena a = s->a; /* s lives in it */
    arena_free(&a);
}
