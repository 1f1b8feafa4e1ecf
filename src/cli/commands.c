/* commands: every subcommand, in the order help shows them. */
#include "cli/command.h"

extern const struct command cmd_help;

const struct command *const commands[] = {
    &cmd_help,
    NULL,
};
