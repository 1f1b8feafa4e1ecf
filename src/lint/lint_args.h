/* lint_args: a command's words → its flags and its plain arguments.
 *
 * Short clusters (-yq), --name=value, options that take the next word, and -- are understood; an
 * unquoted variable whose value is known and has blanks becomes several words, as in a shell. With
 * compat it is the view hadolint has of the same words. */
#ifndef LINT_LINT_ARGS_H
#define LINT_LINT_ARGS_H

#include "lint/lint_rule.h"

struct lint_flag {
    struct str name;  /* without dashes: y and q of -yq, yes of --yes=1 */
    struct str value; /* of --name=value, -q=2, -tstable, or the next word */
    bool has_value;
    bool known;                          /* no variable without a value is in name or value */
    struct span name_place, value_place; /* the words; the same when they are one word */
};
struct lint_flags VEC(struct lint_flag);

struct lint_args {
    const struct lint_command *command;
    struct lint_flags flags;
    struct lint_values plain; /* without the program; places are those of the words */
};

/* values: names of the options that take the next word, " t target-release ". With compat each word
 * that begins with a dash is a flag, also behind --; and each letter of a cluster is one. */
void lint_args_read(const struct lint_context *c, const struct lint_command *command,
                    const char *values, struct lint_args *ret);

/* The first flag of one of these names, " y yes assume-yes ", or NULL. */
const struct lint_flag *lint_args_flag(const struct lint_args *args, const char *names);
size_t lint_args_count(const struct lint_args *args, const char *names);

/* The first plain argument that is one of these, " install add ", or NULL. */
const struct lint_value *lint_args_plain(const struct lint_args *args, const char *words);

/* The subcommand, when it is one of these: the first plain argument. With compat any word of the
 * command will do, as for hadolint. */
const struct lint_value *lint_args_does(const struct lint_args *args,
                                        const struct lint_options *options, const char *words);

#endif
