/* json: bytes → jansson values and back.
 *
 * Invariants
 * 1. A document with a duplicate key, too deep or too large never reaches the caller.
 *    (test_json: refused)
 *    So do strings with NUL in them: jansson refuses \u0000 unless told otherwise.
 * 2. json_write() of what json_read() took keeps the order of keys. (test_json: order)
 */
#include "base/json.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/safe.h"

/* How deep it is, and how many brackets, commas and colons it has. */
static size_t depth_of(struct str bytes, size_t *marks)
{
    size_t depth = 0, most = 0;
    bool quoted = false;
    *marks = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        char c = bytes.p[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == ',' || c == ':'))
            ++*marks;
        else if (!quoted && (c == '{' || c == '[') && ++*marks)
            most = ++depth > most ? depth : most;
        else if (!quoted && (c == '}' || c == ']') && depth)
            depth--;
    }
    return most;
}

int json_fits(struct str bytes, struct err *e)
{
    size_t marks, depth;
    if (bytes.n > LIMIT_JSON_BYTES)
        return err_set(e, ERR_INPUT, "JSON of %zu bytes; at most %d are read", bytes.n,
                       LIMIT_JSON_BYTES);
    depth = depth_of(bytes, &marks);
    if (depth > LIMIT_JSON_DEPTH)
        return err_set(e, ERR_INPUT, "JSON nested %zu deep; at most %d levels are read", depth,
                       LIMIT_JSON_DEPTH);
    if (marks > LIMIT_JSON_MARKS)
        return err_set(e, ERR_INPUT, "JSON of %zu brackets, commas and colons; at most %d are read",
                       marks, LIMIT_JSON_MARKS);
    return 0;
}

int json_read(struct str bytes, json_t **ret, struct err *e)
{
    if (json_fits(bytes, e))
        return -1;
    json_error_t why;
    json_t *j =
        json_loadb(bytes.n ? bytes.p : "", bytes.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (!j)
        return err_set(e, ERR_INPUT, "line %d column %d: %s", why.line, why.column, why.text);
    *ret = j;
    return 0;
}

static const char *type_name(const json_t *j)
{
    static const char *const names[] = {"an object", "an array", "a string", "a number",
                                        "a number",  "true",     "false",    "null"};
    return names[json_typeof(j)];
}

/* The member, or NULL when absent or null; sets *bad and e when it is of another type. */
static const json_t *member(const json_t *obj, const char *key, json_type type, bool *bad,
                            struct err *e)
{
    static const char *const wanted[] = {"an object", "an array", "a string", "a whole number"};
    *bad = false;
    const json_t *j = json_object_get(obj, key);
    if (!j || json_is_null(j) || json_typeof(j) == type)
        return j && json_is_null(j) ? NULL : j;
    err_set(e, ERR_INPUT, "\"%s\" is %s, not %s", key, type_name(j), wanted[type]);
    *bad = true;
    return NULL;
}

static struct str copy_string(const json_t *j, struct arena *a)
{
    return str_dup0(a, (struct str){json_string_value(j), json_string_length(j)});
}

int json_get_str(const json_t *obj, const char *key, struct arena *a, struct str *ret,
                 struct err *e)
{
    bool bad;
    const json_t *j = member(obj, key, JSON_STRING, &bad, e);
    if (!j)
        return bad ? -1 : 0;
    *ret = copy_string(j, a);
    return 0;
}

static int check_count(size_t n, const char *key, struct err *e)
{
    if (n > LIMIT_CONFIG_ITEMS)
        return err_set(e, ERR_INPUT, "\"%s\" has %zu items; at most %d are read", key, n,
                       LIMIT_CONFIG_ITEMS);
    return 0;
}

int json_get_strs(const json_t *obj, const char *key, struct arena *a, struct strs *ret,
                  struct err *e)
{
    bool bad;
    const json_t *j = member(obj, key, JSON_ARRAY, &bad, e);
    if (!j)
        return bad ? -1 : 0;
    size_t n = json_array_size(j);
    if (check_count(n, key, e))
        return -1;
    struct strs list = {arena_array(a, struct str, n), n};
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(j, i);
        if (!json_is_string(item))
            return err_set(e, ERR_INPUT, "item %zu of \"%s\" is %s, not a string", i, key,
                           type_name(item));
        list.v[i] = copy_string(item, a);
    }
    *ret = list;
    return 0;
}

int json_get_pairs(const json_t *obj, const char *key, struct arena *a, struct str_pairs *ret,
                   struct err *e)
{
    bool bad;
    json_t *j = (json_t *)member(obj, key, JSON_OBJECT, &bad, e);
    if (!j)
        return bad ? -1 : 0;
    if (check_count(json_object_size(j), key, e))
        return -1;
    struct str_pairs list = {arena_array(a, struct str_pair, json_object_size(j)), 0};
    const char *name;
    json_t *value;
    json_object_foreach(j, name, value)
    {
        if (!json_is_string(value))
            return err_set(e, ERR_INPUT, "\"%s\" of \"%s\" is %s, not a string", name, key,
                           type_name(value));
        struct str_pair *pair = &list.v[list.n++];
        pair->key = str_dup0(a, str_of(name));
        pair->value = copy_string(value, a);
    }
    *ret = list;
    return 0;
}

int json_get_keys(const json_t *obj, const char *key, struct arena *a, struct strs *ret,
                  struct err *e)
{
    bool bad;
    json_t *j = (json_t *)member(obj, key, JSON_OBJECT, &bad, e);
    if (!j)
        return bad ? -1 : 0;
    if (check_count(json_object_size(j), key, e))
        return -1;
    struct strs list = {arena_array(a, struct str, json_object_size(j)), 0};
    const char *name;
    json_t *value;
    json_object_foreach(j, name, value)
    {
        list.v[list.n++] = str_dup0(a, str_of(name));
    }
    *ret = list;
    return 0;
}

int json_get_i64(const json_t *obj, const char *key, int64_t *ret, struct err *e)
{
    bool bad;
    const json_t *j = member(obj, key, JSON_INTEGER, &bad, e);
    if (!j)
        return bad ? -1 : 0;
    *ret = json_integer_value(j);
    return 0;
}

int json_get_bool(const json_t *obj, const char *key, bool *ret, struct err *e)
{
    const json_t *j = json_object_get(obj, key);
    if (!j || json_is_null(j))
        return 0;
    if (!json_is_boolean(j))
        return err_set(e, ERR_INPUT, "\"%s\" is %s, not true or false", key, type_name(j));
    *ret = json_is_true(j);
    return 0;
}

int json_get_array(const json_t *obj, const char *key, const json_t **ret, struct err *e)
{
    bool bad;
    const json_t *j = member(obj, key, JSON_ARRAY, &bad, e);
    if (bad)
        return -1;
    if (j)
        *ret = j;
    return 0;
}

int json_get_object(const json_t *obj, const char *key, const json_t **ret, struct err *e)
{
    bool bad;
    const json_t *j = member(obj, key, JSON_OBJECT, &bad, e);
    if (bad)
        return -1;
    if (j)
        *ret = j;
    return 0;
}

struct str json_write(struct arena *a, const json_t *value, size_t indent)
{
    size_t flags = JSON_ENCODE_ANY | (indent ? JSON_INDENT(indent) : JSON_COMPACT);
    size_t n = json_dumpb(value, NULL, 0, flags);
    char *p = arena_alloc(a, n + 1);
    json_dumpb(value, p, n, flags);
    return (struct str){p, n};
}

struct str json_show(struct arena *a, const json_t *value, size_t indent)
{
    return safe_json(a, json_write(a, value, indent));
}

json_t *json_text(struct str s)
{
    json_t *j = json_stringn(s.n ? s.p : "", s.n);
    if (j)
        return j;
    struct arena scratch = {0};
    struct buf b = {.a = &scratch};
    for (size_t i = 0; i < s.n;) {
        size_t len = safe_sequence(str_from(s, i));
        buf_add(&b, len ? str_slice(s, i, i + len) : STR("\xef\xbf\xbd"));
        i += len ? len : 1;
    }
    j = json_stringn(b.p, b.n);
    arena_free(&scratch);
    return j;
}

json_t *json_texts(struct strs list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list.n; i++)
        json_array_append_new(array, json_text(list.v[i]));
    return array;
}

void json_set(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

void json_set_text(json_t *object, const char *key, struct str text)
{
    json_set(object, key, json_text(text));
}

void json_set_optional(json_t *object, const char *key, struct str text)
{
    json_set(object, key, text.n ? json_text(text) : json_null());
}

void json_set_number(json_t *object, const char *key, uint64_t n)
{
    json_set(object, key, json_integer((json_int_t)n));
}
