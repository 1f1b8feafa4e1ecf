/* file_names: whether a path is that of a file that some kind has for itself, asked of every file
 * of an image. */
#ifndef SECRET_FILE_NAMES_H
#define SECRET_FILE_NAMES_H

#include "secret/kinds.h"

struct secret_file_name; /* one word of a kind's files */

struct secret_file_names {
    const struct secret_file_name *ends[256]; /* by the last byte of what the path must end in */
    const struct secret_file_name *others;
};

void secret_file_names_make(struct arena *a, const struct secret_kinds *kinds,
                            struct secret_file_names *ret);

/* As secret_file_is() of any of the kinds. */
bool secret_file_names_have(const struct secret_file_names *names, struct str path);

#endif
