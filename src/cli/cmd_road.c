/* road: harden, with audits and attacks before and after. */
#include "cli/harden_options.h"
#include "cli/policy_option.h"

static const struct option_spec options[] = {
    HARDEN_OPTIONS,
    {"html", 0, OPTION_STR, offsetof(struct harden_values, html), "FILE",
     "write one self-contained page with the whole report", NULL},
    {"show", 0, OPTION_STRS, offsetof(struct harden_values, shows), "REQUEST",
     "send a request to both images at the end and show the answers; may be repeated", NULL},
    {"config", 'c', OPTION_STR, offsetof(struct harden_values, config), "FILE",
     "ignores and trusted bases (default: .shuck.yaml when it is there)", NULL},
    RUN_OPTIONS(harden_values),
};

static int run(struct cli *cli, void *values, struct strs arguments, struct err *e)
{
    const struct harden_values *v = values;
    struct policy policy = {0};
    struct road_options o = {.policy = &policy};
    struct str text = {0};
    if (harden_options_fill(cli, v, arguments, &o, e) ||
        policy_option(cli, v->config, &policy, e) || road_whole(cli->a, &o, &text, e))
        return -1;
    return command_output(cli, v->result, text, e);
}

const struct command cmd_road = {
    .name = "road",
    .arguments = "IMAGE [ARGUMENT…]",
    .summary = "Audit, harden, audit again, attack both, one report",
    .details = RUN_DETAILS,
    .example = "shuck road fat.tar -o oci:good --http GET:/ --html report.html",
    OPTIONS(options),
    .values_size = sizeof(struct harden_values),
    .min_arguments = 1,
    .max_arguments = 1000,
    .run = run,
};
