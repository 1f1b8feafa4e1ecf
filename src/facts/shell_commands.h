/* shell_commands: the text of a shell script → the programs it may call.
 *
 * Not a shell: nothing is expanded or run. Words at command position are collected, over all
 * branches; what depends on a variable is left out. */
#ifndef FACTS_SHELL_COMMANDS_H
#define FACTS_SHELL_COMMANDS_H

#include "base/str.h"
#include "base/vec.h"

struct shell_words VEC(struct str);

struct facts_shell_calls {
    struct shell_words commands; /* each once, in order; never a builtin */
    struct shell_words sourced;  /* files of `.` and `source` */
    bool runs_arguments;         /* "$@" or $1 stands at command position */
};

/* text: a script, or the argument of `sh -c`. Broken syntax gives what could be read. */
void facts_shell_commands(struct str text, struct arena *a, struct facts_shell_calls *ret);

/* Whether a program of that name (the last part of its path) reads such scripts. */
bool facts_is_shell(struct str name);

#endif
