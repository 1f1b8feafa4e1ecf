/* harden: the options of the road without audit and attack. */
#include "cli/harden_options.h"

static const struct option_spec options[] = {
    HARDEN_OPTIONS,
    {"list", 'l', OPTION_FLAG, offsetof(struct harden_values, list), NULL,
     "report every kept file with its reason, and every one that is not kept", NULL},
    {"dry-run", 'n', OPTION_FLAG, offsetof(struct harden_values, dry_run), NULL,
     "record and choose, report the list, write no image", NULL},
    RUN_OPTIONS(harden_values),
};

static int run(struct cli *cli, void *values, struct strs arguments, struct err *e)
{
    const struct harden_values *v = values;
    struct policy policy = {0};
    struct road_options o = {.policy = &policy};
    struct str text = {0};
    if (harden_options_fill(cli, v, arguments, &o, e) || road_harden(cli->a, &o, &text, e))
        return -1;
    return command_output(cli, v->result, text, e);
}

const struct command cmd_harden = {
    .name = "harden",
    .arguments = "IMAGE [ARGUMENT…]",
    .summary = "Make an image that holds only what its program runs, and behaves the same",
    .details = RUN_DETAILS
    "\n\nWhat the program looked up is kept, with what that needs to load; the result is run\n"
    "under the same exercise and compared. It is written only when it behaves the same.",
    .example = "shuck harden nginx.tar -o docker-archive:small.tar:nginx:small --http GET:/",
    OPTIONS(options),
    .values_size = sizeof(struct harden_values),
    .min_arguments = 1,
    .max_arguments = 1000,
    .run = run,
};
