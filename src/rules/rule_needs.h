/* rule_needs: the part of CIS 4.3 that looks at packages. */
#ifndef RULES_RULE_NEEDS_H
#define RULES_RULE_NEEDS_H

#include "rules/rule.h"

/* Adds a finding for the packages none of whose files the program needs; else what to say of
 * packages when the rule passes, perhaps nothing. */
struct str rule_unneeded_packages(struct rule_context *c);

#endif
