/* lint_labels: keys and values of labels, and what a team's schema asks of them → findings.
 *
 * Invariants
 * 1. Without a schema nothing is found but keys. (test_lint_table: without a schema)
 */
#include "base/map.h"
#include "lint/lint_formats.h"
#include "lint/lint_rules.h"

/* ---- DL3048: keys ---- */

static bool in_key(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' ||
           c == '/';
}

/* NULL: nothing is. */
static const char *wrong_with_key(struct str key)
{
    if (!key.n)
        return "is empty";
    for (size_t i = 0; i < key.n; i++)
        if (!in_key(key.p[i]))
            return "has other characters than a-z, 0-9, dots, hyphens, underscores and slashes";
    if (!(key.p[0] >= 'a' && key.p[0] <= 'z'))
        return "does not begin with a letter";
    if (strchr(".-_/", key.p[key.n - 1]))
        return "does not end with a letter or digit";
    if (str_has(key, STR("..")) || str_has(key, STR("--")))
        return "has two dots or hyphens in a row";
    if (str_starts(key, STR("com.docker.")) || str_starts(key, STR("io.docker.")) ||
        str_starts(key, STR("org.dockerproject.")))
        return "is in a namespace that belongs to Docker";
    return NULL;
}

static void check_keys(struct lint_context *c, const struct lint_step *step)
{
    vec_each (&step->keys, k) {
        const struct lint_value *key = &step->keys.v[k];
        const char *wrong = wrong_with_key(key->text);
        if (!wrong || (!key->known && !c->options->compat))
            continue;
        struct lint_finding *f =
            lint_add(c, key->place, "the key " STR_F " %s", STR_A(key->text), wrong);
        struct str lower = str_lower(c->a, key->text);
        if (wrong_with_key(lower) || key->place.to - key->place.from != lower.n)
            continue; /* more than capitals is wrong, or there are quotes */
        lint_fix(c, f, FIX_UNSAFE, "writes it in lower case");
        lint_edit(c, f, key->place, STR_F, STR_A(lower));
    }
}

static const struct lint_rule keys = {
    .info = {.id = "DL3048",
             .severity = SEVERITY_INFO,
             .title = "Keys of labels are as tools expect them",
             .why =
                 "Tools that read labels expect names in lower case with dots and hyphens; others "
                 "they may pass over or refuse.",
             .remedy = "Begin with a name that is yours, in reverse, and use lower case.",
             .example = "LABEL com.example.release-date=\"2024-05-01\""},
    .flat = true,
    .kinds = LINT_ON(LABEL),
    .step = check_keys,
    .repairs = FIX_UNSAFE,
};

/* ---- the schema ---- */

static const struct lint_label *wanted(const struct lint_context *c, struct str key)
{
    const struct lint_config *config = c->options->config;
    for (size_t i = 0; config && i < config->labels.n; i++)
        if (str_eq(config->labels.v[i].name, key))
            return &config->labels.v[i];
    return NULL;
}

/* ---- DL3049: missing ones ---- */

static bool sets(const struct lint_step *step, struct str label)
{
    vec_each (&step->keys, k)
        if (step->i->kind == DOCKERFILE_LABEL && !step->onbuild &&
            str_eq(step->keys.v[k].text, label))
            return true;
    return false;
}

static void missing_in(struct lint_context *c, const struct lint_stage *stage, struct str label)
{
    lint_add(c, stage->base.place, "the label " STR_F " is missing", STR_A(label));
}

/* The image has the labels of the stages it is made from. */
static void check_image(struct lint_context *c, struct str label)
{
    const struct lint_stages *all = &c->file->stages;
    if (!all->n)
        return;
    for (int k = (int)all->n - 1; k >= 0; k = all->v[k].parent)
        for (size_t i = all->v[k].step; i < all->v[k].end; i++)
            if (sets(&c->file->steps.v[i], label))
                return;
    missing_in(c, &all->v[all->n - 1], label);
}

/* hadolint asks each stage, but lets off one that is copied from, and one that a later one with the
 * label is made from. It knows a stage by its alias. */
static void let_off(const struct lint_context *c, bool *bad, size_t n, struct str name)
{
    for (size_t k = 0; k < n; k++)
        if (name.n && str_eq(c->file->stages.v[k].s->name.s, name))
            bad[k] = false;
}

static bool made_from_good(const struct lint_context *c, const bool *good, size_t stage)
{
    struct str image = c->file->stages.v[stage].base.repository;
    for (size_t k = 0; k < stage; k++)
        if (good[k] && c->file->stages.v[k].s->name.s.n &&
            str_eq(c->file->stages.v[k].s->name.s, image))
            return true;
    return false;
}

static void check_stages(struct lint_context *c, struct str label)
{
    const struct lint_stages *all = &c->file->stages;
    bool *good = arena_array(c->a, bool, all->n + 1), *bad = arena_array(c->a, bool, all->n + 1);
    vec_each (all, k) {
        const struct lint_stage *stage = &all->v[k];
        struct str own = stage->s->name.s.n ? stage->s->name.s : stage->base.repository;
        good[k] = made_from_good(c, good, k);
        bad[k] = !good[k];
        for (size_t i = stage->step; i < stage->end; i++) {
            const struct lint_step *step = &c->file->steps.v[i];
            const struct dockerfile_flag *from = dockerfile_flag(step->i, "from");
            if (step->i->kind == DOCKERFILE_COPY && from && !step->onbuild)
                let_off(c, bad, k + 1, from->value.s);
            if (!sets(step, label) || good[k])
                continue;
            let_off(c, bad, k + 1, own);
            good[k] = true;
            bad[k] = false;
        }
    }
    vec_each (all, k)
        if (bad[k])
            missing_in(c, &all->v[k], label);
}

static void check_missing(struct lint_context *c)
{
    const struct lint_config *config = c->options->config;
    for (size_t i = 0; config && i < config->labels.n; i++)
        if (c->options->compat)
            check_stages(c, config->labels.v[i].name);
        else
            check_image(c, config->labels.v[i].name);
}

static const struct lint_rule missing = {
    .info = {.id = "DL3049",
             .severity = SEVERITY_LOW,
             .title = "The labels of the schema are there",
             .why = "A team that has agreed on labels finds and sorts its images by them. One "
                    "without is not found.",
             .remedy = "Set the label in the last stage.",
             .example = "LABEL com.example.team=\"payments\""},
    .file_hook = check_missing,
};

/* ---- DL3050: others ---- */

static void check_others(struct lint_context *c, const struct lint_step *step)
{
    if (!c->options->config || !c->options->config->strict_labels)
        return;
    vec_each (&step->keys, k)
        if (!wanted(c, step->keys.v[k].text))
            lint_add(c, step->keys.v[k].place, "the label " STR_F " is not in the schema",
                     STR_A(step->keys.v[k].text));
}

static const struct lint_rule others = {
    .info = {.id = "DL3050",
             .severity = SEVERITY_LOW,
             .title = "No labels but those of the schema are there",
             .why = "With strict labels a team has said that there are no others: one that is not "
                    "in the schema may be a typing mistake.",
             .remedy = "Take the label away, or add it to the schema.",
             .example = "label-schema:\n  com.example.team: text"},
    .flat = true,
    .kinds = LINT_ON(LABEL),
    .step = check_others,
};

/* ---- DL3051 to DL3058: values ---- */

static bool is_text(struct str value)
{
    return value.n;
}

static bool is_strict_semver(struct str value)
{
    return lint_is_semver(value, false);
}

static bool is_loose_semver(struct str value)
{
    return lint_is_semver(value, true);
}

/* hadolint does not mind 1.02.0, and knows single licenses, but not "MIT OR Apache-2.0". */
static const struct format {
    const char *what;
    bool (*good)(struct str value);
    bool (*hadolint)(struct str value); /* NULL: the same */
} formats[] = {
    [LINT_LABEL_TEXT] = {"empty", is_text, NULL},
    [LINT_LABEL_URL] = {"no URL", lint_is_url, NULL},
    [LINT_LABEL_SEMVER] = {"no semantic version", is_strict_semver, is_loose_semver},
    [LINT_LABEL_HASH] = {"no git hash", lint_is_git_hash, NULL},
    [LINT_LABEL_RFC3339] = {"no time as RFC 3339 has it", lint_is_time, NULL},
    [LINT_LABEL_SPDX] = {"no license that SPDX knows", lint_is_license_expression, lint_is_license},
    [LINT_LABEL_EMAIL] = {"no e-mail address", lint_is_email, NULL},
};

/* Values of the labels of that kind; that one is not empty is asked of all. */
static void check_values(struct lint_context *c, const struct lint_step *step,
                         enum lint_label_kind kind)
{
    const struct format *format = &formats[kind];
    bool (*good)(struct str) =
        c->options->compat && format->hadolint ? format->hadolint : format->good;
    vec_each (&step->keys, k) {
        const struct lint_label *label = wanted(c, step->keys.v[k].text);
        const struct lint_value *value = &step->values.v[k];
        if (!label || (kind != LINT_LABEL_TEXT && label->kind != kind) ||
            (!value->known && !c->options->compat) || good(value->text))
            continue;
        if (!value->text.n && kind != LINT_LABEL_TEXT && !c->options->compat)
            continue; /* DL3051 has said so */
        lint_add(c, value->text.n ? value->place : step->keys.v[k].place,
                 "the label " STR_F " is %s", STR_A(label->name), format->what);
    }
}

static void check_empty(struct lint_context *c, const struct lint_step *step)
{
    check_values(c, step, LINT_LABEL_TEXT);
}

static void check_urls(struct lint_context *c, const struct lint_step *step)
{
    check_values(c, step, LINT_LABEL_URL);
}

static void check_times(struct lint_context *c, const struct lint_step *step)
{
    check_values(c, step, LINT_LABEL_RFC3339);
}

static void check_licenses(struct lint_context *c, const struct lint_step *step)
{
    check_values(c, step, LINT_LABEL_SPDX);
}

static void check_hashes(struct lint_context *c, const struct lint_step *step)
{
    check_values(c, step, LINT_LABEL_HASH);
}

static void check_versions(struct lint_context *c, const struct lint_step *step)
{
    check_values(c, step, LINT_LABEL_SEMVER);
}

static void check_emails(struct lint_context *c, const struct lint_step *step)
{
    check_values(c, step, LINT_LABEL_EMAIL);
}

#define WHY "Whoever reads the label by a program, as the team's schema promises, cannot."

static const struct lint_rule empty = {
    .info = {.id = "DL3051",
             .severity = SEVERITY_MEDIUM,
             .title = "Labels of the schema have a value",
             .why = WHY,
             .remedy = "Give the label a value.",
             .example = "LABEL com.example.team=\"payments\""},
    .flat = true,
    .kinds = LINT_ON(LABEL),
    .step = check_empty,
};

static const struct lint_rule urls = {
    .info = {.id = "DL3052",
             .severity = SEVERITY_MEDIUM,
             .title = "Labels that hold a URL hold one",
             .why = WHY,
             .remedy = "Write the whole URL, with its scheme.",
             .example = "LABEL org.opencontainers.image.url=\"https://example.com/app\""},
    .flat = true,
    .kinds = LINT_ON(LABEL),
    .step = check_urls,
};

static const struct lint_rule times = {
    .info = {.id = "DL3053",
             .severity = SEVERITY_MEDIUM,
             .title = "Labels that hold a time hold one of RFC 3339",
             .why = WHY,
             .remedy = "Write date, T, time and zone.",
             .example = "LABEL org.opencontainers.image.created=\"2024-05-01T12:00:00Z\""},
    .flat = true,
    .kinds = LINT_ON(LABEL),
    .step = check_times,
};

static const struct lint_rule licenses = {
    .info = {.id = "DL3054",
             .severity = SEVERITY_MEDIUM,
             .title = "Labels that hold a license hold one of SPDX",
             .why = WHY,
             .remedy = "Write the identifier that SPDX has for the license.",
             .example = "LABEL org.opencontainers.image.licenses=\"MIT\""},
    .flat = true,
    .kinds = LINT_ON(LABEL),
    .step = check_licenses,
};

static const struct lint_rule hashes = {
    .info = {.id = "DL3055",
             .severity = SEVERITY_MEDIUM,
             .title = "Labels that hold a git hash hold one",
             .why = WHY,
             .remedy = "Write 7 or 40 digits of the commit, in lower case.",
             .example = "LABEL org.opencontainers.image.revision=\"2dbfae9\""},
    .flat = true,
    .kinds = LINT_ON(LABEL),
    .step = check_hashes,
};

static const struct lint_rule versions = {
    .info = {.id = "DL3056",
             .severity = SEVERITY_MEDIUM,
             .title = "Labels that hold a version hold a semantic one",
             .why = WHY,
             .remedy = "Write three numbers with dots, and no v before them.",
             .example = "LABEL org.opencontainers.image.version=\"1.4.2\""},
    .flat = true,
    .kinds = LINT_ON(LABEL),
    .step = check_versions,
};

static const struct lint_rule emails = {
    .info = {.id = "DL3058",
             .severity = SEVERITY_MEDIUM,
             .title = "Labels that hold an e-mail address hold one",
             .why = WHY,
             .remedy = "Write one address, without the name of its owner.",
             .example = "LABEL com.example.contact=\"team@example.com\""},
    .flat = true,
    .kinds = LINT_ON(LABEL),
    .step = check_emails,
};

const struct lint_rule *const lint_labels[] = {
    &keys, &missing, &others, &empty, &urls, &times, &licenses, &hashes, &versions, &emails, NULL,
};
