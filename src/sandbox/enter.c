/* enter: sandbox_enter(): into the box, with a runtime that was seen to work. */
#include <sys/prctl.h>
#include <unistd.h>

#include "base/late_archive.h"
#include "base/late_crypto.h"
#include "base/late_curl.h"
#include "base/late_hs.h"
#include "base/late_sqlite.h"
#include "sandbox/inside.h"
#include "sys/box.h"
#include "sys/file.h"
#include "sys/idmap.h"
#include "sys/mounts.h"

extern const char agent_blob[], agent_blob_end[];

struct entry {
    const struct sandbox_options *options;
    sandbox_fn *fn;
    void *ctx;
};

/* What this process holds: CapEff, which a container can at most be given. */
static int own_capabilities(uint64_t *ret, struct err *e)
{
    struct arena a = {0};
    struct str text, line, value = {0};
    int rc = sys_read_file(STR("/proc/self/status"), &a, 65536, &text, e);
    while (!rc && str_line(&text, &line))
        if (str_starts(line, STR("CapPrm:")))
            value = str_trim(str_from(line, 7));
    if (!rc && str_u64(value, 16, ret))
        rc = err_set(e, ERR_MACHINE, "/proc/self/status does not tell capabilities");
    arena_free(&a);
    return rc;
}

int inside_try_overlay(struct sandbox *sb, struct err *e)
{
    struct str lower, dir;
    FD_AUTO int fd = -1;
    if (inside_folder(sb, sb->scratch, "lower", &lower, e) ||
        inside_folder(sb, sb->scratch, "overlay", &dir, e) || sys_open_dir(lower, &fd, e) ||
        sys_mount_overlay(dir, fd, sb->in_userns, e))
        return -1;
    sys_unmount(str_fmt(sb->a, STR_F "/root", STR_A(dir)));
    return 0;
}

/* A runtime makes and removes dozens of small files a container, for which a disk's file system
 * takes milliseconds and memory nothing. So scratch is memory where an overlay can be there (in a
 * user namespace since Linux 6.6), and disk the work folder, unless it is on an overlay itself, as
 * in a container. One of the two must do. */
static int find_places(struct sandbox *sb, struct err *e)
{
    struct err memory_error;
    struct str memory;
    bool on_disk = inside_try_overlay(sb, e) == 0;
    if (on_disk && sb->keep)
        return 0;
    if (inside_folder(sb, sb->disk, "memory", &memory, &memory_error) ||
        sys_mount_memory(memory, &memory_error))
        return on_disk ? 0 : -1;
    sb->scratch = memory;
    bool in_memory = inside_try_overlay(sb, &memory_error) == 0;
    if (!in_memory)
        sb->scratch = sb->disk;
    if (!on_disk)
        sb->disk = memory;
    return on_disk || in_memory ? 0 : -1;
}

int inside_prepare(struct sandbox *sb, struct arena *a, const struct sys_workdir *w, bool keep,
                   struct err *e)
{
    *sb = (struct sandbox){.a = a,
                           .work = w,
                           .scratch = w->path,
                           .disk = w->path,
                           .keep = keep,
                           .in_userns = sys_in_user_namespace(),
                           .agent_fd = -1};
    struct str agent = {agent_blob, (size_t)(agent_blob_end - agent_blob)};
    if (own_capabilities(&sb->capabilities, e) || sys_program_fd(agent, w->fd, &sb->agent_fd, e))
        return -1;
    return find_places(sb, e);
}

/* A container of nothing but the agent: whatever is missing for containers shows here. */
int inside_try(struct sandbox *sb, struct err *e)
{
    static struct str words[] = {STR_INIT("health"), STR_INIT("none")};
    struct sandbox_root *root;
    struct sandbox_container *c;
    struct sandbox_result result;
    if (sandbox_empty(sb, &root, e))
        return -1;
    struct sandbox_run run = {.root = root, .policy = &sandbox_restricted, .agent = {words, 2}};
    if (sandbox_start(sb, &run, &c, e) || sandbox_finish(sb, c, sb->a, &result, e))
        return -1;
    if (!result.started)
        return err_set(e, ERR_MACHINE, "%s cannot start a container: " STR_F,
                       runtime_name(sb->runtime.kind), STR_A(result.err));
    return 0;
}

/* The runtime asked for, or the first that works; *e says of each why not. */
static int choose(struct sandbox *sb, struct str asked, struct err *e)
{
    static const enum sandbox_runtime order[] = {RUNTIME_CRUN, RUNTIME_RUNC};
    if (asked.n)
        return runtime_find(sb->a, asked, RUNTIME_NONE, &sb->runtime, e) || inside_try(sb, e) ? -1
                                                                                              : 0;
    struct buf why = {.a = sb->a};
    for (size_t i = 0; i < 2; i++) {
        struct err one = {0};
        if (runtime_find(sb->a, (struct str){0}, order[i], &sb->runtime, &one) == 0 &&
            inside_try(sb, &one) == 0)
            return 0;
        buf_addf(&why, "%s%s", i ? "; " : "", one.text);
    }
    return err_set(e, ERR_MACHINE, "no container runtime works here (apt-get install crun): " STR_F,
                   STR_A(buf_str(&why)));
}

static int inside(const struct sys_workdir *w, void *ctx, struct arena *a, struct str *reply,
                  struct err *e)
{
    const struct entry *entry = ctx;
    struct sandbox sb;
    if (inside_prepare(&sb, a, w, entry->options->keep, e))
        return err_wrap(e, "the sandbox");
    if (choose(&sb, entry->options->runtime, e))
        return err_wrap(e, "the sandbox");
    return entry->fn(&sb, entry->ctx, a, reply, e);
}

int sandbox_enter(struct arena *a, const struct sandbox_options *options, sandbox_fn *fn, void *ctx,
                  struct str *reply, struct err *e)
{
    struct entry entry = {options, fn, ctx};
    struct sys_box box = {.work_parent = options->work_dir,
                          .host_name = "shuck",
                          .keep = options->keep,
                          .kept = options->kept};
    /* while this machine's files are all there */
    if (late_archive_load(e) || late_crypto_load(e) || late_curl_load(e) || late_hs_load(e) ||
        late_sqlite_load(e))
        return -1;
    return sys_box_run(a, &box, inside, &entry, reply, e);
}

struct str sandbox_describe(const struct sandbox *sb, struct arena *a)
{
    return str_fmt(a, "%s " STR_F ", %s", runtime_name(sb->runtime.kind),
                   STR_A(sb->runtime.version), sb->in_userns ? "rootless" : "as root");
}

mode_t sandbox_umask(const struct sandbox *sb)
{
    return sb->work->umask;
}

struct str sandbox_work_dir(const struct sandbox *sb)
{
    return sb->work->path;
}

int sandbox_borrow(struct sandbox *sb, struct str path, struct sandbox_root **ret, struct err *e)
{
    struct sandbox_root *root = arena_new(sb->a, struct sandbox_root);
    char *real = realpath(str_cstr(sb->a, path), NULL);
    if (!real)
        return err_set(e, ERR_INPUT, STR_F ": no such folder", STR_A(path));
    root->path = str_dup(sb->a, str_of(real));
    free(real);
    *ret = root;
    return 0;
}

int sandbox_empty(struct sandbox *sb, struct sandbox_root **ret, struct err *e)
{
    struct sandbox_root *root = arena_new(sb->a, struct sandbox_root);
    if (inside_folder(sb, sb->scratch, "empty", &root->path, e))
        return -1;
    root->ours = true;
    *ret = root;
    return 0;
}
