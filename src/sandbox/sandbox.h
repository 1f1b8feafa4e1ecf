/* sandbox: an image's tree → a running container, through an installed OCI runtime.
 *
 * The box. sandbox_enter() runs a function in a child that is process 1 of new pid, mount, network,
 * ipc and uts namespaces (as an ordinary user: of a user namespace with the caller's subordinate
 * ids too), with its own /proc and /tmp-like work folder. When shuck dies, even by SIGKILL, the
 * kernel ends the child (parent-death signal) and with it every process of the box, and takes down
 * its mounts; a work folder left behind is removed by the next start. Inside the box everything is
 * plain function calls.
 *
 * Roots are unpacked once and never written: each container gets an overlay over one. */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include "facts/facts.h"
#include "trace/outcome.h"

enum sandbox_runtime { RUNTIME_NONE, RUNTIME_CRUN, RUNTIME_RUNC };

/* What this machine can do, found by trying; for `shuck doctor`. */
struct sandbox_probe {
    const char *name;   /* "user namespace", "overlay", "crun", "runc", "ptrace", "newuidmap" … */
    bool works, needed; /* needed: without it the sandbox cannot run */
    struct str found;   /* "crun 1.8.1", or what went wrong */
    struct str advice;  /* how to get it, one line; empty when it works */
};
struct sandbox_probes VEC(struct sandbox_probe);
int sandbox_probe(struct arena *a, struct str work_dir, struct sandbox_probes *ret,
                  struct err *e) MUST_USE;

struct sandbox; /* valid inside the box */

struct sandbox_options {
    struct str runtime;  /* path or name asked for; empty: the first that works */
    struct str work_dir; /* where to put the work folder; empty: $TMPDIR or /var/tmp */
    bool keep;           /* leave the work folder for a person to look at */
    struct str *kept;    /* where it is, when kept; may be NULL */
};

/* Runs fn(sb, ctx, e) in the box and returns what it returned (with its error). SIGINT, SIGTERM and
 * SIGHUP to the caller end the box, clean up, and make this return −1 with ERR_MACHINE
 * "interrupted". Files fn writes outside the work folder stay; memory it changes does not (it is
 * another process), so results travel as bytes: fn may put up to 64 MiB into *reply, which the
 * caller gets. */
typedef int sandbox_fn(struct sandbox *sb, void *ctx, struct arena *a, struct str *reply,
                       struct err *e);
int sandbox_enter(struct arena *a, const struct sandbox_options *options, sandbox_fn *fn, void *ctx,
                  struct str *reply, struct err *e) MUST_USE;

/* "crun 1.8.1, rootless" and the like. */
struct str sandbox_describe(const struct sandbox *sb, struct arena *a);

/* The mask of the caller's own files, for what is written for him: the box has one of its own. */
mode_t sandbox_umask(const struct sandbox *sb);

/* The work folder, absolute; gone with the box. */
struct str sandbox_work_dir(const struct sandbox *sb);

/* An unpacked root. Belongs to the box; ended with it. */
struct sandbox_root;
int sandbox_unpack(struct sandbox *sb, const struct tree *tree, const struct image *image,
                   struct sandbox_root **ret, struct err *e) MUST_USE;

/* A root that is a folder already, below which nothing changes while it is used. For tests, and for
 * images that are unpacked where they lie. */
int sandbox_borrow(struct sandbox *sb, struct str path, struct sandbox_root **ret,
                   struct err *e) MUST_USE;
/* A root without any file: only the agent runs in it. The place for sandbox_control: as root of the
 * machine (no user namespace), a root that holds an image's code never gets more than the default
 * capabilities and always has its masked paths, whatever the policy says. */
int sandbox_empty(struct sandbox *sb, struct sandbox_root **ret, struct err *e) MUST_USE;

/* How a container is confined. */
struct sandbox_policy {
    const char *name;                      /* "permissive", "restricted", "control" */
    bool read_only, no_new_privs, seccomp; /* seccomp: the default profile of the field */
    uint64_t capabilities; /* bounding, effective and permitted set, by CAP_ number */
    bool masked_paths;
    /* Processes the policy asks for at most; 0: no limit. Not applied: a container has no cgroup of
     * its own, since one would outlive a killed shuck. */
    uint64_t pids;
    bool own_network; /* a network namespace of its own with only loopback up; else the
                         box's, shared with the exerciser */
};
extern const struct sandbox_policy sandbox_permissive, sandbox_restricted, sandbox_control;

/* One container to run. All strings live until the container ended. */
struct sandbox_run {
    const struct sandbox_root *root;
    const struct sandbox_policy *policy;
    struct strs argv; /* of the program; the agent is put before it */
    struct strs env;
    struct str cwd;
    uint32_t uid, gid;
    const uint32_t *groups;
    size_t n_groups;
    const struct str *volume_dirs; /* paths in the container backed by folders kept between runs */
    size_t n_volumes;
    struct str volume_key; /* runs with the same key share them */
    bool trace;            /* agent as tracer; else as plain init */
    struct strs agent;     /* not empty: the agent's own arguments instead of `trace`/`init` */
    int64_t timeout_ms;    /* of the whole run; 0: 60 s */
};

/* A container that was started. */
struct sandbox_container;
int sandbox_start(struct sandbox *sb, const struct sandbox_run *run, struct sandbox_container **ret,
                  struct err *e) MUST_USE;
/* Waits for its end (or kills it at the timeout). *agent_bytes is what the agent wrote to its
 * report descriptor; out and err at most 1 MiB each. *status as in struct outcome. Frees the
 * container, its overlay is emptied. */
struct sandbox_result {
    int status;
    int64_t ran_ms;
    bool timed_out, started; /* started false: the runtime refused; err says why */
    struct str agent_bytes, out, err;
    struct strs written;
};
int sandbox_finish(struct sandbox *sb, struct sandbox_container *c, struct arena *a,
                   struct sandbox_result *ret, struct err *e) MUST_USE;

/* ---- the exercise: start, wait until ready, use it, stop it ---- */

struct exercise_http {
    struct str method, path, body; /* "GET", "/healthz" */
    uint16_t port;                 /* 0: the first port */
};

struct exercise {
    const uint16_t *ports; /* tcp ports to wait for; from EXPOSE and --port */
    size_t n_ports;
    struct str ready_log; /* a line that contains this means ready */
    bool ready_exit;      /* the program is to run to its end by itself */
    const struct exercise_http *https;
    size_t n_https;
    const struct strs *execs; /* commands run inside the container */
    size_t n_execs;
    struct strs scripts; /* programs of this machine, by path or name on its PATH, run by
                            /bin/sh -c in the box's network while the container is up */
    const struct image_healthcheck *health;
    int stop_signal;          /* number; 0: SIGTERM */
    int64_t ready_timeout_ms; /* 0: 30 s */
    int64_t stop_timeout_ms;  /* 0: 10 s */
};

/* Runs a container through the exercise. Failing to start or to become ready is not an error of
 * this function: it is in the outcome, in words. */
int sandbox_exercise(struct sandbox *sb, const struct sandbox_run *run, const struct exercise *ex,
                     struct arena *a, struct outcome *ret, struct err *e) MUST_USE;

#endif
