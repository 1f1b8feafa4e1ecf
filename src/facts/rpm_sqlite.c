/* rpm_sqlite: rpm's database in SQLite's format, in memory → header blobs.
 *
 * SQLite reads bytes that may be anyone's: nothing of its schema may run (no views, no triggers),
 * what it may allocate and how long it may work is bounded.
 *
 * Invariants
 * 1. All headers together are no more bytes than the database has: pages that are told of many
 *    times end the reading. (test_rpm: room)
 * 2. A database that was left in write-ahead mode is read as it stands. (test_rpm: sqlite)
 */
#include "base/late_sqlite.h"
#include "base/limits.h"
#include "facts/rpm.h"

/* Steps of SQLite's machine: reading 64k packages takes a million. */
enum { STEPS = 64 * 1024 * 1024, STEPS_AT_ONCE = 1 << 16, WRITE_VERSION = 18, READ_VERSION = 19 };

static int count_steps(void *left)
{
    return --*(int *)left < 0;
}

static void restrain(sqlite3 *db, int *left)
{
    static const struct {
        int limit, value;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, LIMIT_RPM_HEADER},
        {SQLITE_LIMIT_SQL_LENGTH, 64 * 1024},
        {SQLITE_LIMIT_COLUMN, 100},
        {SQLITE_LIMIT_EXPR_DEPTH, 10},
        {SQLITE_LIMIT_VDBE_OP, 25000},
        {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        sqlite3_limit(db, limits[i].limit, limits[i].value);
    static const struct {
        int what, on;
    } settings[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 0},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        sqlite3_db_config(db, settings[i].what, settings[i].on, NULL);
    sqlite3_progress_handler(db, STEPS_AT_ONCE, count_steps, left);
}

/* What is wrong, or empty. */
static struct str read_rows(struct facts_rpm *r, sqlite3 *db, size_t most)
{
    static const struct str broken = STR_INIT("is not a whole rpm database");
    sqlite3_stmt *rows = NULL;
    if (sqlite3_prepare_v2(db, "SELECT blob FROM Packages", -1, &rows, NULL) != SQLITE_OK)
        return broken;
    struct str wrong = {0};
    int rc;
    while ((rc = sqlite3_step(rows)) == SQLITE_ROW) {
        struct str blob = {sqlite3_column_blob(rows, 0), (size_t)sqlite3_column_bytes(rows, 0)};
        if (blob.n > most || !facts_rpm_header(r, blob)) {
            wrong = STR("lists more than is read; the rest is left out");
            break;
        }
        most -= blob.n;
    }
    if (rc != SQLITE_DONE && rc != SQLITE_ROW)
        wrong = broken;
    sqlite3_finalize(rows);
    return wrong;
}

void facts_rpm_sqlite(struct facts_rpm *r, char *bytes, size_t n)
{
    sqlite3 *db = NULL;
    int left = STEPS / STEPS_AT_ONCE;
    if (n < 512)
        return facts_rpm_wrong(r, STR("is not a whole rpm database"));
    bytes[WRITE_VERSION] = bytes[READ_VERSION] = 1; /* there is no write-ahead log to look for */
    if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
        SQLITE_OK) {
        restrain(db, &left);
        if (sqlite3_deserialize(db, "main", (unsigned char *)bytes, (sqlite3_int64)n,
                                (sqlite3_int64)n, SQLITE_DESERIALIZE_READONLY) == SQLITE_OK) {
            struct str wrong = read_rows(r, db, n);
            if (wrong.n)
                facts_rpm_wrong(r, wrong);
        }
    }
    sqlite3_close(db);
}
