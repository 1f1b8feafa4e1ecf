/* arena: memory that lives as long as one command or one layer.
 *
 * A zeroed struct arena is ready to use. Everything taken from it is zeroed, aligned for any type,
 * and freed together by arena_free(). Nothing is freed alone. An arena belongs to one thread.
 *
 * Allocation does not fail by return value: input sizes are refused by name (limits.h) before they
 * are asked for, and when the machine itself has no memory left, arena_on_exhausted() decides (the
 * command line prints and exits; the default aborts). */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *head; /* newest chunk; each points to the one before */
    char *at, *end;           /* the free part of the newest chunk */
    size_t held;              /* bytes taken from the system so far */
};

/* A place in an arena to return to; valid until the arena is freed or rewound past it. */
struct arena_mark {
    struct arena_chunk *head;
    char *at;
};

/* Returns n zeroed bytes (n may be 0: the pointer is then valid but not to be read). */
void *arena_alloc(struct arena *a, size_t n)
    __attribute__((malloc, alloc_size(2), returns_nonnull));

/* Returns count zeroed elements of size bytes each; an overflow of the product counts as
 * exhaustion. */
void *arena_calloc(struct arena *a, size_t count, size_t size)
    __attribute__((malloc, alloc_size(2, 3), returns_nonnull));

/* Grows p, which holds old bytes, to n bytes: in place when p was the last allocation, else by
 * copying. The added bytes are zero. p may be NULL with old 0. */
void *arena_grow(struct arena *a, void *p, size_t old, size_t n) __attribute__((returns_nonnull));

struct arena_mark arena_mark(const struct arena *a);

/* Gives back all that was taken since the mark. Pointers into it are dead. */
void arena_rewind(struct arena *a, struct arena_mark mark);

void arena_free(struct arena *a);

/* Gives back all but the newest chunk, for one that is filled again and again. */
void arena_reset(struct arena *a);

/* Sets what is called when the system has no memory left; it must not return. Called once, by
 * main, before any thread starts. */
void arena_on_exhausted(void (*handler)(void));

#define arena_new(a, T)      ((T *)arena_alloc((a), sizeof(T)))
#define arena_array(a, T, n) ((T *)arena_calloc((a), (n), sizeof(T)))

#endif
