/* help: the overview, one command's options, or the manual page, all from the commands' tables. */
#include "cli/command.h"

struct values {
    bool man;
};

static const struct option_spec options[] = {
    {"man", 0, OPTION_FLAG, offsetof(struct values, man), NULL, "print the manual page, for man(1)",
     NULL},
};

static int run(struct cli *cli, void *values, struct strs arguments, struct err *e)
{
    const struct values *v = values;
    if (v->man)
        return command_output(cli, (struct str){0}, command_manual(cli->a), e);
    if (!arguments.n)
        return command_output(cli, (struct str){0}, command_overview(cli->a), e);
    const struct command *c = command_find(arguments.v[0]);
    if (!c)
        return err_set(e, ERR_USAGE, "no command \"" STR_F "\"; shuck help lists them",
                       STR_A(arguments.v[0]));
    return command_output(cli, (struct str){0}, command_help(c, cli->a), e);
}

const struct command cmd_help = {
    .name = "help",
    .arguments = "[COMMAND]",
    .summary = "List the commands, or one command's options",
    .example = "shuck help audit",
    OPTIONS(options),
    .values_size = sizeof(struct values),
    .max_arguments = 1,
    .run = run,
};
