/* loader: a program → the libraries its dynamic loader would load. Private to facts/.
 *
 * loader.c walks breadth first as a loader does; loader_search.c knows in which order glibc and
 * musl look for one name; loader_dirs.c knows the folders of each machine and what $ORIGIN means.
 */
#ifndef FACTS_LOADER_H
#define FACTS_LOADER_H

#include "facts/keeper.h"
#include "facts/ldcache.h"

enum facts_loader_style { LOADER_GLIBC, LOADER_MUSL };

/* What the loader knows besides the files. */
struct facts_loader {
    struct facts_ldcache cache;
    struct strs preload;      /* words of /etc/ld.so.preload and of LD_PRELOAD */
    struct strs library_path; /* LD_LIBRARY_PATH of the config */
    struct tree_node *main;   /* a program whose loader stands for that of lone libraries */
};

/* One loaded file. */
struct facts_loader_object {
    struct tree_node *node;
    const struct elf_facts *elf;
    struct str origin; /* $ORIGIN: the folder it was found in */
    size_t by;         /* index + 1 of the object that asked for it first */
};

/* One program with all it loads. */
struct facts_loader_run {
    struct facts_keeper *k;
    const struct facts_loader *loader;
    enum facts_loader_style style;
    struct str musl_path; /* of /etc/ld-musl-ARCH.path */
    struct facts_loader_objects VEC(struct facts_loader_object) objects;
    struct map names;  /* sonames and names asked for that are settled */
    struct map inodes; /* of objects */
};

struct facts_loader_found {
    struct tree_lookup lookup;
    struct str dir; /* as it was written, for $ORIGIN */
};

/* Where `name` is found when objects.v[by] asks for it. */
bool facts_loader_search(struct facts_loader_run *run, size_t by, struct str name,
                         struct facts_loader_found *ret);

/* Whether dir/name is a library for this program; keeps variants for newer processors
 * (glibc-hwcaps) beside it. */
bool facts_loader_try(struct facts_loader_run *run, struct str dir, struct str name,
                      struct facts_loader_found *ret);

/* Default folders of the C library for a machine, in order; NULL ends them. */
struct facts_loader_machine {
    uint16_t machine;
    uint8_t bits;
    const char *platform; /* $PLATFORM */
    const char *triplet;  /* Debian's folder, and its $LIB below lib/ */
    const char *lib;      /* others' folder, and their $LIB */
    const char *musl;     /* in ld-musl-ARCH.path */
};
const struct facts_loader_machine *facts_loader_machine_of(const struct elf_facts *elf);

/* A run path's element with $ORIGIN, $LIB and $PLATFORM filled in; `variant` counts the values $LIB
 * may have, from 0. False when there is no such variant. */
bool facts_loader_expand(struct arena *a, const struct facts_loader_object *object,
                         struct str element, unsigned variant, struct str *ret);

#endif
