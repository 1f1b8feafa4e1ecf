/* policy: .shuck.yaml → struct policy, through libfyaml.
 *
 * Invariants
 * 1. Every refusal carries file, line and column. (test_policy: refused)
 * 2. Aliases are never followed and anchors refused, so no document grows while it is read.
 *    (test_policy: refused)
 * 3. Reading is linear in the bytes. (fuzz_ignore)
 * 4. A key we do not know is an error: a misspelt "expires" must not make an ignore eternal.
 *    (test_policy: refused)
 */
#include "finding/policy.h"

#include <libfyaml.h>

#include "base/limits.h"

struct reader {
    struct arena *a;
    struct str name;
    struct fy_diag *diag;
    struct err *e;
};

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

/* Puts "FILE:LINE:COLUMN: " before the error's text. The library tells a node's place only to its
 * own reports, so it is asked for one. Returns -1. */
static int put_place(struct reader *r, struct fy_node *node)
{
    void *at = NULL;
    const struct fy_diag_error *one, *last = NULL;
    if (node)
        fy_diag_node_report(r->diag, node, FYET_ERROR, "%s", "here");
    while (node && (one = fy_diag_errors_iterate(r->diag, &at)))
        last = one;
    return err_wrap(r->e, STR_F ":%d:%d", STR_A(r->name), last ? last->line : 1,
                    last ? last->column : 1);
}

#define refuse(r, node, ...) (err_set((r)->e, ERR_INPUT, __VA_ARGS__), put_place(r, node))

static int read_text(struct reader *r, struct fy_node *node, const char *what, struct str *ret)
{
    if (!node || !fy_node_is_scalar(node) || fy_node_is_alias(node))
        return refuse(r, node, "%s is one text", what);
    struct str text = {0};
    text.p = fy_node_get_scalar(node, &text.n);
    if (!text.p || !str_trim(text).n)
        return refuse(r, node, "%s is empty", what);
    if (memchr(text.p, 0, text.n))
        return refuse(r, node, "%s has a NUL byte", what);
    *ret = str_dup(r->a, str_trim(text));
    return 0;
}

/* One key of a mapping and what reads its value. */
struct key {
    const char *name;
    int (*read)(struct reader *r, struct fy_node *value, void *into);
};

static int unknown_key(struct reader *r, struct fy_node *node, struct str name,
                       const struct key *keys, size_t n)
{
    char known[256];
    size_t at = 0;
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(known + at, sizeof known - at, "%s%s", i ? ", " : "", keys[i].name);
    return refuse(r, node, "no key \"" STR_F "\" here; there are %s", STR_A(name), known);
}

static int read_mapping(struct reader *r, struct fy_node *map, const char *what,
                        const struct key *keys, size_t n, void *into)
{
    if (!map || !fy_node_is_mapping(map))
        return refuse(r, map, "%s is a mapping of keys to values", what);
    if (fy_node_get_anchor(map))
        return refuse(r, map, "anchors are not read here");
    void *at = NULL;
    unsigned seen = 0; /* bit per key: the library's own check for repeats is quadratic */
    struct fy_node_pair *pair;
    while ((pair = fy_node_mapping_iterate(map, &at))) {
        struct fy_node *key = fy_node_pair_key(pair);
        struct str name = {0};
        if (read_text(r, key, "a key", &name))
            return -1;
        size_t i = 0;
        while (i < n && !str_is(name, keys[i].name))
            i++;
        if (i == n)
            return unknown_key(r, key, name, keys, n);
        if (seen & 1u << i)
            return refuse(r, key, "a second \"%s\"", keys[i].name);
        seen |= 1u << i;
        struct fy_node *value = fy_node_pair_value(pair);
        if (keys[i].read(r, value ? value : key, into))
            return -1;
    }
    return 0;
}

static int read_rule(struct reader *r, struct fy_node *value, void *into)
{
    struct ignore *ignore = into;
    if (read_text(r, value, "rule", &ignore->rule))
        return -1;
    struct fy_token *token = fy_node_get_scalar_token(value);
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
    ignore->line = mark ? (uint32_t)mark->line + 1 : 0;
    return 0;
}

static int read_path(struct reader *r, struct fy_node *value, void *into)
{
    struct ignore *ignore = into;
    if (read_text(r, value, "path", &ignore->path))
        return -1;
    if (ignore->path.n > LIMIT_GLOB_BYTES)
        return refuse(r, value, "path has %zu bytes; at most %d are matched", ignore->path.n,
                      LIMIT_GLOB_BYTES);
    return 0;
}

static int read_reason(struct reader *r, struct fy_node *value, void *into)
{
    return read_text(r, value, "reason", &((struct ignore *)into)->reason);
}

static int read_expires(struct reader *r, struct fy_node *value, void *into)
{
    struct ignore *ignore = into;
    struct str text;
    if (read_text(r, value, "expires", &text))
        return -1;
    if (ignore_date_parse(text, &ignore->expires, r->e))
        return put_place(r, value);
    ignore->has_expiry = true;
    return 0;
}

static const struct key ignore_keys[] = {
    {"rule", read_rule},
    {"path", read_path},
    {"reason", read_reason},
    {"expires", read_expires},
};

static int read_ignores(struct reader *r, struct fy_node *list, void *into)
{
    struct policy *policy = into;
    if (!fy_node_is_sequence(list))
        return refuse(r, list, "ignores is a list");
    void *at = NULL;
    struct fy_node *item;
    while ((item = fy_node_sequence_iterate(list, &at))) {
        struct ignore ignore = {.source = r->name};
        if (read_mapping(r, item, "an ignore", ignore_keys,
                         sizeof ignore_keys / sizeof *ignore_keys, &ignore))
            return -1;
        if (!ignore.rule.n)
            return refuse(r, item, "an ignore needs a rule: the id of what it ignores");
        if (!ignore.reason.n)
            return refuse(r, item, "an ignore needs a reason: why " STR_F " is accepted here",
                          STR_A(ignore.rule));
        *vec_push(r->a, &policy->ignores) = ignore;
    }
    return 0;
}

static int read_trusted(struct reader *r, struct fy_node *list, void *into)
{
    struct policy *policy = into;
    struct texts VEC(struct str) texts = {0};
    if (!fy_node_is_sequence(list))
        return refuse(r, list, "trusted-bases is a list");
    void *at = NULL;
    struct fy_node *item;
    while ((item = fy_node_sequence_iterate(list, &at))) {
        struct str text;
        if (read_text(r, item, "a trusted base", &text))
            return -1;
        if (text.n > LIMIT_GLOB_BYTES)
            return refuse(r, item, "a trusted base has %zu bytes; at most %d are matched", text.n,
                          LIMIT_GLOB_BYTES);
        *vec_push(r->a, &texts) = text;
    }
    policy->trusted_bases = (struct strs){texts.v, texts.n};
    return 0;
}

static int read_fail_on(struct reader *r, struct fy_node *value, void *into)
{
    return read_text(r, value, "fail-on", &((struct policy *)into)->fail_on);
}

static const struct key policy_keys[] = {
    {"ignores", read_ignores},
    {"trusted-bases", read_trusted},
    {"fail-on", read_fail_on},
};

static int syntax_error(struct reader *r)
{
    void *at = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(r->diag, &at);
    if (!first)
        return err_set(r->e, ERR_INPUT, STR_F ":1:1: this is not YAML", STR_A(r->name));
    return err_set(r->e, ERR_INPUT, STR_F ":%d:%d: %s", STR_A(r->name), first->line, first->column,
                   first->msg);
}

int policy_read(struct str bytes, struct str name, struct arena *a, struct policy *ret,
                struct err *e)
{
    if (bytes.n > LIMIT_POLICY_BYTES)
        return err_set(e, ERR_INPUT, STR_F ":1:1: %zu bytes; at most %d are read", STR_A(name),
                       bytes.n, LIMIT_POLICY_BYTES);
    struct fy_diag *diag __attribute__((cleanup(drop_diag))) = fy_diag_create(NULL);
    if (!diag)
        return err_set(e, ERR_MACHINE, "the YAML library cannot start");
    struct policy policy = {0};
    struct reader r = {a, name, diag, e};
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_JSON_NONE | FYPCF_ALLOW_DUPLICATE_KEYS,
                               .diag = diag};
    struct fy_parser *parser __attribute__((cleanup(drop_parser))) = fy_parser_create(&cfg);
    if (!parser || fy_parser_set_string(parser, bytes.n ? bytes.p : "", bytes.n))
        return err_set(e, ERR_MACHINE, "the YAML library cannot start");
    struct fy_document *doc __attribute__((cleanup(drop_document))) =
        fy_parse_load_document(parser);
    if (!doc && fy_diag_got_error(diag))
        return syntax_error(&r);
    struct fy_node *root = doc ? fy_document_root(doc) : NULL;
    bool empty = !root || fy_node_is_null(root);
    if (!empty && read_mapping(&r, root, "the file", policy_keys,
                               sizeof policy_keys / sizeof *policy_keys, &policy))
        return -1;
    *ret = policy;
    return 0;
}
