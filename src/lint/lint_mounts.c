/* lint_mounts: see lint_mounts.h.
 *
 * Invariants
 * 1. A mount covers a folder only at the border of a name: /var/lib does not cover /var/library.
 *    (test_lint_args: mounts)
 */
#include "lint/lint_mounts.h"

static struct str no_slash(struct str path)
{
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    return path;
}

static void read_pair(struct lint_mount *m, struct str key, struct str value)
{
    if (str_is(key, "type"))
        m->type = value;
    else if (str_is(key, "target") || str_is(key, "dst") || str_is(key, "destination"))
        m->target = no_slash(value);
    else if (str_is(key, "from"))
        m->from = value;
    else if (str_is(key, "source") || str_is(key, "src"))
        m->source = value;
    else if (str_is(key, "id"))
        m->id = value;
}

void lint_mounts_read(struct arena *a, const struct lint_step *step, struct lint_mounts *ret)
{
    *ret = (struct lint_mounts){0};
    if (step->i->kind != DOCKERFILE_RUN)
        return;
    vec_each (&step->i->flags, k) {
        const struct dockerfile_flag *flag = &step->i->flags.v[k];
        struct str rest = flag->value.s, pair, key, value;
        if (!str_is(flag->name, "mount"))
            continue;
        struct lint_mount *m = vec_push(a, ret);
        *m = (struct lint_mount){.type = STR("bind"), .flag = flag};
        while (rest.n) {
            str_cut(rest, ',', &pair, &rest);
            str_cut(str_trim(pair), '=', &key, &value);
            read_pair(m, key, value);
        }
    }
}

/* `folder` is `target` or below it. */
static bool covers(struct str target, struct str folder)
{
    if (str_is(target, "/"))
        return true;
    return target.n && str_starts(folder, target) &&
           (folder.n == target.n || folder.p[target.n] == '/');
}

bool lint_mounts_keep(const struct lint_mounts *mounts, const struct lint_options *options,
                      const char *folder)
{
    vec_each (mounts, i) {
        const struct lint_mount *m = &mounts->v[i];
        if (!str_is(m->type, "cache") && !str_is(m->type, "tmpfs"))
            continue;
        /* hadolint looks for the folder's name in the target: a mount below it holds all of it, and
         * one of a folder around it nothing */
        if (options->compat ? str_has(m->target, str_of(folder))
                            : covers(m->target, str_of(folder)))
            return true;
    }
    return false;
}
