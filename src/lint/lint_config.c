/* lint_config: the text of .hadolint.yaml → a layer; see lint_config.h.
 *
 * Invariants
 * 1. Every refusal carries file, line and column. (test_lint_config: refused)
 * 2. A key that is not known is refused; hadolint's way passes over it.
 *    (test_lint_config: unknown key)
 */
#include "lint/lint_config.h"

#include "base/limits.h"
#include "base/map.h"
#include "base/yaml.h"

/* ---- single values ---- */

static const struct {
    struct str name;
    enum lint_label_kind kind;
} label_kinds[] = {
    {STR_INIT("text"), LINT_LABEL_TEXT},       {STR_INIT("rawtext"), LINT_LABEL_TEXT},
    {STR_INIT(""), LINT_LABEL_TEXT},           {STR_INIT("url"), LINT_LABEL_URL},
    {STR_INIT("semver"), LINT_LABEL_SEMVER},   {STR_INIT("hash"), LINT_LABEL_HASH},
    {STR_INIT("rfc3339"), LINT_LABEL_RFC3339}, {STR_INIT("spdx"), LINT_LABEL_SPDX},
    {STR_INIT("email"), LINT_LABEL_EMAIL},
};

static bool label_kind(struct str text, enum lint_label_kind *ret)
{
    for (size_t i = 0; i < sizeof label_kinds / sizeof *label_kinds; i++)
        if (str_eq(text, label_kinds[i].name)) {
            *ret = label_kinds[i].kind;
            return true;
        }
    return false;
}

#define NO_KIND                                                                                    \
    "\"" STR_F "\" is no kind of label; there are text, url, semver, hash, rfc3339, spdx, email"

int lint_label_read(struct str text, struct lint_label *ret, struct err *e)
{
    struct lint_label label;
    struct str kind;
    str_cut(text, ':', &label.name, &kind);
    label.name = str_trim(label.name);
    kind = str_trim(kind);
    if (!label.name.n)
        return err_set(e, ERR_USAGE, "\"" STR_F "\": a label is required as NAME:KIND",
                       STR_A(text));
    if (!label_kind(kind, &label.kind))
        return err_set(e, ERR_USAGE, NO_KIND, STR_A(kind));
    *ret = label;
    return 0;
}

/* As YAML 1.1 and 1.2 have them. */
static bool truth(struct str text, enum lint_said *ret)
{
    static const char *const yes[] = {"true", "True", "TRUE", "yes", "Yes", "on", "On", "1", "y"};
    static const char *const no[] = {"false", "False", "FALSE", "no", "No", "off", "Off", "0", "n"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (str_is(text, yes[i]) || str_is(text, no[i])) {
            *ret = str_is(text, yes[i]) ? LINT_YES : LINT_NO;
            return true;
        }
    return false;
}

static bool known_threshold(struct str text)
{
    enum severity severity;
    bool off;
    return lint_level_parse(text, &severity, &off);
}

/* ---- the file ---- */

static int read_truth(struct yaml *y, struct yaml_node *value, enum lint_said *ret)
{
    struct str text;
    if (yaml_empty(value))
        return 0;
    if (yaml_text(y, value, "this", &text))
        return -1;
    if (!truth(text, ret))
        return yaml_refuse(y, value, "\"" STR_F "\" is neither true nor false", STR_A(text));
    return 0;
}

static int read_strict(struct yaml *y, struct yaml_node *value, void *into)
{
    return read_truth(y, value, &((struct lint_layer *)into)->strict_labels);
}

static int read_no_pragmas(struct yaml *y, struct yaml_node *value, void *into)
{
    return read_truth(y, value, &((struct lint_layer *)into)->no_pragmas);
}

static int read_no_fail(struct yaml *y, struct yaml_node *value, void *into)
{
    return read_truth(y, value, &((struct lint_layer *)into)->no_fail);
}

static int read_no_color(struct yaml *y, struct yaml_node *value, void *into)
{
    return read_truth(y, value, &((struct lint_layer *)into)->no_color);
}

static int read_verbose(struct yaml *y, struct yaml_node *value, void *into)
{
    return read_truth(y, value, &((struct lint_layer *)into)->verbose);
}

static int read_format(struct yaml *y, struct yaml_node *value, void *into)
{
    struct lint_layer *layer = into;
    return yaml_empty(value) ? 0 : yaml_text(y, value, "format", &layer->format);
}

static int read_threshold(struct yaml *y, struct yaml_node *value, void *into)
{
    struct lint_layer *layer = into;
    struct str text;
    if (yaml_empty(value))
        return 0;
    if (yaml_text(y, value, "failure-threshold", &text))
        return -1;
    if (!known_threshold(text))
        return yaml_refuse(y, value,
                           "\"" STR_F
                           "\" is no level; there are error, warning, info, style, ignore, none",
                           STR_A(text));
    layer->threshold = text;
    return 0;
}

static int read_name(struct yaml *y, struct yaml_node *item, void *into)
{
    struct str text;
    if (yaml_text(y, item, "an item of this list", &text))
        return -1;
    *vec_push(y->a, (struct lint_names *)into) = text;
    return 0;
}

/* A list, one text that stands for a list of one, or nothing. */
static int read_names(struct yaml *y, struct yaml_node *value, const char *what,
                      struct lint_names *names)
{
    struct str one;
    struct err e = {0}, *outer = y->e;
    if (yaml_empty(value))
        return 0;
    y->e = &e;
    int rc = yaml_text(y, value, what, &one);
    y->e = outer;
    if (rc)
        return yaml_list(y, value, what, read_name, names);
    *vec_push(y->a, names) = one;
    return 0;
}

static int read_ignored(struct yaml *y, struct yaml_node *value, void *into)
{
    return read_names(y, value, "ignored", &((struct lint_layer *)into)->ignored);
}

static int read_trusted(struct yaml *y, struct yaml_node *value, void *into)
{
    return read_names(y, value, "trustedRegistries",
                      &((struct lint_layer *)into)->trusted_registries);
}

static int read_level(struct yaml *y, struct yaml_node *value, void *into, const char *what,
                      enum severity severity)
{
    struct lint_names rules = {0};
    if (read_names(y, value, what, &rules))
        return -1;
    struct lint_layer *layer = into;
    vec_each (&rules, i)
        *vec_push(y->a, &layer->overrides) = (struct lint_override){rules.v[i], severity, false};
    return 0;
}

static int read_error(struct yaml *y, struct yaml_node *value, void *into)
{
    return read_level(y, value, into, "error", SEVERITY_HIGH);
}

static int read_warning(struct yaml *y, struct yaml_node *value, void *into)
{
    return read_level(y, value, into, "warning", SEVERITY_MEDIUM);
}

static int read_info(struct yaml *y, struct yaml_node *value, void *into)
{
    return read_level(y, value, into, "info", SEVERITY_LOW);
}

static int read_style(struct yaml *y, struct yaml_node *value, void *into)
{
    return read_level(y, value, into, "style", SEVERITY_INFO);
}

static const struct yaml_key override_keys[] = {
    {"error", read_error},
    {"warning", read_warning},
    {"info", read_info},
    {"style", read_style},
};

static int read_override(struct yaml *y, struct yaml_node *value, void *into)
{
    if (yaml_empty(value))
        return 0;
    return yaml_mapping(y, value, "override", override_keys,
                        sizeof override_keys / sizeof *override_keys, into);
}

struct labels {
    struct lint_layer *layer;
    struct map seen;
};

static int read_label(struct yaml *y, struct yaml_node *key, struct str name,
                      struct yaml_node *value, void *into)
{
    struct labels *labels = into;
    struct str kind = {0};
    struct lint_label *label = vec_push(y->a, &labels->layer->labels);
    label->name = name;
    if (map_has(&labels->seen, name))
        return yaml_refuse(y, key, "a second \"" STR_F "\"", STR_A(name));
    *map_at(&labels->seen, name) = label;
    if (!yaml_empty(value) && yaml_text(y, value, "the kind of a label", &kind))
        return -1;
    if (!label_kind(kind, &label->kind))
        return yaml_refuse(y, value, NO_KIND, STR_A(kind));
    return 0;
}

static int read_labels(struct yaml *y, struct yaml_node *value, void *into)
{
    struct labels labels = {into, {.a = y->a}};
    if (yaml_empty(value))
        return 0;
    return yaml_entries(y, value, "label-schema", read_label, &labels);
}

/* Names of older releases stand behind those of today. */
static const struct yaml_key keys[] = {
    {"ignored", read_ignored},
    {"override", read_override},
    {"trustedRegistries", read_trusted},
    {"label-schema", read_labels},
    {"strict-labels", read_strict},
    {"disable-ignore-pragma", read_no_pragmas},
    {"failure-threshold", read_threshold},
    {"format", read_format},
    {"no-fail", read_no_fail},
    {"no-color", read_no_color},
    {"verbose", read_verbose},
    {"trusted-registries", read_trusted},
    {"allowedRegistries", read_trusted},
    {"output-format", read_format},
};

int lint_config_read(struct arena *a, struct str text, struct str name, bool compat,
                     struct lint_layer *ret, struct err *e)
{
    struct lint_layer layer = {0};
    struct yaml y = {.a = a, .name = name, .lenient = compat, .e = e};
    if (yaml_read(&y, text, LIMIT_POLICY_BYTES, keys, sizeof keys / sizeof *keys, &layer))
        return -1;
    *ret = layer;
    return 0;
}
