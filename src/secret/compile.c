/* compile: kinds of secrets → databases of Hyperscan, now or when shuck was built.
 *
 * Compiling the tables takes longer than scanning a small image, so the program that builds shuck
 * runs secret_compile() and leaves its bytes in the blob (tools/secret-blob.c). Bytes that this
 * machine's library does not take (another version, another processor) are compiled anew.
 *
 * Invariants
 * 1. The blob finds what the tables find. (test_secret_scan: as compiled now)
 */
#include <hs/hs.h>

#include "secret/kinds.h"

/* For each part its length, 8 bytes, little-endian, and the bytes. The program that makes it has
 * none. */
extern const char secret_blob[];
extern const uint64_t secret_blob_bytes;

static const struct secret_table *const tables[] = {
    &secret_table_cloud,    &secret_table_host, &secret_table_forge, &secret_table_registry,
    &secret_table_payment,  &secret_table_chat, &secret_table_mail,  &secret_table_ci,
    &secret_table_watch,    &secret_table_ai,   &secret_table_app,   &secret_table_file,
    &secret_table_database, &secret_table_word};
enum { TABLES = sizeof tables / sizeof *tables };

const struct secret_kind *secret_kind_named(struct str id)
{
    for (size_t i = 0; i < TABLES; i++)
        for (size_t k = 0; k < tables[i]->n; k++)
            if (str_is(id, tables[i]->v[k].id))
                return &tables[i]->v[k];
    return NULL;
}

const struct secret_kind *secret_kind_at(size_t i)
{
    for (size_t t = 0; t < TABLES; i -= tables[t++]->n)
        if (i < tables[t]->n)
            return &tables[t]->v[i];
    return NULL;
}

struct secret_kinds secret_kinds_of(struct arena *a, enum secret_part part)
{
    struct secret_kinds ret = {0};
    const struct secret_kind *kind;
    for (size_t i = 0; secret_kind_at(i); i++)
        ret.n++;
    ret.v = arena_array(a, const struct secret_kind *, ret.n);
    ret.n = 0;
    for (size_t i = 0; (kind = secret_kind_at(i)); i++)
        if ((part == SECRET_PART_FILES) == (kind->files != NULL))
            ret.v[ret.n++] = kind;
    return ret;
}

int secret_compile(struct arena *a, const struct secret_kinds *kinds, bool matches, bool generic,
                   hs_database_t **ret, struct err *e)
{
    static const hs_platform_info_t any_platform = {.tune = HS_TUNE_FAMILY_GENERIC};
    const char **patterns = arena_array(a, const char *, kinds->n);
    unsigned *ids = arena_array(a, unsigned, kinds->n);
    unsigned *flags = arena_array(a, unsigned, kinds->n);
    hs_compile_error_t *why = NULL;
    for (size_t i = 0; i < kinds->n; i++) {
        patterns[i] = str_cstr(a, secret_pattern(a, kinds->v[i]));
        ids[i] = (unsigned)i;
        flags[i] = matches ? HS_FLAG_SOM_LEFTMOST : 0;
    }
    if (!kinds->n || hs_compile_multi(patterns, flags, ids, (unsigned)kinds->n, HS_MODE_BLOCK,
                                      generic ? &any_platform : NULL, ret, &why) == HS_SUCCESS)
        return 0;
    const struct secret_kind *bad = why->expression >= 0 ? kinds->v[why->expression] : NULL;
    err_set(e, ERR_INPUT, "the pattern of secret \"%s\": %s", bad ? bad->id : "(all of them)",
            why->message);
    if (bad && bad->own)
        err_wrap(e, STR_F ":%u", STR_A(bad->own->source), bad->own->line);
    hs_free_compile_error(why);
    return -1;
}

/* The bytes of a part in the blob; n 0: there are none. */
static struct str part_bytes(enum secret_part part)
{
    struct str rest = {secret_blob, secret_blob_bytes}, bytes = {0};
    for (int i = 0; i <= (int)part; i++) {
        uint64_t n = 0;
        for (int k = 7; k >= 0 && rest.n >= 8; k--)
            n = n << 8 | (unsigned char)rest.p[k];
        bytes = str_slice(rest, 8, 8 + n);
        rest = str_from(rest, 8 + n);
    }
    return bytes;
}

bool secret_part_is_built_in(enum secret_part part)
{
    struct str bytes = part_bytes(part);
    hs_database_t *db = NULL;
    bool good = bytes.n && hs_deserialize_database(bytes.p, bytes.n, &db) == HS_SUCCESS;
    hs_free_database(db);
    return good;
}

void secret_database_free(hs_database_t *db)
{
    hs_free_database(db);
}

int secret_part_open(struct arena *a, enum secret_part part, const struct secret_kinds *kinds,
                     hs_database_t **ret, struct err *e)
{
    struct str bytes = part_bytes(part);
    if (bytes.n && hs_deserialize_database(bytes.p, bytes.n, ret) == HS_SUCCESS)
        return 0;
    return secret_compile(a, kinds, false, false, ret, e);
}
