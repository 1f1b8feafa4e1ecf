/* history_runs: the RUN lines of a config's history → their commands, for rules that look at those.
 */
#ifndef RULES_HISTORY_RUNS_H
#define RULES_HISTORY_RUNS_H

#include "rules/command_words.h"
#include "rules/rule.h"

/* Calls see() with the simple commands of every RUN in the history. A RUN may have a hundred
 * thousand: see() walks over them a few times, never once for each. Returns how many RUNs there
 * are. */
size_t rule_each_run(struct rule_context *c, void (*see)(struct rule_context *c, size_t line,
                                                         const struct command_list *list));

/* Whether a command of the RUN that follows this line, with no other between, is such a one. */
bool rule_run_behind(struct rule_context *c, size_t line,
                     bool (*is)(const struct command_list *list, size_t command));

/* The first words of a command, for evidence. */
struct str rule_command_text(struct rule_context *c, const struct command_words *command);

/* True, and the check skipped, when there is no history to read. */
bool rule_no_history(struct rule_context *c);

#endif
