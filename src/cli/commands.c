/* commands: every subcommand, in the order help shows them. */
#include "cli/command.h"

extern const struct command cmd_audit;
extern const struct command cmd_doctor;
extern const struct command cmd_explain;
extern const struct command cmd_harden;
extern const struct command cmd_help;
extern const struct command cmd_lint;
extern const struct command cmd_pack;
extern const struct command cmd_prove;
extern const struct command cmd_road;
extern const struct command cmd_run;
extern const struct command cmd_sbom;

/* The road first, then its stretches in their order, then what helps. */
const struct command *const commands[] = {
    &cmd_road, &cmd_lint, &cmd_audit,   &cmd_harden, &cmd_prove, &cmd_run,
    &cmd_pack, &cmd_sbom, &cmd_explain, &cmd_doctor, &cmd_help,  NULL,
};
