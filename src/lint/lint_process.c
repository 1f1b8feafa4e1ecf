/* lint_process: how the program of an image is begun and watched → findings.
 *
 * Invariants
 * 1. A working directory is known from the first absolute WORKDIR on, or from the root of a stage
 *    that begins with nothing. (test_lint_table: relative to what is known)
 */
#include "lint/lint_around.h"
#include "lint/lint_exec.h"
#include "lint/lint_pragma.h"
#include "lint/lint_rules.h"

/* ---- DL3000: WORKDIR ---- */

static struct str unquoted(struct str s)
{
    while (s.n && (s.p[0] == '"' || s.p[0] == '\''))
        s = str_from(s, 1);
    while (s.n && (s.p[s.n - 1] == '"' || s.p[s.n - 1] == '\''))
        s.n--;
    return s;
}

static bool from_root(struct str path)
{
    char drive = path.n > 1 ? (char)(path.p[0] | 32) : 0;
    return str_starts(path, STR("/")) || str_starts(path, STR("$")) ||
           (drive >= 'a' && drive <= 'z' && path.p[1] == ':');
}

/* Longer ones are not kept: a chain of relative WORKDIRs grows. */
enum { PATH_MOST = 4096 };

static struct str joined(struct arena *a, struct str folder, struct str path)
{
    while (str_starts(path, STR("./")))
        path = str_from(path, 2);
    if (!folder.n || folder.n + path.n > PATH_MOST || str_has(path, STR("..")) ||
        memchr(path.p, '\\', path.n))
        return (struct str){0};
    if (!path.n || str_is(path, "."))
        return folder;
    return str_fmt(a, STR_F "%s" STR_F, STR_A(folder), str_ends(folder, STR("/")) ? "" : "/",
                   STR_A(path));
}

/* Only what needs no quotes where it is written. */
static bool writable(struct str path)
{
    for (size_t i = 0; i < path.n; i++)
        if (strchr(" \t\"'\\$#`", path.p[i]))
            return false;
    return path.n;
}

static void check_workdir(struct lint_context *c, const struct lint_step *step, struct str *home)
{
    struct str path = unquoted(step->whole.text), full;
    if (c->options->compat && step->onbuild)
        return;
    if (!path.n || from_root(path)) {
        *home = step->onbuild                                     ? *home
                : step->whole.known && str_starts(path, STR("/")) ? path
                                                                  : (struct str){0};
        return;
    }
    full = step->whole.known ? joined(c->a, *home, path) : (struct str){0};
    struct lint_finding *f = lint_add(c, step->whole.place,
                                      STR_F " is relative to whatever was set before", STR_A(path));
    if (!step->onbuild)
        *home = full;
    if (step->onbuild || !writable(full) || step->i->comments.n)
        return;
    lint_fix(c, f, FIX_SAFE, "writes " STR_F, STR_A(full));
    lint_edit(c, f, step->whole.place, STR_F, STR_A(full));
}

static void check_workdirs(struct lint_context *c)
{
    size_t n = c->file->stages.n;
    struct str *homes = arena_array(c->a, struct str, n + 1);
    vec_each (&c->file->steps, i) {
        const struct lint_step *step = &c->file->steps.v[i];
        struct str *home = &homes[step->stage < 0 ? n : (size_t)step->stage];
        if (step->i->kind == DOCKERFILE_WORKDIR)
            check_workdir(c, step, home);
        if (step->outer->kind != DOCKERFILE_FROM || step->stage < 0)
            continue;
        const struct lint_stage *stage = &c->file->stages.v[step->stage];
        if (stage->parent >= 0)
            *home = homes[stage->parent];
        else if (str_is(stage->base.text, "scratch"))
            *home = STR("/");
    }
}

static const struct lint_rule workdir = {
    .info = {.id = "DL3000",
             .aliases = {"DS009"},
             .severity = SEVERITY_HIGH,
             .title = "WORKDIR is absolute",
             .why = "A relative WORKDIR depends on all before it, the base image too. When one of "
                    "them changes, files land elsewhere and programs do not find theirs.",
             .remedy = "Write the folder from the root on.",
             .example = "WORKDIR /srv/app"},
    .file_hook = check_workdirs,
    .repairs = FIX_SAFE,
};

/* ---- DL3011: ports ---- */

static bool too_big(struct str number)
{
    uint64_t port;
    size_t digits = 0;
    while (digits < number.n && number.p[digits] >= '0' && number.p[digits] <= '9')
        digits++;
    if (!digits || digits != number.n)
        return false;
    return str_u64(number, 10, &port) || port > 65535;
}

static void check_ports(struct lint_context *c, const struct lint_step *step)
{
    vec_each (&step->words, k) {
        struct str ports = step->words.v[k].text, from, to, protocol;
        size_t colon;
        str_cut(ports, '/', &ports, &protocol);
        colon = str_rfind(ports, ':');
        if (colon < ports.n)
            ports = str_from(ports, colon + 1);
        str_cut(ports, '-', &from, &to);
        if (too_big(from) || too_big(to))
            lint_add(c, step->words.v[k].place, "there is no port " STR_F,
                     STR_A(too_big(from) ? from : to));
    }
}

static const struct lint_rule ports = {
    .info = {.id = "DL3011",
             .aliases = {"DS008"},
             .severity = SEVERITY_HIGH,
             .title = "Ports are below 65536",
             .why = "A port beyond 65535 does not exist; another one was meant, and that one is "
                    "neither published nor watched.",
             .remedy = "Write the port that the program listens on.",
             .example = "EXPOSE 8080"},
    .flat = true,
    .kinds = LINT_ON(EXPOSE),
    .step = check_ports,
};

/* ---- DL3012, DL4003, DL4004: what counts once ---- */

/* From the beginning of its line to the beginning of the next. */
static struct span lines_of(const struct lint_context *c, const struct dockerfile_instruction *i)
{
    struct str text = c->d->text;
    struct span lines = i->place;
    while (lines.from && text.p[lines.from - 1] != '\n')
        lines.from--;
    while (lines.to < text.n && text.p[lines.to - 1] != '\n')
        lines.to++;
    return lines;
}

/* A comment for a checker would be about what comes next, once the instruction is gone. */
static bool below_pragma(const struct lint_context *c, const struct lint_step *step)
{
    uint32_t above = lint_above(c->file, step);
    struct str text = str_slice(c->d->text, above, step->outer->place.from), line;
    while (str_line(&text, &line)) {
        struct str comment = str_trim(line);
        if (str_starts(comment, STR("#")) &&
            lint_pragma_read(c->a, comment, false).kind != LINT_PRAGMA_NONE)
            return true;
    }
    return false;
}

/* Of several in a stage only the last counts, so it is the earlier one that is wrong; hadolint
 * points at the later one. */
static void check_once(struct lint_context *c, enum dockerfile_kind kind)
{
    const struct lint_step *before = NULL;
    vec_each (&c->file->steps, i) {
        const struct lint_step *step = &c->file->steps.v[i];
        if (step->outer->kind == DOCKERFILE_FROM)
            before = NULL;
        if (step->i->kind != kind || step->onbuild)
            continue;
        if (before) {
            struct lint_finding *f =
                lint_add(c, lint_keyword(c->options->compat ? step : before),
                         "a later %s of the same stage takes the place of this one",
                         dockerfile_kind_name(kind).p);
            if (!before->i->comments.n && !below_pragma(c, before)) {
                lint_fix(c, f, FIX_SAFE, "takes the earlier one away");
                lint_edit(c, f, lines_of(c, before->i), "%s", "");
            }
        }
        before = step;
    }
}

static void check_one_healthcheck(struct lint_context *c)
{
    check_once(c, DOCKERFILE_HEALTHCHECK);
}

static void check_one_cmd(struct lint_context *c)
{
    check_once(c, DOCKERFILE_CMD);
}

static void check_one_entrypoint(struct lint_context *c)
{
    check_once(c, DOCKERFILE_ENTRYPOINT);
}

static const struct lint_rule one_healthcheck = {
    .info = {.id = "DL3012",
             .aliases = {"MultipleInstructionsDisallowed", "DS023"},
             .severity = SEVERITY_HIGH,
             .title = "A stage has one HEALTHCHECK",
             .why = "Only the last HEALTHCHECK counts. Whoever reads or changes an earlier one is "
                    "misled.",
             .remedy = "Keep the last one, or join them.",
             .example = "HEALTHCHECK CMD [\"/app\", \"--check\"]"},
    .file_hook = check_one_healthcheck,
    .repairs = FIX_SAFE,
};

static const struct lint_rule one_cmd = {
    .info = {.id = "DL4003",
             .aliases = {"MultipleInstructionsDisallowed", "DS016"},
             .severity = SEVERITY_MEDIUM,
             .title = "A stage has one CMD",
             .why = "Only the last CMD counts. Whoever reads or changes an earlier one is misled.",
             .remedy = "Keep the last one.",
             .example = "CMD [\"/app\"]"},
    .file_hook = check_one_cmd,
    .repairs = FIX_SAFE,
};

static const struct lint_rule one_entrypoint = {
    .info = {.id = "DL4004",
             .aliases = {"MultipleInstructionsDisallowed", "DS007"},
             .severity = SEVERITY_HIGH,
             .title = "A stage has one ENTRYPOINT",
             .why = "Only the last ENTRYPOINT counts. Whoever reads or changes an earlier one is "
                    "misled.",
             .remedy = "Keep the last one.",
             .example = "ENTRYPOINT [\"/app\"]"},
    .file_hook = check_one_entrypoint,
    .repairs = FIX_SAFE,
};

/* ---- DL3025: exec form ---- */

/* Whether each stage has a CMD, of its own or from a stage it is made from. */
static bool *stages_with_cmd(const struct lint_context *c)
{
    const struct lint_stages *stages = &c->file->stages;
    bool *has = arena_array(c->a, bool, stages->n + 1);
    vec_each (stages, k) {
        has[k] = stages->v[k].parent >= 0 && has[stages->v[k].parent];
        for (size_t i = stages->v[k].step; i < stages->v[k].end; i++)
            has[k] |= c->file->steps.v[i].i->kind == DOCKERFILE_CMD && !c->file->steps.v[i].onbuild;
    }
    return has;
}

/* An ENTRYPOINT in shell form gets no arguments; in exec form it would get those of CMD. */
static bool would_get_arguments(const struct lint_step *step, const bool *has_cmd)
{
    return step->i->kind == DOCKERFILE_ENTRYPOINT && step->stage >= 0 && has_cmd[step->stage];
}

static void check_form(struct lint_context *c, const struct lint_step *step, const bool *has_cmd)
{
    const struct dockerfile_instruction *i = step->i;
    /* A health check gets no signals, and a shell that was chosen is wanted: hadolint minds both.
     */
    bool excused = i->kind == DOCKERFILE_HEALTHCHECK || step->shell_text.n;
    if (i->json || !i->shell.s.n || (excused && !c->options->compat) ||
        (i->kind == DOCKERFILE_HEALTHCHECK && str_is(i->args.s, "NONE")))
        return;
    bool array = i->shell.s.p[0] == '[';
    struct lint_finding *f = lint_add(c, placed_span(&i->shell, 0, i->shell.s.n), "%s",
                                      array ? "this is no JSON array of strings, so a shell runs it"
                                            : "a shell runs it");
    if (!array && !would_get_arguments(step, has_cmd))
        lint_exec_form(c, f, step);
}

static void check_forms(struct lint_context *c)
{
    unsigned kinds = LINT_ON(CMD) | LINT_ON(ENTRYPOINT) | LINT_ON(HEALTHCHECK);
    const bool *has_cmd = stages_with_cmd(c);
    vec_each (&c->file->steps, k) {
        const struct lint_step *step = &c->file->steps.v[k];
        if (kinds >> step->i->kind & 1 && !(step->onbuild && c->options->compat))
            check_form(c, step, has_cmd);
    }
}

static const struct lint_rule form = {
    .info = {.id = "DL3025",
             .aliases = {"JSONArgsRecommended"},
             .severity = SEVERITY_MEDIUM,
             .title = "CMD and ENTRYPOINT are JSON arrays",
             .why = "In shell form a shell stands between the runtime and the program: signals do "
                    "not reach it, so it is killed instead of stopped, and the image needs a shell "
                    "that helps an intruder, too.",
             .remedy =
                 "Write a JSON array. Where a shell is needed, let it exec the program at its "
                 "end, or choose it with SHELL.",
             .example = "CMD [\"nginx\", \"-g\", \"daemon off;\"]"},
    .file_hook = check_forms,
    .repairs = FIX_UNSAFE,
};

const struct lint_rule *const lint_process[] = {
    &workdir, &ports, &one_healthcheck, &one_cmd, &one_entrypoint, &form, NULL,
};
