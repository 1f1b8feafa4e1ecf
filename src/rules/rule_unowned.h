/* rule_unowned: what rules say of programs and libraries that no package owns. */
#ifndef RULES_RULE_UNOWNED_H
#define RULES_RULE_UNOWNED_H

#include "rules/rule.h"

/* Adds a finding of 4.11 for those of the base. */
void rule_unowned_programs(struct rule_context *c);

/* Adds a finding for those of another ELF machine than the image's, or one its processors run too
 * (0: none). */
void rule_foreign_programs(struct rule_context *c, uint16_t machine, uint16_t compatible,
                           struct str arch);

#endif
