/* harden: facts and the trace of a run → which files to keep, each with its reason → the new
 * image's selection and config. Pure: it runs nothing and reads no file. */
#ifndef HARDEN_HARDEN_H
#define HARDEN_HARDEN_H

#include "facts/kept.h"
#include "trace/trace.h"

/* How much beside the evidence is kept; tried in this order until the result behaves the same. */
enum harden_level {
    HARDEN_EXACT,    /* trace, static closure, family rules, user policy */
    HARDEN_BALANCED, /* and whole packages of touched files */
    HARDEN_SAFE,     /* and those packages' dependencies, whole */
};
const char *harden_level_name(enum harden_level level);

struct harden_options {
    enum harden_level level;
    struct strs keep_paths; /* globs are not expanded here: a folder keeps all below it */
    struct strs keep_packages;
    bool keep_shell;
    bool keep_user; /* the config's User stays as it is, even a name */
};

/* Whether the new config's User is still a name (of the original's, when no other was set). */
bool harden_user_is_name(const struct facts *f, bool keep_user);

/* Chooses from evidence. Failed lookups keep nothing but matter to the replay. */
int harden_choose(struct arena *a, const struct facts *f, const struct trace *trace,
                  const struct harden_options *options, struct facts_keep *ret,
                  struct err *e) MUST_USE;

/* Adds a path found missing by a run of the result, with its closure. Returns true when something
 * new is kept. */
bool harden_repair(struct arena *a, const struct facts *f, struct facts_keep *keep,
                   struct str path);

/* Named edits of the config and of modes, each listed for the user. */
enum harden_remedy_kind {
    REMEDY_USER,
    REMEDY_SETUID,
    REMEDY_GROUP0,
    REMEDY_LABELS,
    REMEDY_HEALTHCHECK,
    REMEDY_PASSWD,
    REMEDY_PACKAGE_DB
};
struct harden_remedy {
    enum harden_remedy_kind kind;
    struct str what; /* "USER root → 5678" */
};
struct harden_remedies VEC(struct harden_remedy);

struct harden_config_options {
    bool keep_user; /* as in harden_options */
    bool set_user;
    uint32_t uid, gid;    /* with set_user */
    struct str user_text; /* written into the config: "5678" */
    struct str tool_version;
};

/* What to write: a selection for tree_write_layer() and an edit for image_config_write(). */
struct harden_plan {
    struct facts_keep keep;
    struct harden_remedies remedies;
    struct tree_selection selection;
    struct image_config_edit edit;
};
int harden_plan(struct arena *a, const struct facts *f, const struct facts_keep *keep,
                const struct trace *trace, const struct harden_config_options *options,
                struct harden_plan *ret, struct err *e) MUST_USE;

/* For trace_replay(): changes of mode and owner that a remedy made. ctx is the plan. */
bool harden_allows(void *plan, const struct tree_node *was, const struct tree_node *is);

/* Packages with how many of their files and bytes are kept; largest removed first. */
struct harden_package {
    const struct facts_package *package;
    size_t files, kept_files;
    uint64_t bytes, kept_bytes;
};
struct harden_packages VEC(struct harden_package);
void harden_by_package(struct arena *a, const struct facts *f, const struct facts_keep *keep,
                       struct harden_packages *ret);

#endif
