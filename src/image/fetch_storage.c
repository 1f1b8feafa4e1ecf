/* fetch_storage: an image's name → the archive that podman or skopeo makes of it.
 *
 * Their copy lies in a folder of our own, with all else they make meanwhile, until it is open here.
 *
 * Invariants
 * 1. Neither the folder nor the program is left, also when a signal ends us. (inputs.t:
 * interrupted)
 */
#include <unistd.h>

#include "image/fetch.h"
#include "sys/file.h"
#include "sys/parallel.h"
#include "sys/workdir.h"

enum { MOST_MS = 24 * 3600 * 1000, MOST_WORDS = 64 * 1024 };

/* Its words, with FILE and NAME in place of theirs. podman first: it also knows short names. */
static const struct maker {
    const char *program;
    const char *words[10];
} makers[] = {
    {"podman",
     {"save", "--quiet", "--uncompressed", "--format", "oci-archive", "--output", "FILE", "--",
      "NAME"}},
    {"skopeo",
     {"copy", "--quiet", "--insecure-policy", "containers-storage:NAME", "oci-archive:FILE"}},
};

static const struct maker *find_maker(struct arena *a, struct str name, struct str *path)
{
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        /* "[driver@root+run]name" is for skopeo alone */
        if (!(i == 0 && str_starts(name, STR("["))) &&
            sys_which(a, str_of(makers[i].program), path))
            return &makers[i];
    return NULL;
}

static struct str filled(struct arena *a, struct str word, struct str file, struct str name)
{
    if (str_ends(word, STR("FILE")))
        return str_fmt(a, STR_F STR_F, STR_A(str_slice(word, 0, word.n - 4)), STR_A(file));
    if (str_ends(word, STR("NAME")))
        return str_fmt(a, STR_F STR_F, STR_A(str_slice(word, 0, word.n - 4)), STR_A(name));
    return word;
}

/* The caller's environment, but for where temporary files go. */
static struct strs environment(struct arena *a, struct str folder)
{
    struct strs all = sys_environment(a), env = {arena_array(a, struct str, all.n + 1), 0};
    for (size_t i = 0; i < all.n; i++)
        if (!str_starts(all.v[i], STR("TMPDIR=")))
            env.v[env.n++] = all.v[i];
    env.v[env.n++] = str_fmt(a, "TMPDIR=" STR_F, STR_A(folder));
    return env;
}

static struct str last_line(struct str text)
{
    text = str_trim(text);
    size_t at = str_rfind(text, '\n');
    return str_slice(at < text.n ? str_from(text, at + 1) : text, 0, 500);
}

static bool knows_no_such(struct str words)
{
    static const char *const phrases[] = {"not known", "does not resolve to an image",
                                          "no such image", "identifier is not an image"};
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (str_has(words, str_of(phrases[i])))
            return true;
    return false;
}

static int explain(const struct maker *m, const struct sys_task *t, struct err *e)
{
    if (!t->ended)
        return err_set(e, ERR_MACHINE, "%s was ended", m->program);
    if (knows_no_such(t->output))
        return err_set(e, ERR_INPUT,
                       "%s has no such image for this user; podman images lists what there is",
                       m->program);
    return err_set(e, ERR_MACHINE, "%s %s ends with status %d: " STR_F, m->program, m->words[0],
                   t->status, STR_A(last_line(t->output)));
}

static int make(struct arena *a, const struct maker *m, struct str program, struct str name,
                const struct sys_workdir *w, int *ret, struct err *e)
{
    struct str file = str_fmt(a, STR_F "/image.tar", STR_A(w->path));
    struct strs argv = {arena_array(a, struct str, 1 + sizeof m->words / sizeof *m->words), 0};
    argv.v[argv.n++] = program;
    for (size_t i = 0; i < sizeof m->words / sizeof *m->words && m->words[i]; i++)
        argv.v[argv.n++] = filled(a, str_of(m->words[i]), file, name);
    struct sys_task task = {.command = {.argv = argv, .env = environment(a, w->path)},
                            .errors = true};
    if (sys_run_all(&task, 1, MOST_MS, MOST_WORDS, a, e))
        return -1;
    if (!task.ended || task.status)
        return explain(m, &task, e);
    return sys_open_read(file, ret, e);
}

int fetch_storage(const struct image_name *name, int *ret, struct err *e)
{
    struct arena a = {0};
    struct sys_workdir w;
    struct sys_hold hold;
    struct err ignored;
    struct str program;
    const struct maker *m = find_maker(&a, name->path, &program);
    int rc = -1;
    if (!m) {
        err_set(e, ERR_MACHINE,
                "neither podman nor skopeo is here, which know how these images are kept: install "
                "one (apt-get install skopeo), or save the image elsewhere: podman save -o "
                "image.tar " STR_F,
                STR_A(name->path));
    } else {
        sys_hold_signals(&hold);
        rc = sys_workdir_make(&a, (struct str){0}, &w, e);
        if (!rc) {
            sys_workdir_sweep(&w, geteuid());
            rc = make(&a, m, program, name->path, &w, ret, e);
            if (sys_workdir_remove(&w, &ignored))
                ignored.kind = ERR_NONE; /* the next run's sweep tries again */
            sys_workdir_close(&w);
        }
        sys_release_signals(&hold);
    }
    arena_free(&a);
    return rc;
}
