/* written: an overlay's upper folder → the paths a run made, changed or removed.
 *
 * Invariants
 * 1. What the runtime makes before the program starts (mount points, the working folder) is not
 *    listed, nor a folder that is in the upper one only because something below it changed.
 *    (sandbox.t: written)
 */
#include "base/limits.h"
#include "sandbox/inside.h"
#include "sys/dirwalk.h"
#include "sys/file.h"

/* A program that makes files without end fills a list, not the memory. */
enum { WRITTEN_MAX = 100000 };

struct found VEC(struct str);

struct list {
    struct arena *a;
    int lower;
    const struct bundle_mounts *mounts;
    struct str cwd;
    struct found paths;
};

/* at is path, or a folder above it. */
static bool leads_to(struct str at, struct str path)
{
    return str_starts(path, at) && (path.n == at.n || path.p[at.n] == '/');
}

static bool runtimes(const struct list *l, struct str path, bool folder)
{
    static const char *const standard[] = {"/proc", "/dev", "/sys"};
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
        if (str_is(path, standard[i]))
            return true;
    vec_each (l->mounts, i) {
        struct str at = l->mounts->v[i].destination;
        if (folder ? leads_to(path, at) : str_eq(path, at))
            return true;
    }
    return folder && leads_to(path, l->cwd);
}

/* The folder is in the root too: it is here only because something below it changed. */
static bool in_root(const struct list *l, struct str relative)
{
    FD_AUTO int there = -1;
    struct err absent;
    return sys_open_beneath(l->lower, relative, O_PATH | O_DIRECTORY | O_NOFOLLOW, 0, &there,
                            &absent) == 0;
}

static void see(struct list *l, const struct sys_walk_entry *entry)
{
    bool folder = S_ISDIR(entry->st.st_mode);
    struct str path = str_fmt(l->a, "/" STR_F, STR_A(entry->path));
    if (entry->path.n && !runtimes(l, path, folder) && !(folder && in_root(l, entry->path)))
        *vec_push(l->a, &l->paths) = path;
}

int written_list(struct arena *a, struct str upper_dir, const struct sandbox_root *root,
                 const struct bundle_mounts *mounts, struct str cwd, struct strs *ret,
                 struct err *e)
{
    FD_AUTO int lower = -1, upper = -1;
    struct sys_walk *w;
    if (sys_open_dir(root->path, &lower, e) || sys_open_dir(upper_dir, &upper, e) ||
        sys_walk_begin(upper, LIMIT_PATH_DEPTH, &w, e))
        return -1;
    struct list l = {.a = a, .lower = lower, .mounts = mounts, .cwd = cwd};
    struct sys_walk_entry entry;
    struct err end; /* folders nested without end are the program's doing: the list ends there */
    while (l.paths.n < WRITTEN_MAX && sys_walk_next(w, &entry, &end) == 1)
        see(&l, &entry);
    sys_walk_end(w);
    if (l.paths.n)
        qsort(l.paths.v, l.paths.n, sizeof *l.paths.v, str_order);
    *ret = (struct strs){l.paths.v, l.paths.n};
    return 0;
}
