/* inside: what the files of this room share about the box they are in. */
#ifndef SANDBOX_INSIDE_H
#define SANDBOX_INSIDE_H

#include <jansson.h>

#include "base/buf.h"
#include "sandbox/sandbox.h"
#include "sys/spawn.h"
#include "sys/workdir.h"

enum {
    STREAM_MAX = 1 << 20,       /* of a program's output that is kept */
    REPORT_MAX = 48 << 20,      /* of an agent's report; beyond it the trace counts as cut off */
    RUN_TIMEOUT_MS = 60000,     /* of a run that does not say */
    RUNTIME_TIMEOUT_MS = 20000, /* of the runtime's own commands */
};

/* One installed runtime. */
struct runtime {
    enum sandbox_runtime kind;
    struct str path, version; /* "1.8.1" */
};

/* Backed by an overlay whose lower folder is the path's content in the root that used it first;
 * what was written to it stays for the next run with the same key. */
struct sandbox_volume {
    struct str key, path;
    struct str dir; /* DIR/root is what a container gets */
};
struct sandbox_volumes VEC(struct sandbox_volume);

struct sandbox_root {
    struct str path; /* absolute */
    bool ours;       /* holds nothing of an image: the empty root */
};

struct sandbox {
    struct arena *a; /* lives as long as the box */
    const struct sys_workdir *work;
    struct runtime runtime;
    bool in_userns;
    uint64_t capabilities; /* that the box itself has */
    int agent_fd;          /* the agent's program */
    unsigned made;         /* folders so far: numbers their names */
    struct sandbox_volumes volumes;
    struct sandbox_container *live;
    pid_t helper; /* a child that is waited for elsewhere; 0: none */
};

/* A new folder in the work folder, mode 0755: WORK/NAME-7. */
int inside_folder(struct sandbox *sb, const char *name, struct str *ret, struct err *e) MUST_USE;

/* ---- bundle.c, pure: a run → config.json ---- */

struct bundle_mount {
    struct str destination, source;
    bool read_only;
};
struct bundle_mounts VEC(struct bundle_mount);

struct bundle {
    const struct sandbox_run *run;
    struct str root;             /* absolute path of the joined root */
    struct bundle_mounts mounts; /* beside the standard ones, bound */
    uint64_t capabilities;       /* what the box can give */
    bool trusted;                /* the root holds no image's code */
    bool in_userns;
    const char *host_name;
};

/* The words of the container's first process: the agent, and the program behind it. */
struct strs bundle_argv(struct arena *a, const struct bundle *b, struct strs program);
struct str bundle_config(struct arena *a, const struct bundle *b);
/* process.json of a further command in the same container. */
struct str bundle_process(struct arena *a, const struct bundle *b, struct strs program);

/* The field's default profile, as OCI's linux.seccomp. A new reference. */
json_t *seccomp_default(uint64_t capabilities);

/* ---- runtime.c: command lines of crun and runc ---- */

int runtime_find(struct arena *a, struct str asked, enum sandbox_runtime kind, struct runtime *ret,
                 struct err *e) MUST_USE;
const char *runtime_name(enum sandbox_runtime kind);
/* The container's folder holds config.json; its name is the container's. */
struct strs runtime_run(struct arena *a, const struct sandbox *sb, struct str folder);
struct strs runtime_exec(struct arena *a, const struct sandbox *sb, struct str folder,
                         struct str process_file);
struct strs runtime_delete(struct arena *a, const struct sandbox *sb, struct str folder);
/* What the runtime wrote to its log, in one line; empty: it has not complained. */
struct str runtime_complaint(struct arena *a, struct str folder);
struct strs runtime_env(void);

/* ---- container.c ---- */

/* A pipe that is drained into memory. */
struct stream {
    int fd; /* −1: at its end */
    size_t max;
    bool cut;
    struct buf bytes;
};

struct sandbox_container {
    struct sandbox_container *next;
    struct arena a;
    const struct sandbox_run *run;
    struct bundle bundle;
    struct str folder; /* DIR/upper, DIR/root, DIR/config.json, DIR/pid, DIR/log */
    struct sys_child runtime;
    int status; /* valid when ended */
    bool ended, timed_out;
    struct stream out, err, report;
    int64_t started_ms, ended_ms, deadline_ms;
    int64_t killed_ms; /* killed_ms: 0, or since when it is being killed */
};

/* Drains the pipes of all live containers, notices ends and deadlines; waits up to timeout_ms for
 * something to do. */
void container_pump(struct sandbox *sb, int64_t timeout_ms);
/* To the container's first process; false: there is none (yet, or any more). */
bool container_signal(struct sandbox_container *c, int sig);
void container_kill(struct sandbox_container *c);

/* ---- written.c ---- */

/* Absolute paths made, changed or removed below upper_dir, sorted; without what a runtime itself
 * makes: mount points. */
int written_list(struct arena *a, struct str upper_dir, const struct sandbox_root *root,
                 const struct bundle_mounts *mounts, struct str cwd, struct strs *ret,
                 struct err *e) MUST_USE;

/* ---- volume.c ---- */

/* Mounts of the run's volumes. */
int volume_mounts(struct sandbox *sb, struct arena *a, const struct sandbox_run *run,
                  struct bundle_mounts *ret, struct err *e) MUST_USE;

/* ---- enter.c ---- */

/* As sandbox_enter(), with or without a runtime that works: for finding out what is missing. */
int inside_prepare(struct sandbox *sb, struct arena *a, const struct sys_workdir *w,
                   struct err *e) MUST_USE;
/* An empty root with the agent starts and ends. */
int inside_try(struct sandbox *sb, struct err *e) MUST_USE;

#endif
