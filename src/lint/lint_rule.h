/* lint_rule: one check of a Dockerfile, as a constant beside its function.
 *
 * A rule has one of four hooks. It says what it found through lint_add() and how that can be
 * repaired through lint_fix(); it never fails and keeps nothing. README.md beside this file tells
 * how to add one. */
#ifndef LINT_LINT_RULE_H
#define LINT_LINT_RULE_H

#include "lint/lint.h"

struct lint_context {
    struct arena *a;
    const struct lint_file *file;
    const struct dockerfile *d; /* of file */
    const struct lint_options *options;
    /* set by lint_check() */
    const struct lint_rule *rule;
    const struct lint_step *step; /* of hooks `step` and `command`; else NULL */
    struct lint_findings *findings;
    size_t found;              /* of this rule, as far as LIMIT_LINT_FINDINGS */
    struct lint_finding spare; /* what rules get for findings beyond it: it goes nowhere */
};

/* Bits of instruction kinds. */
#define LINT_ON(kind) (1u << DOCKERFILE_##kind)

struct lint_rule {
    struct rule_info
        info;   /* id: hadolint's where it has the rule; severity: see lint_level_name() */
    bool off;   /* unless it is asked for by an override */
    bool ours;  /* not with --compat hadolint */
    bool image; /* about what is left in the image: one level less in a build stage */
    bool flat;  /* with compat not about what ONBUILD triggers: there hadolint does not look */
    enum fix_safety repairs; /* the safest repair that it offers somewhere */
    bool first;     /* its repairs join instructions: they are made before others are offered */
    unsigned kinds; /* of steps and commands that are shown to it; 0: all, for commands RUN */
    const char
        *programs; /* of commands, with blanks between and around: " apt-get apt "; NULL: all */
    void (*file_hook)(struct lint_context *c);
    void (*stage)(struct lint_context *c, const struct lint_stage *stage);
    void (*step)(struct lint_context *c, const struct lint_step *step);
    void (*command)(struct lint_context *c, const struct lint_command *command);
};

/* Every rule: families, each a list that ends with NULL, and NULL. */
extern const struct lint_rule *const *const lint_families[];

/* The rule of this id or alias, or NULL. */
const struct lint_rule *lint_rule_find(struct str id);

/* Whether somebody has such a rule, or had: SC codes are ShellCheck's to know, and files still name
 * rules that hadolint has given up. */
bool lint_rule_may_be(struct str id);

/* As hadolint has it: any code of this form may be one. */
bool lint_rule_has_form(struct str id);

/* A finding at a place in the file. The text is one line that names what was seen: a clause that
 * begins small, but for names, and has no full stop. What is returned stands until the next call.
 * The one behind LIMIT_LINT_FINDINGS of a rule says that there are more; those are dropped. */
struct lint_finding *lint_add(struct lint_context *c, struct span place, const char *evidence, ...)
    __attribute__((format(printf, 3, 4)));

/* Gives the finding a repair; lint_edit() adds its edits. */
void lint_fix(struct lint_context *c, struct lint_finding *f, enum fix_safety safety,
              const char *what, ...) __attribute__((format(printf, 4, 5)));
void lint_edit(struct lint_context *c, struct lint_finding *f, struct span place, const char *text,
               ...) __attribute__((format(printf, 4, 5)));

/* The word is in a list with blanks between, before and behind. */
bool lint_lists(const char *list, struct str word);

#endif
