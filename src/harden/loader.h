/* loader: a program → the libraries its dynamic loader would load. Private to harden/.
 *
 * loader.c walks breadth first as a loader does; loader_search.c knows in which order glibc and
 * musl look for one name; loader_dirs.c knows the folders of each machine and what $ORIGIN means.
 */
#ifndef HARDEN_LOADER_H
#define HARDEN_LOADER_H

#include "harden/keeper.h"
#include "harden/ldcache.h"

enum loader_style { LOADER_GLIBC, LOADER_MUSL };

/* What the loader knows besides the files. */
struct loader {
    struct ldcache cache;
    struct strs preload;      /* words of /etc/ld.so.preload and of LD_PRELOAD */
    struct strs library_path; /* LD_LIBRARY_PATH of the config */
    struct tree_node *main;   /* a program whose loader stands for that of lone libraries */
};

/* One loaded file. */
struct loader_object {
    struct tree_node *node;
    const struct elf_facts *elf;
    struct str origin; /* $ORIGIN: the folder it was found in */
    size_t by;         /* index + 1 of the object that asked for it first */
};

/* One program with all it loads. */
struct loader_run {
    struct keeper *k;
    const struct loader *loader;
    enum loader_style style;
    struct str musl_path; /* of /etc/ld-musl-ARCH.path */
    struct loader_objects VEC(struct loader_object) objects;
    struct map names;  /* sonames and names asked for that are settled */
    struct map inodes; /* of objects */
};

struct loader_found {
    struct tree_lookup lookup;
    struct str dir; /* as it was written, for $ORIGIN */
};

/* Where `name` is found when objects.v[by] asks for it. */
bool loader_search(struct loader_run *run, size_t by, struct str name, struct loader_found *ret);

/* Whether dir/name is a library for this program; keeps variants for newer processors
 * (glibc-hwcaps) beside it. */
bool loader_try(struct loader_run *run, struct str dir, struct str name, struct loader_found *ret);

/* Default folders of the C library for a machine, in order; NULL ends them. */
struct loader_machine {
    uint16_t machine;
    uint8_t bits;
    const char *platform; /* $PLATFORM */
    const char *triplet;  /* Debian's folder, and its $LIB below lib/ */
    const char *lib;      /* others' folder, and their $LIB */
    const char *musl;     /* in ld-musl-ARCH.path */
};
const struct loader_machine *loader_machine_of(const struct elf_facts *elf);

/* A run path's element with $ORIGIN, $LIB and $PLATFORM filled in; `variant` counts the values $LIB
 * may have, from 0. False when there is no such variant. */
bool loader_expand(struct arena *a, const struct loader_object *object, struct str element,
                   unsigned variant, struct str *ret);

#endif
