/* yaml: see yaml.h.
 *
 * Invariants
 * 1. Every refusal carries file, line and column. (test_policy: refused)
 * 2. Aliases are never followed and anchored mappings refused, so no document grows while it is
 *    read. (test_policy: refused)
 * 3. Reading is linear in the bytes. (fuzz_ignore, fuzz_lint_config)
 * 4. A key that is not known is an error, unless the reading is lenient: a misspelt key must not
 *    change what a file means in silence. (test_policy: refused)
 */
#include "base/yaml.h"

#include <libfyaml.h>
#include <stdio.h>

#include "base/safe.h"

static void drop_document(struct fy_document **doc)
{
    fy_document_destroy(*doc); /* NULL is fine */
}

static void drop_parser(struct fy_parser **parser)
{
    fy_parser_destroy(*parser);
}

static void drop_diag(struct fy_diag **diag)
{
    fy_diag_destroy(*diag);
}

int yaml_refuse(struct yaml *y, struct fy_node *node, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str text = str_vfmt(y->a, fmt, ap);
    va_end(ap);
    /* the library tells a node's place only to its own reports, so it is asked for one */
    void *at = NULL;
    const struct fy_diag_error *one, *last = NULL;
    if (node)
        fy_diag_node_report(y->diag, node, FYET_ERROR, "%s", "here");
    while (node && (one = fy_diag_errors_iterate(y->diag, &at)))
        last = one;
    return err_set(y->e, ERR_INPUT, STR_F ":%d:%d: " STR_F, STR_A(y->name), last ? last->line : 1,
                   last ? last->column : 1, STR_A(text));
}

int yaml_text(struct yaml *y, struct fy_node *node, const char *what, struct str *ret)
{
    if (!node || !fy_node_is_scalar(node) || fy_node_is_alias(node))
        return yaml_refuse(y, node, "%s is one text", what);
    struct str text = {0};
    text.p = fy_node_get_scalar(node, &text.n);
    if (!text.p || !str_trim(text).n)
        return yaml_refuse(y, node, "%s is empty", what);
    if (memchr(text.p, 0, text.n))
        return yaml_refuse(y, node, "%s has a NUL byte", what);
    *ret = str_dup(y->a, str_trim(text));
    return 0;
}

bool yaml_empty(struct fy_node *node)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    struct str text = {0};
    if (!node || fy_node_is_null(node))
        return true;
    if (!fy_node_is_scalar(node) || fy_node_is_alias(node) || fy_node_get_style(node) != FYNS_PLAIN)
        return false;
    text.p = fy_node_get_scalar(node, &text.n);
    for (size_t i = 0; i < sizeof nulls / sizeof *nulls; i++)
        if (str_is(text, nulls[i]))
            return true;
    return false;
}

uint32_t yaml_line(struct fy_node *node)
{
    struct fy_token *token = fy_node_get_scalar_token(node);
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
    return mark ? (uint32_t)mark->line + 1 : 0;
}

int yaml_entries(struct yaml *y, struct fy_node *map, const char *what,
                 int (*read)(struct yaml *y, struct fy_node *key, struct str name,
                             struct fy_node *value, void *into),
                 void *into)
{
    if (!map || !fy_node_is_mapping(map))
        return yaml_refuse(y, map, "%s is a mapping of keys to values", what);
    if (fy_node_get_anchor(map))
        return yaml_refuse(y, map, "anchors are not read here");
    void *at = NULL;
    struct fy_node_pair *pair;
    while ((pair = fy_node_mapping_iterate(map, &at))) {
        struct fy_node *key = fy_node_pair_key(pair);
        struct str name = {0};
        if (yaml_text(y, key, "a key", &name) || read(y, key, name, fy_node_pair_value(pair), into))
            return -1;
    }
    return 0;
}

struct known {
    const struct yaml_key *keys;
    size_t n;
    uint32_t seen; /* bit per key: the library's own check for repeats is quadratic */
    void *into;
};

static int unknown_key(struct yaml *y, struct fy_node *node, struct str name,
                       const struct known *known)
{
    char list[512];
    size_t at = 0;
    for (size_t i = 0; i < known->n && at < sizeof list; i++)
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", i ? ", " : "",
                               known->keys[i].name);
    return yaml_refuse(y, node, "no key \"" STR_F "\" here; there are %s", STR_A(name), list);
}

static int read_known(struct yaml *y, struct fy_node *key, struct str name, struct fy_node *value,
                      void *into)
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
    return known->keys[i].read(y, value ? value : key, known->into);
}

int yaml_mapping(struct yaml *y, struct fy_node *map, const char *what, const struct yaml_key *keys,
                 size_t n, void *into)
{
    struct known known = {keys, n, 0, into};
    return yaml_entries(y, map, what, read_known, &known);
}

int yaml_list(struct yaml *y, struct fy_node *list, const char *what, yaml_reader *read, void *into)
{
    if (!list || !fy_node_is_sequence(list))
        return yaml_refuse(y, list, "%s is a list", what);
    void *at = NULL;
    struct fy_node *item;
    while ((item = fy_node_sequence_iterate(list, &at)))
        if (read(y, item, into))
            return -1;
    return 0;
}

static int syntax_error(struct yaml *y)
{
    void *at = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(y->diag, &at);
    if (!first)
        return err_set(y->e, ERR_INPUT, STR_F ":1:1: this is not YAML", STR_A(y->name));
    return err_set(y->e, ERR_INPUT, STR_F ":%d:%d: %s", STR_A(y->name), first->line, first->column,
                   first->msg);
}

/* libfyaml looks for the end of a line of bad bytes for ever. */
static int encoding_error(struct yaml *y, struct str bytes, size_t at)
{
    struct str before = str_slice(bytes, 0, at);
    size_t line = 1, begin = 0;
    for (size_t i = 0; i < before.n; i++)
        if (before.p[i] == '\n') {
            line++;
            begin = i + 1;
        }
    return err_set(y->e, ERR_INPUT, STR_F ":%zu:%zu: this is not UTF-8", STR_A(y->name), line,
                   at - begin + 1);
}

int yaml_read(struct yaml *y, struct str bytes, size_t most, const struct yaml_key *keys, size_t n,
              void *into)
{
    if (bytes.n > most)
        return err_set(y->e, ERR_INPUT, STR_F ":1:1: %zu bytes; at most %zu are read",
                       STR_A(y->name), bytes.n, most);
    size_t valid = safe_utf8(bytes);
    if (valid < bytes.n)
        return encoding_error(y, bytes, valid);
    struct fy_diag *diag __attribute__((cleanup(drop_diag))) = fy_diag_create(NULL);
    if (!diag)
        return err_set(y->e, ERR_MACHINE, "the YAML library cannot start");
    y->diag = diag;
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_JSON_NONE | FYPCF_ALLOW_DUPLICATE_KEYS,
                               .diag = diag};
    struct fy_parser *parser __attribute__((cleanup(drop_parser))) = fy_parser_create(&cfg);
    if (!parser || fy_parser_set_string(parser, bytes.n ? bytes.p : "", bytes.n))
        return err_set(y->e, ERR_MACHINE, "the YAML library cannot start");
    struct fy_document *doc __attribute__((cleanup(drop_document))) =
        fy_parse_load_document(parser);
    if (!doc && fy_diag_got_error(diag))
        return syntax_error(y);
    struct fy_node *root = doc ? fy_document_root(doc) : NULL;
    return yaml_empty(root) ? 0 : yaml_mapping(y, root, "the file", keys, n, into);
}
