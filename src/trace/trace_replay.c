/* trace_replay: recorded lookups × two trees → where the trees answer differently.
 *
 * What the program saw is looked up again on both, whatever it saw: files it made itself are on
 * neither tree and answer alike. A call that may create its last component needs the folder it is
 * in, so that is compared where the component is missing.
 *
 * Invariants
 * 1. A tree is no different from itself. (test_trace_replay: itself)
 * 2. One difference a path, whichever calls asked for it. (test_trace_replay: once)
 * 3. `allowed` never excuses a missing path or another type. (test_trace_replay: allowed)
 */
#include "base/map.h"
#include "trace/trace.h"

#include <errno.h>

static const struct str runtime_folders[] = {STR_INIT("/proc"), STR_INIT("/sys"), STR_INIT("/dev")};

/* The path without empty, "." and ".." components, as text: good enough to know the runtime's
 * folders, which are no symlinks. */
static struct str tidy(struct arena *a, struct str path)
{
    char *to = arena_alloc(a, path.n + 2);
    size_t n = 0;
    struct str part, rest = path;
    while (rest.n) {
        str_cut(rest, '/', &part, &rest);
        if (part.n == 0 || str_is(part, "."))
            continue;
        if (str_is(part, "..")) {
            while (n && to[--n] != '/')
                ;
            continue;
        }
        to[n++] = '/';
        memcpy(to + n, part.p, part.n);
        n += part.n;
    }
    if (!n)
        to[n++] = '/';
    return (struct str){to, n};
}

static bool is_below(struct str path, struct str folder)
{
    if (!str_starts(path, folder))
        return false;
    return path.n == folder.n || folder.p[folder.n - 1] == '/' || path.p[folder.n] == '/';
}

static bool is_ignored(struct arena *a, struct str path, const struct trace_replay_options *o)
{
    struct str clean = tidy(a, path);
    for (size_t i = 0; i < sizeof runtime_folders / sizeof *runtime_folders; i++)
        if (is_below(clean, runtime_folders[i]))
            return true;
    for (size_t i = 0; o && i < o->ignore_below.n; i++)
        if (o->ignore_below.v[i].n && is_below(clean, o->ignore_below.v[i]))
            return true;
    return false;
}

static const char *type_name(const struct tree_inode *inode)
{
    static const char *const names[] = {
        [ENTRY_FILE] = "a file",        [ENTRY_DIR] = "a folder",
        [ENTRY_SYMLINK] = "a symlink",  [ENTRY_HARDLINK] = "a hard link",
        [ENTRY_CHAR] = "a char device", [ENTRY_BLOCK] = "a block device",
        [ENTRY_FIFO] = "a named pipe",
    };
    return names[inode->type];
}

static const char *error_name(int error)
{
    switch (error) {
    case ENOENT:
        return "is missing";
    case ENOTDIR:
        return "leads through what is no folder";
    case ELOOP:
        return "is a loop of symlinks";
    default:
        return "cannot be resolved";
    }
}

/* Differences that no option excuses. Empty: none. */
static struct str different_kind(struct arena *a, const struct tree_inode *was,
                                 const struct tree_inode *is)
{
    if (was->type != is->type)
        return str_fmt(a, "%s became %s", type_name(was), type_name(is));
    if (was->type == ENTRY_SYMLINK && !str_eq(was->target, is->target))
        return str_fmt(a, "link to " STR_F " became link to " STR_F, STR_A(was->target),
                       STR_A(is->target));
    if ((was->type == ENTRY_CHAR || was->type == ENTRY_BLOCK) &&
        (was->dev_major != is->dev_major || was->dev_minor != is->dev_minor))
        return STR("another device");
    return (struct str){0};
}

/* Differences a remedy may have made on purpose. A symlink's mode means nothing. */
static struct str different_detail(struct arena *a, const struct tree_inode *was,
                                   const struct tree_inode *is)
{
    if (was->type == ENTRY_FILE && was->size != is->size)
        return str_fmt(a, "%llu bytes became %llu", (unsigned long long)was->size,
                       (unsigned long long)is->size);
    if (was->type == ENTRY_FILE && was->digest && is->digest && !digest_eq(was->digest, is->digest))
        return STR("other content");
    if (was->type != ENTRY_SYMLINK && was->mode != is->mode)
        return str_fmt(a, "mode %04o became %04o", was->mode, is->mode);
    if (was->uid != is->uid || was->gid != is->gid)
        return str_fmt(a, "owner %u:%u became %u:%u", was->uid, was->gid, is->uid, is->gid);
    return (struct str){0};
}

static struct str compare_nodes(struct arena *a, const struct tree_node *was,
                                const struct tree_node *is, const struct trace_replay_options *o)
{
    struct str what = different_kind(a, was->inode, is->inode);
    if (what.n)
        return what;
    what = different_detail(a, was->inode, is->inode);
    if (what.n && o && o->allowed && o->allowed(o->ctx, was, is))
        return (struct str){0};
    return what;
}

/* Where only the last component is missing, on a call that would make it: the folder decides. */
static struct str compare_missing(struct arena *a, const struct tree_lookup *was,
                                  const struct tree_lookup *is, bool create,
                                  const struct trace_replay_options *o)
{
    bool was_room = was->error == ENOENT && was->last.n,
         is_room = is->error == ENOENT && is->last.n;
    if (!create || !was_room)
        return (struct str){0};
    if (!is_room || !was->dir || !is->dir)
        return STR("the folder to make it in is missing");
    struct str what = compare_nodes(a, was->dir, is->dir, o);
    return what.n ? str_fmt(a, "the folder to make it in: " STR_F, STR_A(what)) : what;
}

static struct str compare(struct arena *a, const struct tree_lookup *was,
                          const struct tree_lookup *is, bool create,
                          const struct trace_replay_options *o)
{
    if (!was->error && !is->error)
        return compare_nodes(a, was->node, is->node, o);
    if (was->error && !is->error)
        return str_fmt(a, "%s in the original, is there in the result", error_name(was->error));
    if (!was->error)
        return is->error == ENOENT ? STR("exists in the original only")
                                   : str_fmt(a, "%s in the result", error_name(is->error));
    if (was->error != is->error)
        return str_fmt(a, "%s in the original, %s in the result", error_name(was->error),
                       error_name(is->error));
    return compare_missing(a, was, is, create, o);
}

struct replay {
    struct arena *a;
    struct arena scratch; /* emptied after each lookup */
    const struct tree *was, *is;
    const struct trace_replay_options *options;
    struct map asked, told; /* lookups done; paths with a difference */
    struct trace_differences list;
};

static void replay_lookup(struct replay *r, const struct trace_lookup *l)
{
    if (is_ignored(&r->scratch, l->path, r->options))
        return;
    enum tree_follow follow = l->nofollow ? TREE_NOFOLLOW : TREE_FOLLOW;
    struct tree_lookup was, is;
    tree_resolve(r->was, &r->scratch, STR("/"), l->path, follow, &was);
    tree_resolve(r->is, &r->scratch, STR("/"), l->path, follow, &is);
    struct str what = compare(&r->scratch, &was, &is, l->create, r->options);
    if (!what.n)
        return;
    *vec_push(r->a, &r->list) = (struct trace_difference){l, str_dup0(r->a, what), was.node};
    *map_at(&r->told, l->path) = r;
}

int trace_replay(struct arena *a, const struct trace *trace, const struct tree *was,
                 const struct tree *is, const struct trace_replay_options *options,
                 struct trace_differences *ret, struct err *e)
{
    (void)e; /* nothing here can fail: paths were bounded when they were read */
    struct replay r = {.a = a, .was = was, .is = is, .options = options};
    r.asked.a = r.told.a = a;
    arena_alloc(&r.scratch, 1); /* its first chunk stays */
    struct arena_mark mark = arena_mark(&r.scratch);
    vec_each (&trace->lookups, i) {
        const struct trace_lookup *l = &trace->lookups.v[i];
        struct str key = str_fmt(a, "%d%d" STR_F, l->nofollow, l->create, STR_A(l->path));
        if (map_has(&r.asked, key) || map_has(&r.told, l->path))
            continue;
        *map_at(&r.asked, key) = &r;
        replay_lookup(&r, l);
        arena_rewind(&r.scratch, mark);
    }
    arena_free(&r.scratch);
    *ret = r.list;
    return 0;
}
