/* box: a function run as process 1 of its own namespaces, that leaves nothing behind.
 *
 *     caller ── keeper ── first
 *
 * The keeper is in the user namespace (when there is one) and outside of all others: it removes the
 * work folder after the first process, and with it every process and mount of the box, is gone. A
 * parent's death kills its child: SIGKILL of the caller takes down the keeper, that of the keeper
 * the first process, and the kernel ends all other processes of its pid namespace. */
#ifndef SYS_BOX_H
#define SYS_BOX_H

#include "sys/workdir.h"

/* Runs in the first process. Its error and up to 64 MiB of *reply reach the caller. */
typedef int sys_box_fn(const struct sys_workdir *w, void *ctx, struct arena *a, struct str *reply,
                       struct err *e);

struct sys_box {
    struct str work_parent; /* empty: $TMPDIR or /var/tmp */
    const char *host_name;
    bool keep;        /* the work folder stays */
    struct str *kept; /* where it is; may be NULL */
};

/* What fn returned. SIGINT, SIGTERM and SIGHUP to the caller end the box: −1, ERR_MACHINE
 * "interrupted". Not from a process with other running threads. */
int sys_box_run(struct arena *a, const struct sys_box *box, sys_box_fn *fn, void *ctx,
                struct str *reply, struct err *e) MUST_USE;

#endif
