/* yaml: see yaml.h.
 *
 * Invariants
 * 1. Every refusal carries file, line and column. (test_policy: refused)
 * 2. Aliases are never followed and anchored mappings refused, so no document grows while it is
 *    read. (test_policy: refused)
 * 3. Reading is linear in the bytes, and the stack is bounded. (fuzz_ignore, fuzz_lint_config;
 *    test_policy: deep)
 * 4. A key that is not known is an error, unless the reading is lenient: a misspelt key must not
 *    change what a file means in silence. (test_policy: refused)
 */
#include "base/yaml.h"

#include <stdio.h>
#include <yaml.h>

#include "base/limits.h"
#include "base/safe.h"

struct yaml_node {
    enum { TEXT, LIST, MAP, ALIAS } kind;
    bool plain, anchored;
    uint32_t line, column;          /* from 1 */
    struct str text;                /* of a TEXT */
    struct yaml_node *first, *next; /* first: items of a LIST; of a MAP key, value, key, value… */
};

/* ---- nodes ---- */

int yaml_refuse(struct yaml *y, struct yaml_node *node, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str text = str_vfmt(y->a, fmt, ap);
    va_end(ap);
    return err_set(y->e, ERR_INPUT, STR_F ":%u:%u: " STR_F, STR_A(y->name), node ? node->line : 1,
                   node ? node->column : 1, STR_A(text));
}

int yaml_text(struct yaml *y, struct yaml_node *node, const char *what, struct str *ret)
{
    if (!node || node->kind != TEXT)
        return yaml_refuse(y, node, "%s is one text", what);
    if (!str_trim(node->text).n)
        return yaml_refuse(y, node, "%s is empty", what);
    if (str_find(node->text, 0) < node->text.n)
        return yaml_refuse(y, node, "%s has a NUL byte", what);
    *ret = str_trim(node->text);
    return 0;
}

bool yaml_empty(struct yaml_node *node)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    if (!node)
        return true;
    if (node->kind != TEXT || !node->plain)
        return false;
    for (size_t i = 0; i < sizeof nulls / sizeof *nulls; i++)
        if (str_is(node->text, nulls[i]))
            return true;
    return false;
}

uint32_t yaml_line(const struct yaml_node *node)
{
    return node->line;
}

uint32_t yaml_column(const struct yaml_node *node)
{
    return node->column;
}

int yaml_entries(struct yaml *y, struct yaml_node *map, const char *what,
                 int (*read)(struct yaml *y, struct yaml_node *key, struct str name,
                             struct yaml_node *value, void *into),
                 void *into)
{
    if (!map || map->kind != MAP)
        return yaml_refuse(y, map, "%s is a mapping of keys to values", what);
    if (map->anchored)
        return yaml_refuse(y, map, "anchors are not read here");
    for (struct yaml_node *key = map->first; key; key = key->next->next) {
        struct str name = {0};
        if (yaml_text(y, key, "a key", &name) || read(y, key, name, key->next, into))
            return -1;
    }
    return 0;
}

struct known {
    const struct yaml_key *keys;
    size_t n;
    uint32_t seen; /* bit per key */
    void *into;
};

static int unknown_key(struct yaml *y, struct yaml_node *node, struct str name,
                       const struct known *known)
{
    char list[512];
    size_t at = 0;
    for (size_t i = 0; i < known->n && at < sizeof list; i++)
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", i ? ", " : "",
                               known->keys[i].name);
    return yaml_refuse(y, node, "no key \"" STR_F "\" here; there are %s", STR_A(name), list);
}

static int read_known(struct yaml *y, struct yaml_node *key, struct str name,
                      struct yaml_node *value, void *into)
{
    struct known *known = into;
    size_t i = 0;
    while (i < known->n && !str_is(name, known->keys[i].name))
        i++;
    if (i == known->n)
        return y->lenient ? 0 : unknown_key(y, key, name, known);
    if (known->seen & 1u << i)
        return yaml_refuse(y, key, "a second \"%s\"", known->keys[i].name);
    known->seen |= 1u << i;
    return known->keys[i].read(y, value, known->into);
}

int yaml_mapping(struct yaml *y, struct yaml_node *map, const char *what,
                 const struct yaml_key *keys, size_t n, void *into)
{
    struct known known = {keys, n, 0, into};
    return yaml_entries(y, map, what, read_known, &known);
}

int yaml_list(struct yaml *y, struct yaml_node *list, const char *what, yaml_reader *read,
              void *into)
{
    if (!list || list->kind != LIST)
        return yaml_refuse(y, list, "%s is a list", what);
    for (struct yaml_node *item = list->first; item; item = item->next)
        if (read(y, item, into))
            return -1;
    return 0;
}

/* ---- bytes → nodes ---- */

struct parsing {
    struct yaml *y;
    yaml_parser_t *parser;
    yaml_event_t event;
    struct str bytes;
};

/* A byte that no YAML text has. */
static int bad_byte(struct yaml *y, struct str bytes, size_t at, const char *why)
{
    struct yaml_node place = {.line = 1};
    size_t begin = 0;
    for (size_t i = 0; i < at && i < bytes.n; i++)
        if (bytes.p[i] == '\n') {
            place.line++;
            begin = i + 1;
        }
    place.column = (uint32_t)(at - begin + 1);
    return yaml_refuse(y, &place, "%s", why);
}

static int broken(struct parsing *p)
{
    const yaml_parser_t *parser = p->parser;
    const char *why = parser->problem ? parser->problem : "this is not YAML";
    if (parser->error == YAML_MEMORY_ERROR)
        return err_set(p->y->e, ERR_MACHINE, "no memory for the YAML library");
    if (parser->error == YAML_READER_ERROR)
        return bad_byte(p->y, p->bytes, parser->problem_offset, why);
    struct yaml_node place = {.line = (uint32_t)parser->problem_mark.line + 1,
                              .column = (uint32_t)parser->problem_mark.column + 1};
    return yaml_refuse(p->y, &place, "%s", why);
}

static int next_event(struct parsing *p)
{
    yaml_event_delete(&p->event);
    return yaml_parser_parse(p->parser, &p->event) ? 0 : broken(p);
}

static struct yaml_node *new_node(const struct parsing *p)
{
    const yaml_event_t *e = &p->event;
    struct yaml_node *node = arena_new(p->y->a, struct yaml_node);
    *node = (struct yaml_node){.line = (uint32_t)e->start_mark.line + 1,
                               .column = (uint32_t)e->start_mark.column + 1};
    switch (e->type) {
    case YAML_SEQUENCE_START_EVENT:
        node->kind = LIST;
        node->anchored = e->data.sequence_start.anchor != NULL;
        break;
    case YAML_MAPPING_START_EVENT:
        node->kind = MAP;
        node->anchored = e->data.mapping_start.anchor != NULL;
        break;
    case YAML_SCALAR_EVENT:
        node->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        node->text = str_dup(
            p->y->a, (struct str){(const char *)e->data.scalar.value, e->data.scalar.length});
        break;
    default: /* the rest of the events are no nodes, or an alias, which is never followed */
        node->kind = ALIAS;
    }
    return node;
}

static bool is_end(const struct parsing *p)
{
    return p->event.type == YAML_SEQUENCE_END_EVENT || p->event.type == YAML_MAPPING_END_EVENT;
}

/* The node whose first event is there, with all below it. */
static int read_node(struct parsing *p, unsigned depth, struct yaml_node **ret)
{
    struct yaml_node *node = new_node(p), **last = &node->first;
    *ret = node;
    if (node->kind != LIST && node->kind != MAP)
        return 0;
    if (depth == LIMIT_YAML_DEPTH)
        return yaml_refuse(p->y, node, "this is nested more than %d deep", LIMIT_YAML_DEPTH);
    for (;; last = &(*last)->next) {
        if (next_event(p))
            return -1;
        if (is_end(p))
            return 0;
        if (read_node(p, depth + 1, last))
            return -1;
    }
}

/* The first document's node; NULL: there is none. */
static int read_document(struct parsing *p, struct yaml_node **ret)
{
    do {
        if (next_event(p))
            return -1;
        if (p->event.type == YAML_STREAM_END_EVENT)
            return 0;
    } while (p->event.type == YAML_STREAM_START_EVENT ||
             p->event.type == YAML_DOCUMENT_START_EVENT);
    if (read_node(p, 0, ret))
        return -1;
    do {
        if (next_event(p))
            return -1;
        if (p->event.type == YAML_DOCUMENT_START_EVENT)
            return yaml_refuse(p->y, new_node(p), "a second document; one is read of a file");
    } while (p->event.type != YAML_STREAM_END_EVENT);
    return 0;
}

int yaml_read(struct yaml *y, struct str bytes, size_t most, const struct yaml_key *keys, size_t n,
              void *into)
{
    if (bytes.n > most)
        return err_set(y->e, ERR_INPUT, STR_F ":1:1: %zu bytes; at most %zu are read",
                       STR_A(y->name), bytes.n, most);
    size_t valid = safe_utf8(bytes);
    if (valid < bytes.n)
        return bad_byte(y, bytes, valid, "this is not UTF-8");
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return err_set(y->e, ERR_MACHINE, "no memory for the YAML library");
    yaml_parser_set_input_string(&parser, (const unsigned char *)(bytes.n ? bytes.p : ""), bytes.n);
    struct parsing p = {.y = y, .parser = &parser, .bytes = bytes};
    struct yaml_node *root = NULL;
    int rc = read_document(&p, &root);
    yaml_event_delete(&p.event);
    yaml_parser_delete(&parser);
    if (rc)
        return -1;
    return yaml_empty(root) ? 0 : yaml_mapping(y, root, "the file", keys, n, into);
}
