/* commands: every subcommand, in the order help shows them. */
#include "cli/command.h"

extern const struct command cmd_audit;
extern const struct command cmd_doctor;
extern const struct command cmd_explain;
extern const struct command cmd_help;
extern const struct command cmd_pack;
extern const struct command cmd_prove;

const struct command *const commands[] = {
    &cmd_audit,
    &cmd_doctor,
    &cmd_explain,
    &cmd_pack,
    &cmd_prove,
    &cmd_help,
    NULL,
};
