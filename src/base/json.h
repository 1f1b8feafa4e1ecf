/* json: bytes → a jansson value, strictly; typed access with errors that name the key.
 *
 * RFC 8259. Refused: duplicate keys (two readers could see two documents), nesting over
 * LIMIT_JSON_DEPTH, more than LIMIT_JSON_BYTES or LIMIT_JSON_MARKS, invalid UTF-8, anything after
 * the value. Errors carry line and column. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>

#include "base/err.h"
#include "base/str.h"

/* A new reference in *ret, given back with json_decref() (or JSON_AUTO). */
int json_read(struct str bytes, json_t **ret, struct err *e) MUST_USE;

/* Whether it is small enough to be read, before it is. */
int json_fits(struct str bytes, struct err *e) MUST_USE;

#define JSON_AUTO __attribute__((cleanup(json_auto_drop)))
static inline void json_auto_drop(json_t **j)
{
    json_decref(*j);
}

/* Typed members of an object. An absent key or null leaves *ret as it is and returns 0; another
 * type is ERR_INPUT. Strings are copied into the arena; embedded NUL is refused. json_get_* refuse
 * lists longer than LIMIT_CONFIG_ITEMS. Borrowed references live as long as the document. */
int json_get_str(const json_t *obj, const char *key, struct arena *a, struct str *ret,
                 struct err *e) MUST_USE;
int json_get_strs(const json_t *obj, const char *key, struct arena *a, struct strs *ret,
                  struct err *e) MUST_USE;
/* An object of strings, in order of keys as they stand. */
int json_get_pairs(const json_t *obj, const char *key, struct arena *a, struct str_pairs *ret,
                   struct err *e) MUST_USE;
/* Only the keys of an object, as ExposedPorts and Volumes use it. */
int json_get_keys(const json_t *obj, const char *key, struct arena *a, struct strs *ret,
                  struct err *e) MUST_USE;
int json_get_i64(const json_t *obj, const char *key, int64_t *ret, struct err *e) MUST_USE;
int json_get_bool(const json_t *obj, const char *key, bool *ret, struct err *e) MUST_USE;
int json_get_array(const json_t *obj, const char *key, const json_t **ret, struct err *e) MUST_USE;
int json_get_object(const json_t *obj, const char *key, const json_t **ret, struct err *e) MUST_USE;

/* The value as compact bytes (indent 0) or indented ones, keys in insertion order, in the arena. */
struct str json_write(struct arena *a, const json_t *value, size_t indent);
/* The same for people to see: characters that command a terminal are escaped. */
struct str json_show(struct arena *a, const json_t *value, size_t indent);

/* A jansson string of any bytes: invalid UTF-8 becomes U+FFFD. */
json_t *json_text(struct str s);
json_t *json_texts(struct strs list);

/* Members of an object; json_set() takes the value over. An absent optional text is null, so that
 * every key is always there. */
void json_set(json_t *object, const char *key, json_t *value);
void json_set_text(json_t *object, const char *key, struct str text);
void json_set_optional(json_t *object, const char *key, struct str text);
void json_set_number(json_t *object, const char *key, uint64_t n);

#endif
