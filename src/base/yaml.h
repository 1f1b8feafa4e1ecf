/* yaml: the text of a small configuration file → what its keys mean, through libyaml.
 *
 * A file is a mapping of known keys, each with a function that reads its value. Whatever is
 * refused is refused with FILE:LINE:COLUMN. */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "base/err.h"
#include "base/str.h"

struct yaml_node;

/* One reading of one file. */
struct yaml {
    struct arena *a;
    struct str name; /* for messages */
    bool lenient;    /* passes over keys it does not know */
    struct err *e;
};

typedef int yaml_reader(struct yaml *y, struct yaml_node *value, void *into);

struct yaml_key {
    const char *name;
    yaml_reader *read;
};

/* Reads the whole file into `into`; more than `most` bytes are refused. y has a, name, lenient and
 * e set. An empty file says nothing. Texts are copied into the arena. */
int yaml_read(struct yaml *y, struct str bytes, size_t most, const struct yaml_key *keys, size_t n,
              void *into) MUST_USE;

/* ---- for functions that read values ---- */

/* Sets the error, with the node's place before it. Returns -1. */
int yaml_refuse(struct yaml *y, struct yaml_node *node, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A scalar, trimmed; not empty and without NUL. `what` names it in messages. */
int yaml_text(struct yaml *y, struct yaml_node *node, const char *what, struct str *ret) MUST_USE;

/* No value, or null: nothing is said. */
bool yaml_empty(struct yaml_node *node);

/* Where a node begins, from 1. */
uint32_t yaml_line(const struct yaml_node *node);
uint32_t yaml_column(const struct yaml_node *node);

/* A mapping of known keys, at most 32, each once. */
int yaml_mapping(struct yaml *y, struct yaml_node *map, const char *what,
                 const struct yaml_key *keys, size_t n, void *into) MUST_USE;

/* A mapping of any keys. */
int yaml_entries(struct yaml *y, struct yaml_node *map, const char *what,
                 int (*read)(struct yaml *y, struct yaml_node *key, struct str name,
                             struct yaml_node *value, void *into),
                 void *into) MUST_USE;

/* Each item of a list. */
int yaml_list(struct yaml *y, struct yaml_node *list, const char *what, yaml_reader *read,
              void *into) MUST_USE;

#endif
