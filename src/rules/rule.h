/* rule: one check of an image, as a constant beside its function.
 *
 * A rule reads facts and policy and says what it found through the calls below; it never fails,
 * reads no file and keeps nothing. README.md beside this file tells how to add one. */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include "facts/facts.h"
#include "finding/policy.h"

struct rule_context {
    struct arena *a;
    const struct facts *facts;
    const struct policy *policy;    /* never NULL; may be empty */
    int32_t today;                  /* days since 1970-01-01 */
    struct secret_scanner *secrets; /* what evidence is cleaned of; NULL: nothing of it is shown */
    /* where results go; set by rules_audit() */
    const struct rule_info *rule;
    struct findings *findings;
    struct check *check;
    struct finding spare; /* takes what is over LIMIT_RULE_FINDINGS */
};

struct rule {
    struct rule_info info;
    void (*check)(struct rule_context *c);
    bool of_config; /* judges what the config or its history says: skipped for a folder */
};

/* Every rule in the order of reports: CIS items by number, then ours by id. NULL-terminated. */
extern const struct rule *const rules_all[];

/* The rule of this id or alias, or NULL. */
const struct rule *rules_find(struct str id);

/* A finding. The text is one line; what looks like a secret in it is cut to its first letters. The
 * result stands until the next call and may be given a count or a remedy of its own. */
struct finding *rule_add(struct rule_context *c, enum severity severity, struct location where,
                         const char *evidence, ...) __attribute__((format(printf, 4, 5)));

/* True, and one more counted, when the rule has all the findings that are kept: asked before texts
 * are made for what may be millions of files. */
bool rule_full(struct rule_context *c);

/* What was looked at and found right, or why it could not be looked at. Neither counts when the
 * rule has findings. */
void rule_pass(struct rule_context *c, const char *evidence, ...)
    __attribute__((format(printf, 2, 3)));
void rule_skip(struct rule_context *c, const char *why, ...) __attribute__((format(printf, 2, 3)));

/* It is a folder that is looked at: it has no config, no history and no name of its own. */
bool rule_of_folder(const struct rule_context *c);
/* What is looked at: "image", "folder". */
const char *rule_whole(const struct rule_context *c);

struct location rule_at_image(void);
struct location rule_at_config(struct rule_context *c, const char *key, ...)
    __attribute__((format(printf, 2, 3)));
struct location rule_at_node(struct rule_context *c, const struct tree_node *node);
/* Of a name that another layer may have hidden since. */
struct location rule_at_layer(struct rule_context *c, uint32_t layer, const struct tree_node *node);

/* Which ignores cover a place, as a text; empty: none. A finding that speaks of several places
 * speaks only of such as are covered by the same: an ignore of one place says nothing of another.
 */
struct str rule_ignores(struct rule_context *c, const struct location *where);

/* It stands in what the base brought. */
bool rule_inherited(const struct rule_context *c, const struct location *where);

/* "package passwd 1:4.13" or "no package". */
struct str rule_owner_text(struct rule_context *c, const struct tree_node *node);
/* The word is in a list with blanks between, before and behind: " sh bash dash ". */
bool rule_lists(const char *list, struct str word);

/* The loader or interpreter that a program needs and the image lacks; empty when it has it, or none
 * is needed. */
struct str rule_missing_starter(struct rule_context *c, const struct tree_node *program);

/* Findings of 4.11: files that their packages' databases know otherwise. */
void rule_changed_files(struct rule_context *c);

/* "1 file", "2 files". */
struct str rule_count_text(struct arena *a, size_t n, const char *what);

#endif
