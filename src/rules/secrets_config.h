/* secrets_config: every text of config, history and manifest → findings of CIS 4.10. A part of
 * rule_secrets.c. */
#ifndef RULES_SECRETS_CONFIG_H
#define RULES_SECRETS_CONFIG_H

#include "rules/rule.h"

void rule_secrets_config(struct rule_context *c);

/* Of the kind's severity what the doubt leaves, and how it is said: ", known from …" or "". */
enum severity rule_secret_severity(enum severity severity, enum secret_doubt doubt);
const char *rule_secret_doubt(struct rule_context *c, enum secret_doubt doubt);

#endif
