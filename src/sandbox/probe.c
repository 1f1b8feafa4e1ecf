/* probe: what this machine can do for the sandbox, each thing found by doing it.
 *
 * Invariants
 * 1. What is reported to work was seen to work a moment ago; nothing is concluded from versions or
 *    settings. (doctor.t)
 */
#include <unistd.h>

#include "base/json.h"
#include "sandbox/inside.h"
#include "sys/box.h"
#include "sys/file.h"
#include "sys/idmap.h"
#include "sys/machine.h"

enum { SPACE_NEEDED = 512 << 20 };

static struct sandbox_probe *add(struct arena *a, struct sandbox_probes *list, const char *name,
                                 bool needed)
{
    struct sandbox_probe *p = vec_push(a, list);
    p->name = name;
    p->needed = needed;
    return p;
}

static void found(struct sandbox_probe *p, struct str what)
{
    p->works = true;
    p->found = what;
}

static void failed(struct arena *a, struct sandbox_probe *p, const struct err *e,
                   const char *advice)
{
    p->found = str_dup(a, str_of(e->text));
    p->advice = str_of(advice);
}

/* ---- outside of the box ---- */

static void probe_ids(struct arena *a, struct sandbox_probes *list)
{
    bool root = geteuid() == 0;
    struct err e = {0};
    struct sandbox_probe *p = add(a, list, "user namespace", !root);
    if (sys_try_user_namespace(&e))
        failed(a, p, &e,
               "sysctl -w user.max_user_namespaces=10000 kernel.unprivileged_userns_clone=1 "
               "kernel.apparmor_restrict_unprivileged_userns=0 (those that exist)");
    else
        found(p, root ? STR("can be made (root does without)") : STR("can be made"));
    p = add(a, list, "newuidmap", !root);
    struct sys_idmap map;
    if (root)
        found(p, STR("root needs no subordinate ids"));
    else if (sys_idmap_own(a, &map, &e))
        failed(a, p, &e,
               "apt-get install uidmap; usermod --add-subuids 100000-165535 --add-subgids "
               "100000-165535 USER");
    else {
        uint64_t n = 0;
        for (size_t i = 1; i < map.uids.n; i++)
            n += map.uids.v[i].count;
        found(p, str_fmt(a, "%llu subordinate ids", (unsigned long long)n));
    }
}

static void probe_surroundings(struct arena *a, struct str work_dir, struct sandbox_probes *list)
{
    struct err e = {0};
    uint64_t bytes = 0;
    struct str parent = sys_work_parent(a, work_dir);
    struct sandbox_probe *p = add(a, list, "work folder", true);
    if (sys_disk_free(parent, &bytes, &e))
        failed(a, p, &e, "name another with --work-dir or TMPDIR");
    else {
        found(p, str_fmt(a, "%llu MiB free in " STR_F, (unsigned long long)(bytes >> 20),
                         STR_A(parent)));
        p->works = bytes >= SPACE_NEEDED;
        if (!p->works)
            p->advice = STR("images are unpacked there: name another with --work-dir or TMPDIR");
    }
    p = add(a, list, "cgroups", false);
    found(p,
          str_fmt(a, "%s tree; containers run without a cgroup of their own", sys_cgroup_layout()));
    p = add(a, list, "memfd", false);
    found(p, sys_memfd_noexec() < 2
                 ? STR("programs in memory may run")
                 : STR("vm.memfd_noexec=2: the agent goes through a file instead"));
}

/* ---- in the box ---- */

static void probe_overlay(struct sandbox *sb, struct sandbox_probes *list)
{
    struct err e = {0};
    struct sandbox_probe *p = add(sb->a, list, "overlay", true);
    if (inside_try_overlay(sb, &e)) {
        failed(sb->a, p, &e,
               sb->in_userns
                   ? "needs Linux 5.11, or root; or a --work-dir that is not itself on an "
                     "overlay"
                   : "modprobe overlay; or a --work-dir that is not itself on an overlay");
        return;
    }
    if (!str_eq(sb->disk, sb->work->path))
        found(p, STR("can be mounted in memory only: the work folder is on an overlay itself"));
    else
        found(p, sb->in_userns ? STR("can be mounted in a user namespace") : STR("can be mounted"));
}

static bool probe_runtime(struct sandbox *sb, struct sandbox_probes *list,
                          enum sandbox_runtime kind)
{
    struct err e = {0};
    struct sandbox_probe *p = add(sb->a, list, runtime_name(kind), false);
    struct runtime r;
    if (runtime_find(sb->a, (struct str){0}, kind, &r, &e)) {
        failed(sb->a, p, &e,
               kind == RUNTIME_CRUN ? "apt-get install crun" : "apt-get install runc");
        return false;
    }
    struct runtime before = sb->runtime;
    sb->runtime = r;
    int64_t from = sys_now_ms();
    if (inside_try(sb, &e)) {
        failed(sb->a, p, &e, "another version of it, or the other runtime");
        sb->runtime = before;
        return false;
    }
    found(p, str_fmt(sb->a, STR_F " runs a container in %lld ms", STR_A(r.version),
                     (long long)(sys_now_ms() - from)));
    if (before.kind != RUNTIME_NONE)
        sb->runtime = before; /* the first that works is the one used */
    return true;
}

/* A program that does not exist is enough: looking for it is what is to be seen. */
static void probe_trace(struct sandbox *sb, struct sandbox_probes *list)
{
    static struct str words[] = {STR_INIT("/none")};
    struct sandbox_probe *p = add(sb->a, list, "ptrace", false);
    struct sandbox_root *root;
    struct sandbox_container *c;
    struct sandbox_result r;
    struct trace trace = {0};
    struct err e = {0};
    struct sandbox_run run = {.policy = &sandbox_permissive, .argv = {words, 1}, .trace = true};
    int rc = sandbox_empty(sb, &root, &e);
    run.root = root;
    if (rc || sandbox_start(sb, &run, &c, &e) || sandbox_finish(sb, c, sb->a, &r, &e) ||
        trace_read(r.agent_bytes, sb->a, &trace, &e)) {
        failed(sb->a, p, &e, "harden needs to trace the program");
        return;
    }
    if (trace.complete && trace.lookups.n) {
        found(p, STR("system calls can be traced"));
        return;
    }
    struct str words_of_agent = trace.refused.n ? trace.refused.v[0] : str_trim(r.err);
    p->found = str_fmt(sb->a, "the agent could not trace: " STR_F, STR_A(words_of_agent));
    p->advice = STR("sysctl -w kernel.yama.ptrace_scope=1 (3 forbids tracing); harden needs it");
}

static int inside(const struct sys_workdir *w, void *ctx, struct arena *a, struct str *reply,
                  struct err *e)
{
    struct sandbox sb;
    struct sandbox_probes list = {0};
    (void)ctx;
    if (inside_prepare(&sb, a, w, false, e) && sb.agent_fd < 0)
        return -1; /* an overlay that fails is one of the findings */
    probe_overlay(&sb, &list);
    bool crun = probe_runtime(&sb, &list, RUNTIME_CRUN);
    bool runc = probe_runtime(&sb, &list, RUNTIME_RUNC);
    list.v[list.n - 2].needed = list.v[list.n - 1].needed = !crun && !runc;
    if (crun || runc)
        probe_trace(&sb, &list);
    JSON_AUTO json_t *v = json_array();
    vec_each (&list, i) {
        const struct sandbox_probe *p = &list.v[i];
        json_array_append_new(v, json_pack("{ss sb sb so so}", "name", p->name, "works", p->works,
                                           "needed", p->needed, "found", json_text(p->found),
                                           "advice", json_text(p->advice)));
    }
    *reply = json_write(a, v, 0);
    return 0;
}

static int read_reply(struct arena *a, struct str reply, struct sandbox_probes *list, struct err *e)
{
    JSON_AUTO json_t *v = NULL;
    if (json_read(reply, &v, e))
        return -1;
    for (size_t i = 0; i < json_array_size(v); i++) {
        const json_t *o = json_array_get(v, i);
        struct str name = {0};
        struct sandbox_probe *p = vec_push(a, list);
        if (json_get_str(o, "name", a, &name, e) || json_get_bool(o, "works", &p->works, e) ||
            json_get_bool(o, "needed", &p->needed, e) ||
            json_get_str(o, "found", a, &p->found, e) ||
            json_get_str(o, "advice", a, &p->advice, e))
            return -1;
        p->name = str_cstr(a, name);
    }
    return 0;
}

int sandbox_probe(struct arena *a, struct str work_dir, struct sandbox_probes *ret, struct err *e)
{
    struct sys_box box = {.work_parent = work_dir, .host_name = "shuck"};
    struct sandbox_probes list = {0};
    struct str reply;
    struct err why = {0};
    probe_ids(a, &list);
    probe_surroundings(a, work_dir, &list);
    struct sandbox_probe *p = add(a, &list, "namespaces", true);
    if (sys_box_run(a, &box, inside, NULL, &reply, &why)) {
        bool interrupted = str_is(str_of(why.text), "interrupted");
        if (interrupted)
            return err_set(e, why.kind, "%s", why.text);
        failed(a, p, &why,
               geteuid() == 0 ? "run as an ordinary user, or give the container CAP_SYS_ADMIN"
                              : "see the lines above");
    } else {
        found(p, STR("process, mount, network, ipc and host name"));
        if (read_reply(a, reply, &list, e))
            return err_wrap(e, "the probe's answer");
    }
    *ret = list;
    return 0;
}
