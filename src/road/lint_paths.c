/* lint_paths: see lint_paths.h.
 *
 * Invariants
 * 1. A search ends, whatever links to what, and leaves the folder it began in by no link.
 *    (lint.t: loop)
 * 2. What cannot be read hides nothing beside it. (lint.t: locked)
 */
#include "road/lint_paths.h"

#include "base/limits.h"
#include "sys/dirwalk.h"
#include "sys/file.h"

bool lint_paths_is_dockerfile(struct str name)
{
    static const struct str stems[] = {STR_INIT("Dockerfile"), STR_INIT("Containerfile")};
    static const struct str ends[] = {STR_INIT(".Dockerfile"), STR_INIT(".dockerfile"),
                                      STR_INIT(".Containerfile"), STR_INIT(".containerfile")};
    static const struct str others[] = {
        STR_INIT(".dockerignore"), STR_INIT("~"),   STR_INIT(".bak"), STR_INIT(".old"),
        STR_INIT(".orig"),         STR_INIT(".j2"), STR_INIT(".tmpl")};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_ends(name, others[i]))
            return false;
    for (size_t i = 0; i < sizeof stems / sizeof *stems; i++)
        if (str_starts(name, stems[i]) && (name.n == stems[i].n || name.p[stems[i].n] == '.'))
            return true;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (name.n > ends[i].n && str_ends(name, ends[i]))
            return true;
    return false;
}

static struct str last_part(struct str path)
{
    size_t slash = str_rfind(path, '/');
    return slash < path.n ? str_from(path, slash + 1) : path;
}

/* "." is not written before what is found in it. */
static struct str join(struct arena *a, struct str folder, struct str name)
{
    if (str_is(folder, "."))
        return str_dup0(a, name);
    return str_fmt(a, STR_F "%s" STR_F, STR_A(folder), str_ends(folder, STR("/")) ? "" : "/",
                   STR_A(name));
}

static bool passed_over(struct str name)
{
    return str_is(name, ".git") || str_is(name, "node_modules");
}

static int search(struct arena *a, struct str folder, void (*complain)(void *, const struct err *),
                  void *ctx, struct lint_paths *to, struct err *e)
{
    FD_AUTO int fd = -1;
    struct sys_walk *w;
    struct sys_walk_entry entry;
    if (sys_open_dir(folder, &fd, e) || sys_walk_begin(fd, LIMIT_PATH_DEPTH, &w, e))
        return -1;
    for (int rc; (rc = sys_walk_next(w, &entry, e));) {
        if (rc < 0) {
            err_wrap(e, STR_F, STR_A(folder));
            complain(ctx, e);
            continue;
        }
        struct str name = last_part(entry.path);
        if (S_ISDIR(entry.st.st_mode) && passed_over(name))
            sys_walk_skip(w);
        if (S_ISREG(entry.st.st_mode) && lint_paths_is_dockerfile(name))
            *vec_push(a, to) = join(a, folder, entry.path);
    }
    sys_walk_end(w);
    return 0;
}

void lint_paths_add(struct arena *a, struct str path, bool recursive,
                    void (*complain)(void *ctx, const struct err *e), void *ctx,
                    struct lint_paths *to)
{
    struct err e = {0};
    struct stat st;
    bool folder = !str_is(path, "-") && !sys_stat(path, &st, &e) && S_ISDIR(st.st_mode);
    if (!folder) {
        *vec_push(a, to) = path; /* reading it says what is wrong with it */
        return;
    }
    if (!recursive)
        err_set(&e, ERR_INPUT, STR_F " is a folder; --recursive looks for Dockerfiles in it",
                STR_A(path));
    if (!recursive || search(a, path, complain, ctx, to, &e))
        complain(ctx, &e);
}

struct str lint_paths_dockerignore(struct arena *a, struct str path)
{
    struct str text = {0};
    struct err ignored;
    if (str_is(path, "-"))
        return text;
    struct str folder = str_slice(path, 0, path.n - last_part(path).n);
    struct str own = str_fmt(a, STR_F ".dockerignore", STR_A(path));
    struct str common = str_fmt(a, STR_F ".dockerignore", STR_A(folder));
    if (sys_read_found(own, a, LIMIT_DOCKERIGNORE_BYTES, &text, &ignored) &&
        sys_read_found(common, a, LIMIT_DOCKERIGNORE_BYTES, &text, &ignored))
        return (struct str){0};
    return text;
}

struct str lint_paths_config(struct arena *a, struct str home, struct str config_home)
{
    if (!config_home.n && home.n)
        config_home = join(a, home, STR(".config"));
    const struct {
        struct str folder;
        const char *name;
    } places[] = {{STR("."), ".hadolint"},    {config_home, "hadolint"},
                  {config_home, ".hadolint"}, {home, ".hadolint/hadolint"},
                  {home, ".hadolint/config"}, {home, ".hadolint"}};
    static const char *const ends[] = {"yaml", "yml"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        for (size_t k = 0; k < 2 && places[i].folder.n; k++) {
            struct str path =
                join(a, places[i].folder, str_fmt(a, "%s.%s", places[i].name, ends[k]));
            if (sys_has_name(path))
                return path;
        }
    return (struct str){0};
}
