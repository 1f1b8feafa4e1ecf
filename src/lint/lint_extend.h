/* lint_extend: a RUN → the edits that add to it: an option behind a word, a command at its end.
 *
 * Each returns false, and adds no edit, where it is not certain that the RUN means the same as
 * before but for what is added: in a JSON form, in a shell that is not POSIX, in text that could
 * not be read, behind a word that came out of a variable. Edits at one place come in the order of
 * the findings. */
#ifndef LINT_LINT_EXTEND_H
#define LINT_LINT_EXTEND_H

#include "lint/lint_rule.h"

/* The word stands in a script, in the file as it reads. */
bool lint_extend_plain(const struct lint_context *c, const struct lint_step *step,
                       const struct lint_value *word);

/* Adds " option" behind the word. */
bool lint_extend_word(struct lint_context *c, struct lint_finding *f, const struct lint_step *step,
                      const struct lint_value *word, const char *option);

/* Adds a command that runs when all before it went well: at the end of the chain of &&, in the
 * layout of the lines before; at the end of a heredoc, on a line of its own. */
bool lint_extend_script(struct lint_context *c, struct lint_finding *f,
                        const struct lint_step *step, const char *command);

/* The script ends as soon as a command fails: by set, by SHELL or by the first line of a heredoc.
 */
bool lint_extend_stops(const struct lint_step *step);

#endif
