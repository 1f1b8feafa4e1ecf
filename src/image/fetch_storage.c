/* fetch_storage: an image's name → the archive that podman or skopeo makes of it.
 *
 * An OCI config has no place for what is Docker's own (HEALTHCHECK, ONBUILD, SHELL), a
 * docker-archive none for annotations: the archive is in the format that the image is kept in.
 * Their copy lies in a folder of our own, with all else they make meanwhile, until it is open here.
 *
 * Invariants
 * 1. Neither the folder nor the program is left, also when a signal ends us. (inputs.t:
 * interrupted)
 * 2. Neither format is turned into the other. (inputs.t: in Docker's format; interop.t: its own
 * format kept)
 */
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "image/fetch.h"
#include "image/manifest.h"
#include "sys/file.h"
#include "sys/parallel.h"
#include "sys/workdir.h"

enum { MOST_MS = 24 * 3600 * 1000, MOST_WORDS = 64 * 1024 };

enum { QUESTION_WORDS = 8, SAVE_WORDS = 10 };

/* Its words, with FILE, NAME and FORMAT in place of theirs. podman first: it also knows short
 * names. What `asks` prints is, or as JSON holds, the media type of the manifest. */
static const struct maker {
    const char *program;
    const char *asks[QUESTION_WORDS];
    const char *words[SAVE_WORDS];
} makers[] = {
    {"podman",
     {"image", "inspect", "--format", "{{.ManifestType}}", "--", "NAME"},
     {"save", "--quiet", "--uncompressed", "--format", "FORMAT", "--output", "FILE", "--", "NAME"}},
    {"skopeo",
     {"inspect", "--raw", "containers-storage:NAME"},
     {"copy", "--quiet", "--insecure-policy", "containers-storage:NAME", "FORMAT:FILE"}},
};

/* What stands for the words of the table. */
struct job {
    const struct maker *maker;
    struct str program, name, file, format;
    struct strs env;
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

static struct str filled(struct arena *a, struct str word, const struct job *job)
{
    if (str_is(word, "FORMAT"))
        return job->format;
    if (str_is(word, "FORMAT:FILE"))
        return str_fmt(a, STR_F ":" STR_F, STR_A(job->format), STR_A(job->file));
    if (str_is(word, "FILE"))
        return job->file;
    if (str_ends(word, STR("NAME")))
        return str_fmt(a, STR_F STR_F, STR_A(str_slice(word, 0, word.n - 4)), STR_A(job->name));
    return word;
}

static struct strs command(struct arena *a, const struct job *job, const char *const *words,
                           size_t n)
{
    struct strs argv = {arena_array(a, struct str, 1 + n), 0};
    argv.v[argv.n++] = job->program;
    for (size_t i = 0; i < n && words[i]; i++)
        argv.v[argv.n++] = filled(a, str_of(words[i]), job);
    return argv;
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

static bool is_docker(struct arena *a, struct str answer)
{
    JSON_AUTO json_t *j = NULL;
    struct str type = {0};
    struct err ignored;
    if (str_is(str_trim(answer), MANIFEST_TYPE_DOCKER))
        return true;
    return !json_read(answer, &j, &ignored) && json_is_object(j) &&
           !json_get_str(j, "mediaType", a, &type, &ignored) && str_is(type, MANIFEST_TYPE_DOCKER);
}

/* A question without an answer is no failure: what is wrong is said by what makes the archive. */
static int choose_format(struct arena *a, struct job *job, struct err *e)
{
    struct sys_task task = {
        .command = {.argv = command(a, job, job->maker->asks, QUESTION_WORDS), .env = job->env}};
    if (sys_run_all(&task, 1, MOST_MS, LIMIT_JSON_BYTES, a, e))
        return -1;
    if (!task.ended)
        return explain(job->maker, &task, e);
    job->format = !task.status && !task.cut && is_docker(a, task.output) ? STR("docker-archive")
                                                                         : STR("oci-archive");
    return 0;
}

static int make(struct arena *a, const struct maker *m, struct str program, struct str name,
                const struct sys_workdir *w, int *ret, struct err *e)
{
    struct job job = {.maker = m,
                      .program = program,
                      .name = name,
                      .file = str_fmt(a, STR_F "/image.tar", STR_A(w->path)),
                      .env = environment(a, w->path)};
    if (choose_format(a, &job, e))
        return -1;
    struct sys_task task = {
        .command = {.argv = command(a, &job, m->words, SAVE_WORDS), .env = job.env},
        .errors = true};
    if (sys_run_all(&task, 1, MOST_MS, MOST_WORDS, a, e))
        return -1;
    if (!task.ended || task.status)
        return explain(m, &task, e);
    return sys_open_read(job.file, ret, e);
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
