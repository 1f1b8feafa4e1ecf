/* known: an image's files → those an intruder has a use for, by what they are good for. Pure. */
#ifndef PROVE_KNOWN_H
#define PROVE_KNOWN_H

#include "facts/facts.h"

enum known_use {
    KNOWN_SHELL,
    KNOWN_INTERPRETER,
    KNOWN_COMPILER,
    KNOWN_DOWNLOADER,
    KNOWN_PACKAGE_MANAGER,
    KNOWN_CRON,
    KNOWN_SSHD,
    KNOWN_LOADER,
    KNOWN_LOTL,   /* ordinary programs with a use beyond their purpose */
    KNOWN_SETUID, /* setuid root */
    KNOWN_FCAPS,  /* with file capabilities */
    KNOWN_SECRET, /* named like a key or a credential */
    KNOWN_USES
};

/* Absolute paths, those on the image's PATH first; at most LIMIT_KNOWN a use. */
enum { LIMIT_KNOWN = 400 };
struct known {
    struct strs paths[KNOWN_USES];
    size_t left_out; /* found beyond the limit */
};
void known_find(struct arena *a, const struct facts *f, struct known *ret);

/* True when the program's name is `base`, or `base` and a version: python, python3, python3.11. */
bool known_name_is(struct str name, struct str base);

#endif
