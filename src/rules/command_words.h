/* command_words: a line of shell → the simple commands in it, as words.
 *
 * Not a shell: nothing is expanded. Quotes are taken off, redirections stand behind the other
 * words. Commands inside $( ), ` ` and the script of `sh -c` are commands of their own. Enough to
 * ask which programs a line of history runs, and with which arguments. */
#ifndef RULES_COMMAND_WORDS_H
#define RULES_COMMAND_WORDS_H

#include "base/str.h"
#include "base/vec.h"

struct command_words {
    struct strs words;  /* the program first: assignments, sudo, env and the like are left out */
    bool piped;         /* reads the output of the command before it */
    bool piped_on;      /* the next one reads its output */
    bool in_function;   /* runs wherever that is called */
    bool in_word;       /* of a command or an assignment, $( ) or ` `: read, not shown */
    struct str program; /* words.v[0] without its folder; empty when there is none */
    struct str writes;  /* the file that takes its output, or empty */
    struct str given;   /* a here-document, or a word that is its input */
    struct strs assignments; /* NAME=value before it */
    struct strs through;     /* what runs it, as it is written: "sudo", "/usr/bin/timeout" */
};
struct command_list VEC(struct command_words);

void command_words_split(struct arena *a, struct str line, struct command_list *ret);

/* One of the words is exactly this. */
bool command_words_have(const struct command_words *c, const char *word);

#endif
