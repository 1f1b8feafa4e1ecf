/* prove: attacker moves tried in the sandbox, before and after. */
#include "cli/command.h"
#include "cli/run_options.h"
#include "report/prove_table.h"

struct values {
    struct str format, output, platform, runtime, work_dir, fail_on;
    struct option_list moves;
};

static const struct option_spec options[] = {
    {"move", 'm', OPTION_STRS, offsetof(struct values, moves), "ID",
     "try this one only and show all that was seen; may be repeated", NULL},
    {"fail-on", 0, OPTION_STR, offsetof(struct values, fail_on), "GRADE",
     "exit 1 when the image alone is graded worse", "A+|A|B|C|D|E|F"},
    {"format", 'f', OPTION_STR, offsetof(struct values, format), "FORMAT", "how to report",
     "table|json"},
    {"output", 'o', OPTION_STR, offsetof(struct values, output), "FILE",
     "write the report here (default: standard output)", NULL},
    {"platform", 0, OPTION_STR, offsetof(struct values, platform), "OS/ARCH",
     "which platform of an image for several", NULL},
    {"runtime", 0, OPTION_STR, offsetof(struct values, runtime), "NAME",
     "OCI runtime to use (default: the first of crun and runc that works)", NULL},
    {"work-dir", 0, OPTION_STR, offsetof(struct values, work_dir), "DIR",
     "where to unpack (default: $TMPDIR or /var/tmp)", NULL},
};

static struct str report(struct cli *cli, const struct values *v, const struct prove_comparison *c)
{
    const struct prove_report *before = c->has_before ? &c->before : NULL;
    bool color = cli->color && (!v->output.n || str_is(v->output, "-"));
    if (str_is(v->format, "json"))
        return report_prove_json(cli->a, before, &c->after);
    struct str table = report_prove_table(cli->a, before, &c->after, color);
    if (!v->moves.n)
        return table;
    struct str was = before ? report_prove_details(cli->a, before, color) : (struct str){0};
    struct str is = report_prove_details(cli->a, &c->after, color);
    return str_fmt(cli->a, STR_F "\n" STR_F STR_F, STR_A(table), STR_A(was), STR_A(is));
}

static int run(struct cli *cli, void *values, struct strs arguments, struct err *e)
{
    const struct values *v = values;
    struct prove_comparison c;
    enum prove_grade worst = GRADE_F;
    struct prove_request request = {
        .image = arguments.v[0],
        .baseline = arguments.n > 1 ? arguments.v[1] : (struct str){0},
        .options.only = {v->moves.v, v->moves.n},
        .sandbox = {.runtime = v->runtime, .work_dir = v->work_dir},
    };
    if (run_options_platform(cli->a, v->platform, &request.platform, e) ||
        (v->fail_on.n && prove_grade_parse(v->fail_on, &worst, e)) ||
        prove_compare(cli->a, &request, &c, e) ||
        command_output(cli, v->output, report(cli, v, &c), e))
        return -1;
    return c.after.grade > worst ? 1 : 0;
}

const struct command cmd_prove = {
    .name = "prove",
    .arguments = "IMAGE [BASELINE]",
    .summary = "Try an intruder's moves in the sandbox, before and after",
    .details =
        "The intruder already runs code as the program's user. Each move is tried once, "
        "harmlessly,\n"
        "in a fresh container: with the engine's default rights (what the image alone achieves),\n"
        "under a restricted policy (read-only root, no capabilities, no new privileges, seccomp),\n"
        "and unrestricted as a control. With BASELINE, the original, both stand side by side.",
    .example = "shuck prove small.tar fat.tar",
    OPTIONS(options),
    .values_size = sizeof(struct values),
    .min_arguments = 1,
    .max_arguments = 2,
    .run = run,
};
