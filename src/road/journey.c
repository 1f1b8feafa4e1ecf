/* journey: options → an image opened, hardened and written.
 *
 * Invariants
 * 1. What cannot run on this machine is refused before anything is unpacked. (tests/harden.t)
 */
#include "road/journey.h"

#include <time.h>

#include "sys/file.h"

int64_t journey_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* What runs here must be of this machine's kind; emulators are not asked. */
static int check_platform(const struct image *image, struct err *e)
{
    const struct image_platform *p = &image->config.platform;
    struct image_platform here = image_machine();
    if (str_eq(p->arch, here.arch) && str_eq(p->os, here.os))
        return 0;
    return err_set(e, ERR_MACHINE,
                   "the image is for " STR_F "/" STR_F " and this machine is " STR_F "/" STR_F
                   ", so its program cannot be run here; use such a machine, or choose another "
                   "platform of the image with --platform",
                   STR_A(p->os), STR_A(p->arch), STR_A(here.os), STR_A(here.arch));
}

int journey_open(struct arena *a, const struct road_options *o, struct subject *ret, struct err *e)
{
    static const struct facts_how how = {.wish = FACTS_CONTENT | FACTS_SECRETS, .digests = true};
    if (image_open(a, &o->input, o->platform, &ret->image, e) || check_platform(ret->image, e) ||
        facts_read(a, ret->image, &how, &ret->tree, &ret->facts, NULL, e))
        return -1;
    if (!ret->tree->n_files)
        return err_set(e, ERR_INPUT,
                       "the image holds no file, so there is nothing to run or harden");
    return 0;
}

void journey_close(struct subject *s)
{
    if (s->tree)
        tree_free(s->tree);
    image_close(s->image);
}

void journey_tell(void *ctx, struct str line)
{
    const struct road_options *o = ctx;
    if (o->progress)
        o->progress(line);
}

int journey_harden(struct sandbox *sb, struct arena *a, struct journey *j, struct err *e)
{
    const struct road_options *o = j->options;
    if (!o->dry_run && image_can_write(&o->output, e)) /* known now, not after minutes */
        return -1;
    if (journey_open(a, o, &j->subject, e))
        return err_wrap(e, STR_F, STR_A(image_name_text(a, &o->input)));
    struct harden_job job = {.facts = &j->subject.facts,
                             .options = &o->harden,
                             .wish = &o->wish,
                             .user = o->user,
                             .uid = o->uid,
                             .ctx = (void *)o,
                             .progress = journey_tell};
    int rc = o->dry_run ? harden_dry_run(sb, a, &job, &j->result, e)
                        : harden_loop(sb, a, &job, &j->result, e);
    return rc ? err_wrap(e, STR_F, STR_A(image_name_text(a, &o->input))) : 0;
}

int journey_ask(struct sandbox *sb, struct arena *a, const struct exercise_wish *wish,
                const struct facts *f, const struct sandbox_root *root, struct outcome *ret,
                struct err *e)
{
    struct exercise_plan plan;
    if (exercise_plan(a, f, wish, &plan, e))
        return -1;
    struct sandbox_run run = {.root = root,
                              .policy = &sandbox_permissive,
                              .argv = plan.argv,
                              .env = plan.env,
                              .cwd = plan.cwd,
                              .uid = f->run_as.uid,
                              .gid = f->run_as.gid,
                              .groups = f->run_as.groups,
                              .n_groups = f->run_as.n_groups};
    return sandbox_exercise(sb, &run, &plan.exercise, a, ret, e);
}

static int write_image(const struct journey *j, struct err *e)
{
    return image_write(&j->options->output, &j->result.candidate.draft, NULL, e);
}

/* The page is whole beside its name before the image is written, and gets its name after: either
 * both are there or, if the image fails, none. */
static int write_both(struct arena *a, const struct journey *j, struct err *e)
{
    struct sys_atomic page;
    if (!j->options->html.n)
        return write_image(j, e);
    struct str html = report_road_html(a, &j->report);
    if (sys_atomic_begin(j->options->html, &page, e))
        return -1;
    if (sys_write_all(page.fd, html.p, html.n, e) || write_image(j, e)) {
        sys_atomic_abort(&page);
        return -1;
    }
    return sys_atomic_commit(&page, e);
}

int journey_write(struct sandbox *sb, struct arena *a, const struct journey *j, struct err *e)
{
    mode_t ours = sys_umask(sandbox_umask(sb));
    int rc = write_both(a, j, e);
    sys_umask(ours);
    return rc;
}
