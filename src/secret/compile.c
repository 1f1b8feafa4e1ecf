/* compile: kinds of secrets → databases of Hyperscan, now or when shuck was built.
 *
 * Compiling the tables takes longer than scanning a small image, so a program that runs when shuck
 * is built compiles them (tools/secret-compile.c) and leaves what the library made of them in the
 * blob. It lies there as it lies in memory, for any processor, and is used where it lies: copying
 * and checking it took two thirds of a millisecond of every start (bench: one file). The library
 * documents its serialised form only, so this holds for the version that made it; another version
 * compiles the tables anew.
 *
 * Invariants
 * 1. The blob finds what the tables find. (test_secret_scan: as compiled now)
 */
#include "base/late_hs.h"
#include "secret/kinds.h"

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

/* The part in the blob, if this machine's library is the one that made it; else NULL. */
static const hs_database_t *built_in(enum secret_part part)
{
    const char *at = secret_blob, *end = secret_blob + secret_blob_bytes;
    struct secret_blob_head head;
    for (int i = 0; at + sizeof head <= end; i++) {
        memcpy(&head, at, sizeof head);
        at += sizeof head;
        if (i == (int)part)
            return strcmp(head.version, hs_version()) ? NULL : (const void *)at;
        at += head.room;
    }
    return NULL;
}

bool secret_part_is_built_in(enum secret_part part)
{
    struct err ignored;
    return !late_hs_load(&ignored) && built_in(part);
}

void secret_database_free(hs_database_t *db)
{
    if (db)
        hs_free_database(db);
}

int secret_part_open(struct arena *a, enum secret_part part, const struct secret_kinds *kinds,
                     struct secret_patterns *ret, struct err *e)
{
    ret->db = built_in(part);
    if (ret->db)
        return 0;
    if (secret_compile(a, kinds, false, false, &ret->own, e))
        return -1;
    ret->db = ret->own;
    return 0;
}
