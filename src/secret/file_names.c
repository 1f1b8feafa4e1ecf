/* file_names: the kinds' lists of files → the few that a path's last byte leaves possible.
 *
 * Invariants
 * 1. The answer is that of secret_file_is() for the kinds, one by one. (test_secret_scan: file
 * names)
 */
#include "secret/file_names.h"

struct secret_file_name {
    const struct secret_file_name *next;
    struct str want;
};

static void add(struct arena *a, struct str want, struct secret_file_names *names)
{
    bool open = str_ends(want, STR(".*"));
    const struct secret_file_name **list =
        open ? &names->others : &names->ends[(unsigned char)want.p[want.n - 1]];
    struct secret_file_name *name = arena_new(a, struct secret_file_name);
    *name = (struct secret_file_name){*list, want};
    *list = name;
}

void secret_file_names_make(struct arena *a, const struct secret_kinds *kinds,
                            struct secret_file_names *ret)
{
    struct str rest, want;
    *ret = (struct secret_file_names){0};
    for (size_t i = 0; i < kinds->n; i++)
        for (rest = str_of(kinds->v[i]->files); str_word(&rest, &want);)
            add(a, want, ret);
}

static bool any(const struct secret_file_name *name, struct str path)
{
    for (; name; name = name->next)
        if (secret_file_fits(name->want, path))
            return true;
    return false;
}

bool secret_file_names_have(const struct secret_file_names *names, struct str path)
{
    return path.n &&
           (any(names->ends[(unsigned char)path.p[path.n - 1]], path) || any(names->others, path));
}
