/* container: a run → a container started by the runtime → what came out of it.
 *
 * Invariants
 * 1. After sandbox_finish() no process of the container, no mount and no file of it is left.
 *    (sandbox.t)
 */
#include "sandbox/inside.h"
#include "sys/file.h"
#include "sys/idmap.h"
#include "sys/mounts.h"

static const char host_name[] = "shuck";

int inside_folder(struct sandbox *sb, struct str place, const char *name, struct str *ret,
                  struct err *e)
{
    *ret = str_fmt(sb->a, STR_F "/%s-%u", STR_A(place), name, ++sb->made);
    return sys_make_dir(*ret, e);
}

/* Docker gives every container its own three; a lookup through our resolver fails at once. */
static int add_etc(struct sandbox_container *c, struct err *e)
{
    static const struct {
        const char *name, *content;
    } files[] = {
        {"hosts", "127.0.0.1\tlocalhost shuck\n::1\tlocalhost ip6-localhost ip6-loopback\n"},
        {"hostname", "shuck\n"},
        {"resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct str path = str_fmt(&c->a, STR_F "/%s", STR_A(c->job.folder), files[i].name);
        if (sys_write_scratch(path, str_of(files[i].content), e))
            return -1;
        *vec_push(&c->a, &c->bundle.mounts) = (struct bundle_mount){
            str_fmt(&c->a, "/etc/%s", files[i].name), path, c->run->policy->read_only};
    }
    return 0;
}

static int prepare(struct sandbox *sb, struct sandbox_container *c, struct err *e)
{
    const struct sandbox_root *root = c->run->root;
    FD_AUTO int lower = -1;
    /* the agent's own moves write little; an image's program as much as it likes */
    struct str place = c->run->agent.n ? sb->scratch : sb->disk;
    if (inside_folder(sb, place, "container", &c->job.folder, e) ||
        sys_open_dir(root->path, &lower, e) ||
        sys_mount_overlay(c->job.folder, lower, sb->in_userns, e))
        return -1;
    c->bundle = (struct bundle){
        .run = c->run,
        .root = str_fmt(&c->a, STR_F "/root", STR_A(c->job.folder)),
        .capabilities = sb->capabilities,
        .trusted = root->ours,
        .in_userns = sb->in_userns,
        .host_name = host_name,
    };
    if ((!root->ours && add_etc(c, e)) || volume_mounts(sb, &c->a, c->run, &c->bundle.mounts, e))
        return -1;
    return sys_write_scratch(str_fmt(&c->a, STR_F "/config.json", STR_A(c->job.folder)),
                             bundle_config(&c->a, &c->bundle), e);
}

/* A runtime tidies up after itself unless it was killed. */
static void delete_state(struct sandbox *sb, struct sandbox_container *c)
{
    struct str name = str_from(c->job.folder, str_rfind(c->job.folder, '/') + 1), output;
    struct err ignored;
    int status;
    if (!sys_exists(str_fmt(&c->a, STR_F "/run/" STR_F, STR_A(sb->scratch), STR_A(name))))
        return;
    struct sys_command delete = {.argv = runtime_delete(&c->a, sb, c->job.folder),
                                 .env = runtime_env()};
    if (sys_run(&delete, RUNTIME_TIMEOUT_MS, 4096, &c->a, &output, &status, &ignored))
        return; /* all of it ends with the box */
}

/* By a descriptor of the box's own: one from outside does not see what is mounted inside. */
static void remove_folder(struct sandbox *sb, struct str folder)
{
    FD_AUTO int fd = -1;
    struct err ignored; /* what stays goes with the work folder */
    size_t slash = str_rfind(folder, '/');
    if (sb->keep || sys_open_dir(str_slice(folder, 0, slash), &fd, &ignored))
        return;
    int stays = sys_remove_tree(fd, str_from(folder, slash + 1), &ignored);
    (void)stays;
}

static void forget(struct sandbox *sb, struct sandbox_container *c)
{
    job_end(sb, &c->job);
    if (c->job.folder.n) {
        delete_state(sb, c);
        sys_unmount(str_fmt(&c->a, STR_F "/root", STR_A(c->job.folder)));
        remove_folder(sb, c->job.folder);
    }
    arena_free(&c->a);
    free(c);
}

int sandbox_start(struct sandbox *sb, const struct sandbox_run *run, struct sandbox_container **ret,
                  struct err *e)
{
    if (!sys_uid_mapped(run->uid) || !sys_gid_mapped(run->gid))
        return err_set(
            e, ERR_MACHINE,
            "user %u:%u is beyond the subordinate ids of this account; add some (usermod "
            "--add-subuids and --add-subgids), or run as root",
            run->uid, run->gid);
    struct sandbox_container *c = calloc(1, sizeof *c);
    if (!c)
        return err_set(e, ERR_MACHINE, "no memory for a container");
    c->run = run;
    job_init(&c->job, &c->a, (struct str){0});
    if (prepare(sb, c, e) || job_start(sb, &c->job, runtime_run(&c->a, sb, c->job.folder),
                                       run->timeout_ms ? run->timeout_ms : RUN_TIMEOUT_MS, e)) {
        forget(sb, c);
        return err_wrap(e, "starting a container");
    }
    *ret = c;
    return 0;
}

int sandbox_finish(struct sandbox *sb, struct sandbox_container *c, struct arena *a,
                   struct sandbox_result *ret, struct err *e)
{
    struct job *j = &c->job;
    struct str why;
    job_wait(sb, j);
    bool refused = job_refused(j, &why);
    struct sandbox_result r = {
        .status = j->status,
        .timed_out = j->timed_out,
        .started = !refused,
        .agent_bytes = str_dup(a, buf_str(&j->report.bytes)),
        .out = str_dup(a, buf_str(&j->out.bytes)),
        .err = str_dup(a, refused ? why : buf_str(&j->err.bytes)),
        .ran_ms = j->ended_ms - j->started_ms,
    };
    int rc = written_list(a, str_fmt(&c->a, STR_F "/upper", STR_A(j->folder)), c->run->root,
                          &c->bundle.mounts, c->run->cwd, &r.written, e);
    forget(sb, c);
    if (!rc)
        *ret = r;
    return rc;
}
