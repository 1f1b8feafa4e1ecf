/* late_sqlite: SQLite. */
#ifndef BASE_LATE_SQLITE_H
#define BASE_LATE_SQLITE_H

#include <sqlite3.h>

#include "base/late.h"

#define LATE_SQLITE_FUNCTIONS(X)                                                                   \
    X(sqlite3_close)                                                                               \
    X(sqlite3_column_blob)                                                                         \
    X(sqlite3_column_bytes)                                                                        \
    X(sqlite3_db_config)                                                                           \
    X(sqlite3_deserialize)                                                                         \
    X(sqlite3_finalize)                                                                            \
    X(sqlite3_limit)                                                                               \
    X(sqlite3_open_v2)                                                                             \
    X(sqlite3_prepare_v2)                                                                          \
    X(sqlite3_progress_handler)                                                                    \
    X(sqlite3_step)

struct late_sqlite {
    LATE_SQLITE_FUNCTIONS(LATE_POINTER)
};

/* As late_load(). */
int late_sqlite_load(struct err *e) MUST_USE;
const struct late_sqlite *late_sqlite(void); /* loads it, too */

#ifndef LATE_ITSELF
#define sqlite3_close            late_sqlite()->sqlite3_close
#define sqlite3_column_blob      late_sqlite()->sqlite3_column_blob
#define sqlite3_column_bytes     late_sqlite()->sqlite3_column_bytes
#define sqlite3_db_config        late_sqlite()->sqlite3_db_config
#define sqlite3_deserialize      late_sqlite()->sqlite3_deserialize
#define sqlite3_finalize         late_sqlite()->sqlite3_finalize
#define sqlite3_limit            late_sqlite()->sqlite3_limit
#define sqlite3_open_v2          late_sqlite()->sqlite3_open_v2
#define sqlite3_prepare_v2       late_sqlite()->sqlite3_prepare_v2
#define sqlite3_progress_handler late_sqlite()->sqlite3_progress_handler
#define sqlite3_step             late_sqlite()->sqlite3_step
#endif

#endif
