/* launch: the arguments of `init` and `trace` → a process that is the program.
 *
 * The program gets what an OCI runtime would give it: the bounding set is CAPS; root has CAPS as
 * its effective and permitted sets, other users have none until they run a file that gives them
 * some.
 *
 * Invariants
 * 1. The program inherits neither the agent's own descriptor nor the report's. (tests/agent.t: fds)
 * 2. A program that cannot be run ends with 127 when it is not there, 126 otherwise, and says so
 *    in one line. (tests/agent.t: not found)
 */
#include "agent/agent.h"

#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/securebits.h>

static bool wrong(const char *what, const char *word)
{
    struct line l = {0};
    line_add(&l, "agent: ");
    line_add(&l, what);
    line_add(&l, ": ");
    line_add(&l, word);
    line_print(&l, 2);
    return false;
}

static bool parse_user(const char *word, struct launch *l)
{
    const char *at = word;
    uint64_t n;
    if (!text_number(&at, 10, UINT32_MAX, &n) || *at++ != ':')
        return wrong("not UID:GID:G,…", word);
    l->uid = (uint32_t)n;
    if (!text_number(&at, 10, UINT32_MAX, &n))
        return wrong("not UID:GID:G,…", word);
    l->gid = (uint32_t)n;
    if (*at == ':')
        at++;
    while (*at) {
        if (l->n_groups == LAUNCH_GROUPS)
            return wrong("more than 256 groups", word);
        if (!text_number(&at, 10, UINT32_MAX, &n) || (*at && *at != ','))
            return wrong("not UID:GID:G,…", word);
        l->groups[l->n_groups++] = (uint32_t)n;
        at += *at == ',';
    }
    return true;
}

bool launch_parse(struct words *w, struct launch *ret)
{
    if (w->argc < 5 || !text_is(w->argv[3], "--"))
        return wrong("takes UID:GID:G,… CAPS CWD -- PROGRAM ARG…", "nothing is run");
    struct launch *l = ret;
    l->n_groups = 0;
    const char *caps = w->argv[1];
    if (!parse_user(w->argv[0], l))
        return false;
    if (!text_number(&caps, 16, UINT64_MAX, &l->capabilities) || *caps)
        return wrong("not a set of capabilities in hexadecimal", w->argv[1]);
    l->cwd = w->argv[2];
    l->argv = w->argv + 4;
    l->envp = w->envp;
    return true;
}

/* Tries `folder`/`name`; an empty folder is the current one, as in every PATH search. */
static long exec_in(const char *folder, size_t n, char **argv, char **envp)
{
    struct line path = {0};
    line_bytes(&path, n ? folder : ".", n ? n : 1);
    line_add(&path, "/");
    line_add(&path, argv[0]);
    return SYS(execve, path.at, argv, envp);
}

long launch_exec(char **argv, char **envp)
{
    if (text_find(argv[0], '/'))
        return SYS(execve, argv[0], argv, envp);
    /* what container engines set when an image sets none */
    const char *at = env_get(envp, "PATH");
    if (!at)
        at = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    long matters = -ENOENT;
    for (;;) {
        const char *end = text_find(at, ':');
        size_t n = end ? (size_t)(end - at) : text_length(at);
        long rc = exec_in(at, n, argv, envp);
        if (rc == -EACCES)
            matters = rc; /* there but not for us; another folder may have a better one */
        else if (rc != -ENOENT && rc != -ENOTDIR)
            return rc;
        if (!end)
            return matters;
        at = end + 1;
    }
}

__attribute__((noreturn)) static void fail(const char *what, long rc)
{
    struct line l = {0};
    line_add(&l, what);
    line_add(&l, ": ");
    line_errno(&l, (int)-rc);
    report_refused(l.at);
    line_print(&l, 2);
    sys_exit(126);
}

__attribute__((noreturn)) static void fail_exec(const char *program, long rc)
{
    bool searched = !text_find(program, '/');
    struct line l = {0};
    line_add(&l, "exec: \"");
    line_add(&l, program);
    line_add(&l, "\": ");
    if (searched && rc == -ENOENT)
        line_add(&l, "executable file not found in $PATH");
    else
        line_errno(&l, (int)-rc);
    report_refused(l.at);
    line_print(&l, 2);
    sys_exit(rc == -ENOENT || rc == -ENOTDIR ? 127 : 126);
}

static void drop_bounding(uint64_t keep)
{
    for (int cap = 0; cap < 64; cap++) {
        if (keep >> cap & 1)
            continue;
        long rc = SYS(prctl, PR_CAPBSET_DROP, cap, 0, 0, 0);
        if (rc == -EINVAL)
            return; /* past the last one this kernel knows */
        /* Without the right to drop, the set must be empty of it already. */
        if (rc < 0 && SYS(prctl, PR_CAPBSET_READ, cap, 0, 0, 0) == 1)
            fail("dropping capabilities", rc);
    }
}

static void set_capabilities(uint64_t keep)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct have[2] = {0}, set[2];
    SYS(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    SYS(capget, &head, have);
    for (int i = 0; i < 2; i++) {
        uint32_t caps = (uint32_t)(keep >> 32 * i) & have[i].permitted;
        set[i] = (struct __user_cap_data_struct){.effective = caps, .permitted = caps};
    }
    long rc = SYS(capset, &head, set);
    if (rc < 0)
        fail("setting capabilities", rc);
}

static void set_user(const struct launch *l)
{
    long rc = SYS(setgroups, l->n_groups, l->groups);
    /* A user namespace made without a helper forbids setgroups; it has no groups to lose. */
    if (rc < 0 && !(rc == -EPERM && l->n_groups == 0))
        fail("setting groups", rc);
    rc = SYS(setresgid, l->gid, l->gid, l->gid);
    if (rc < 0)
        fail("setting the group", rc);
    rc = SYS(setresuid, l->uid, l->uid, l->uid);
    if (rc < 0)
        fail("setting the user", rc);
}

void launch_become(const struct launch *l)
{
    SYS(close, WIRE_PROGRAM_FD);
    SYS(fcntl, WIRE_REPORT_FD, F_SETFD, FD_CLOEXEC);
    SYS(setsid); /* so that what the program sends to its process group does not reach the agent */
    long in_cwd = SYS(chdir, l->cwd);
    drop_bounding(l->capabilities);
    set_user(l);
    set_capabilities(l->capabilities);
    /* Runtimes try twice too: root may see what the user may not, and on some file systems the
     * other way round. */
    if (in_cwd < 0)
        in_cwd = SYS(chdir, l->cwd);
    if (in_cwd < 0) {
        struct line words = {0};
        line_add(&words, "chdir \"");
        line_add(&words, l->cwd);
        line_add(&words, "\"");
        fail(words.at, in_cwd);
    }
    fail_exec(l->argv[0], launch_exec(l->argv, l->envp));
}
