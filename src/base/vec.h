/* vec: a growing array of any type in an arena.
 *
 *     struct nodes VEC(struct node *);    declares a list: v, n and cap
 *     *vec_push(arena, &nodes) = node;    appends
 *     vec_each(&nodes, i) use(v[i]);      walks
 *
 * Elements move when the array grows: keep indices, not pointers, across a push. Most lists of
 * large elements are short, so they begin with two. */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

#define VEC(T)                                                                                     \
    {                                                                                              \
        T *v;                                                                                      \
        size_t n, cap;                                                                             \
    }

/* Appends a zeroed element and evaluates to its address. */
#define vec_push(a, vec)                                                                           \
    (((vec)->n == (vec)->cap                                                                       \
          ? (void)((vec)->v = vec_grow((a), (vec)->v, &(vec)->cap, sizeof *(vec)->v))              \
          : (void)0),                                                                              \
     &(vec)->v[(vec)->n++])

#define vec_each(vec, i) for (size_t i = 0; i < (vec)->n; i++)

static inline void *vec_grow(struct arena *a, void *v, size_t *cap, size_t size)
{
    size_t had = *cap, want = had ? had * 2 : size > 32 ? 2 : 8;
    *cap = want;
    return arena_grow(a, v, had * size, want * size);
}

#endif
