/* keeper: a growing set of kept nodes, and the work each new one brings. For facts/ and harden/.
 *
 * Everything that decides to keep something says so through a keeper. A kept name takes its folders
 * with it; an ELF file, the libraries it loads; a script that is run, its interpreter and the
 * commands it calls. That work waits in queues until facts_keep_run(). */
#ifndef FACTS_KEEPER_H
#define FACTS_KEEPER_H

#include "facts/kept.h"

struct facts_keep_nodes VEC(struct tree_node *);

struct facts_keeper {
    struct arena *a;
    struct arena scratch; /* of what is tried; its first chunk stays */
    const struct facts *f;
    struct facts_keep *keep;
    struct facts_loader *loader;        /* made with the first ELF file */
    struct map executed, closed, units; /* sets by node address: run; libraries are kept; whole */
    struct facts_keep_nodes programs, libraries, scripts; /* waiting */
    struct strs path;                                     /* folders of the image's PATH */
    struct str workdir;
    bool changed;     /* something became kept since the caller set it to false */
    uint64_t fired;   /* families, by bit */
    size_t seen;      /* kept nodes that families have been shown */
    uint64_t lookups; /* of libraries; see LIMIT_LIBRARY_LOOKUPS */
    bool spent;
};

struct facts_keeper facts_keep_new(struct arena *a, const struct facts *f, struct facts_keep *keep);
void facts_keep_end(struct facts_keeper *k); /* what is kept stays */

/* As tree_resolve() from cwd; false when it fails, and then `via` is empty. */
bool facts_keep_find(struct facts_keeper *k, struct str cwd, struct str path, enum tree_follow last,
                     struct tree_lookup *ret);

/* Keeps a node and the folders above it. Below /proc, /sys and /dev nothing is kept: the runtime
 * puts its own there. */
void facts_keep_node(struct facts_keeper *k, struct tree_node *node, struct facts_reason reason);
/* And all below it, with what links there point at. */
void facts_keep_subtree(struct facts_keeper *k, struct tree_node *node, struct facts_reason reason);

/* Keeps what a resolution found and every symlink and folder on the way. */
void facts_keep_lookup(struct facts_keeper *k, const struct tree_lookup *found,
                       struct facts_reason reason);

/* Resolves and keeps; NULL when it does not resolve, and then nothing is kept. Relative paths start
 * at the working folder. */
struct tree_node *facts_keep_path(struct facts_keeper *k, struct str path, enum tree_follow last,
                                  struct facts_reason reason);

/* All files of a package. */
void facts_keep_package(struct facts_keeper *k, const struct facts_package *p,
                        struct facts_reason reason);

/* Every path that matches: `*` and `?` in a component; a last component `**` is all below. Links
 * are followed and kept. */
void facts_keep_glob(struct facts_keeper *k, struct str pattern, struct facts_reason reason);
bool facts_keep_matches(struct str name, struct str pattern);

/* A program by name, as execvp would find it, to be run: scripts bring their interpreters. */
struct tree_node *facts_keep_command(struct facts_keeper *k, struct str name,
                                     struct facts_reason reason);
void facts_keep_execute(struct facts_keeper *k, struct tree_node *node);

/* The config's program with its arguments, folders and health check. (keep_config.c) */
void facts_keep_config(struct facts_keeper *k);
/* The program of the health check in the image, or NULL; keeps nothing. (keep_config.c) */
struct tree_node *facts_health_program(const struct facts *f, struct arena *a);

/* The commands of a script's or `sh -c`'s text. */
void facts_keep_shell(struct facts_keeper *k, struct str text, struct str who);

/* Empties the queues and fires families until nothing changes. ERR_INPUT when the image asks for
 * more work than any real one. */
int facts_keep_run(struct facts_keeper *k, struct err *e) MUST_USE;

/* ---- parts that facts_keep_run() uses ---- */

/* Keeps what the loader of `root` would load for it. (loader.c) */
void facts_loader_close(struct facts_keeper *k, struct tree_node *root);
/* Keeps a library by its name as the program's loader finds it; NULL: there is none. */
struct tree_node *facts_loader_library(struct facts_keeper *k, struct str name,
                                       struct facts_reason reason);
/* Fires the families whose trigger is kept. (family.c) */
void facts_family_fire(struct facts_keeper *k);

/* Puts a node into a set; false when it was there. */
bool facts_keep_mark(struct facts_keeper *k, struct map *set, struct tree_node *node);

static inline struct str facts_keep_address(struct tree_node *const *node)
{
    return (struct str){(const char *)node, sizeof *node};
}

static inline struct str facts_keep_name(struct str path)
{
    size_t slash = str_rfind(path, '/');
    return slash < path.n ? str_from(path, slash + 1) : path;
}

#endif
