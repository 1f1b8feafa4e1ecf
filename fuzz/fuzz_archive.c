/* fuzz_archive: any bytes as an archive whose members are searched for secrets. */
#include <stdlib.h>

#include "base/limits.h"
#include "facts/archive_search.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct secret_db *db;
    struct err e = {0};
    if (!db && secret_db_open(NULL, &db, &e))
        abort();
    char *copy = malloc(n ? n : 1); /* exact: a read past the end shows */
    if (n)
        memcpy(copy, data, n);
    struct str bytes = {copy, n}, note;
    struct arena a = {0};
    struct facts_search *search = arena_new(&a, struct facts_search);
    struct file_facts facts = {0};
    uint64_t room = 1024 * 1024, before = room; /* enough, and quick */
    facts_search_open(search, &a, db);
    if (facts_archive_is(bytes) && facts_search_file(search)) {
        if (!facts_archive_search(search, bytes, STR("srv/a.gz"), &room, &note) && !note.n)
            abort(); /* what is left out is said */
        if (room > before + LIMIT_ARCHIVE_ROOM * n)
            abort();
        facts_search_take(search, &facts);
    }
    facts_search_close(search);
    free(copy);
    arena_free(&a);
    return 0;
}
