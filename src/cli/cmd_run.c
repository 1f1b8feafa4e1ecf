/* run: one exercise of an image in the sandbox, to find out how to make it ready. */
#include "cli/run_options.h"

struct values {
    struct run_values run;
};

static const struct option_spec options[] = {RUN_OPTIONS(values)};

static int run(struct cli *cli, void *values, struct strs arguments, struct err *e)
{
    const struct values *v = values;
    struct policy policy = {0};
    struct road_options o = {.policy = &policy};
    struct str text = {0};
    if (run_options_fill(cli, &v->run, arguments, &o, e) || road_run(cli->a, &o, &text, e))
        return -1;
    return command_output(cli, (struct str){0}, text, e);
}

const struct command cmd_run = {
    .name = "run",
    .arguments = "IMAGE [ARGUMENT…]",
    .summary = "Run an image in the sandbox, use it, stop it, and say what was seen",
    .details = RUN_DETAILS,
    .example = "shuck run oci:good --script 'curl -s localhost:8080/'",
    OPTIONS(options),
    .values_size = sizeof(struct values),
    .min_arguments = 1,
    .max_arguments = 1000,
    .run = run,
};
