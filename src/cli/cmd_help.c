/* help: the overview, or one command's options. */
#include "cli/command.h"

static int run(struct cli *cli, void *values, struct strs arguments, struct err *e)
{
    (void)values;
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
    .max_arguments = 1,
    .run = run,
};
