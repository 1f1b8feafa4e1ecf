/* commands: every subcommand, in the order help shows them. */
#include "cli/command.h"

extern const struct command cmd_audit;
extern const struct command cmd_explain;
extern const struct command cmd_help;

const struct command *const commands[] = {
    &cmd_audit,
    &cmd_explain,
    &cmd_help,
    NULL,
};
