/* runtime: the command lines of crun and runc, which agree on most but not on all.
 *
 * Both run without a cgroup of their own: one they make would outlive a killed shuck. crun is told
 * so by an option; runc gives up quietly when it believes it is rootless and the tree is read-only,
 * which the box's is.
 */
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/vec.h"
#include "sandbox/inside.h"
#include "sys/file.h"

struct words VEC(struct str);

static const char *const names[] = {
    [RUNTIME_NONE] = "none", [RUNTIME_CRUN] = "crun", [RUNTIME_RUNC] = "runc"};

const char *runtime_name(enum sandbox_runtime kind)
{
    return names[kind];
}

struct strs runtime_env(void)
{
    static struct str env[] = {STR_INIT("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:"
                                        "/sbin:/bin"),
                               STR_INIT("LC_ALL=C")};
    return (struct strs){env, sizeof env / sizeof *env};
}

/* "crun version 1.8.1\ncommit: …" → "1.8.1". */
static struct str version_of(struct str output)
{
    struct str line = {0}, word, last = {0};
    if (str_line(&output, &line))
        while (str_word(&line, &word))
            last = word;
    return last;
}

int runtime_find(struct arena *a, struct str asked, enum sandbox_runtime kind, struct runtime *ret,
                 struct err *e)
{
    struct runtime r = {.kind = kind};
    struct str output;
    int status;
    if (!sys_which(a, asked.n ? asked : str_of(names[kind]), &r.path))
        return err_set(e, ERR_MACHINE, STR_F " is not installed",
                       STR_A(asked.n ? asked : str_of(names[kind])));
    struct str words[] = {r.path, STR("--version")};
    struct sys_command c = {.argv = {words, 2}, .env = runtime_env()};
    if (sys_run(&c, RUNTIME_TIMEOUT_MS, 4096, a, &output, &status, e))
        return -1;
    if (status)
        return err_set(e, ERR_MACHINE, STR_F " --version failed: " STR_F, STR_A(r.path),
                       STR_A(str_trim(output)));
    r.version = version_of(output);
    if (kind == RUNTIME_NONE)
        r.kind = str_starts(output, STR("crun")) ? RUNTIME_CRUN : RUNTIME_RUNC;
    *ret = r;
    return 0;
}

static void add(struct arena *a, struct words *w, struct str s)
{
    *vec_push(a, w) = s;
}

/* What every command starts with. */
static struct words common(struct arena *a, const struct sandbox *sb, struct str folder,
                           const char *command)
{
    struct words w = {0};
    bool crun = sb->runtime.kind == RUNTIME_CRUN;
    add(a, &w, sb->runtime.path);
    add(a, &w, STR("--root"));
    add(a, &w, str_fmt(a, STR_F "/run", STR_A(sb->scratch)));
    add(a, &w, STR("--log"));
    /* to crun, what comes before a colon is a kind of log, and TMPDIR may have one */
    add(a, &w, str_fmt(a, "%s" STR_F "/log", crun ? "file:" : "", STR_A(folder)));
    if (crun)
        add(a, &w, STR("--cgroup-manager=disabled"));
    else
        add(a, &w, STR("--rootless=true"));
    add(a, &w, str_of(command));
    return w;
}

static struct str name_of(struct str folder)
{
    return str_from(folder, str_rfind(folder, '/') + 1);
}

struct strs runtime_run(struct arena *a, const struct sandbox *sb, struct str folder)
{
    struct words w = common(a, sb, folder, "run");
    add(a, &w, STR("--bundle"));
    add(a, &w, folder);
    add(a, &w, STR("--pid-file"));
    add(a, &w, str_fmt(a, STR_F "/pid", STR_A(folder)));
    add(a, &w, STR("--preserve-fds=2"));
    add(a, &w, name_of(folder));
    return (struct strs){w.v, w.n};
}

struct strs runtime_exec(struct arena *a, const struct sandbox *sb, struct str folder,
                         struct str job_folder)
{
    struct words w = common(a, sb, job_folder, "exec");
    add(a, &w, STR("--process"));
    add(a, &w, str_fmt(a, STR_F "/process.json", STR_A(job_folder)));
    add(a, &w, STR("--pid-file"));
    add(a, &w, str_fmt(a, STR_F "/pid", STR_A(job_folder)));
    add(a, &w, STR("--preserve-fds=2"));
    add(a, &w, name_of(folder));
    return (struct strs){w.v, w.n};
}

struct strs runtime_delete(struct arena *a, const struct sandbox *sb, struct str folder)
{
    struct words w = common(a, sb, folder, "delete");
    add(a, &w, STR("--force"));
    add(a, &w, name_of(folder));
    return (struct strs){w.v, w.n};
}

struct str runtime_complaint(struct arena *a, struct str folder)
{
    struct str text, line, last = {0};
    struct err ignored;
    if (sys_read_file(str_fmt(a, STR_F "/log", STR_A(folder)), a, LIMIT_TEXT_BYTES, &text,
                      &ignored))
        return last;
    while (str_line(&text, &line)) {
        bool harmless = str_has(line, STR("level=warn")) || str_has(line, STR("level=info")) ||
                        str_has(line, STR("level=debug"));
        if (str_trim(line).n && !harmless)
            last = str_trim(line);
    }
    /* runc: time="…" level=error msg="…" */
    size_t at = str_find_str(last, STR("msg="));
    return at < last.n ? str_from(last, at + 4) : last;
}
