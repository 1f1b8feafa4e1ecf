/* lint_config: a team's .hadolint.yaml, HADOLINT_* variables and flags → what lint.h works with.
 *
 * Each source is a layer: what it says, and nothing of what it leaves open. Layers are laid one
 * over the other (file, then environment, then flags): lists add up, single values replace what
 * is below. lint_settle() puts defaults where nothing was said. Nothing here reads a file or the
 * environment: text and variables are handed in. */
#ifndef LINT_LINT_CONFIG_H
#define LINT_LINT_CONFIG_H

#include "base/err.h"
#include "lint/lint.h"

enum lint_said { LINT_UNSAID, LINT_NO, LINT_YES };

struct lint_layer {
    struct lint_names ignored, trusted_registries;
    struct lint_overrides VEC(struct lint_override) overrides; /* of one rule the last counts */
    struct lint_labels VEC(struct lint_label) labels;
    enum lint_said strict_labels, no_pragmas, no_fail, no_color, verbose;
    struct str format;    /* n 0: not said */
    struct str threshold; /* one of the names of lint_level_parse(); n 0: not said */
};

/* What is not judgement. */
struct lint_settings {
    struct str format;       /* as it was said; "tty" when nothing was */
    enum severity threshold; /* findings of this level or higher fail; info when nothing was said */
    bool never_fail;         /* no-fail, or a threshold that no finding reaches (ignore, none) */
    bool no_fail;            /* of the two the one that is also about files that cannot be read */
    bool no_color, verbose;
};

/* The text of a configuration file; name is for messages, which begin with FILE:LINE:COLUMN. A key
 * that is not known is refused, unless compat asks for hadolint's way, which passes over it. */
int lint_config_read(struct arena *a, struct str text, struct str name, bool compat,
                     struct lint_layer *ret, struct err *e) MUST_USE;

/* Environment variables, whichever; those that hadolint reads, and NO_COLOR, count. */
int lint_config_environment(struct arena *a, const struct str_pairs *variables,
                            struct lint_layer *ret, struct err *e) MUST_USE;

void lint_lay(struct arena *a, struct lint_layer *under, const struct lint_layer *over);

/* Both point into the layer. */
void lint_settle(const struct lint_layer *all, struct lint_config *config,
                 struct lint_settings *settings);

/* "NAME:KIND", "NAME" alone: text. For flags and variables. */
int lint_label_read(struct str text, struct lint_label *ret, struct err *e) MUST_USE;

#endif
