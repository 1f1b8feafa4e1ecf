/* doctor: what this machine lacks, above all for running containers in the sandbox, and how to get
 * it. */
#include "base/buf.h"
#include "base/json.h"
#include "base/late.h"
#include "base/safe.h"
#include "cli/command.h"
#include "sandbox/sandbox.h"
#include "sys/spawn.h"

struct values {
    struct str format, output, work_dir;
};

static const struct option_spec options[] = {
    {"format", 'f', OPTION_STR, offsetof(struct values, format), "FORMAT", "how to print it",
     "table|json"},
    {"output", 'o', OPTION_STR, offsetof(struct values, output), "FILE",
     "write there instead of to standard output", NULL},
    {"work-dir", 0, OPTION_STR, offsetof(struct values, work_dir), "DIR",
     "try there instead of in $TMPDIR or /var/tmp", NULL},
};

static bool is_well(const struct sandbox_probes *probes)
{
    bool well = true;
    vec_each (probes, i)
        well &= probes->v[i].works || !probes->v[i].needed;
    return well;
}

/* lint runs it; the sandbox works without. */
static void add_shellcheck(struct arena *a, struct sandbox_probes *probes)
{
    struct sandbox_probe *p = vec_push(a, probes);
    struct str path;
    *p = (struct sandbox_probe){.name = "shellcheck",
                                .works = sys_which(a, STR("shellcheck"), &path)};
    p->found = p->works ? path : STR("is not installed: lint does without");
    p->advice = p->works ? (struct str){0} : STR("apt-get install shellcheck");
}

/* What is loaded when it is first needed would be missed in the middle of some command. */
static void add_libraries(struct arena *a, struct sandbox_probes *probes)
{
    struct late *l;
    for (size_t i = 0; (l = late_at(i)); i++) {
        struct sandbox_probe *p = vec_push(a, probes);
        struct err e = {0};
        *p = (struct sandbox_probe){
            .name = l->file, .needed = true, .works = !late_load(l, &e), .found = STR("is there")};
        if (p->works)
            continue;
        p->found = str_dup(a, str_of(e.text));
        p->advice = str_fmt(a, "apt-get install %s", l->package);
    }
}

static struct str as_table(struct arena *a, const struct sandbox_probes *probes, bool color)
{
    struct buf b = {.a = a};
    vec_each (probes, i) {
        const struct sandbox_probe *p = &probes->v[i];
        const char *word = p->works ? "ok" : p->needed ? "MISSING" : "no";
        const char *paint = !color      ? ""
                            : p->works  ? "\033[32m"
                            : p->needed ? "\033[31m"
                                        : "\033[33m";
        buf_addf(&b, "%s%-8s%s%-18s" STR_F "\n", paint, word, color ? "\033[0m" : "", p->name,
                 STR_A(safe_text(a, p->found)));
        if (!p->works && p->advice.n)
            buf_addf(&b, "%26s→ " STR_F "\n", "", STR_A(p->advice));
    }
    buf_addz(&b, is_well(probes)
                     ? "\nThe sandbox works here.\n"
                     : "\nNot all of shuck works here: see the lines marked MISSING.\n");
    return buf_str(&b);
}

static struct str as_json(struct arena *a, const struct sandbox_probes *probes)
{
    json_t *list = json_array();
    vec_each (probes, i) {
        const struct sandbox_probe *p = &probes->v[i];
        json_array_append_new(list, json_pack("{ss sb sb so so}", "name", p->name, "works",
                                              p->works, "needed", p->needed, "found",
                                              json_text(p->found), "advice", json_text(p->advice)));
    }
    JSON_AUTO json_t *v = json_pack("{sb so}", "works", is_well(probes), "probes", list);
    return str_fmt(a, STR_F "\n", STR_A(json_write(a, v, 2)));
}

static int run(struct cli *cli, void *values, struct strs arguments, struct err *e)
{
    const struct values *v = values;
    struct sandbox_probes probes;
    (void)arguments;
    if (sandbox_probe(cli->a, v->work_dir, &probes, e))
        return -1;
    add_shellcheck(cli->a, &probes);
    add_libraries(cli->a, &probes);
    bool to_file = v->output.n && !str_is(v->output, "-");
    struct str text = str_is(v->format, "json") ? as_json(cli->a, &probes)
                                                : as_table(cli->a, &probes, cli->color && !to_file);
    if (command_output(cli, v->output, text, e))
        return -1;
    return is_well(&probes) ? 0 : ERR_MACHINE;
}

const struct command cmd_doctor = {
    .name = "doctor",
    .arguments = "",
    .summary = "Say what this machine lacks, and how to get it",
    .details =
        "Each thing is tried, not guessed: namespaces, ids, an overlay, a container by each\n"
        "installed runtime, tracing, the libraries that are loaded when they are needed. Exit "
        "status 4:\n"
        "something that is needed is missing.",
    .example = "shuck doctor --format json",
    OPTIONS(options),
    .values_size = sizeof(struct values),
    .run = run,
};
