/* late_hs: Hyperscan or Vectorscan, which bring the C++ library with them. */
#ifndef BASE_LATE_HS_H
#define BASE_LATE_HS_H

#include <hs/hs.h>

#include "base/late.h"

#define LATE_HS_FUNCTIONS(X)                                                                       \
    X(hs_alloc_scratch)                                                                            \
    X(hs_clone_scratch)                                                                            \
    X(hs_compile_multi)                                                                            \
    X(hs_database_size)                                                                            \
    X(hs_deserialize_database_at)                                                                  \
    X(hs_free_compile_error)                                                                       \
    X(hs_free_database)                                                                            \
    X(hs_free_scratch)                                                                             \
    X(hs_scan)                                                                                     \
    X(hs_serialize_database)                                                                       \
    X(hs_version)

struct late_hs {
    LATE_HS_FUNCTIONS(LATE_POINTER)
};

/* As late_load(). */
int late_hs_load(struct err *e) MUST_USE;
const struct late_hs *late_hs(void); /* loads it, too */

#ifndef LATE_ITSELF
#define hs_alloc_scratch           late_hs()->hs_alloc_scratch
#define hs_clone_scratch           late_hs()->hs_clone_scratch
#define hs_compile_multi           late_hs()->hs_compile_multi
#define hs_database_size           late_hs()->hs_database_size
#define hs_deserialize_database_at late_hs()->hs_deserialize_database_at
#define hs_free_compile_error      late_hs()->hs_free_compile_error
#define hs_free_database           late_hs()->hs_free_database
#define hs_free_scratch            late_hs()->hs_free_scratch
#define hs_scan                    late_hs()->hs_scan
#define hs_serialize_database      late_hs()->hs_serialize_database
#define hs_version                 late_hs()->hs_version
#endif

#endif
