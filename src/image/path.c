/* path: a name as an archive has it → a path that stays below its root, by its text alone.
 *
 * Invariants
 * 1. No result has an empty, "." or ".." component, a leading or a trailing slash. (test_path:
 * clean)
 * 2. A result is at most LIMIT_PATH_BYTES long and LIMIT_PATH_DEPTH deep. (test_path: limits)
 */
#include "image/path.h"

/* Takes the next component that is not empty and not ".". */
static bool component(struct str *rest, struct str *name)
{
    while (rest->n) {
        str_cut(*rest, '/', name, rest);
        if (name->n && !str_is(*name, "."))
            return true;
    }
    return false;
}

struct joined {
    char *to;
    size_t n, depth;
};

static int add(struct joined *j, struct str name, struct err *e)
{
    if (name.n > LIMIT_NAME_BYTES)
        return err_set(e, ERR_INPUT, "a name of %zu bytes in its path; at most %d are possible",
                       name.n, LIMIT_NAME_BYTES);
    if (j->n + name.n + 1 >= LIMIT_PATH_BYTES)
        return err_set(e, ERR_INPUT, "its path is longer than %d bytes", LIMIT_PATH_BYTES - 1);
    if (++j->depth > LIMIT_PATH_DEPTH)
        return err_set(e, ERR_INPUT, "its path is more than %d folders deep", LIMIT_PATH_DEPTH);
    if (j->n)
        j->to[j->n++] = '/';
    memcpy(j->to + j->n, name.p, name.n);
    j->n += name.n;
    return 0;
}

static int up(struct joined *j, struct err *e)
{
    if (!j->n)
        return err_set(e, ERR_INPUT, "its path leaves the root through \"..\"");
    size_t slash = str_rfind((struct str){j->to, j->n}, '/');
    j->n = slash == j->n ? 0 : slash;
    j->depth--;
    return 0;
}

int path_clean(struct str raw, char *to, struct str *ret, struct err *e)
{
    struct joined j = {.to = to};
    struct str name;
    if (str_find(raw, 0) < raw.n)
        return err_set(e, ERR_INPUT, "its path has a NUL byte");
    while (component(&raw, &name)) {
        if (str_is(name, ".."))
            return err_set(e, ERR_INPUT,
                           "its path has a \"..\" component, which could leave the "
                           "root; no such entry is read");
        if (add(&j, name, e))
            return -1;
    }
    *ret = (struct str){to, j.n};
    return 0;
}

int path_follow(struct str from, struct str target, char *to, struct str *ret, struct err *e)
{
    struct joined j = {.to = to};
    struct str name;
    if (!str_starts(target, STR("/"))) {
        size_t slash = str_rfind(from, '/');
        struct str dir = slash == from.n ? (struct str){0} : str_slice(from, 0, slash);
        while (component(&dir, &name))
            if (add(&j, name, e))
                return -1;
    }
    while (component(&target, &name))
        if (str_is(name, "..") ? up(&j, e) : add(&j, name, e))
            return -1;
    *ret = (struct str){to, j.n};
    return 0;
}
