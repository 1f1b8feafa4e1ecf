/* arena: allocation sizes → zeroed memory from a list of chunks.
 *
 * Invariants
 * 1. at..end of the newest chunk is zero, so an allocation needs no memset. (test_arena: zeroed)
 * 2. Every pointer handed out is aligned for max_align_t. (test_arena: aligned)
 * 3. arena_grow() never changes bytes below old. (test_arena: grow)
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_FIRST = 16 * 1024, CHUNK_MOST = 1024 * 1024, ALIGN = _Alignof(max_align_t) };

struct arena_chunk {
    struct arena_chunk *before;
    size_t size; /* bytes in data */
    _Alignas(max_align_t) char data[];
};

static void (*exhausted)(void) = abort;

void arena_on_exhausted(void (*handler)(void))
{
    exhausted = handler;
}

_Noreturn static void give_up(void)
{
    exhausted();
    abort(); /* a handler that returns is a bug in main */
}

static size_t round_up(size_t n)
{
    if (n > SIZE_MAX / 2)
        give_up();
    return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

/* Chunks double from 16 KiB to 1 MiB: small commands stay small, large ones make few calls. */
static void add_chunk(struct arena *a, size_t need)
{
    size_t size = a->head ? a->head->size * 2 : CHUNK_FIRST;
    if (size > CHUNK_MOST)
        size = CHUNK_MOST;
    if (size < need)
        size = need;
    struct arena_chunk *c = calloc(1, sizeof *c + size);
    if (!c)
        give_up();
    c->before = a->head;
    c->size = size;
    a->head = c;
    a->at = c->data;
    a->end = c->data + size;
    a->held += sizeof *c + size;
}

void *arena_alloc(struct arena *a, size_t n)
{
    n = round_up(n ? n : 1);
    if ((size_t)(a->end - a->at) < n)
        add_chunk(a, n);
    void *p = a->at;
    a->at += n;
    return p;
}

void *arena_calloc(struct arena *a, size_t count, size_t size)
{
    size_t n;
    if (__builtin_mul_overflow(count, size, &n))
        give_up();
    return arena_alloc(a, n);
}

void *arena_grow(struct arena *a, void *p, size_t old, size_t n)
{
    if (p && n <= old)
        return p;
    size_t had = round_up(old ? old : 1), want = round_up(n);
    if (p && (char *)p + had == a->at && want - had <= (size_t)(a->end - a->at)) {
        a->at += want - had;
        return p;
    }
    void *q = arena_alloc(a, n);
    if (old)
        memcpy(q, p, old);
    return q;
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){a->head, a->at};
}

void arena_rewind(struct arena *a, struct arena_mark mark)
{
    char *used = a->head == mark.head ? a->at : NULL;
    while (a->head != mark.head) {
        struct arena_chunk *c = a->head;
        a->head = c->before;
        a->held -= sizeof *c + c->size;
        free(c);
    }
    if (!a->head) {
        *a = (struct arena){0};
        return;
    }
    a->end = a->head->data + a->head->size;
    /* what lies beyond was never used; of an older chunk that is not known */
    memset(mark.at, 0, (size_t)((used ? used : a->end) - mark.at));
    a->at = mark.at;
}

void arena_free(struct arena *a)
{
    arena_rewind(a, (struct arena_mark){0});
}

void arena_reset(struct arena *a)
{
    struct arena_chunk *keep = a->head;
    if (!keep)
        return;
    struct arena older = {.head = keep->before};
    arena_free(&older);
    keep->before = NULL;
    memset(keep->data, 0, (size_t)(a->at - keep->data));
    a->at = keep->data;
    a->held = sizeof *keep + keep->size;
}
