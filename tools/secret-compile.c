/* secret-compile: the tables of secrets → the bytes that src/secret/blob.S takes in. Run by the
 * Makefile, on the machine that shuck is built on. */
#include <stdio.h>
#include <stdlib.h>

#include "base/late_hs.h"
#include "secret/kinds.h"

/* What it makes stands here in shuck. */
const char secret_blob[1];
const uint64_t secret_blob_bytes;

static size_t lines(size_t n)
{
    return (n + SECRET_BLOB_ALIGN - 1) / SECRET_BLOB_ALIGN * SECRET_BLOB_ALIGN;
}

/* The database as it lies in memory: to be had by reading its serialised form back in. */
static bool lay_out(const hs_database_t *db, char **ret, size_t *n)
{
    char *bytes = NULL;
    size_t serialized = 0;
    bool good = hs_database_size(db, n) == HS_SUCCESS &&
                hs_serialize_database(db, &bytes, &serialized) == HS_SUCCESS;
    *ret = good ? aligned_alloc(SECRET_BLOB_ALIGN, lines(*n)) : NULL;
    if (*ret) {
        memset(*ret, 0, lines(*n));
        good = hs_deserialize_database_at(bytes, serialized, (hs_database_t *)*ret) == HS_SUCCESS;
    }
    free(bytes);
    return *ret && good;
}

static int write_part(enum secret_part part, struct arena *a, struct err *e)
{
    struct secret_kinds kinds = secret_kinds_of(a, part);
    struct secret_blob_head head = {0};
    hs_database_t *db = NULL;
    char *bytes = NULL;
    size_t n = 0;
    if (secret_compile(a, &kinds, false, true, &db, e))
        return -1;
    bool made = lay_out(db, &bytes, &n);
    head.room = lines(n);
    snprintf(head.version, sizeof head.version, "%s", hs_version());
    bool written = made && fwrite(&head, sizeof head, 1, stdout) == 1 &&
                   fwrite(bytes, 1, head.room, stdout) == head.room;
    hs_free_database(db);
    free(bytes);
    return written ? 0 : err_set(e, ERR_MACHINE, "no memory, or no room to write");
}

int main(void)
{
    struct arena a = {0};
    struct err e = {0};
    int rc = late_hs_load(&e);
    for (int part = SECRET_PART_ALL; part <= SECRET_PART_FILES && !rc; part++)
        rc = write_part((enum secret_part)part, &a, &e);
    if (rc)
        fprintf(stderr, "secret-compile: %s\n", e.text);
    arena_free(&a);
    return rc != 0;
}
