/* policy_option: --config of every command that audits. */
#ifndef CLI_POLICY_OPTION_H
#define CLI_POLICY_OPTION_H

#include "cli/command.h"
#include "finding/policy.h"

/* Reads path, or .shuck.yaml of the current folder when path is empty and it is there. */
int policy_option(struct cli *cli, struct str path, struct policy *ret, struct err *e) MUST_USE;

#endif
