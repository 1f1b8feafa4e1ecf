/* secret-compile: the tables of secrets → the bytes that src/secret/blob.S takes in. Run by the
 * Makefile, on the machine that shuck is built on. */
#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>

#include "secret/kinds.h"

/* What it makes stands here in shuck. */
extern const char secret_blob[];
extern const uint64_t secret_blob_bytes;
const char secret_blob[1];
const uint64_t secret_blob_bytes;

static int write_part(enum secret_part part, struct arena *a, struct err *e)
{
    struct secret_kinds kinds = secret_kinds_of(a, part);
    hs_database_t *db = NULL;
    char *bytes = NULL;
    size_t n = 0;
    if (secret_compile(a, &kinds, false, true, &db, e))
        return -1;
    bool made = hs_serialize_database(db, &bytes, &n) == HS_SUCCESS;
    hs_free_database(db);
    if (!made)
        return err_set(e, ERR_MACHINE, "no memory");
    for (int i = 0; i < 8; i++)
        putchar((int)(n >> 8 * i & 0xff));
    bool written = fwrite(bytes, 1, n, stdout) == n;
    free(bytes);
    return written ? 0 : err_set(e, ERR_MACHINE, "cannot write");
}

int main(void)
{
    struct arena a = {0};
    struct err e = {0};
    for (int part = SECRET_PART_ALL; part <= SECRET_PART_FILES; part++)
        if (write_part((enum secret_part)part, &a, &e)) {
            fprintf(stderr, "secret-compile: %s\n", e.text);
            return 1;
        }
    arena_free(&a);
    return 0;
}
