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
    HTTP_TIMEOUT_MS = 20000,    /* of one request */
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
    struct str scratch;    /* where small folders go: memory of the box's own, or disk */
    struct str disk;       /* where folders go that programs write much to; memory if need be */
    bool in_userns, keep;  /* keep: containers' folders stay */
    uint64_t capabilities; /* that the box itself has */
    int agent_fd;          /* the agent's program */
    unsigned made;         /* folders so far: numbers their names */
    struct sandbox_volumes volumes;
    struct job *live;
};

/* A new folder in sb->scratch or sb->disk, mode 0755: PLACE/NAME-7. */
int inside_folder(struct sandbox *sb, struct str place, const char *name, struct str *ret,
                  struct err *e) MUST_USE;

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
/* A command in that container; its own folder holds process.json. */
struct strs runtime_exec(struct arena *a, const struct sandbox *sb, struct str folder,
                         struct str job_folder);
struct strs runtime_delete(struct arena *a, const struct sandbox *sb, struct str folder);
/* What the runtime wrote to its log, in one line; empty: it has not complained. */
struct str runtime_complaint(struct arena *a, struct str folder);
struct strs runtime_env(void);

/* ---- job.c ---- */

/* A pipe that is drained into memory. */
struct stream {
    int fd; /* −1: at its end */
    size_t max;
    bool cut; /* more than max came; it was read and dropped */
    struct buf bytes;
};

struct job {
    struct job *next;
    struct arena *a;
    struct str folder; /* FOLDER/pid and FOLDER/log are the runtime's; empty: no container */
    struct strs env;   /* empty: what the runtime needs */
    struct sys_child runtime;
    int status; /* valid when ended */
    bool ended, timed_out;
    struct stream out, err, report;
    int64_t started_ms, ended_ms, deadline_ms;
    int64_t killed_ms; /* 0, or since when it is being killed */
};

void job_init(struct job *j, struct arena *a, struct str folder);
int job_start(struct sandbox *sb, struct job *j, struct strs argv, int64_t timeout_ms,
              struct err *e) MUST_USE;
/* Drains the pipes of all live jobs, notices ends and deadlines; waits up to timeout_ms for
 * something to do. */
void job_pump(struct sandbox *sb, int64_t timeout_ms);
void job_wait(struct sandbox *sb, struct job *j); /* until it ended and its pipes are drained */
/* To the container's first process; false: there is none (yet, or any more). */
bool job_signal(const struct job *j, int sig);
void job_kill(struct job *j);
/* The runtime did not start what it was to start, and why. */
bool job_refused(const struct job *j, struct str *why);
void job_end(struct sandbox *sb, struct job *j); /* kills what is left; the memory stays */

/* ---- container.c ---- */

struct sandbox_container {
    struct arena a;
    const struct sandbox_run *run;
    struct bundle bundle;
    struct job job; /* its folder: upper, root, config.json, pid, log, … */
};

/* ---- inquire.c: what an exercise asks of a running container ---- */

struct outcome_http inquire_http(struct sandbox *sb, struct arena *a,
                                 const struct exercise_http *asked, uint16_t port, bool v6);
/* Runs a shell command of this machine in the box's network, with the caller's environment. */
struct outcome_exec inquire_script(struct sandbox *sb, struct arena *a, struct str command,
                                   int64_t timeout_ms);
/* Runs a command in the container, traced when the run is; its report goes to *report. Status −1:
 * it was not started or did not end in time. */
struct outcome_exec inquire_exec(struct sandbox *sb, struct arena *a, struct sandbox_container *c,
                                 struct strs argv, int64_t timeout_ms, struct str *report);

/* ---- exercise.c ---- */

/* More than any part of the exercise may take together: a container is not ended under it. */
int64_t exercise_most_ms(const struct exercise *ex);

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

/* All but the runtime. */
int inside_prepare(struct sandbox *sb, struct arena *a, const struct sys_workdir *w, bool keep,
                   struct err *e) MUST_USE;
/* An overlay can be mounted in sb->scratch. */
int inside_try_overlay(struct sandbox *sb, struct err *e) MUST_USE;
/* An empty root with the agent starts and ends. */
int inside_try(struct sandbox *sb, struct err *e) MUST_USE;

#endif
