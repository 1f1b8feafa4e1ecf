/* volume: paths of a run that are kept between runs → bind mounts.
 *
 * Docker fills a new volume with a copy of the image's content at that path. Here an overlay shows
 * that content without copying it: its lower folder is the content in the root that used the volume
 * first, its upper one is what runs wrote.
 *
 * Invariants
 * 1. Runs with the same key see what earlier ones wrote; with another key they do not.
 *    (sandbox.t: volumes)
 */
#include "sandbox/inside.h"
#include "sys/file.h"
#include "sys/mounts.h"

static const struct sandbox_volume *find(const struct sandbox *sb, struct str key, struct str path)
{
    vec_each (&sb->volumes, i)
        if (str_eq(sb->volumes.v[i].key, key) && str_eq(sb->volumes.v[i].path, path))
            return &sb->volumes.v[i];
    return NULL;
}

/* What the volume shows before anything is written: the image's folder, or an empty one. */
static int open_lower(struct sandbox *sb, const struct sandbox_root *root, struct str path,
                      int *ret, struct err *e)
{
    FD_AUTO int root_fd = -1;
    struct err absent;
    struct str empty;
    if (sys_open_dir(root->path, &root_fd, e))
        return -1;
    if (sys_open_inside(root_fd, path, O_RDONLY | O_DIRECTORY, ret, &absent) == 0)
        return 0;
    return inside_folder(sb, sb->scratch, "empty", &empty, e) || sys_open_dir(empty, ret, e) ? -1
                                                                                             : 0;
}

static int make(struct sandbox *sb, const struct sandbox_run *run, struct str path,
                const struct sandbox_volume **ret, struct err *e)
{
    FD_AUTO int lower = -1;
    struct str dir;
    if (open_lower(sb, run->root, path, &lower, e) ||
        inside_folder(sb, sb->disk, "volume", &dir, e) ||
        sys_mount_overlay(dir, lower, sb->in_userns, e))
        return err_wrap(e, "volume " STR_F, STR_A(path));
    struct sandbox_volume *v = vec_push(sb->a, &sb->volumes);
    *v = (struct sandbox_volume){str_dup(sb->a, run->volume_key), str_dup(sb->a, path), dir};
    *ret = v;
    return 0;
}

int volume_mounts(struct sandbox *sb, struct arena *a, const struct sandbox_run *run,
                  struct bundle_mounts *ret, struct err *e)
{
    for (size_t i = 0; i < run->n_volumes; i++) {
        struct str path = run->volume_dirs[i];
        while (path.n > 1 && path.p[path.n - 1] == '/')
            path.n--;
        if (path.n < 2 || path.p[0] != '/')
            return err_set(e, ERR_INPUT, "\"" STR_F "\" is no path for a volume",
                           STR_A(run->volume_dirs[i]));
        const struct sandbox_volume *v = find(sb, run->volume_key, path);
        if (!v && make(sb, run, path, &v, e))
            return -1;
        *vec_push(a, ret) =
            (struct bundle_mount){path, str_fmt(a, STR_F "/root", STR_A(v->dir)), false};
    }
    return 0;
}
