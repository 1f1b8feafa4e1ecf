/* lint_environment: variables → a layer; layers → what they come to. See lint_config.h.
 *
 * Invariants
 * 1. A refusal names its variable. (test_lint_config: variables)
 * 2. Laying a layer that says nothing over another changes nothing. (test_lint_config: layers)
 */
#include "lint/lint_config.h"

struct reading {
    struct arena *a;
    struct str name, value; /* of the variable */
    struct lint_layer *layer;
    struct err *e;
};

static void append(struct arena *a, struct lint_names *to, const struct lint_names *from)
{
    vec_each (from, i)
        *vec_push(a, to) = from->v[i];
}

/* hadolint takes all else than these for no. */
static enum lint_said truthy(const struct reading *r)
{
    static const char *const yes[] = {"1", "y", "on", "true", "yes"};
    struct str said = str_lower(r->a, r->value);
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (str_is(said, yes[i]))
            return LINT_YES;
    return LINT_NO;
}

static int take_no_fail(struct reading *r)
{
    r->layer->no_fail = truthy(r);
    return 0;
}

/* By its convention any value says no. */
static int take_no_color(struct reading *r)
{
    r->layer->no_color = LINT_YES;
    return 0;
}

static int take_verbose(struct reading *r)
{
    r->layer->verbose = truthy(r);
    return 0;
}

static int take_strict(struct reading *r)
{
    r->layer->strict_labels = truthy(r);
    return 0;
}

static int take_no_pragmas(struct reading *r)
{
    r->layer->no_pragmas = truthy(r);
    return 0;
}

static int take_format(struct reading *r)
{
    r->layer->format = r->value;
    return 0;
}

static int take_threshold(struct reading *r)
{
    enum severity severity;
    bool off;
    if (!lint_level_parse(r->value, &severity, &off))
        return err_set(r->e, ERR_USAGE,
                       STR_F ": \"" STR_F
                             "\" is no level; there are error, warning, info, style, ignore, none",
                       STR_A(r->name), STR_A(r->value));
    r->layer->threshold = r->value;
    return 0;
}

/* HADOLINT_OVERRIDE_LEVEL */
static int take_override(struct reading *r)
{
    static const struct {
        const char *name;
        enum severity severity;
    } levels[] = {
        {"HADOLINT_OVERRIDE_ERROR", SEVERITY_HIGH},
        {"HADOLINT_OVERRIDE_WARNING", SEVERITY_MEDIUM},
        {"HADOLINT_OVERRIDE_INFO", SEVERITY_LOW},
        {"HADOLINT_OVERRIDE_STYLE", SEVERITY_INFO},
    };
    struct lint_names rules = {0};
    lint_names_split(r->a, r->value, &rules);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (str_is(r->name, levels[i].name))
            vec_each (&rules, k)
                *vec_push(r->a, &r->layer->overrides) =
                    (struct lint_override){rules.v[k], levels[i].severity, false};
    return 0;
}

static int take_ignored(struct reading *r)
{
    struct lint_names names = {0};
    lint_names_split(r->a, r->value, &names);
    append(r->a, &r->layer->ignored, &names);
    return 0;
}

static int take_trusted(struct reading *r)
{
    struct lint_names names = {0};
    lint_names_split(r->a, r->value, &names);
    append(r->a, &r->layer->trusted_registries, &names);
    return 0;
}

static int take_labels(struct reading *r)
{
    struct lint_names names = {0};
    lint_names_split(r->a, r->value, &names);
    vec_each (&names, i) {
        if (lint_label_read(names.v[i], vec_push(r->a, &r->layer->labels), r->e))
            return err_wrap(r->e, STR_F, STR_A(r->name));
    }
    return 0;
}

static const struct {
    const char *name;
    int (*take)(struct reading *r);
} variables_read[] = {
    {"HADOLINT_NOFAIL", take_no_fail},
    {"NO_COLOR", take_no_color},
    {"HADOLINT_VERBOSE", take_verbose},
    {"HADOLINT_FORMAT", take_format},
    {"HADOLINT_FAILURE_THRESHOLD", take_threshold},
    {"HADOLINT_OVERRIDE_ERROR", take_override},
    {"HADOLINT_OVERRIDE_WARNING", take_override},
    {"HADOLINT_OVERRIDE_INFO", take_override},
    {"HADOLINT_OVERRIDE_STYLE", take_override},
    {"HADOLINT_IGNORE", take_ignored},
    {"HADOLINT_TRUSTED_REGISTRIES", take_trusted},
    {"HADOLINT_ALLOWED_REGISTRIES", take_trusted}, /* its older name */
    {"HADOLINT_REQUIRE_LABELS", take_labels},
    {"HADOLINT_STRICT_LABELS", take_strict},
    {"HADOLINT_DISABLE_IGNORE_PRAGMA", take_no_pragmas},
};

int lint_config_environment(struct arena *a, const struct str_pairs *variables,
                            struct lint_layer *ret, struct err *e)
{
    struct lint_layer layer = {0};
    struct reading r = {.a = a, .layer = &layer, .e = e};
    for (size_t i = 0; i < variables->n; i++)
        for (size_t k = 0; k < sizeof variables_read / sizeof *variables_read; k++) {
            r.name = variables->v[i].key;
            r.value = str_trim(variables->v[i].value);
            if (str_is(r.name, variables_read[k].name) && r.value.n && variables_read[k].take(&r))
                return -1;
        }
    *ret = layer;
    return 0;
}

/* ---- layers ---- */

static enum lint_said upper(enum lint_said under, enum lint_said over)
{
    return over == LINT_UNSAID ? under : over;
}

void lint_lay(struct arena *a, struct lint_layer *under, const struct lint_layer *over)
{
    append(a, &under->ignored, &over->ignored);
    append(a, &under->trusted_registries, &over->trusted_registries);
    vec_each (&over->overrides, i)
        *vec_push(a, &under->overrides) = over->overrides.v[i];
    vec_each (&over->labels, i)
        *vec_push(a, &under->labels) = over->labels.v[i];
    under->strict_labels = upper(under->strict_labels, over->strict_labels);
    under->no_pragmas = upper(under->no_pragmas, over->no_pragmas);
    under->no_fail = upper(under->no_fail, over->no_fail);
    under->no_color = upper(under->no_color, over->no_color);
    under->verbose = upper(under->verbose, over->verbose);
    under->format = over->format.n ? over->format : under->format;
    under->threshold = over->threshold.n ? over->threshold : under->threshold;
}

void lint_settle(const struct lint_layer *all, struct lint_config *config,
                 struct lint_settings *settings)
{
    bool off = false;
    *config = (struct lint_config){
        .ignored = {all->ignored.v, all->ignored.n},
        .trusted_registries = {all->trusted_registries.v, all->trusted_registries.n},
        .overrides = {all->overrides.v, all->overrides.n},
        .labels = {all->labels.v, all->labels.n},
        .strict_labels = all->strict_labels == LINT_YES,
        .no_pragmas = all->no_pragmas == LINT_YES,
    };
    *settings = (struct lint_settings){
        .format = all->format.n ? all->format : STR("tty"),
        .threshold = SEVERITY_LOW,
        .no_color = all->no_color == LINT_YES,
        .verbose = all->verbose == LINT_YES,
    };
    if (all->threshold.n && !lint_level_parse(all->threshold, &settings->threshold, &off))
        settings->threshold = SEVERITY_LOW;
    settings->no_fail = all->no_fail == LINT_YES;
    settings->never_fail = off || all->no_fail == LINT_YES;
}
