/* keeper: a growing set of kept nodes, and the work each new one brings. Private to harden/.
 *
 * Everything that decides to keep something says so through a keeper. A kept name takes its folders
 * with it; an ELF file, the libraries it loads; a script that is run, its interpreter and the
 * commands it calls. That work waits in queues until keeper_run(). */
#ifndef HARDEN_KEEPER_H
#define HARDEN_KEEPER_H

#include "harden/harden.h"

struct keeper_nodes VEC(struct tree_node *);

struct keeper {
    struct arena *a;
    struct arena scratch; /* of what is tried; its first chunk stays */
    const struct facts *f;
    struct harden_keep *keep;
    struct loader *loader;              /* made with the first ELF file */
    struct map executed, closed, units; /* sets by node address: run; libraries are kept; whole */
    struct keeper_nodes programs, libraries, scripts; /* waiting */
    struct strs path;                                 /* folders of the image's PATH */
    struct str workdir;
    bool changed;     /* something became kept since the caller set it to false */
    uint64_t fired;   /* families, by bit */
    size_t seen;      /* kept nodes that families have been shown */
    uint64_t lookups; /* of libraries; see LIMIT_LIBRARY_LOOKUPS */
    bool spent;
};

struct keeper keeper_new(struct arena *a, const struct facts *f, struct harden_keep *keep);
void keeper_end(struct keeper *k); /* what is kept stays */

/* As tree_resolve() from cwd; false when it fails, and then `via` is empty. */
bool keeper_find(struct keeper *k, struct str cwd, struct str path, enum tree_follow last,
                 struct tree_lookup *ret);

/* Keeps a node and the folders above it. Below /proc, /sys and /dev nothing is kept: the runtime
 * puts its own there. */
void keeper_node(struct keeper *k, struct tree_node *node, struct harden_reason reason);
/* And all below it, with what links there point at. */
void keeper_subtree(struct keeper *k, struct tree_node *node, struct harden_reason reason);

/* Keeps what a resolution found and every symlink and folder on the way. */
void keeper_lookup(struct keeper *k, const struct tree_lookup *found, struct harden_reason reason);

/* Resolves and keeps; NULL when it does not resolve, and then nothing is kept. Relative paths start
 * at the working folder. */
struct tree_node *keeper_path(struct keeper *k, struct str path, enum tree_follow last,
                              struct harden_reason reason);

/* Every path that matches: `*` and `?` in a component; a last component `**` is all below. Links
 * are followed and kept. */
void keeper_glob(struct keeper *k, struct str pattern, struct harden_reason reason);
bool keeper_matches(struct str name, struct str pattern);

/* A program by name, as execvp would find it, to be run: scripts bring their interpreters. */
struct tree_node *keeper_command(struct keeper *k, struct str name, struct harden_reason reason);
void keeper_execute(struct keeper *k, struct tree_node *node);

/* The commands of a script's or `sh -c`'s text. */
void keeper_shell(struct keeper *k, struct str text, struct str who);

/* Empties the queues and fires families until nothing changes. ERR_INPUT when the image asks for
 * more work than any real one. */
int keeper_run(struct keeper *k, struct err *e) MUST_USE;

/* ---- parts that keeper_run() uses ---- */

/* Keeps what the loader of `root` would load for it. (loader.c) */
void loader_close(struct keeper *k, struct tree_node *root);
/* Keeps a library by its name as the program's loader finds it; NULL: there is none. */
struct tree_node *loader_library(struct keeper *k, struct str name, struct harden_reason reason);
/* Fires the families whose trigger is kept. (family.c) */
void family_fire(struct keeper *k);

/* Puts a node into a set; false when it was there. */
bool keeper_mark(struct keeper *k, struct map *set, struct tree_node *node);

static inline struct str keeper_address(struct tree_node *const *node)
{
    return (struct str){(const char *)node, sizeof *node};
}

static inline struct str keeper_name(struct str path)
{
    size_t slash = str_rfind(path, '/');
    return slash < path.n ? str_from(path, slash + 1) : path;
}

#endif
